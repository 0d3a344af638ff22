//! What was decided about the settings.

use jiff::civil::Date;
use jiff_sqlx::{Date as SqlDate, ToSqlx};
use kernel::content_hash::ContentHash;
use kernel::ids::ProposalId;
use kernel::pilot::{Change, Value};
use kernel::working_day::CalendarYear;
use platform::Result;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::domain::settings::Decision;

/// Puts a decision on record.
pub(crate) async fn insert_decision(
    connection: &mut PgConnection,
    proposal: ProposalId,
    decision: &Decision,
    decided_on: Date,
) -> Result<()> {
    let Change {
        parameter,
        from,
        value,
    } = &decision.change;
    sqlx::query!(
        "insert into parameter_change (proposal_id, parameter, effective_from, value, reason,
             source, decided_on)
         values ($1, $2, $3, $4, $5, $6, $7)",
        proposal.uuid(),
        parameter,
        from.to_sqlx() as _,
        Json(value) as _,
        decision.reason,
        decision.source,
        decided_on.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// All decisions in their order, each with its day.
pub(crate) async fn decisions(connection: &mut PgConnection) -> Result<Vec<(Decision, Date)>> {
    let rows = sqlx::query!(
        r#"select parameter, effective_from as "effective_from: SqlDate",
               value as "value: Json<Value>", reason, source, decided_on as "decided_on: SqlDate"
           from parameter_change order by position"#
    )
    .fetch_all(connection)
    .await?;
    let decisions = rows.into_iter().map(|row| {
        let change = Change {
            parameter: row.parameter,
            from: row.effective_from.to_jiff(),
            value: row.value.0,
        };
        let decision = Decision {
            change,
            reason: row.reason,
            source: row.source,
        };
        (decision, row.decided_on.to_jiff())
    });
    Ok(decisions.collect())
}

/// Puts an import on record.
pub(crate) async fn insert_year(
    connection: &mut PgConnection,
    year: &CalendarYear,
    file: ContentHash,
    source: &str,
    imported_on: Date,
) -> Result<()> {
    sqlx::query!(
        "insert into calendar_import (year, days, file_sha256, source, imported_on)
         values ($1, $2, $3, $4, $5)",
        year.year(),
        Json(year) as _,
        file.as_bytes(),
        source,
        imported_on.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The years that were imported, each as it was imported last.
pub(crate) async fn years(connection: &mut PgConnection) -> Result<Vec<CalendarYear>> {
    let years = sqlx::query_scalar!(
        r#"select distinct on (year) days as "days: Json<CalendarYear>"
           from calendar_import order by year, position desc"#
    )
    .fetch_all(connection)
    .await?;
    Ok(years.into_iter().map(|Json(year)| year).collect())
}
