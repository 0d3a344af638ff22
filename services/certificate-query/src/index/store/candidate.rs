//! Candidates who have no certificate yet: how far they are, and what leads there.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use platform::Result;
use sqlx::PgConnection;
use uuid::Uuid;

use super::copy::{self, Elements};
use super::{Doors, change};

/// The stage of who is through, one way or the other.
pub(crate) const ENDED: &str = "ended";

/// How far a candidate is, as it is written.
pub(crate) struct StageRow {
    pub(crate) result_id: Uuid,
    pub(crate) stage: &'static str,
    pub(crate) since: Date,
    pub(crate) until: Option<Date>,
    pub(crate) doors: Doors<1>,
}

/// Writes how far a candidate is now.
pub(crate) async fn put(connection: &mut PgConnection, row: &StageRow) -> Result<()> {
    let sequence = change::next(connection).await?;
    let [ticket_doors] = &row.doors.digests;
    sqlx::query!(
        "insert into candidate_stage
             (result_id, change_sequence, stage, since, until, door_keys, ticket_doors)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (result_id) do update
             set (change_sequence, stage, since, until, door_keys, ticket_doors)
               = (excluded.change_sequence, excluded.stage, excluded.since, excluded.until,
                  excluded.door_keys, excluded.ticket_doors)",
        row.result_id,
        sequence,
        row.stage,
        row.since.to_sqlx() as _,
        row.until.map(ToSqlx::to_sqlx) as _,
        &row.doors.keys,
        ticket_doors,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How far a candidate is, as it is read: borrowed from the row.
pub(crate) struct Entry<'a> {
    pub(crate) stage: &'a str,
    pub(crate) since: Date,
    pub(crate) until: Option<Date>,
    pub(crate) door_keys: Elements<'a>,
    pub(crate) ticket_doors: Elements<'a>,
}

/// Reads what became of candidates after one change and up to another.
pub(crate) async fn changed(
    connection: &mut PgConnection,
    after: i64,
    up_to: i64,
    mut each: impl FnMut(Entry<'_>) -> anyhow::Result<()>,
) -> Result<()> {
    let query = format!(
        "select stage, since, until, door_keys, ticket_doors
         from candidate_stage where change_sequence > {after} and change_sequence <= {up_to}"
    );
    copy::rows(connection, &query, |row| {
        each(Entry {
            stage: row.text()?,
            since: row.date()?,
            until: row.optional_date()?,
            door_keys: row.elements()?,
            ticket_doors: row.elements()?,
        })
    })
    .await
}
