//! What becomes of a reported plan, over gRPC.

use kernel::card_number::CardNumber;
use kernel::content_hash::ContentHash;
use kernel::ids::{PlanId, SessionId};
use kernel::rejection::{FaultList, Faults};
use kernel::written::{LONGEST, Written};
use platform::access::caller;
use platform::contract::text;
use platform::unit::parsed;
use proto::exam::v1::plan_change_service_server::PlanChangeService;
use proto::exam::v1::{
    ConsentToPlanRequest, ConsentToPlanResponse, PlanFault, PlanMatter, ReopenPlanRequest,
    ReopenPlanResponse, ReplaceStaffRequest, ReplaceStaffResponse, ReturnPlanRequest,
    ReturnPlanResponse, WithdrawPlanRequest, WithdrawPlanResponse,
};
use tonic::{Request, Response, Status};

use super::{ExamScheduling, all_there, parse};
use crate::domain::rejection::StandingRejection;
use crate::domain::replacement::Replacement;
use crate::domain::standing::{MOST_FAULTS, Matter};

#[tonic::async_trait]
impl PlanChangeService for ExamScheduling {
    async fn return_plan(
        &self,
        request: Request<ReturnPlanRequest>,
    ) -> Result<Response<ReturnPlanResponse>, Status> {
        let given = request.get_ref();
        let (id, faults) = parsed(given, returned(given))?;
        let reply = self.app.return_plan(caller(&request), given, id, faults);
        Ok(Response::new(reply.await?))
    }

    async fn reopen_plan(
        &self,
        request: Request<ReopenPlanRequest>,
    ) -> Result<Response<ReopenPlanResponse>, Status> {
        let given = request.get_ref();
        let (id, reason) = parsed(given, with_reason(&given.plan_id, &given.reason))?;
        let reply = self.app.reopen_plan(caller(&request), given, id, reason);
        Ok(Response::new(reply.await?))
    }

    async fn consent_to_plan(
        &self,
        request: Request<ConsentToPlanRequest>,
    ) -> Result<Response<ConsentToPlanResponse>, Status> {
        let given = request.get_ref();
        let (id, seen) = parsed(given, consented(given))?;
        let reply = self.app.consent_to_plan(caller(&request), given, id, seen);
        Ok(Response::new(reply.await?))
    }

    async fn withdraw_plan(
        &self,
        request: Request<WithdrawPlanRequest>,
    ) -> Result<Response<WithdrawPlanResponse>, Status> {
        let given = request.get_ref();
        let (id, reason) = parsed(given, with_reason(&given.plan_id, &given.reason))?;
        let reply = self.app.withdraw_plan(caller(&request), given, id, reason);
        Ok(Response::new(reply.await?))
    }

    async fn replace_staff(
        &self,
        request: Request<ReplaceStaffRequest>,
    ) -> Result<Response<ReplaceStaffResponse>, Status> {
        let given = request.get_ref();
        let (id, replacement) = parsed(given, replacement(given))?;
        let caller = caller(&request);
        let reply = self.app.replace_staff(caller, given, id, replacement);
        Ok(Response::new(reply.await?))
    }
}

fn written(field: String, given: &str, faults: &mut FaultList) -> Option<Written> {
    let said = faults.take(field, text(given, LONGEST))?;
    Some(Written::new(&said))
}

fn with_reason(plan: &str, reason: &str) -> Result<(PlanId, Written), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take("plan_id", PlanId::parse(plan));
    let reason = written("reason".to_owned(), reason, &mut faults);
    all_there(faults, id.zip(reason))
}

fn returned(request: &ReturnPlanRequest) -> Result<(PlanId, Vec<(Matter, Written)>), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take("plan_id", PlanId::parse(&request.plan_id));
    let named = !request.faults.is_empty();
    faults.require(named, "faults", &StandingRejection::FaultsMissing);
    let limit = MOST_FAULTS;
    let too_many = StandingRejection::TooManyFaults { limit };
    faults.require(request.faults.len() <= limit, "faults", &too_many);
    let read = |(index, fault): (usize, &PlanFault)| {
        let matter = faults.take(format!("faults[{index}].matter"), matter(fault.matter()));
        let said = written(format!("faults[{index}].text"), &fault.text, &mut faults);
        matter.zip(said)
    };
    let given = request.faults.iter().take(limit);
    let read: Vec<_> = given.enumerate().filter_map(read).collect();
    Ok((all_there(faults, id)?, read))
}

fn matter(given: PlanMatter) -> Result<Matter, StandingRejection> {
    match given {
        PlanMatter::Unspecified => Err(StandingRejection::MatterUnknown),
        PlanMatter::Process => Ok(Matter::Process),
        PlanMatter::Subjects => Ok(Matter::Subjects),
        PlanMatter::Sessions => Ok(Matter::Sessions),
        PlanMatter::Venues => Ok(Matter::Venues),
        PlanMatter::Staff => Ok(Matter::Staff),
        PlanMatter::Roster => Ok(Matter::Roster),
    }
}

fn consented(request: &ConsentToPlanRequest) -> Result<(PlanId, ContentHash), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take("plan_id", PlanId::parse(&request.plan_id));
    let seen = <[u8; 32]>::try_from(request.plan_hash.as_ref());
    let seen = seen.map_err(|_| StandingRejection::HashMalformed);
    let seen = faults.take("plan_hash", seen.map(ContentHash::from_bytes));
    all_there(faults, id.zip(seen))
}

fn replacement(request: &ReplaceStaffRequest) -> Result<(PlanId, (Replacement, Written)), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take("plan_id", PlanId::parse(&request.plan_id));
    let session = faults.take("session_id", SessionId::parse(&request.session_id));
    let leaving = CardNumber::parse(&request.card_number);
    let leaving = faults.take("card_number", leaving);
    let given = request.joining.clone().unwrap_or_default();
    let joining = parse::staff("joining", &given, &mut faults);
    let reason = written("reason".to_owned(), &request.reason, &mut faults);
    let read = || {
        let replacement = Replacement {
            session: session?,
            leaving: leaving?,
            joining: joining?,
        };
        Some((id?, (replacement, reason?)))
    };
    all_there(faults, read())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_form_of_every_kind_is_told_all_that_is_missing_at_once() {
        let codes = |refused: Result<(), Faults>| refused.expect_err("empty").codes();
        let empty = ReturnPlanRequest::default();
        assert_eq!(
            codes(returned(&empty).map(|_| ())),
            ["ID_PREFIX", "PLAN_FAULTS_MISSING"]
        );
        let unnamed = ReturnPlanRequest {
            faults: vec![PlanFault::default(); MOST_FAULTS + 1],
            ..empty
        };
        let told = codes(returned(&unnamed).map(|_| ()));
        assert_eq!(told[1], "PLAN_TOO_MANY_FAULTS");
        assert_eq!(told[2..4], ["PLAN_MATTER_UNKNOWN", "FIELD_REQUIRED"]);
        assert_eq!(told.len(), 2 + 2 * MOST_FAULTS);
        let reason = codes(with_reason("", " ").map(|_| ()));
        assert_eq!(reason, ["ID_PREFIX", "FIELD_REQUIRED"]);
        let consent = codes(consented(&ConsentToPlanRequest::default()).map(|_| ()));
        assert_eq!(consent, ["ID_PREFIX", "PLAN_HASH_MALFORMED"]);
        let nobody = codes(replacement(&ReplaceStaffRequest::default()).map(|_| ()));
        assert_eq!(
            nobody,
            [
                "ID_PREFIX",
                "ID_PREFIX",
                "CARD_NUMBER_SHAPE",
                "STAFF_ROLE_UNKNOWN",
                "CARD_NUMBER_SHAPE",
                "PERSON_NAME_EMPTY",
                "FIELD_REQUIRED"
            ]
        );
    }
}
