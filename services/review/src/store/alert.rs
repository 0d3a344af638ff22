//! Risk alerts. What officers wrote is sealed.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::{AlertId, OrganizationId};
use kernel::working_day::{CalendarVersion, Deadline};
use platform::access::Scope;
use platform::crypto::{Place, Vault};
use platform::{Error, Result};
use sqlx::PgConnection;
use sqlx::types::Json;
use std::collections::BTreeMap;
use uuid::Uuid;

use super::unreadable;
use crate::domain::risk::{Alert, AlertOutcome, AlertRejection, Finding, Handling};

/// Keeps an alert that was just opened; whether it is the first of its kind.
pub(crate) async fn insert(connection: &mut PgConnection, alert: &Alert) -> Result<bool> {
    let inserted = sqlx::query!(
        "insert into alert (alert_id, organization_id, filing_division, rule, subject, figures,
             opened_on, due)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict on constraint alert_once do nothing",
        alert.id.uuid(),
        alert.organization.uuid(),
        alert.filing_division.as_str(),
        alert.finding.rule.name(),
        alert.finding.subject,
        Json(&alert.finding.figures) as _,
        alert.opened_on.to_sqlx() as _,
        alert.due.as_ref().map(Json) as _,
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Keeps what was done about an alert, and why.
pub(crate) async fn save(
    connection: &mut PgConnection,
    vault: &Vault,
    alert: &Alert,
    reason: &str,
) -> Result<()> {
    sqlx::query!(
        "update alert set handling = $2, reason = $3 where alert_id = $1",
        alert.id.uuid(),
        alert.handling.as_ref().map(Json) as _,
        vault.seal(place(alert.id), reason.as_bytes()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps the day by which an alert is to be handled.
pub(crate) async fn set_due(connection: &mut PgConnection, alert: &Alert) -> Result<()> {
    sqlx::query!(
        "update alert set due = $2 where alert_id = $1",
        alert.id.uuid(),
        alert.due.as_ref().map(Json) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Alerts to be handled by a day that was counted with another calendar than this one; no more than so
/// many.
pub(crate) async fn counted_otherwise(
    connection: &mut PgConnection,
    calendar: &CalendarVersion,
    limit: i64,
) -> Result<Vec<AlertId>> {
    let ids = sqlx::query_scalar!(
        "select alert_id from alert
         where handling is null and due ->> 'calendar_version' <> $1
         order by alert_id limit $2",
        calendar.as_str(),
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(ids.into_iter().map(AlertId::from_uuid).collect())
}

/// Alerts that have no day by which they are to be handled, with the day of their opening, oldest
/// first; no more than so many.
pub(crate) async fn undated(
    connection: &mut PgConnection,
    limit: i64,
) -> Result<Vec<(AlertId, Date)>> {
    let rows = sqlx::query!(
        "select alert_id, opened_on from alert
         where handling is null and due is null order by alert_id limit $1",
        limit,
    )
    .fetch_all(connection)
    .await?;
    let undated = rows.into_iter().map(|row| {
        let id = AlertId::from_uuid(row.alert_id);
        (id, row.opened_on.to_jiff())
    });
    Ok(undated.collect())
}

/// Whether what an outcome refers to is there: a result about the organisation, or a measure that
/// was decided on this alert.
pub(crate) async fn is_vouched_for(
    connection: &mut PgConnection,
    alert: &Alert,
    outcome: AlertOutcome,
) -> Result<bool> {
    let organization = alert.organization.uuid();
    let found = match outcome {
        AlertOutcome::Dismissed => true,
        AlertOutcome::Inspected { inspection } => {
            sqlx::query_scalar!(
                r#"select exists (select from inspected_organization
                   where inspection_id = $1 and organization_id = $2 and outcome is not null)
                   as "found!""#,
                inspection.uuid(),
                organization,
            )
            .fetch_one(connection)
            .await?
        }
        AlertOutcome::MeasureTaken { measure } => {
            sqlx::query_scalar!(
                r#"select exists (select from measure
                   where measure_id = $1 and organization_id = $2 and origin_id = $3
                     and decided_on is not null) as "found!""#,
                measure.uuid(),
                organization,
                alert.id.to_string(),
            )
            .fetch_one(connection)
            .await?
        }
    };
    Ok(found)
}

/// What was done about an alert of an organisation; none if there is no such alert.
pub(crate) async fn handling(
    connection: &mut PgConnection,
    id: AlertId,
    organization: OrganizationId,
) -> Result<Option<Option<Handling>>> {
    let row = sqlx::query!(
        r#"select handling as "handling: Json<Handling>" from alert
           where alert_id = $1 and organization_id = $2"#,
        id.uuid(),
        organization.uuid(),
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| row.handling.map(|handling| handling.0)))
}

/// An alert with the reason of what was done, empty before. No organisation sees any.
pub(crate) async fn find(
    connection: &mut PgConnection,
    vault: &Vault,
    scope: &Scope,
    id: AlertId,
) -> Result<(Alert, String)> {
    let scope = scope.filter();
    let row = sqlx::query_as!(
        Row,
        r#"select alert_id, organization_id, filing_division, rule, subject,
               figures as "figures: Json<BTreeMap<String, u32>>", opened_on,
               due as "due: Json<Deadline>", handling as "handling: Json<Handling>", reason
           from alert
           where alert_id = $1
             and ($2::text is null or filing_division = $2) and $3::uuid is null"#,
        id.uuid(),
        scope.area,
        scope.organization,
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(AlertRejection::NotFound))?;
    let reason = match &row.reason {
        None => String::new(),
        Some(sealed) => {
            let plain = vault.unseal(place(id), sealed).await?;
            String::from_utf8(plain.to_vec()).map_err(|_| unreadable("reason"))?
        }
    };
    Ok((row.into_domain()?, reason))
}

/// A page of the alerts in scope, newest first.
pub(crate) async fn page(
    connection: &mut PgConnection,
    scope: &Scope,
    open_only: bool,
    before: Option<AlertId>,
    size: u32,
) -> Result<Vec<Alert>> {
    let scope = scope.filter();
    let rows = sqlx::query_as!(
        Row,
        r#"select alert_id, organization_id, filing_division, rule, subject,
               figures as "figures: Json<BTreeMap<String, u32>>", opened_on,
               due as "due: Json<Deadline>", handling as "handling: Json<Handling>", reason
           from alert
           where ($1::uuid is null or alert_id < $1) and (not $2 or handling is null)
             and ($3::text is null or filing_division = $3) and $4::uuid is null
           order by alert_id desc limit $5"#,
        before.map(|id| id.uuid()),
        open_only,
        scope.area,
        scope.organization,
        i64::from(size),
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Row::into_domain).collect()
}

struct Row {
    alert_id: Uuid,
    organization_id: Uuid,
    filing_division: String,
    rule: String,
    subject: String,
    figures: Json<BTreeMap<String, u32>>,
    opened_on: jiff_sqlx::Date,
    due: Option<Json<Deadline>>,
    handling: Option<Json<Handling>>,
    reason: Option<Vec<u8>>,
}

impl Row {
    fn into_domain(self) -> Result<Alert> {
        Ok(Alert {
            id: AlertId::from_uuid(self.alert_id),
            organization: OrganizationId::from_uuid(self.organization_id),
            filing_division: DivisionCode::parse(&self.filing_division)
                .map_err(|_| unreadable("division"))?,
            finding: Finding {
                rule: self.rule.parse().map_err(|_| unreadable("rule"))?,
                subject: self.subject,
                figures: self.figures.0,
            },
            opened_on: self.opened_on.to_jiff(),
            due: self.due.map(|due| due.0),
            handling: self.handling.map(|handling| handling.0),
        })
    }
}

fn place(id: AlertId) -> Place {
    Place {
        table: "alert",
        row: id.uuid(),
        column: "reason",
    }
}
