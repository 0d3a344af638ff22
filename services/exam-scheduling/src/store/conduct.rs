//! Attendance and misconduct.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::{CandidateId, SessionId};
use platform::Result;
use sqlx::PgConnection;
use uuid::Uuid;

use super::known;
use crate::domain::conduct::{Marks, MisconductTier, Presence};

/// Notes who came; the last word counts.
pub(crate) async fn record_attendance(
    connection: &mut PgConnection,
    session: SessionId,
    candidates: &[Presence],
) -> Result<()> {
    let ids: Vec<_> = candidates
        .iter()
        .map(|presence| presence.candidate_id.uuid())
        .collect();
    let present: Vec<_> = candidates.iter().map(|presence| presence.present).collect();
    sqlx::query!(
        "insert into attendance (session_id, candidate_id, present)
         select $1, candidate_id, present
         from unnest($2::uuid[], $3::boolean[]) as new (candidate_id, present)
         on conflict (candidate_id, session_id) do update set present = excluded.present",
        session.uuid(),
        &ids,
        &present,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes misconduct.
pub(crate) async fn record_misconduct(
    connection: &mut PgConnection,
    session: SessionId,
    candidate: CandidateId,
    (tier, banned_until): (MisconductTier, Option<Date>),
) -> Result<()> {
    sqlx::query!(
        "insert into misconduct (session_id, candidate_id, tier, banned_until)
         values ($1, $2, $3, $4)",
        session.uuid(),
        candidate.uuid(),
        tier.name(),
        banned_until.map(ToSqlx::to_sqlx) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Misconduct in a session: who, how grave, and until when the person takes no exam.
pub(crate) async fn misconduct(
    connection: &mut PgConnection,
    session: SessionId,
) -> Result<Vec<(Uuid, MisconductTier, Option<Date>)>> {
    let rows = sqlx::query!(
        "select candidate_id, tier, banned_until from misconduct
         where session_id = $1 order by candidate_id, tier",
        session.uuid(),
    )
    .fetch_all(connection)
    .await?;
    let read = rows.into_iter().map(|row| {
        let tier = known("tier", MisconductTier::from_name(&row.tier))?;
        let until = row.banned_until.map(jiff_sqlx::Date::to_jiff);
        Ok((row.candidate_id, tier, until))
    });
    read.collect()
}

/// How many are recorded as present in a session, and how many as absent.
pub(crate) async fn came(connection: &mut PgConnection, session: SessionId) -> Result<(u32, u32)> {
    let row = sqlx::query!(
        r#"select count(*) filter (where present) as "present!",
               count(*) filter (where not present) as "absent!"
           from attendance where session_id = $1"#,
        session.uuid(),
    )
    .fetch_one(connection)
    .await?;
    let count = |found: i64| u32::try_from(found).unwrap_or(u32::MAX);
    Ok((count(row.present), count(row.absent)))
}

/// What was recorded about candidates. Those about whom nothing was are left out.
pub(crate) async fn marks(
    connection: &mut PgConnection,
    candidates: &[Uuid],
) -> Result<HashMap<Uuid, Marks>> {
    let mut marks: HashMap<Uuid, Marks> = HashMap::new();
    let presences = sqlx::query!(
        "select candidate_id, session_id, present from attendance where candidate_id = any($1)",
        candidates,
    )
    .fetch_all(&mut *connection)
    .await?;
    for row in presences {
        let session = SessionId::from_uuid(row.session_id);
        marks
            .entry(row.candidate_id)
            .or_default()
            .presences
            .push((session, row.present));
    }
    let misconduct = sqlx::query!(
        "select candidate_id, session_id, tier from misconduct where candidate_id = any($1)",
        candidates,
    )
    .fetch_all(connection)
    .await?;
    for row in misconduct {
        let session = SessionId::from_uuid(row.session_id);
        let tier = known("tier", MisconductTier::from_name(&row.tier))?;
        marks
            .entry(row.candidate_id)
            .or_default()
            .misconduct
            .push((session, tier));
    }
    Ok(marks)
}
