//! Preparing sessions, incidents, and the record of a session.

use kernel::ids::{CandidateId, PlanId, SessionId};
use platform::Result;
use platform::access::Caller;
use platform::crypto::Place;
use platform::unit::Begun;
use proto::exam::v1 as contract;
use sqlx::PgConnection;
use zeroize::Zeroizing;

use super::reply::{self, hour};
use super::{App, READ_PLAN, advance};
use crate::domain::running::{Incident, IncidentKind, Item, Paper, PaperSource};
use crate::store;
use crate::store::running::{custodian_place, incident_place};

impl App {
    /// Records that a session is ready.
    pub(crate) async fn prepare_session(
        &self,
        caller: &Caller,
        request: &contract::PrepareSessionRequest,
        (id, session): (PlanId, SessionId),
        (paper, ready): (Paper, Vec<Item>),
    ) -> Result<contract::PrepareSessionResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, mut plan) = self.open(&mut unit, caller, id).await?;
        let fact = plan.prepare(session, &paper, &ready, unit.origin().occurred_at)?;
        let (vault, today) = (self.journal.vault(), unit.today());
        store::running::prepare(unit.connection(), vault, session, &paper, today).await?;
        advance(&mut unit, &mut locked, &mut plan, &[fact]).await?;
        unit.finish(contract::PrepareSessionResponse {}).await
    }

    /// Records an incident.
    pub(crate) async fn record_incident(
        &self,
        caller: &Caller,
        request: &contract::RecordIncidentRequest,
        (id, session): (PlanId, SessionId),
        incident: Incident,
    ) -> Result<contract::RecordIncidentResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, mut plan) = self.open(&mut unit, caller, id).await?;
        let fact = plan.record_incident(session, &incident, unit.origin().occurred_at)?;
        let vault = self.journal.vault();
        store::running::insert_incident(unit.connection(), vault, session, &incident).await?;
        advance(&mut unit, &mut locked, &mut plan, &[fact]).await?;
        unit.finish(contract::RecordIncidentResponse {}).await
    }

    /// Everything on record about a session; whatever names somebody is shown on record.
    pub(crate) async fn session_record(
        &self,
        caller: &Caller,
        (id, session): (PlanId, SessionId),
    ) -> Result<contract::GetSessionRecordResponse> {
        let mut transaction = self.journal.pool().begin().await?;
        let connection = &mut *transaction;
        let vault = self.journal.vault();
        let plan = store::plan::find(connection, vault, &caller.scope(), id).await?;
        plan.session(session)?;
        let mut record = contract::GetSessionRecordResponse {
            supervisors: self.supervisors(connection, caller, session).await?,
            findings: self.findings(connection, caller, session).await?,
            ..contract::GetSessionRecordResponse::default()
        };
        if let Some(prepared) = store::running::prepared(connection, session).await? {
            let place = custodian_place(session);
            let name = self.words(connection, caller, place, &prepared.custodian);
            record.paper = Some(contract::SessionPaper {
                source: source(prepared.source).into(),
                set_code: prepared.set_code,
                copies: prepared.copies,
                custodian_name: name.await?,
                kept_from: prepared.kept_from.to_string(),
            });
            record.prepared_on = prepared.on.to_string();
        }
        for happened in store::running::incidents(connection, session).await? {
            let place = |column| incident_place(happened.id, column);
            let account = self.words(connection, caller, place("account"), &happened.account);
            let account = account.await?;
            let handling = self.words(connection, caller, place("handling"), &happened.handling);
            record.incidents.push(contract::Incident {
                kind: kind(happened.kind).into(),
                starts_at: hour(happened.starts_at),
                minutes: happened.minutes,
                account,
                handling: handling.await?,
            });
        }
        for (candidate, tier, until) in store::conduct::misconduct(connection, session).await? {
            let void = plan.voided(session, tier).into_iter();
            record.misconduct.push(contract::Misconduct {
                candidate_id: CandidateId::from_uuid(candidate).to_string(),
                tier: reply::tier(tier).into(),
                void_parts: void.map(|part| reply::part(part).into()).collect(),
                banned_until: until.map(|day| day.to_string()).unwrap_or_default(),
            });
        }
        (record.present, record.absent) = store::conduct::came(connection, session).await?;
        transaction.commit().await?;
        Ok(record)
    }

    /// What somebody wrote or is called, shown on record.
    pub(super) async fn words(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        place: Place,
        sealed: &[u8],
    ) -> Result<String> {
        let vault = self.journal.vault();
        let plain: Zeroizing<Vec<u8>> = vault
            .reveal(connection, caller, READ_PLAN, place, sealed)
            .await?;
        Ok(String::from_utf8(plain.to_vec()).map_err(anyhow::Error::from)?)
    }
}

fn source(source: PaperSource) -> contract::PaperSource {
    match source {
        PaperSource::National => contract::PaperSource::National,
        PaperSource::Province => contract::PaperSource::Province,
        PaperSource::Own => contract::PaperSource::Own,
        PaperSource::Commissioned => contract::PaperSource::Commissioned,
    }
}

fn kind(kind: IncidentKind) -> contract::IncidentKind {
    match kind {
        IncidentKind::Outage => contract::IncidentKind::Outage,
        IncidentKind::Equipment => contract::IncidentKind::Equipment,
        IncidentKind::Paper => contract::IncidentKind::Paper,
        IncidentKind::Health => contract::IncidentKind::Health,
        IncidentKind::Order => contract::IncidentKind::Order,
        IncidentKind::Other => contract::IncidentKind::Other,
    }
}
