//! Drafts: opened, changed, read.

use kernel::ids::{OrganizationId, PlanId};
use platform::access::{Caller, Role, Scope};
use platform::crypto::record_access;
use platform::unit::Begun;
use platform::{Error, Result};
use proto::exam::v1 as contract;
use uuid::Uuid;

use super::reply::{self, Names};
use super::{App, READ_PLAN, advance};
use crate::domain::plan::{Plan, Subject};
use crate::domain::rejection::PlanRejection;
use crate::domain::session::Session;
use crate::store;
use crate::store::remark::remark_place;

/// What a draft is opened with.
pub(crate) struct NewPlan {
    pub(crate) organization_id: OrganizationId,
    pub(crate) process: String,
    pub(crate) subjects: Vec<Subject>,
    pub(crate) sessions: Vec<Session>,
}

impl App {
    /// Opens a draft of the caller's own organisation.
    pub(crate) async fn create_plan(
        &self,
        caller: &Caller,
        request: &contract::CreatePlanRequest,
        new: NewPlan,
    ) -> Result<contract::CreatePlanResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        if caller.scope() != Scope::Organization(new.organization_id) {
            return Err(Error::refused(PlanRejection::OrganizationNotFound));
        }
        let id = PlanId::from_uuid(Uuid::now_v7());
        let (mut plan, fact) = Plan::draft(
            id,
            new.organization_id,
            new.process,
            new.subjects,
            new.sessions,
        );
        let mut locked = unit.lock("plan", id.uuid()).await?;
        store::plan::insert(unit.connection(), self.journal.vault(), &plan).await?;
        advance(&mut unit, &mut locked, &mut plan, &[fact]).await?;
        let plan = Some(reply::plan(&plan, Names::Masked));
        unit.finish(contract::CreatePlanResponse { plan }).await
    }

    /// Replaces the sessions and staff of a draft.
    pub(crate) async fn update_plan(
        &self,
        caller: &Caller,
        request: &contract::UpdatePlanRequest,
        id: PlanId,
        sessions: Vec<Session>,
    ) -> Result<contract::UpdatePlanResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, mut plan) = self.open(&mut unit, caller, id).await?;
        let fact = plan.replace_sessions(sessions)?;
        advance(&mut unit, &mut locked, &mut plan, &[fact]).await?;
        store::plan::replace_sessions(unit.connection(), self.journal.vault(), &plan).await?;
        let plan = Some(reply::plan(&plan, Names::Masked));
        unit.finish(contract::UpdatePlanResponse { plan }).await
    }

    /// A plan that the caller may see. Those who have to deal with its staff see their names, and
    /// it is recorded that they did.
    pub(crate) async fn plan(
        &self,
        caller: &Caller,
        id: PlanId,
    ) -> Result<contract::GetPlanResponse> {
        let begin = "begin isolation level repeatable read";
        let mut transaction = self.journal.pool().begin_with(begin).await?;
        let vault = self.journal.vault();
        let plan = store::plan::find(&mut transaction, vault, &caller.scope(), id).await?;
        let names = match caller.role {
            Role::Organization
            | Role::CityCentre
            | Role::ProvinceCentre
            | Role::QualitySupervisor => Names::Whole,
            _ => Names::Masked,
        };
        if names == Names::Whole {
            for staff in plan.sessions.iter().flat_map(|session| &session.staff) {
                let place = store::plan::staff_place(staff.id);
                record_access(&mut transaction, caller, READ_PLAN, place).await?;
            }
        }
        let mut remarks = Vec::new();
        for remark in store::remark::of_plan(&mut transaction, id).await? {
            let words = if names == Names::Whole {
                let (place, said) = (remark_place(remark.id), &remark.said);
                let plain = vault.reveal(&mut transaction, caller, READ_PLAN, place, said);
                String::from_utf8(plain.await?.to_vec()).map_err(anyhow::Error::from)?
            } else {
                String::new()
            };
            remarks.push(reply::remark(&remark, words));
        }
        transaction.commit().await?;
        Ok(contract::GetPlanResponse {
            plan: Some(reply::plan(&plan, names)),
            remarks,
        })
    }
}
