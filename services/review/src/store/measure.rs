//! Measures on organisations, and what they follow from.

use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::{InspectionId, MeasureId, OrganizationId};
use kernel::measure::MeasureOrder;
use platform::access::Scope;
use platform::crypto::{Place, Vault};
use platform::{Error, Result};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::{day, inspection, unreadable};
use crate::domain::inspection::Outcome;
use crate::domain::risk::{AlertOutcome, Handling};
use crate::domain::{Cause, MeasuringRejection, OrganizationMeasure, Origin};

/// Keeps a measure that was just proposed.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    measure: &OrganizationMeasure,
    reason: &str,
) -> Result<()> {
    sqlx::query!(
        "insert into measure (measure_id, organization_id, origin_id, measure, decided_by, reason)
         values ($1, $2, $3, $4, $5, $6)",
        measure.id.uuid(),
        measure.organization.uuid(),
        measure.origin.to_string(),
        Json(&measure.order) as _,
        measure.decided_by.as_str(),
        vault.seal(place(measure.id), reason.as_bytes()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps that a measure was decided.
pub(crate) async fn save(
    connection: &mut PgConnection,
    measure: &OrganizationMeasure,
) -> Result<()> {
    sqlx::query!(
        "update measure set decided_on = $2 where measure_id = $1",
        measure.id.uuid(),
        measure.decided_on.map(ToSqlx::to_sqlx) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What the origin of a measure has found about the organisation.
pub(crate) async fn cause(
    connection: &mut PgConnection,
    origin: Origin,
    organization: OrganizationId,
) -> Result<Cause> {
    match origin {
        Origin::Inspection(id) => inspected(connection, id, organization).await,
        Origin::Alert(id) => {
            let handling = super::alert::handling(connection, id, organization).await?;
            Ok(handling.map_or(Cause::Missing, |handling| match handling {
                Some(Handling {
                    outcome: AlertOutcome::Dismissed,
                    ..
                }) => Cause::Unfounded,
                _ => Cause::Founded,
            }))
        }
        Origin::Complaint(id) => {
            let outcome = super::complaint::outcome(connection, id, organization).await?;
            Ok(match outcome {
                None => Cause::Missing,
                Some(Some(outcome)) if outcome.is_founded() => Cause::Founded,
                Some(_) => Cause::Unfounded,
            })
        }
    }
}

async fn inspected(
    connection: &mut PgConnection,
    id: InspectionId,
    organization: OrganizationId,
) -> Result<Cause> {
    let outcome = sqlx::query_scalar!(
        r#"select outcome as "outcome!" from inspected_organization
           where inspection_id = $1 and organization_id = $2 and outcome is not null"#,
        id.uuid(),
        organization.uuid(),
    )
    .fetch_optional(connection)
    .await?;
    let outcome = outcome
        .map(|stored| inspection::outcome(&stored))
        .transpose()?;
    Ok(match outcome {
        None => Cause::Missing,
        Some(Outcome::NoProblem) => Cause::Unfounded,
        Some(_) => Cause::Founded,
    })
}

/// A measure with its reason.
pub(crate) async fn find(
    connection: &mut PgConnection,
    vault: &Vault,
    scope: &Scope,
    id: MeasureId,
) -> Result<(OrganizationMeasure, String)> {
    let scope = scope.filter();
    let row = sqlx::query_as!(
        Row,
        r#"select measure_id, organization_id, origin_id, measure as "measure: Json<MeasureOrder>",
               decided_by, decided_on, reason
           from measure
           where measure_id = $1 and ($2::text is null or decided_by = $2)
             and ($3::uuid is null or (organization_id = $3 and decided_on is not null))"#,
        id.uuid(),
        scope.area,
        scope.organization,
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(MeasuringRejection::NotFound))?;
    let plain = vault.unseal(place(id), &row.reason).await?;
    let reason = String::from_utf8(plain.to_vec()).map_err(|_| unreadable("reason"))?;
    Ok((row.into_domain()?, reason))
}

/// A page of the measures in scope, newest first. What is not decided is not an organisation's.
pub(crate) async fn page(
    connection: &mut PgConnection,
    scope: &Scope,
    organization: Option<OrganizationId>,
    before: Option<MeasureId>,
    size: u32,
) -> Result<Vec<OrganizationMeasure>> {
    let scope = scope.filter();
    let rows = sqlx::query_as!(
        Row,
        r#"select measure_id, organization_id, origin_id, measure as "measure: Json<MeasureOrder>",
               decided_by, decided_on, reason
           from measure
           where ($1::uuid is null or measure_id < $1)
             and ($2::uuid is null or organization_id = $2)
             and ($3::text is null or decided_by = $3)
             and ($4::uuid is null or (organization_id = $4 and decided_on is not null))
           order by measure_id desc limit $5"#,
        before.map(|id| id.uuid()),
        organization.map(|id| id.uuid()),
        scope.area,
        scope.organization,
        i64::from(size),
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Row::into_domain).collect()
}

struct Row {
    measure_id: Uuid,
    organization_id: Uuid,
    origin_id: String,
    measure: Json<MeasureOrder>,
    decided_by: String,
    decided_on: Option<jiff_sqlx::Date>,
    reason: Vec<u8>,
}

impl Row {
    fn into_domain(self) -> Result<OrganizationMeasure> {
        Ok(OrganizationMeasure {
            id: MeasureId::from_uuid(self.measure_id),
            organization: OrganizationId::from_uuid(self.organization_id),
            origin: Origin::parse(&self.origin_id).map_err(|_| unreadable("origin"))?,
            order: self.measure.0,
            decided_by: DivisionCode::parse(&self.decided_by)
                .map_err(|_| unreadable("division"))?,
            decided_on: day(self.decided_on),
        })
    }
}

fn place(id: MeasureId) -> Place {
    Place {
        table: "measure",
        row: id.uuid(),
        column: "reason",
    }
}
