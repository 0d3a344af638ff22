//! Plans that are returned, taken back, consented to and withdrawn.

use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::ids::PlanId;
use kernel::written::Written;
use platform::Result;
use platform::access::Caller;
use platform::unit::Begun;
use proto::exam::v1 as contract;

use super::reply::{self, Names};
use super::{App, advance};
use crate::domain::standing::Matter;
use crate::store;
use crate::store::remark::Occasion;

/// The centre that a caller works for; whoever works for none has no plan to decide about.
pub(super) fn centre(caller: &Caller) -> DivisionCode {
    caller.centre().unwrap_or(DivisionCode::PROVINCE)
}

impl App {
    /// Returns a plan for faults.
    pub(crate) async fn return_plan(
        &self,
        caller: &Caller,
        request: &contract::ReturnPlanRequest,
        id: PlanId,
        faults: Vec<(Matter, Written)>,
    ) -> Result<contract::ReturnPlanResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, mut plan) = self.open(&mut unit, caller, id).await?;
        let matters = faults.iter().map(|(matter, _)| *matter).collect();
        let fact = plan.return_for(matters, centre(caller), unit.origin().occurred_at)?;
        let at = (id, unit.today());
        for (matter, said) in &faults {
            let occasion = Occasion::Returned(*matter);
            let vault = self.journal.vault();
            store::remark::insert(unit.connection(), vault, at, occasion, said).await?;
        }
        advance(&mut unit, &mut locked, &mut plan, &[fact]).await?;
        let plan = Some(reply::plan(&plan, Names::Masked));
        unit.finish(contract::ReturnPlanResponse { plan }).await
    }

    /// Takes a plan back to change it.
    pub(crate) async fn reopen_plan(
        &self,
        caller: &Caller,
        request: &contract::ReopenPlanRequest,
        id: PlanId,
        reason: Written,
    ) -> Result<contract::ReopenPlanResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, mut plan) = self.open(&mut unit, caller, id).await?;
        let fact = plan.reopen(unit.origin().occurred_at)?;
        let at = (id, unit.today());
        let vault = self.journal.vault();
        store::remark::insert(unit.connection(), vault, at, Occasion::Reopened, &reason).await?;
        advance(&mut unit, &mut locked, &mut plan, &[fact]).await?;
        let plan = Some(reply::plan(&plan, Names::Masked));
        unit.finish(contract::ReopenPlanResponse { plan }).await
    }

    /// Consents to a plan that was changed late.
    pub(crate) async fn consent_to_plan(
        &self,
        caller: &Caller,
        request: &contract::ConsentToPlanRequest,
        id: PlanId,
        seen: ContentHash,
    ) -> Result<contract::ConsentToPlanResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, mut plan) = self.open(&mut unit, caller, id).await?;
        let fact = plan.consent(seen, centre(caller), unit.origin().occurred_at)?;
        advance(&mut unit, &mut locked, &mut plan, &[fact]).await?;
        let plan = Some(reply::plan(&plan, Names::Masked));
        unit.finish(contract::ConsentToPlanResponse { plan }).await
    }

    /// Withdraws a plan; what it has taken is free again.
    pub(crate) async fn withdraw_plan(
        &self,
        caller: &Caller,
        request: &contract::WithdrawPlanRequest,
        id: PlanId,
        reason: Written,
    ) -> Result<contract::WithdrawPlanResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, mut plan) = self.open(&mut unit, caller, id).await?;
        let fact = plan.withdraw(unit.origin().occurred_at)?;
        let at = (id, unit.today());
        let vault = self.journal.vault();
        store::remark::insert(unit.connection(), vault, at, Occasion::Withdrawn, &reason).await?;
        store::booking::release(unit.connection(), id).await?;
        advance(&mut unit, &mut locked, &mut plan, &[fact]).await?;
        let plan = Some(reply::plan(&plan, Names::Masked));
        unit.finish(contract::WithdrawPlanResponse { plan }).await
    }
}
