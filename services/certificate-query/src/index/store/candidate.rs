//! Candidates who have no certificate yet: how far they are, and what leads there.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use platform::Result;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Doors;

/// How far a candidate is.
pub(crate) struct StageRow {
    pub(crate) result_id: Uuid,
    pub(crate) stage: &'static str,
    pub(crate) since: Date,
    pub(crate) until: Option<Date>,
}

/// Writes how far a candidate is now.
pub(crate) async fn put(connection: &mut PgConnection, row: &StageRow) -> Result<()> {
    sqlx::query!(
        "insert into candidate_stage (result_id, stage, since, until) values ($1, $2, $3, $4)
         on conflict (result_id) do update
             set stage = excluded.stage, since = excluded.since, until = excluded.until",
        row.result_id,
        row.stage,
        row.since.to_sqlx() as _,
        row.until.map(ToSqlx::to_sqlx) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Opens doors to a candidate's stage.
pub(crate) async fn open(
    connection: &mut PgConnection,
    result_id: Uuid,
    doors: &Doors,
) -> Result<()> {
    sqlx::query!(
        "insert into candidate_door (purpose, key_id, digest, result_id)
         select purpose, key_id, digest, $1
         from unnest($2::text[], $3::text[], $4::bytea[]) as given (purpose, key_id, digest)
         on conflict do nothing",
        result_id,
        &doors.purposes,
        &doors.key_ids,
        &doors.digests,
    )
    .execute(connection)
    .await?;
    Ok(())
}
