//! Supervisors from outside and what they found.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::SessionId;
use kernel::written::Written;
use platform::Result;
use platform::crypto::{Place, Vault};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{identity, known};
use crate::domain::session::Staff;
use crate::domain::supervision::{Finding, FindingState};

/// A supervisor, sealed.
pub(crate) struct Sent {
    pub(crate) id: Uuid,
    pub(crate) identity: Vec<u8>,
    pub(crate) appointed_on: Date,
}

/// A finding with its words sealed.
pub(crate) struct Found {
    pub(crate) id: Uuid,
    pub(crate) finding: Finding,
    pub(crate) said: Vec<u8>,
    pub(crate) on: Date,
    pub(crate) rectify_until: Option<Date>,
    pub(crate) rectification: Option<Vec<u8>>,
}

/// Where the identity of a supervisor rests.
pub(crate) fn supervisor_place(supervisor: Uuid) -> Place {
    Place {
        table: "external_supervisor",
        row: supervisor,
        column: "identity",
    }
}

/// Where the words of a finding rest: `said` or `rectification`.
pub(crate) fn finding_place(finding: Uuid, column: &'static str) -> Place {
    Place {
        table: "supervision_finding",
        row: finding,
        column,
    }
}

/// Whether one of these cards is that of somebody sent to the session already.
pub(crate) async fn is_sent(
    connection: &mut PgConnection,
    session: SessionId,
    keys: &[Vec<u8>],
) -> Result<bool> {
    let sent = sqlx::query_scalar!(
        r#"select exists (select from external_supervisor
            where session_id = $1 and card_index = any($2)) as "sent!""#,
        session.uuid(),
        keys,
    )
    .fetch_one(connection)
    .await?;
    Ok(sent)
}

/// Keeps who was sent.
pub(crate) async fn appoint(
    connection: &mut PgConnection,
    vault: &Vault,
    (session, on): (SessionId, Date),
    supervisor: &Staff,
    key: &[u8],
) -> Result<()> {
    let place = supervisor_place(supervisor.id);
    let (card, salt) = (supervisor.card.reveal(), &supervisor.salt);
    sqlx::query!(
        "insert into external_supervisor
             (supervisor_id, session_id, card_index, identity, appointed_on)
         values ($1, $2, $3, $4, $5)",
        supervisor.id,
        session.uuid(),
        key,
        identity::seal(vault, place, card, salt, &supervisor.name),
        on.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Who was sent to a session, in the order of appointment.
pub(crate) async fn sent(connection: &mut PgConnection, session: SessionId) -> Result<Vec<Sent>> {
    let rows = sqlx::query!(
        "select supervisor_id, identity, appointed_on from external_supervisor
         where session_id = $1 order by supervisor_id",
        session.uuid(),
    )
    .fetch_all(connection)
    .await?;
    let sent = rows.into_iter().map(|row| Sent {
        id: row.supervisor_id,
        identity: row.identity,
        appointed_on: row.appointed_on.to_jiff(),
    });
    Ok(sent.collect())
}

/// Keeps a finding under its number.
pub(crate) async fn insert_finding(
    connection: &mut PgConnection,
    vault: &Vault,
    (session, number): (SessionId, u32),
    said: &Written,
    (found_on, rectify_until): (Date, Option<Date>),
) -> Result<()> {
    let id = Uuid::now_v7();
    let state = match rectify_until {
        Some(_) => FindingState::Ordered,
        None => FindingState::Noted,
    };
    sqlx::query!(
        "insert into supervision_finding
             (session_id, number, finding_id, state, said, found_on, rectify_until)
         values ($1, $2, $3, $4, $5, $6, $7)",
        session.uuid(),
        number.cast_signed(),
        id,
        state.name(),
        vault.seal(finding_place(id, "said"), said.reveal().as_bytes()),
        found_on.to_sqlx() as _,
        rectify_until.map(ToSqlx::to_sqlx) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps how something was put right.
pub(crate) async fn report_rectification(
    connection: &mut PgConnection,
    vault: &Vault,
    found: &Found,
    said: &Written,
    on: Date,
) -> Result<()> {
    let place = finding_place(found.id, "rectification");
    sqlx::query!(
        "update supervision_finding
         set state = 'reported', rectification = $2, reported_on = $3 where finding_id = $1",
        found.id,
        vault.seal(place, said.reveal().as_bytes()),
        on.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps what the centre said of it: accepted, or to be put right by another day.
pub(crate) async fn judge_rectification(
    connection: &mut PgConnection,
    finding: Uuid,
    until: Option<Date>,
) -> Result<()> {
    sqlx::query!(
        "update supervision_finding
         set state = case when $2::date is null then 'accepted' else 'ordered' end,
             rectify_until = coalesce($2, rectify_until)
         where finding_id = $1",
        finding,
        until.map(ToSqlx::to_sqlx) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What was found in a session, in order.
pub(crate) async fn findings(
    connection: &mut PgConnection,
    session: SessionId,
) -> Result<Vec<Found>> {
    let rows = sqlx::query!(
        "select finding_id, number, state, said, found_on, rectify_until, rectification
         from supervision_finding where session_id = $1 order by number",
        session.uuid(),
    )
    .fetch_all(connection)
    .await?;
    let found = rows.into_iter().map(|row| {
        Ok(Found {
            id: row.finding_id,
            finding: Finding {
                number: row.number.cast_unsigned(),
                state: known("state of a finding", FindingState::from_name(&row.state))?,
            },
            said: row.said,
            on: row.found_on.to_jiff(),
            rectify_until: row.rectify_until.map(jiff_sqlx::Date::to_jiff),
            rectification: row.rectification,
        })
    });
    found.collect()
}
