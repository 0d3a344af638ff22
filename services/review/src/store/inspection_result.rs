//! What an inspection of one organisation came to. What inspectors wrote is sealed.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::{InspectionId, OrganizationId, PersonId};
use kernel::working_day::Deadline;
use platform::access::Scope;
use platform::crypto::{Place, Vault};
use platform::{Error, Result};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::inspection::outcome;
use super::unreadable;
use crate::domain::inspection::refusal::ResultRejection;
use crate::domain::inspection::{MatterFinding, Recorded, Report};

/// What people wrote.
#[derive(Serialize, Deserialize)]
struct Particulars {
    matters: Vec<MatterFinding>,
    findings: String,
}

/// Keeps a result.
pub(crate) async fn set(
    connection: &mut PgConnection,
    vault: &Vault,
    inspection: InspectionId,
    report: &Report,
    recorded: &Recorded,
) -> Result<()> {
    let particulars = Particulars {
        matters: report.matters.clone(),
        findings: report.findings.clone(),
    };
    let particulars = serde_json::to_vec(&particulars).map_err(anyhow::Error::from)?;
    let result = Uuid::now_v7();
    sqlx::query!(
        "update inspected_organization
         set outcome = $3, inspected_on = $4, recorded_on = $5, due = $6, result_id = $7,
             particulars = $8
         where inspection_id = $1 and organization_id = $2",
        inspection.uuid(),
        report.organization.uuid(),
        recorded.outcome.name(),
        recorded.inspected_on.to_sqlx() as _,
        recorded.on.to_sqlx() as _,
        Json(&recorded.due) as _,
        result,
        vault.seal(place(result), &particulars),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A result that the caller may see: as the centre that inspected, as the one that answers for the
/// organisation, as the organisation itself, or as an inspector who was drawn for it.
pub(crate) async fn find(
    connection: &mut PgConnection,
    vault: &Vault,
    scope: &Scope,
    inspector: Option<PersonId>,
    inspection: InspectionId,
    organization: OrganizationId,
) -> Result<(Report, Recorded)> {
    let scope = scope.filter();
    let row = sqlx::query!(
        r#"select outcome as "outcome!", inspected_on as "inspected_on!: jiff_sqlx::Date",
               recorded_on as "recorded_on!: jiff_sqlx::Date", due as "due!: Json<Deadline>",
               result_id as "result_id!", particulars as "particulars!"
           from inspected_organization
               join inspection using (inspection_id)
               join evaluation_organization using (organization_id)
           where inspection_id = $1 and organization_id = $2 and outcome is not null
             and ($3::text is null or division_code = $3 or filing_division = $3)
             and ($4::uuid is null or organization_id = $4)
             and ($5::text is null or inspectors ? $5)"#,
        inspection.uuid(),
        organization.uuid(),
        scope.area,
        scope.organization,
        inspector.map(|person| person.to_string()),
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(ResultRejection::NotFound))?;
    let plain = vault.unseal(place(row.result_id), &row.particulars).await?;
    let particulars: Particulars =
        serde_json::from_slice(&plain).map_err(|_| unreadable("findings"))?;
    let inspected_on: Date = row.inspected_on.to_jiff();
    let outcome = outcome(&row.outcome)?;
    let report = Report {
        organization,
        inspected_on,
        outcome,
        matters: particulars.matters,
        findings: particulars.findings,
    };
    let recorded = Recorded {
        outcome,
        inspected_on,
        on: row.recorded_on.to_jiff(),
        due: row.due.0,
    };
    Ok((report, recorded))
}

fn place(result: Uuid) -> Place {
    Place {
        table: "inspected_organization",
        row: result,
        column: "particulars",
    }
}
