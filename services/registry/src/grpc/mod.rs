//! The register over gRPC: parse (all faults at once), ask the app, answer.

use kernel::occupation::OccupationRef;
use kernel::rejection::{FaultList, Faults};
use platform::contract::occupation;
use proto::common::v1 as common;
use proto::registry::v1::body_service_server::BodyServiceServer;
use proto::registry::v1::catalogue_service_server::CatalogueServiceServer;
use proto::registry::v1::directory_service_server::DirectoryServiceServer;
use proto::registry::v1::engagement_service_server::EngagementServiceServer;
use proto::registry::v1::keeping_service_server::KeepingServiceServer;
use proto::registry::v1::message_service_server::MessageServiceServer;
use proto::registry::v1::organization_service_server::OrganizationServiceServer;
use proto::registry::v1::people_service_server::PeopleServiceServer;
use proto::registry::v1::published_rules_service_server::PublishedRulesServiceServer;
use proto::registry::v1::qualification_service_server::QualificationServiceServer;
use proto::registry::v1::settings_service_server::SettingsServiceServer;
use proto::registry::v1::site_service_server::SiteServiceServer;

use crate::app::App;

mod body;
mod catalogue;
mod directory;
mod keeping;
mod message;
mod organization;
mod people;
mod rules;
mod settings;
mod site;

pub(crate) use directory::{announcements, entry, page_of};

/// The register's gRPC services.
#[derive(Clone)]
pub struct Registry {
    app: App,
}

impl Registry {
    /// The services over an app.
    pub fn new(app: App) -> Self {
        Self { app }
    }

    /// Bodies, with messages of at most so many bytes.
    pub(crate) fn bodies(&self, most_bytes: usize) -> BodyServiceServer<Self> {
        BodyServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// The catalogue, with messages of at most so many bytes.
    pub(crate) fn catalogue(&self, most_bytes: usize) -> CatalogueServiceServer<Self> {
        CatalogueServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// Organisations, with messages of at most so many bytes.
    pub(crate) fn organizations(&self, most_bytes: usize) -> OrganizationServiceServer<Self> {
        OrganizationServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// People, with messages of at most so many bytes.
    pub(crate) fn people(&self, most_bytes: usize) -> PeopleServiceServer<Self> {
        PeopleServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// What people do for their homes, with messages of at most so many bytes.
    pub(crate) fn engagements(&self, most_bytes: usize) -> EngagementServiceServer<Self> {
        EngagementServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// What people may do, with messages of at most so many bytes.
    pub(crate) fn qualifications(&self, most_bytes: usize) -> QualificationServiceServer<Self> {
        QualificationServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// Settings, with messages of at most so many bytes.
    pub(crate) fn settings(&self, most_bytes: usize) -> SettingsServiceServer<Self> {
        SettingsServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// Sites, with messages of at most so many bytes.
    pub(crate) fn sites(&self, most_bytes: usize) -> SiteServiceServer<Self> {
        SiteServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// The public directory, with messages of at most so many bytes.
    pub(crate) fn directory(&self, most_bytes: usize) -> DirectoryServiceServer<Self> {
        DirectoryServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// What happens to organisations, with messages of at most so many bytes.
    pub(crate) fn keeping(&self, most_bytes: usize) -> KeepingServiceServer<Self> {
        KeepingServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// Messages to organisations, with messages of at most so many bytes.
    pub(crate) fn messages(&self, most_bytes: usize) -> MessageServiceServer<Self> {
        MessageServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }

    /// What organisations publish, with messages of at most so many bytes.
    pub(crate) fn rules(&self, most_bytes: usize) -> PublishedRulesServiceServer<Self> {
        PublishedRulesServiceServer::new(self.clone()).max_decoding_message_size(most_bytes)
    }
}

/// What was read of a form, unless it has faults.
fn all_there<T>(faults: FaultList, read: Option<T>) -> Result<T, Faults> {
    faults.finish()?;
    Ok(read.unwrap_or_else(|| unreachable!("a missing value is a fault, and there was none")))
}

/// A list of occupations behind a path such as `profile.`, of which no more is read than may be
/// given.
fn occupations(
    given: &[common::OccupationRef],
    most: usize,
    path: &str,
    faults: &mut FaultList,
) -> Vec<OccupationRef> {
    let given = given.iter().take(most).enumerate();
    given
        .filter_map(|(index, given)| {
            let field = format!("{path}occupations[{index}]");
            faults.take(field, occupation(Some(given)))
        })
        .collect()
}
