//! The register over gRPC: parse (all faults at once), ask the app, answer.

use proto::registry::v1::body_service_server::BodyServiceServer;
use proto::registry::v1::catalogue_service_server::CatalogueServiceServer;
use proto::registry::v1::organization_service_server::OrganizationServiceServer;

use crate::app::App;

mod body;
mod catalogue;
mod organization;

/// The register's three gRPC services.
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
}
