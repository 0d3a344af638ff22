//! Plans over gRPC.

use kernel::ids::{OrganizationId, PlanId};
use kernel::rejection::{FaultList, Faults};
use platform::Error;
use platform::access::caller;
use platform::contract::{date, page_size, page_token, text};
use platform::unit::parsed;
use proto::exam::v1::plan_service_server::PlanService;
use proto::exam::v1::{
    CreatePlanRequest, CreatePlanResponse, GetPlanRequest, GetPlanResponse, ImportRosterRequest,
    ImportRosterResponse, ListPlansRequest, ListPlansResponse, ListRosterRequest,
    ListRosterResponse, RemoveCandidateRequest, RemoveCandidateResponse, ReportPlanRequest,
    ReportPlanResponse, UpdatePlanRequest, UpdatePlanResponse,
};
use tonic::{Request, Response, Status};

use super::{ExamScheduling, all_there, parse, plan_id, roster};
use crate::app::NewPlan;
use crate::domain::rejection::PlanRejection;
use crate::domain::session::Session;
use crate::store::summary::Window;

/// Longest description of the procedure (评价流程).
const PROCESS: usize = 4000;

#[tonic::async_trait]
impl PlanService for ExamScheduling {
    async fn create_plan(
        &self,
        request: Request<CreatePlanRequest>,
    ) -> Result<Response<CreatePlanResponse>, Status> {
        let new = parsed(request.get_ref(), new_plan(request.get_ref()))?;
        let reply = self
            .app
            .create_plan(caller(&request), request.get_ref(), new)
            .await?;
        Ok(Response::new(reply))
    }

    async fn update_plan(
        &self,
        request: Request<UpdatePlanRequest>,
    ) -> Result<Response<UpdatePlanResponse>, Status> {
        let changed = changed_plan(request.get_ref());
        let (id, sessions) = parsed(request.get_ref(), changed)?;
        let reply = self
            .app
            .update_plan(caller(&request), request.get_ref(), id, sessions)
            .await?;
        Ok(Response::new(reply))
    }

    async fn import_roster(
        &self,
        request: Request<ImportRosterRequest>,
    ) -> Result<Response<ImportRosterResponse>, Status> {
        let (id, rows) = roster::import(request.get_ref())?;
        let reply = self
            .app
            .import_roster(caller(&request), request.get_ref(), id, rows)
            .await?;
        Ok(Response::new(reply))
    }

    async fn remove_candidate(
        &self,
        request: Request<RemoveCandidateRequest>,
    ) -> Result<Response<RemoveCandidateResponse>, Status> {
        let ids = parsed(request.get_ref(), roster::candidate(request.get_ref()))?;
        let reply = self
            .app
            .remove_candidate(caller(&request), request.get_ref(), ids)
            .await?;
        Ok(Response::new(reply))
    }

    async fn report_plan(
        &self,
        request: Request<ReportPlanRequest>,
    ) -> Result<Response<ReportPlanResponse>, Status> {
        let id = plan_id(&request.get_ref().plan_id);
        let id = parsed(request.get_ref(), id)?;
        let reply = self
            .app
            .report_plan(caller(&request), request.get_ref(), id)
            .await?;
        Ok(Response::new(reply))
    }

    async fn get_plan(
        &self,
        request: Request<GetPlanRequest>,
    ) -> Result<Response<GetPlanResponse>, Status> {
        let id = plan_id(&request.get_ref().plan_id).map_err(Error::from)?;
        Ok(Response::new(self.app.plan(caller(&request), id).await?))
    }

    async fn list_plans(
        &self,
        request: Request<ListPlansRequest>,
    ) -> Result<Response<ListPlansResponse>, Status> {
        let (window, before) = plans_page(request.get_ref()).map_err(Error::from)?;
        let size = page_size(request.get_ref().page_size);
        let reply = self
            .app
            .plans(caller(&request), window, before, size)
            .await?;
        Ok(Response::new(reply))
    }

    async fn list_roster(
        &self,
        request: Request<ListRosterRequest>,
    ) -> Result<Response<ListRosterResponse>, Status> {
        let roster::Page { id, after, size } =
            roster::page(request.get_ref()).map_err(Error::from)?;
        let reply = self
            .app
            .roster_page(caller(&request), id, after, size)
            .await?;
        Ok(Response::new(reply))
    }
}

fn plans_page(request: &ListPlansRequest) -> Result<(Window, Option<PlanId>), Faults> {
    let mut faults = FaultList::default();
    let mut day = |field: &'static str, given: &str| {
        (!given.is_empty())
            .then(|| faults.take(field, date(given)))
            .flatten()
    };
    let window = Window {
        from: day("from", &request.from),
        until: day("until", &request.until),
    };
    let in_order = window
        .from
        .zip(window.until)
        .is_none_or(|(from, until)| from <= until);
    faults.require(in_order, "until", &PlanRejection::DaysReversed);
    let before = page_token(
        &request.page_token,
        PlanId::parse,
        &PlanRejection::PageToken,
        &mut faults,
    );
    faults.finish()?;
    Ok((window, before))
}

fn changed_plan(request: &UpdatePlanRequest) -> Result<(PlanId, Vec<Session>), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take("plan_id", PlanId::parse(&request.plan_id));
    let sessions = parse::sessions(&request.sessions, &mut faults);
    Ok((all_there(faults, id)?, sessions))
}

fn new_plan(request: &CreatePlanRequest) -> Result<NewPlan, Faults> {
    let mut faults = FaultList::default();
    let organization_id = OrganizationId::parse(&request.organization_id);
    let organization_id = faults.take("organization_id", organization_id);
    let process = faults.take("process", text(&request.process, PROCESS));
    let subjects = parse::subjects(&request.subjects, &mut faults);
    let sessions = parse::sessions(&request.sessions, &mut faults);
    let (organization_id, process) = all_there(faults, organization_id.zip(process))?;
    Ok(NewPlan {
        organization_id,
        process,
        subjects,
        sessions,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_form_is_told_all_that_is_missing_at_once() {
        let refused = new_plan(&CreatePlanRequest::default()).map(|_| ());
        assert_eq!(
            refused.expect_err("empty").codes(),
            [
                "ID_PREFIX",
                "FIELD_REQUIRED",
                "PLAN_SUBJECTS_MISSING",
                "PLAN_SESSIONS_MISSING",
            ]
        );
        let refused = changed_plan(&UpdatePlanRequest::default()).map(|_| ());
        assert_eq!(
            refused.expect_err("empty").codes(),
            ["ID_PREFIX", "PLAN_SESSIONS_MISSING"]
        );
    }
}
