//! Measures on organisations.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::{MeasureId, OrganizationId};
use platform::Result;
use platform::error::readable;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::division;
use super::rectification::{Returned, returns};
use crate::domain::organization::measure::{Measure, Origin, Progress};

/// A measure with its texts.
pub(crate) struct Found {
    pub(crate) organization_id: OrganizationId,
    pub(crate) measure: Measure,
    /// What was found; empty where review keeps that.
    pub(crate) statement: String,
    /// What the organisation says it has put right.
    pub(crate) report: String,
    /// Why suspended rights hold again.
    pub(crate) resumption_reason: String,
    /// How often and why a rectification was to be done again.
    pub(crate) returns: Vec<Returned>,
}

struct Row {
    measure_id: Uuid,
    organization_id: Uuid,
    content: Value,
    statement: String,
    decided_by: String,
    decided_on: jiff_sqlx::Date,
    origin: Option<String>,
    report: Option<String>,
    reported_on: Option<jiff_sqlx::Date>,
    accepted_on: Option<jiff_sqlx::Date>,
    moved_to: Option<jiff_sqlx::Date>,
    resumes_on: Option<jiff_sqlx::Date>,
    resumption_reason: Option<String>,
}

impl Row {
    fn read(self) -> Result<Found> {
        let day = |stored: Option<jiff_sqlx::Date>| stored.map(jiff_sqlx::Date::to_jiff);
        let origin = self.origin.as_deref().map(Origin::parse).transpose();
        Ok(Found {
            organization_id: OrganizationId::from_uuid(self.organization_id),
            measure: Measure {
                measure_id: MeasureId::from_uuid(self.measure_id),
                order: serde_json::from_value(self.content).map_err(anyhow::Error::from)?,
                decided_by: division(&self.decided_by)?,
                decided_on: self.decided_on.to_jiff(),
                origin: readable("origin", origin)?,
                progress: Progress {
                    reported_on: day(self.reported_on),
                    accepted_on: day(self.accepted_on),
                    moved_to: day(self.moved_to),
                    resumes_on: day(self.resumes_on),
                },
            },
            statement: self.statement,
            report: self.report.unwrap_or_default(),
            resumption_reason: self.resumption_reason.unwrap_or_default(),
            returns: Vec::new(),
        })
    }
}

/// The measures on these organisations, in the order in which they were decided.
pub(crate) async fn of_all(
    connection: &mut PgConnection,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<Measure>>> {
    let rows = sqlx::query_as!(
        Row,
        "select measure_id, organization_id, content, statement, decided_by, decided_on, origin,
             report, reported_on, accepted_on, moved_to, resumes_on, resumption_reason
         from measure where organization_id = any($1) order by decided_on, measure_id",
        ids,
    )
    .fetch_all(connection)
    .await?;
    let mut measures: BTreeMap<Uuid, Vec<Measure>> = BTreeMap::new();
    for row in rows {
        let of_organization = measures.entry(row.organization_id).or_default();
        of_organization.push(row.read()?.measure);
    }
    Ok(measures)
}

/// Measures on an organisation before one of them, the newest first. Whoever calls has found the
/// organisation.
pub(crate) async fn page(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
    before: Option<MeasureId>,
    limit: i64,
) -> Result<Vec<Found>> {
    let rows = sqlx::query_as!(
        Row,
        "select measure_id, organization_id, content, statement, decided_by, decided_on, origin,
             report, reported_on, accepted_on, moved_to, resumes_on, resumption_reason
         from measure
         where organization_id = $1 and ($2::uuid is null or measure_id < $2)
         order by measure_id desc limit $3",
        organization_id.uuid(),
        before.map(|id| id.uuid()),
        limit,
    )
    .fetch_all(&mut *connection)
    .await?;
    let measures: Vec<_> = rows.iter().map(|row| row.measure_id).collect();
    let mut returns = returns(connection, &measures).await?;
    let found = rows.into_iter().map(|row| {
        let returns = returns.remove(&row.measure_id).unwrap_or_default();
        Ok(Found {
            returns,
            ..row.read()?
        })
    });
    found.collect()
}

/// Suspensions and withdrawals before one of them, the newest first: everybody's to see.
pub(crate) async fn announced(
    connection: &mut PgConnection,
    before: Option<MeasureId>,
    limit: i64,
) -> Result<Vec<Found>> {
    let rows = sqlx::query_as!(
        Row,
        "select measure_id, organization_id, content, statement, decided_by, decided_on, origin,
             report, reported_on, accepted_on, moved_to, resumes_on, resumption_reason
         from measure
         where kind in ('suspension', 'withdrawal') and ($1::uuid is null or measure_id < $1)
         order by measure_id desc limit $2",
        before.map(|id| id.uuid()),
        limit,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// One measure on an organisation that whoever calls has found.
pub(crate) async fn find(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
    measure_id: MeasureId,
) -> Result<Option<Found>> {
    let row = sqlx::query_as!(
        Row,
        "select measure_id, organization_id, content, statement, decided_by, decided_on, origin,
             report, reported_on, accepted_on, moved_to, resumes_on, resumption_reason
         from measure where organization_id = $1 and measure_id = $2",
        organization_id.uuid(),
        measure_id.uuid(),
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let mut returns = returns(connection, &[row.measure_id]).await?;
    Ok(Some(Found {
        returns: returns.remove(&row.measure_id).unwrap_or_default(),
        ..row.read()?
    }))
}

pub(crate) async fn insert(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
    measure: &Measure,
    statement: &str,
) -> Result<()> {
    let content = serde_json::to_value(&measure.order).map_err(anyhow::Error::from)?;
    sqlx::query!(
        "insert into measure (measure_id, organization_id, content, statement, effective_on,
             decided_by, decided_on, origin)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        measure.measure_id.uuid(),
        organization_id.uuid(),
        content,
        statement,
        measure.order.effective_on.to_sqlx() as _,
        measure.decided_by.as_str(),
        measure.decided_on.to_sqlx() as _,
        measure.origin.map(|origin| origin.to_string()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn save_report(
    connection: &mut PgConnection,
    measure_id: MeasureId,
    report: &str,
    on: Date,
) -> Result<()> {
    sqlx::query!(
        "update measure set report = $2, reported_on = $3 where measure_id = $1",
        measure_id.uuid(),
        report,
        on.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn save_acceptance(
    connection: &mut PgConnection,
    measure_id: MeasureId,
    on: Date,
) -> Result<()> {
    sqlx::query!(
        "update measure set accepted_on = $2 where measure_id = $1",
        measure_id.uuid(),
        on.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn save_resumption(
    connection: &mut PgConnection,
    measure_id: MeasureId,
    resumes_on: Date,
    reason: &str,
) -> Result<()> {
    sqlx::query!(
        "update measure set resumes_on = $2, resumption_reason = $3 where measure_id = $1",
        measure_id.uuid(),
        resumes_on.to_sqlx() as _,
        reason,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps the day to which that of a rectification moved.
pub(crate) async fn save_move(
    connection: &mut PgConnection,
    measure_id: MeasureId,
    due_on: Date,
) -> Result<()> {
    sqlx::query!(
        "update measure set moved_to = $2 where measure_id = $1",
        measure_id.uuid(),
        due_on.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The days by which rectifications are due that are not accepted and still have time.
pub(crate) async fn due_days(connection: &mut PgConnection, today: Date) -> Result<Vec<Date>> {
    let days = sqlx::query_scalar!(
        r#"select distinct coalesce(moved_to, (content #>> '{measure,due_on}')::date) as "due_on!"
           from measure
           where kind = 'rectification' and accepted_on is null
             and coalesce(moved_to, (content #>> '{measure,due_on}')::date) >= $1"#,
        today.to_sqlx() as _,
    )
    .fetch_all(connection)
    .await?;
    Ok(days.into_iter().map(jiff_sqlx::Date::to_jiff).collect())
}

/// Some rectifications that are not accepted and due by these days.
pub(crate) async fn due_on(
    connection: &mut PgConnection,
    days: &[Date],
    limit: i64,
) -> Result<Vec<(OrganizationId, MeasureId)>> {
    let days: Vec<_> = days.iter().copied().map(ToSqlx::to_sqlx).collect();
    let rows = sqlx::query!(
        "select organization_id, measure_id from measure
         where kind = 'rectification' and accepted_on is null
           and coalesce(moved_to, (content #>> '{measure,due_on}')::date) = any($1::date[])
         order by measure_id limit $2",
        &days as _,
        limit,
    )
    .fetch_all(connection)
    .await?;
    let due = rows.into_iter().map(|row| {
        let organization = OrganizationId::from_uuid(row.organization_id);
        (organization, MeasureId::from_uuid(row.measure_id))
    });
    Ok(due.collect())
}
