//! Preparing sessions, incidents and records of sessions over gRPC.

use kernel::person_name::PersonName;
use kernel::rejection::{FaultList, Faults};
use kernel::written::{LONGEST, Written};
use platform::Error;
use platform::access::caller;
use platform::contract::{date, line, text};
use platform::unit::parsed;
use proto::exam::v1 as contract;
use proto::exam::v1::session_running_service_server::SessionRunningService;
use proto::exam::v1::{
    GetSessionRecordRequest, GetSessionRecordResponse, PrepareSessionRequest,
    PrepareSessionResponse, RecordIncidentRequest, RecordIncidentResponse,
};
use tonic::{Request, Response, Status};

use super::session::{PlanAndSession, ids};
use super::{ExamScheduling, all_there, parse};
use crate::domain::rejection::RunningRejection;
use crate::domain::running::{Incident, IncidentKind, Item, MOST_COPIES, Paper, PaperSource};

/// Longest number of a paper.
const SET_CODE: usize = 100;
/// No incident lasts longer than a day.
const MOST_MINUTES: u32 = 1440;

#[tonic::async_trait]
impl SessionRunningService for ExamScheduling {
    async fn prepare_session(
        &self,
        request: Request<PrepareSessionRequest>,
    ) -> Result<Response<PrepareSessionResponse>, Status> {
        let given = request.get_ref();
        let (ids, prepared) = parsed(given, preparation(given))?;
        let caller = caller(&request);
        let reply = self.app.prepare_session(caller, given, ids, prepared);
        Ok(Response::new(reply.await?))
    }

    async fn record_incident(
        &self,
        request: Request<RecordIncidentRequest>,
    ) -> Result<Response<RecordIncidentResponse>, Status> {
        let given = request.get_ref();
        let (ids, incident) = parsed(given, incident(given))?;
        let caller = caller(&request);
        let reply = self.app.record_incident(caller, given, ids, incident);
        Ok(Response::new(reply.await?))
    }

    async fn get_session_record(
        &self,
        request: Request<GetSessionRecordRequest>,
    ) -> Result<Response<GetSessionRecordResponse>, Status> {
        let given = request.get_ref();
        let mut faults = FaultList::default();
        let ids = ids(&given.plan_id, &given.session_id, &mut faults);
        let ids = all_there(faults, ids).map_err(Error::from)?;
        let record = self.app.session_record(caller(&request), ids).await?;
        Ok(Response::new(record))
    }
}

fn preparation(
    request: &PrepareSessionRequest,
) -> Result<(PlanAndSession, (Paper, Vec<Item>)), Faults> {
    let mut faults = FaultList::default();
    let ids = ids(&request.plan_id, &request.session_id, &mut faults);
    let given = request.paper.clone().unwrap_or_default();
    let source = faults.take("paper.source", source(given.source()));
    let set_code = faults.take("paper.set_code", line(&given.set_code, SET_CODE));
    let limit = MOST_COPIES;
    let too_many = RunningRejection::TooManyCopies { limit };
    faults.require(given.copies <= limit, "paper.copies", &too_many);
    let custodian = PersonName::parse(&given.custodian_name);
    let custodian = faults.take("paper.custodian_name", custodian);
    let kept_since = faults.take("paper.kept_from", date(&given.kept_from));
    // What is no item is not one of those that have to be there.
    let ready = request.ready().filter_map(item).take(100).collect();
    let paper = || {
        Some(Paper {
            source: source?,
            set_code: set_code?,
            copies: given.copies,
            custodian: custodian?,
            kept_since: kept_since?,
        })
    };
    let (ids, paper) = all_there(faults, ids.zip(paper()))?;
    Ok((ids, (paper, ready)))
}

fn incident(request: &RecordIncidentRequest) -> Result<(PlanAndSession, Incident), Faults> {
    let mut faults = FaultList::default();
    let ids = ids(&request.plan_id, &request.session_id, &mut faults);
    let kind = faults.take("kind", kind(request.kind()));
    let happened_at = faults.take("starts_at", parse::time(&request.starts_at));
    let limit = MOST_MINUTES;
    let too_long = RunningRejection::TooLong { limit };
    faults.require(request.minutes <= limit, "minutes", &too_long);
    let account = faults.take("account", text(&request.account, LONGEST));
    let handling = faults.take("handling", text(&request.handling, LONGEST));
    let read = || {
        let incident = Incident {
            kind: kind?,
            happened_at: happened_at?,
            minutes: request.minutes,
            account: Written::new(&account?),
            handling: Written::new(&handling?),
        };
        Some((ids?, incident))
    };
    let read = read();
    all_there(faults, read)
}

fn source(given: contract::PaperSource) -> Result<PaperSource, RunningRejection> {
    match given {
        contract::PaperSource::Unspecified => Err(RunningRejection::SourceUnknown),
        contract::PaperSource::National => Ok(PaperSource::National),
        contract::PaperSource::Province => Ok(PaperSource::Province),
        contract::PaperSource::Own => Ok(PaperSource::Own),
        contract::PaperSource::Commissioned => Ok(PaperSource::Commissioned),
    }
}

fn item(given: contract::PreparationItem) -> Option<Item> {
    match given {
        contract::PreparationItem::Unspecified => None,
        contract::PreparationItem::Materials => Some(Item::Materials),
        contract::PreparationItem::Facilities => Some(Item::Facilities),
        contract::PreparationItem::Equipment => Some(Item::Equipment),
        contract::PreparationItem::IdentityCheck => Some(Item::IdentityCheck),
        contract::PreparationItem::SignalShielding => Some(Item::SignalShielding),
        contract::PreparationItem::Monitoring => Some(Item::Monitoring),
    }
}

fn kind(given: contract::IncidentKind) -> Result<IncidentKind, RunningRejection> {
    match given {
        contract::IncidentKind::Unspecified => Err(RunningRejection::IncidentUnknown),
        contract::IncidentKind::Outage => Ok(IncidentKind::Outage),
        contract::IncidentKind::Equipment => Ok(IncidentKind::Equipment),
        contract::IncidentKind::Paper => Ok(IncidentKind::Paper),
        contract::IncidentKind::Health => Ok(IncidentKind::Health),
        contract::IncidentKind::Order => Ok(IncidentKind::Order),
        contract::IncidentKind::Other => Ok(IncidentKind::Other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_form_is_told_all_that_is_missing_at_once() {
        let empty = PrepareSessionRequest::default();
        let codes = preparation(&empty).map(|_| ()).expect_err("empty").codes();
        assert_eq!(
            codes,
            [
                "ID_PREFIX",
                "ID_PREFIX",
                "PAPER_SOURCE_UNKNOWN",
                "FIELD_REQUIRED",
                "PERSON_NAME_EMPTY",
                "DATE_MALFORMED"
            ]
        );
        let long = RecordIncidentRequest {
            minutes: MOST_MINUTES + 1,
            ..RecordIncidentRequest::default()
        };
        let codes = incident(&long).map(|_| ()).expect_err("empty").codes();
        assert_eq!(
            codes,
            [
                "ID_PREFIX",
                "ID_PREFIX",
                "INCIDENT_KIND_UNKNOWN",
                "SESSION_TIME_MALFORMED",
                "INCIDENT_TOO_LONG",
                "FIELD_REQUIRED",
                "FIELD_REQUIRED"
            ]
        );
        let many = PrepareSessionRequest {
            paper: Some(contract::SessionPaper {
                copies: MOST_COPIES + 1,
                ..contract::SessionPaper::default()
            }),
            ..empty
        };
        let codes = preparation(&many).map(|_| ()).expect_err("many").codes();
        assert!(codes.contains(&"PAPER_TOO_MANY_COPIES"));
    }
}
