//! Rectifications that were not accepted, each time with what had been reported.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::MeasureId;
use platform::Result;
use sqlx::PgConnection;
use uuid::Uuid;

/// A rectification that was to be done again.
#[derive(Clone)]
pub(crate) struct Returned {
    /// The day by which it was due until then.
    pub(crate) due_on: Date,
    /// What the organisation had said it put right; empty where it had said nothing.
    pub(crate) report: String,
    /// When it had said so.
    pub(crate) reported_on: Option<Date>,
    /// The day on which it was not accepted.
    pub(crate) on: Date,
    /// Why it was not accepted.
    pub(crate) reason: String,
}

/// Takes a rectification back to where nothing is reported, and keeps what was.
pub(crate) async fn give_back(
    connection: &mut PgConnection,
    measure_id: MeasureId,
    on: Date,
    reason: &str,
) -> Result<()> {
    sqlx::query!(
        "insert into rectification_return
             (measure_id, number, due_on, report, reported_on, returned_on, reason)
         select measure_id,
                (select count(*) + 1 from rectification_return before
                 where before.measure_id = measure.measure_id),
                coalesce(moved_to, (content #>> '{measure,due_on}')::date), report, reported_on,
                $2, $3
         from measure where measure_id = $1",
        measure_id.uuid(),
        on.to_sqlx() as _,
        reason,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update measure set report = null, reported_on = null where measure_id = $1",
        measure_id.uuid(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How often and why these rectifications were to be done again, in order.
pub(super) async fn returns(
    connection: &mut PgConnection,
    measures: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<Returned>>> {
    let rows = sqlx::query!(
        "select measure_id, due_on, report, reported_on, returned_on, reason
         from rectification_return where measure_id = any($1) order by measure_id, number",
        measures,
    )
    .fetch_all(connection)
    .await?;
    let mut returns: BTreeMap<Uuid, Vec<Returned>> = BTreeMap::new();
    for row in rows {
        returns.entry(row.measure_id).or_default().push(Returned {
            due_on: row.due_on.to_jiff(),
            report: row.report.unwrap_or_default(),
            reported_on: row.reported_on.map(jiff_sqlx::Date::to_jiff),
            on: row.returned_on.to_jiff(),
            reason: row.reason,
        });
    }
    Ok(returns)
}
