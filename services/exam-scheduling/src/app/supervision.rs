//! Supervisors from outside, their findings, and what becomes of them.

use jiff::civil::Date;
use kernel::card_number::CardNumber;
use kernel::ids::{PlanId, SessionId};
use kernel::written::Written;
use platform::access::{Caller, Role};
use platform::crypto::record_access;
use platform::unit::Begun;
use platform::{Error, Result};
use proto::exam::v1 as contract;
use proto::registry::v1::PersonRole;
use sqlx::PgConnection;

use super::standing::centre;
use super::{App, READ_PLAN, advance};
use crate::domain::session::Staff;
use crate::domain::supervision::{FindingState, Verdict};
use crate::store;
use crate::store::identity;
use crate::store::supervision::{Found, finding_place, supervisor_place};

/// Which finding is meant: of which plan and session, and its number.
pub(crate) type FindingAt = ((PlanId, SessionId), u32);

impl App {
    /// Sends somebody to a session. The register is asked first whether that is a supervisor of a
    /// centre's pool.
    pub(crate) async fn appoint_supervisor(
        &self,
        caller: &Caller,
        request: &contract::AppointSupervisorRequest,
        (id, at): (PlanId, SessionId),
        supervisor: Staff,
    ) -> Result<contract::AppointSupervisorResponse> {
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        let now = self.journal.clock().now()?;
        let seen = self.seen(caller, id).await?;
        let on = seen.to_supervise(at, centre(caller), now)?.held_on;
        let duty = PersonRole::ExternalSupervisor;
        let verdict = self.ask_duty(&seen, &supervisor, duty, on).await?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, mut plan) = self.open(&mut unit, caller, id).await?;
        let session = plan.to_supervise(at, centre(caller), unit.origin().occurred_at)?;
        let bookings = self.bookings_of(session, &supervisor);
        let keys: Vec<_> = bookings.iter().map(|booking| booking.key.clone()).collect();
        let sent = store::supervision::is_sent(unit.connection(), at, &keys).await?;
        let busy = store::booking::taken(unit.connection(), id, &bookings).await?;
        let fact = plan.appoint(session, &supervisor, &verdict, (sent, !busy.is_empty()))?;
        store::booking::exchange(unit.connection(), id, &[], &bookings).await?;
        let (vault, today) = (self.journal.vault(), unit.today());
        let key = keys.first().map(Vec::as_slice).unwrap_or_default();
        store::supervision::appoint(unit.connection(), vault, (at, today), &supervisor, key)
            .await?;
        advance(&mut unit, &mut locked, &mut plan, &[fact]).await?;
        unit.finish(contract::AppointSupervisorResponse {}).await
    }

    /// Puts down a finding.
    pub(crate) async fn record_finding(
        &self,
        caller: &Caller,
        request: &contract::RecordFindingRequest,
        (id, session): (PlanId, SessionId),
        (said, rectify_until): (Written, Option<Date>),
    ) -> Result<contract::RecordFindingResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, mut plan) = self.open(&mut unit, caller, id).await?;
        let (now, today) = (unit.origin().occurred_at, unit.today());
        let sent = caller.role != Role::QualitySupervisor
            || !store::supervision::sent(unit.connection(), session)
                .await?
                .is_empty();
        let before = store::supervision::findings(unit.connection(), session).await?;
        let before = u32::try_from(before.len()).map_err(anyhow::Error::from)?;
        let fact = plan.record_finding(session, rectify_until, (sent, before), now)?;
        let (at, days) = ((session, before + 1), (today, rectify_until));
        let vault = self.journal.vault();
        store::supervision::insert_finding(unit.connection(), vault, at, &said, days).await?;
        advance(&mut unit, &mut locked, &mut plan, &[fact]).await?;
        let finding = before + 1;
        unit.finish(contract::RecordFindingResponse { finding })
            .await
    }

    /// The organisation reports what it put right.
    pub(crate) async fn report_rectification(
        &self,
        caller: &Caller,
        request: &contract::ReportRectificationRequest,
        ((id, session), number): FindingAt,
        said: Written,
    ) -> Result<contract::ReportRectificationResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, mut plan) = self.open(&mut unit, caller, id).await?;
        plan.session(session)?;
        let found = numbered(unit.connection(), session, number).await?;
        let known = found.as_ref().map(|found| found.finding);
        let fact = plan.report_rectification(session, known)?;
        if let Some(found) = &found {
            let (vault, today) = (self.journal.vault(), unit.today());
            let connection = unit.connection();
            store::supervision::report_rectification(connection, vault, found, &said, today)
                .await?;
        }
        advance(&mut unit, &mut locked, &mut plan, &[fact]).await?;
        unit.finish(contract::ReportRectificationResponse {}).await
    }

    /// The centre accepts it, or sets another day.
    pub(crate) async fn judge_rectification(
        &self,
        caller: &Caller,
        request: &contract::JudgeRectificationRequest,
        ((id, session), number): FindingAt,
        until: Option<Date>,
    ) -> Result<contract::JudgeRectificationResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, mut plan) = self.open(&mut unit, caller, id).await?;
        plan.session(session)?;
        let found = numbered(unit.connection(), session, number).await?;
        let known = found.as_ref().map(|found| found.finding);
        let verdict = until.map_or(Verdict::Accepted, Verdict::Returned);
        let by = (centre(caller), unit.today());
        let fact = plan.judge_rectification(session, known, verdict, by)?;
        if let Some(found) = &found {
            let connection = unit.connection();
            store::supervision::judge_rectification(connection, found.id, until).await?;
        }
        advance(&mut unit, &mut locked, &mut plan, &[fact]).await?;
        unit.finish(contract::JudgeRectificationResponse {}).await
    }

    /// Who was sent to a session, shown on record.
    pub(super) async fn supervisors(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        session: SessionId,
    ) -> Result<Vec<contract::AppointedSupervisor>> {
        let mut shown = Vec::new();
        for sent in store::supervision::sent(connection, session).await? {
            let place = supervisor_place(sent.id);
            let plain = self.journal.vault().unseal(place, &sent.identity).await?;
            record_access(connection, caller, READ_PLAN, place).await?;
            let person = identity::read(&plain, CardNumber::parse)?;
            shown.push(contract::AppointedSupervisor {
                card_number: person.number.reveal().to_owned(),
                name: person.name.reveal().to_owned(),
                appointed_on: sent.appointed_on.to_string(),
            });
        }
        Ok(shown)
    }

    /// What was found in a session, shown on record.
    pub(super) async fn findings(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        session: SessionId,
    ) -> Result<Vec<contract::Finding>> {
        let mut shown = Vec::new();
        for found in store::supervision::findings(connection, session).await? {
            let place = |column| finding_place(found.id, column);
            let text = self.words(connection, caller, place("said"), &found.said);
            let text = text.await?;
            let rectification = match &found.rectification {
                Some(sealed) => {
                    let place = place("rectification");
                    self.words(connection, caller, place, sealed).await?
                }
                None => String::new(),
            };
            let until = found.rectify_until;
            shown.push(contract::Finding {
                finding: found.finding.number,
                state: state(found.finding.state).into(),
                text,
                found_on: found.on.to_string(),
                rectify_until: until.map(|day| day.to_string()).unwrap_or_default(),
                rectification,
            });
        }
        Ok(shown)
    }
}

async fn numbered(
    connection: &mut PgConnection,
    session: SessionId,
    number: u32,
) -> Result<Option<Found>, Error> {
    let found = store::supervision::findings(connection, session).await?;
    let mut found = found.into_iter();
    Ok(found.find(|found| found.finding.number == number))
}

fn state(state: FindingState) -> contract::FindingState {
    match state {
        FindingState::Noted => contract::FindingState::Noted,
        FindingState::Ordered => contract::FindingState::Ordered,
        FindingState::Reported => contract::FindingState::Reported,
        FindingState::Accepted => contract::FindingState::Accepted,
    }
}
