//! Plans over gRPC.

use kernel::ids::OrganizationId;
use kernel::rejection::{FaultList, Faults};
use platform::Error;
use platform::access::caller;
use platform::contract::text;
use proto::exam::v1::plan_service_server::PlanService;
use proto::exam::v1::{
    CreatePlanRequest, CreatePlanResponse, GetPlanRequest, GetPlanResponse, ImportRosterRequest,
    ImportRosterResponse, ListRosterRequest, ListRosterResponse, ReportPlanRequest,
    ReportPlanResponse, UpdatePlanRequest, UpdatePlanResponse,
};
use tonic::{Request, Response, Status};

use super::{ExamScheduling, parse, plan_id, roster};
use crate::app::NewPlan;

/// Longest description of the procedure (评价流程).
const PROCESS: usize = 4000;

#[tonic::async_trait]
impl PlanService for ExamScheduling {
    async fn create_plan(
        &self,
        request: Request<CreatePlanRequest>,
    ) -> Result<Response<CreatePlanResponse>, Status> {
        let new = new_plan(request.get_ref()).map_err(Error::from)?;
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
        let id = plan_id(&request.get_ref().plan_id).map_err(Error::from)?;
        let sessions = parse::only_sessions(&request.get_ref().sessions).map_err(Error::from)?;
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
        let id = plan_id(&request.get_ref().plan_id).map_err(Error::from)?;
        let rows = roster::applicants(&request.get_ref().candidates);
        let reply = self
            .app
            .import_roster(caller(&request), request.get_ref(), id, rows)
            .await?;
        Ok(Response::new(reply))
    }

    async fn report_plan(
        &self,
        request: Request<ReportPlanRequest>,
    ) -> Result<Response<ReportPlanResponse>, Status> {
        let id = plan_id(&request.get_ref().plan_id).map_err(Error::from)?;
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
        let plan = self.app.plan(caller(&request), id).await?;
        Ok(Response::new(GetPlanResponse { plan: Some(plan) }))
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

fn new_plan(request: &CreatePlanRequest) -> Result<NewPlan, Faults> {
    let mut faults = FaultList::default();
    let organization_id = OrganizationId::parse(&request.organization_id);
    let organization_id = faults.take("organization_id", organization_id);
    let process = faults.take("process", text(&request.process, PROCESS));
    let subjects = parse::subjects(&request.subjects, &mut faults);
    let sessions = parse::sessions(&request.sessions, &mut faults);
    faults.finish()?;
    let (Some(organization_id), Some(process)) = (organization_id, process) else {
        unreachable!("a missing value is a fault, and there was none")
    };
    Ok(NewPlan {
        organization_id,
        process,
        subjects,
        sessions,
    })
}
