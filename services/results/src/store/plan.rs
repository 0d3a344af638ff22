//! Plans whose rosters are locked, as exam-scheduling told.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::{OrganizationId, PlanId};
use platform::access::Scope;
use platform::{Error, Result};
use sqlx::PgConnection;

use super::unreadable;
use crate::domain::rejection::BatchRejection;
use crate::domain::roster::RosterSeal;

/// Remembers a plan.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    plan: PlanId,
    organization: OrganizationId,
    roster: &RosterSeal,
    heard_on: Date,
) -> Result<()> {
    let entries = i32::try_from(roster.entries).map_err(anyhow::Error::from)?;
    sqlx::query!(
        "insert into known_plan (plan_id, organization_id, roster_digest, entries, heard_on)
         values ($1, $2, $3, $4, $5)",
        plan.uuid(),
        organization.uuid(),
        &roster.digest[..],
        entries,
        heard_on.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whose a plan is and how its roster was locked. A plan is known by its organisation alone, so a
/// scope that is an area finds none.
pub(crate) async fn find(
    connection: &mut PgConnection,
    scope: &Scope,
    plan: PlanId,
) -> Result<(OrganizationId, RosterSeal)> {
    let row = sqlx::query!(
        "select organization_id, roster_digest, entries from known_plan
         where plan_id = $1 and $2::text is null and ($3::uuid is null or organization_id = $3)",
        plan.uuid(),
        scope.area(),
        scope.organization(),
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(BatchRejection::PlanNotFound))?;
    let roster = RosterSeal {
        entries: usize::try_from(row.entries).map_err(|_| unreadable("number of entries"))?,
        digest: row
            .roster_digest
            .try_into()
            .map_err(|_| unreadable("roster digest"))?,
    };
    Ok((OrganizationId::from_uuid(row.organization_id), roster))
}
