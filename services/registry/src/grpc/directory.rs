//! The directory over gRPC, and its replies for those who read it over HTTP.

use std::collections::BTreeMap;

use kernel::division::DivisionCode;
use kernel::ids::{ChangeId, MeasureId};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejection::{FaultList, Faults};
use platform::Result as Outcome;
use platform::access::caller;
use platform::contract::{level, line, occupation, page_size, page_token};
use proto::registry::v1::directory_service_server::DirectoryService;
use proto::registry::v1::{
    self as contract, GetDirectoryEntryRequest, GetDirectoryEntryResponse,
    ListAnnouncementsRequest, ListAnnouncementsResponse, ListDirectoryRequest,
    ListDirectoryResponse, PublishDirectoryRequest, PublishDirectoryResponse,
};
use tonic::{Request, Response, Status};

use super::Registry;
use crate::app::{App, DirectoryEntry};
use crate::domain::directory::{DirectoryRejection, Search};
use crate::domain::organization::OrganizationFact;
use crate::domain::organization::standing::Standing;
use crate::messages::keeping;
use crate::store::change::Change;
use crate::store::history::Happened;

#[tonic::async_trait]
impl DirectoryService for Registry {
    async fn publish_directory(
        &self,
        request: Request<PublishDirectoryRequest>,
    ) -> Result<Response<PublishDirectoryResponse>, Status> {
        let reply = self
            .app
            .publish_directory(caller(&request), request.get_ref())
            .await?;
        Ok(Response::new(reply))
    }

    async fn list_directory(
        &self,
        request: Request<ListDirectoryRequest>,
    ) -> Result<Response<ListDirectoryResponse>, Status> {
        Ok(Response::new(page_of(&self.app, request.get_ref()).await?))
    }

    async fn get_directory_entry(
        &self,
        request: Request<GetDirectoryEntryRequest>,
    ) -> Result<Response<GetDirectoryEntryResponse>, Status> {
        Ok(Response::new(entry(&self.app, request.get_ref()).await?))
    }

    async fn list_announcements(
        &self,
        request: Request<ListAnnouncementsRequest>,
    ) -> Result<Response<ListAnnouncementsResponse>, Status> {
        let reply = announcements(&self.app, request.get_ref()).await?;
        Ok(Response::new(reply))
    }
}

/// A page of the directory.
pub(crate) async fn page_of(
    app: &App,
    request: &ListDirectoryRequest,
) -> Outcome<ListDirectoryResponse> {
    let (search, after) = parse_search(request)?;
    let page = app
        .directory(&search, after, page_size(request.page_size))
        .await?;
    let next_page_token = match page.entries.last() {
        Some(last) if page.more => last.organization.code.to_string(),
        _ => String::new(),
    };
    let entries = page.entries.iter();
    Ok(ListDirectoryResponse {
        organizations: entries
            .map(|found| keeping::organization(found, page.today))
            .collect(),
        next_page_token,
        edition: page.edition,
        published_on: page
            .published_on
            .map(|on| on.to_string())
            .unwrap_or_default(),
    })
}

/// One organisation of the directory.
pub(crate) async fn entry(
    app: &App,
    request: &GetDirectoryEntryRequest,
) -> Outcome<GetDirectoryEntryResponse> {
    let code = EvaluationOrganizationCode::parse(&request.organization_code)
        .map_err(|rejection| Faults::at("organization_code", &rejection))?;
    let entry = app.directory_entry(code).await?;
    Ok(GetDirectoryEntryResponse {
        organization: Some(keeping::organization(&entry.found, entry.today)),
        rules: entry.rules.iter().map(keeping::rules).collect(),
        history: history(&entry),
    })
}

/// A page of announcements.
pub(crate) async fn announcements(
    app: &App,
    request: &ListAnnouncementsRequest,
) -> Outcome<ListAnnouncementsResponse> {
    let mut faults = FaultList::default();
    let refused = DirectoryRejection::PageTokenMalformed;
    let before = page_token(&request.page_token, MeasureId::parse, &refused, &mut faults);
    faults.finish()?;
    let (announced, more) = app
        .announcements(before, page_size(request.page_size))
        .await?;
    let next_page_token = match announced.last() {
        Some((last, _)) if more => last.measure.measure_id.to_string(),
        _ => String::new(),
    };
    let announced = announced.iter();
    Ok(ListAnnouncementsResponse {
        announcements: announced
            .map(|(measure, of)| keeping::announcement(measure, of))
            .collect(),
        next_page_token,
    })
}

/// What is searched for, and the code after which the page begins.
fn parse_search(
    request: &ListDirectoryRequest,
) -> Result<(Search, Option<EvaluationOrganizationCode>), Faults> {
    let mut faults = FaultList::default();
    let mut division = |field, given: &str| match given {
        "" => None,
        given => faults.take(field, DivisionCode::parse(given)),
    };
    let filing_division = division("filing_division", &request.filing_division);
    let city = division("city", &request.city);
    let occupation = match &request.occupation {
        None => None,
        given => faults.take("occupation", occupation(given.as_ref())),
    };
    let level = match request.level {
        0 => None,
        given => faults.take("level", level(given)),
    };
    let name = match request.name.as_str() {
        "" => None,
        given => faults.take("name", line(given, 100)),
    };
    let standing = faults
        .take("standing", standing(request.standing))
        .flatten();
    let after = page_token(
        &request.page_token,
        EvaluationOrganizationCode::parse,
        &DirectoryRejection::PageTokenMalformed,
        &mut faults,
    );
    faults.finish()?;
    let search = Search {
        filing_division,
        city,
        occupation,
        level,
        name,
        standing,
    };
    Ok((search, after))
}

fn standing(given: i32) -> Result<Option<Standing>, DirectoryRejection> {
    use contract::OrganizationStanding as Given;
    match Given::try_from(given) {
        Ok(Given::Unspecified) => Ok(None),
        Ok(Given::Active) => Ok(Some(Standing::Active)),
        Ok(Given::PartlySuspended) => Ok(Some(Standing::PartlySuspended)),
        Ok(Given::Suspended) => Ok(Some(Standing::Suspended)),
        Ok(Given::Withdrawn) => Ok(Some(Standing::Withdrawn)),
        Err(_) => Err(DirectoryRejection::StandingUnknown),
    }
}

fn history(entry: &DirectoryEntry) -> Vec<contract::HistoryEntry> {
    let changes = entry.changes.iter();
    let changes: BTreeMap<ChangeId, &Change> = changes.map(|change| (change.id, change)).collect();
    let announced = |wanted: MeasureId| {
        let mut measures = entry.measures.iter();
        let found = measures.find(|found| found.measure.measure_id == wanted)?;
        Some(keeping::announcement(found, &entry.found))
    };
    let happened = entry.history.iter();
    happened
        .filter_map(|happened| told(happened, &changes, announced))
        .collect()
}

/// What the public is told of a fact; of talks, rectifications and what is only asked for, nothing.
fn told(
    Happened { on, fact }: &Happened,
    changes: &BTreeMap<ChangeId, &Change>,
    announced: impl Fn(MeasureId) -> Option<contract::Announcement>,
) -> Option<contract::HistoryEntry> {
    use contract::HistoryKind as Kind;
    let rights = |rights: &[_]| rights.iter().map(keeping::right).collect();
    let mut entry = contract::HistoryEntry {
        on: on.to_string(),
        ..contract::HistoryEntry::default()
    };
    let kind = match fact {
        OrganizationFact::OrganizationRegistered { rights: given, .. } => {
            entry.rights = rights(given);
            Kind::Registered
        }
        OrganizationFact::OrganizationReported { .. } => Kind::Reported,
        OrganizationFact::RightsGranted { rights: given, .. } => {
            entry.rights = rights(given);
            Kind::RightsGranted
        }
        OrganizationFact::RightsRenewed { rights: given, .. } => {
            entry.rights = rights(given);
            Kind::RightsRenewed
        }
        OrganizationFact::RightsEnded { rights: given, .. } => {
            entry.rights = rights(given);
            Kind::RightsEnded
        }
        OrganizationFact::MeasureImposed { measure, .. }
        | OrganizationFact::OrganizationWithdrawn { measure, .. } => {
            if !measure.is_announced() {
                return None;
            }
            entry.announcement = announced(measure.measure_id);
            Kind::Measure
        }
        OrganizationFact::RightsResumed { measure_id, .. } => {
            entry.announcement = announced(*measure_id);
            Kind::RightsResumed
        }
        OrganizationFact::RulesPublished { kind, version, .. } => {
            entry.rules_kind = keeping::rules_kind(*kind).into();
            entry.rules_version = *version;
            Kind::RulesPublished
        }
        OrganizationFact::ChangeDecided {
            change_id,
            approved: true,
            ..
        } => {
            let change = changes.get(change_id)?;
            if change.name.is_some() {
                entry.former_name.clone_from(&change.former_name);
            }
            Kind::Changed
        }
        OrganizationFact::ChangeDecided { .. }
        | OrganizationFact::BodyEnrolled { .. }
        | OrganizationFact::BodyCorrected { .. }
        | OrganizationFact::MessagesRead { .. }
        | OrganizationFact::MailAddressSet { .. }
        | OrganizationFact::RectificationReported { .. }
        | OrganizationFact::RectificationPostponed { .. }
        | OrganizationFact::RectificationReturned { .. }
        | OrganizationFact::RectificationAccepted { .. }
        | OrganizationFact::ContactChanged { .. }
        | OrganizationFact::ChangeRequested { .. } => return None,
    };
    entry.kind = kind.into();
    Some(entry)
}
