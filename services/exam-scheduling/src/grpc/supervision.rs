//! External quality supervision over gRPC.

use jiff::civil::Date;
use kernel::card_number::CardNumber;
use kernel::person_name::PersonName;
use kernel::rejection::{FaultList, Faults};
use kernel::written::{LONGEST, Written};
use platform::access::caller;
use platform::contract::{date, text};
use platform::unit::parsed;
use proto::exam::v1::supervision_service_server::SupervisionService;
use proto::exam::v1::{
    AppointSupervisorRequest, AppointSupervisorResponse, JudgeRectificationRequest,
    JudgeRectificationResponse, RecordFindingRequest, RecordFindingResponse,
    ReportRectificationRequest, ReportRectificationResponse,
};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::parse::fresh_salt;
use super::session::{PlanAndSession, ids};
use super::{ExamScheduling, all_there};
use crate::domain::session::{Staff, StaffRole};

#[tonic::async_trait]
impl SupervisionService for ExamScheduling {
    async fn appoint_supervisor(
        &self,
        request: Request<AppointSupervisorRequest>,
    ) -> Result<Response<AppointSupervisorResponse>, Status> {
        let given = request.get_ref();
        let (ids, supervisor) = parsed(given, appointment(given))?;
        let caller = caller(&request);
        let reply = self.app.appoint_supervisor(caller, given, ids, supervisor);
        Ok(Response::new(reply.await?))
    }

    async fn record_finding(
        &self,
        request: Request<RecordFindingRequest>,
    ) -> Result<Response<RecordFindingResponse>, Status> {
        let given = request.get_ref();
        let (ids, finding) = parsed(given, finding(given))?;
        let caller = caller(&request);
        let reply = self.app.record_finding(caller, given, ids, finding);
        Ok(Response::new(reply.await?))
    }

    async fn report_rectification(
        &self,
        request: Request<ReportRectificationRequest>,
    ) -> Result<Response<ReportRectificationResponse>, Status> {
        let given = request.get_ref();
        let mut faults = FaultList::default();
        let ids = ids(&given.plan_id, &given.session_id, &mut faults);
        let said = faults.take("text", text(&given.text, LONGEST));
        let said = said.map(|said| Written::new(&said));
        let (ids, said) = parsed(given, all_there(faults, ids.zip(said)))?;
        let (caller, at) = (caller(&request), (ids, given.finding));
        let reply = self.app.report_rectification(caller, given, at, said);
        Ok(Response::new(reply.await?))
    }

    async fn judge_rectification(
        &self,
        request: Request<JudgeRectificationRequest>,
    ) -> Result<Response<JudgeRectificationResponse>, Status> {
        let given = request.get_ref();
        let mut faults = FaultList::default();
        let ids = ids(&given.plan_id, &given.session_id, &mut faults);
        let until = day(&given.rectify_until, &mut faults);
        let ids = parsed(given, all_there(faults, ids))?;
        let (caller, at) = (caller(&request), (ids, given.finding));
        let reply = self.app.judge_rectification(caller, given, at, until);
        Ok(Response::new(reply.await?))
    }
}

fn appointment(request: &AppointSupervisorRequest) -> Result<(PlanAndSession, Staff), Faults> {
    let mut faults = FaultList::default();
    let ids = ids(&request.plan_id, &request.session_id, &mut faults);
    let card = faults.take("card_number", CardNumber::parse(&request.card_number));
    let name = faults.take("name", PersonName::parse(&request.name));
    let read = || {
        let supervisor = Staff {
            id: Uuid::now_v7(),
            role: StaffRole::QualitySupervisor,
            card: card?,
            name: name?,
            salt: fresh_salt(),
            avoidance: None,
        };
        Some((ids?, supervisor))
    };
    let read = read();
    all_there(faults, read)
}

fn finding(
    request: &RecordFindingRequest,
) -> Result<(PlanAndSession, (Written, Option<Date>)), Faults> {
    let mut faults = FaultList::default();
    let ids = ids(&request.plan_id, &request.session_id, &mut faults);
    let said = faults.take("text", text(&request.text, LONGEST));
    let until = day(&request.rectify_until, &mut faults);
    let (ids, said) = all_there(faults, ids.zip(said))?;
    Ok((ids, (Written::new(&said), until)))
}

/// A day that may be left out.
fn day(given: &str, faults: &mut FaultList) -> Option<Date> {
    if given.is_empty() {
        return None;
    }
    faults.take("rectify_until", date(given))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_form_is_told_all_that_is_missing_at_once() {
        let empty = AppointSupervisorRequest::default();
        let codes = appointment(&empty).map(|_| ()).expect_err("empty").codes();
        assert_eq!(
            codes,
            [
                "ID_PREFIX",
                "ID_PREFIX",
                "CARD_NUMBER_SHAPE",
                "PERSON_NAME_EMPTY"
            ]
        );
        let odd = RecordFindingRequest {
            rectify_until: "soon".to_owned(),
            ..RecordFindingRequest::default()
        };
        let codes = finding(&odd).map(|_| ()).expect_err("empty").codes();
        assert_eq!(
            codes,
            ["ID_PREFIX", "ID_PREFIX", "FIELD_REQUIRED", "DATE_MALFORMED"]
        );
    }
}
