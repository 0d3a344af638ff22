//! What happens in the room, and the end of it.

use kernel::ids::{CandidateId, PlanId, SessionId};
use platform::Result;
use platform::access::Caller;
use platform::unit::Begun;
use proto::exam::v1 as contract;

use super::reply::{self, Names};
use super::{App, advance};
use crate::domain::conduct::{MisconductTier, Presence};
use crate::store;

impl App {
    /// Records who came to a session.
    pub(crate) async fn record_attendance(
        &self,
        caller: &Caller,
        request: &contract::RecordAttendanceRequest,
        (id, session): (PlanId, SessionId),
        candidates: Vec<Presence>,
    ) -> Result<contract::RecordAttendanceResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, mut plan) = self.open(&mut unit, caller, id).await?;
        let now = unit.origin().occurred_at;
        let ids: Vec<_> = candidates
            .iter()
            .map(|presence| presence.candidate_id.uuid())
            .collect();
        let known = store::roster::known_of(unit.connection(), id, &ids).await?;
        let recorded = u32::try_from(candidates.len()).unwrap_or(u32::MAX);
        let fact = plan.record_attendance(session, candidates.clone(), &known, now)?;
        store::conduct::record_attendance(unit.connection(), session, &candidates).await?;
        advance(&mut unit, &mut locked, &mut plan, &[fact]).await?;
        unit.finish(contract::RecordAttendanceResponse { recorded })
            .await
    }

    /// Records misconduct of a candidate in a session.
    pub(crate) async fn record_misconduct(
        &self,
        caller: &Caller,
        request: &contract::RecordMisconductRequest,
        (id, session): (PlanId, SessionId),
        candidate: CandidateId,
        tier: MisconductTier,
    ) -> Result<contract::RecordMisconductResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, mut plan) = self.open(&mut unit, caller, id).await?;
        let now = unit.origin().occurred_at;
        let ids = [candidate.uuid()];
        let known = store::roster::known_of(unit.connection(), id, &ids).await?;
        let mut marks = store::conduct::marks(unit.connection(), &ids).await?;
        let marks = marks.remove(&candidate.uuid()).unwrap_or_default();
        let marks = known.contains(&candidate).then_some(&marks);
        let by = (now, &self.rules.conduct);
        let fact = plan.record_misconduct(session, candidate, tier, marks, by)?;
        let held_on = plan.session(session)?.held_on;
        let until = tier.banned_until(held_on, &self.rules.conduct);
        store::conduct::record_misconduct(unit.connection(), session, candidate, (tier, until))
            .await?;
        advance(&mut unit, &mut locked, &mut plan, &[fact]).await?;
        unit.finish(contract::RecordMisconductResponse {}).await
    }

    /// Completes a session; the last one locks the roster.
    pub(crate) async fn complete_session(
        &self,
        caller: &Caller,
        request: &contract::CompleteSessionRequest,
        (id, session): (PlanId, SessionId),
    ) -> Result<contract::CompleteSessionResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, mut plan) = self.open(&mut unit, caller, id).await?;
        let now = unit.origin().occurred_at;
        let stored = store::roster::all(unit.connection(), id).await?;
        let roster: Vec<_> = stored.into_iter().map(|stored| stored.candidate).collect();
        let facts = plan.complete_session(session, &roster, now)?;
        advance(&mut unit, &mut locked, &mut plan, &facts).await?;
        let plan = Some(reply::plan(&plan, Names::Masked));
        unit.finish(contract::CompleteSessionResponse { plan })
            .await
    }
}
