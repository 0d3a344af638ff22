//! Preparations of sessions and incidents in them.

use jiff::civil::{Date, Time};
use jiff_sqlx::ToSqlx;
use kernel::ids::SessionId;
use platform::Result;
use platform::crypto::{Place, Vault};
use sqlx::PgConnection;
use uuid::Uuid;

use super::known;
use crate::domain::running::{Incident, IncidentKind, Paper, PaperSource};

/// A paper, with its custodian sealed.
pub(crate) struct Prepared {
    pub(crate) source: PaperSource,
    pub(crate) set_code: String,
    pub(crate) copies: u32,
    pub(crate) kept_from: Date,
    pub(crate) custodian: Vec<u8>,
    pub(crate) on: Date,
}

/// An incident, with its words sealed.
pub(crate) struct Happened {
    pub(crate) id: Uuid,
    pub(crate) kind: IncidentKind,
    pub(crate) starts_at: Time,
    pub(crate) minutes: u32,
    pub(crate) account: Vec<u8>,
    pub(crate) handling: Vec<u8>,
}

/// Where the name of a custodian rests.
pub(crate) fn custodian_place(session: SessionId) -> Place {
    Place {
        table: "session_preparation",
        row: session.uuid(),
        column: "custodian",
    }
}

/// Where the words about an incident rest: `account` or `handling`.
pub(crate) fn incident_place(incident: Uuid, column: &'static str) -> Place {
    Place {
        table: "session_incident",
        row: incident,
        column,
    }
}

/// Keeps what was prepared, in place of what was before.
pub(crate) async fn prepare(
    connection: &mut PgConnection,
    vault: &Vault,
    session: SessionId,
    paper: &Paper,
    on: Date,
) -> Result<()> {
    let name = paper.custodian.reveal().as_bytes();
    sqlx::query!(
        "insert into session_preparation
             (session_id, source, set_code, copies, kept_from, custodian, prepared_on)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (session_id) do update
             set source = excluded.source, set_code = excluded.set_code,
                 copies = excluded.copies, kept_from = excluded.kept_from,
                 custodian = excluded.custodian, prepared_on = excluded.prepared_on",
        session.uuid(),
        paper.source.name(),
        paper.set_code,
        paper.copies.cast_signed(),
        paper.kept_since.to_sqlx() as _,
        vault.seal(custodian_place(session), name),
        on.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What was prepared for a session.
pub(crate) async fn prepared(
    connection: &mut PgConnection,
    session: SessionId,
) -> Result<Option<Prepared>> {
    let row = sqlx::query!(
        "select source, set_code, copies, kept_from, custodian, prepared_on
         from session_preparation where session_id = $1",
        session.uuid(),
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Prepared {
        source: known("source of a paper", PaperSource::from_name(&row.source))?,
        set_code: row.set_code,
        copies: row.copies.cast_unsigned(),
        kept_from: row.kept_from.to_jiff(),
        custodian: row.custodian,
        on: row.prepared_on.to_jiff(),
    }))
}

/// Keeps an incident.
pub(crate) async fn insert_incident(
    connection: &mut PgConnection,
    vault: &Vault,
    session: SessionId,
    incident: &Incident,
) -> Result<()> {
    let id = Uuid::now_v7();
    let seal = |column, words: &str| vault.seal(incident_place(id, column), words.as_bytes());
    sqlx::query!(
        "insert into session_incident
             (incident_id, session_id, kind, starts_at, minutes, account, handling)
         values ($1, $2, $3, $4, $5, $6, $7)",
        id,
        session.uuid(),
        incident.kind.name(),
        incident.happened_at.to_sqlx() as _,
        incident.minutes.cast_signed(),
        seal("account", incident.account.reveal()),
        seal("handling", incident.handling.reveal()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What went wrong in a session, in the order of hours.
pub(crate) async fn incidents(
    connection: &mut PgConnection,
    session: SessionId,
) -> Result<Vec<Happened>> {
    let rows = sqlx::query!(
        "select incident_id, kind, starts_at, minutes, account, handling
         from session_incident where session_id = $1 order by starts_at, incident_id",
        session.uuid(),
    )
    .fetch_all(connection)
    .await?;
    let happened = rows.into_iter().map(|row| {
        Ok(Happened {
            id: row.incident_id,
            kind: known("kind of an incident", IncidentKind::from_name(&row.kind))?,
            starts_at: row.starts_at.to_jiff(),
            minutes: row.minutes.cast_unsigned(),
            account: row.account,
            handling: row.handling,
        })
    });
    happened.collect()
}
