//! Replacing a member of staff.

use kernel::ids::PlanId;
use kernel::written::Written;
use platform::Result;
use platform::access::Caller;
use platform::unit::Begun;
use proto::exam::v1 as contract;

use super::reply::{self, Names};
use super::{App, advance};
use crate::domain::assignment::StaffAnswer;
use crate::domain::replacement::Replacement;
use crate::store;
use crate::store::remark::Occasion;

impl App {
    /// Replaces a member of staff. The register is asked first, about who leaves and who joins.
    pub(crate) async fn replace_staff(
        &self,
        caller: &Caller,
        request: &contract::ReplaceStaffRequest,
        id: PlanId,
        (replacement, reason): (Replacement, Written),
    ) -> Result<contract::ReplaceStaffResponse> {
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        let answers = self.ask_about(caller, id, &replacement).await?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, mut plan) = self.open(&mut unit, caller, id).await?;
        let (session, position) = plan.leaving(&replacement)?;
        let leaves = session.staff[position].clone();
        let gone = self.bookings_of(session, &leaves);
        let wanted = self.bookings_of(session, &replacement.joining);
        let busy = store::booking::taken(unit.connection(), id, &wanted).await?;
        let fact = plan.replace_staff(&replacement, &answers, !busy.is_empty())?;
        store::booking::exchange(unit.connection(), id, &gone, &wanted).await?;
        let at = (id, unit.today());
        let vault = self.journal.vault();
        let occasion = Occasion::StaffReplaced;
        store::remark::insert(unit.connection(), vault, at, occasion, &reason).await?;
        let joins = &replacement.joining;
        store::plan::replace_staff(unit.connection(), vault, leaves.id, joins).await?;
        advance(&mut unit, &mut locked, &mut plan, &[fact]).await?;
        let plan = Some(reply::plan(&plan, Names::Masked));
        unit.finish(contract::ReplaceStaffResponse { plan }).await
    }

    async fn ask_about(
        &self,
        caller: &Caller,
        id: PlanId,
        replacement: &Replacement,
    ) -> Result<Vec<StaffAnswer>> {
        let plan = self.seen(caller, id).await?;
        let questions = plan.replacement_to_ask(replacement)?;
        self.ask_all(&plan, &questions, &[&replacement.joining])
            .await
    }
}
