//! Reporting a plan.

use futures::future::try_join;
use kernel::citizen_id::CitizenId;
use kernel::ids::{PlanId, ReceiptId};
use platform::Result;
use platform::access::Caller;
use platform::unit::Begun;
use proto::exam::v1 as contract;
use uuid::Uuid;

use super::reply::{self, Names};
use super::{App, advance};
use crate::domain::assignment::StaffAnswer;
use crate::domain::plan::Plan;
use crate::domain::report::{ReportContext, RightAnswer};
use crate::store;
use crate::store::identity;
use crate::store::roster::{Stored, candidate_place};

impl App {
    /// Reports a plan. The register is asked first, about the plan as it is then; what is decided
    /// afterwards is decided under lock.
    pub(crate) async fn report_plan(
        &self,
        caller: &Caller,
        request: &contract::ReportPlanRequest,
        id: PlanId,
    ) -> Result<contract::ReportPlanResponse> {
        let (rights, staff) = self.ask_register(caller, id).await?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, mut plan) = self.open(&mut unit, caller, id).await?;
        let stored = store::roster::all(unit.connection(), id).await?;
        let under_age = self.under_age(&plan, &stored).await?;
        let roster: Vec<_> = stored.into_iter().map(|stored| stored.candidate).collect();
        let (today, reference) = (unit.today(), unit.reference().await?);
        let fact = plan.report(&ReportContext {
            today,
            calendar: &reference.calendar,
            pilot: &reference.pilot_on(today),
            rules: &self.rules,
            rights: &rights,
            staff: &staff,
            roster: &roster,
            under_age,
            receipt_id: ReceiptId::from_uuid(Uuid::now_v7()),
        })?;
        advance(&mut unit, &mut locked, &mut plan, &[fact]).await?;
        let plan = Some(reply::plan(&plan, Names::Masked));
        unit.finish(contract::ReportPlanResponse { plan }).await
    }

    /// What the register says. A plan that is reported raises no question, so that a report asked
    /// for again is answered as before even while the register is away.
    async fn ask_register(
        &self,
        caller: &Caller,
        id: PlanId,
    ) -> Result<(Vec<RightAnswer>, Vec<StaffAnswer>)> {
        let plan = {
            let mut connection = self.journal.pool().acquire().await?;
            let vault = self.journal.vault();
            store::plan::find(&mut connection, vault, &caller.scope(), id).await?
        };
        try_join(self.ask_rights(&plan), self.ask_staff(&plan)).await
    }

    /// How many candidates are too young on the first day. Each was old enough when admitted, but
    /// the day may have been moved since.
    async fn under_age(&self, plan: &Plan, roster: &[Stored]) -> Result<usize> {
        let Some(first_day) = plan.first_session_on() else {
            return Ok(0);
        };
        let mut count = 0;
        for stored in roster {
            let place = candidate_place(stored.candidate.id);
            let plain = self.journal.vault().unseal(place, &stored.identity).await?;
            let person = identity::read(&plain, CitizenId::parse)?;
            count += usize::from(person.number.age_on(first_day) < self.rules.plan.minimum_age);
        }
        Ok(count)
    }
}
