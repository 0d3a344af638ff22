//! What came of complaints. What was said and by whom, the inquiry keeps.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::{ComplaintId, OrganizationId};
use platform::Result;
use sqlx::PgConnection;

use super::unreadable;
use crate::domain::ComplaintOutcome;

/// Keeps a complaint.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    complaint: ComplaintId,
    organization: OrganizationId,
) -> Result<()> {
    sqlx::query!(
        "insert into complaint (complaint_id, organization_id) values ($1, $2)",
        complaint.uuid(),
        organization.uuid(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps what came of a complaint.
pub(crate) async fn conclude(
    connection: &mut PgConnection,
    complaint: ComplaintId,
    outcome: ComplaintOutcome,
    on: Date,
) -> Result<()> {
    sqlx::query!(
        "update complaint set outcome = $2, concluded_on = $3 where complaint_id = $1",
        complaint.uuid(),
        outcome.name(),
        on.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What came of a complaint about an organisation; none while it is open or where it was declined.
/// The outer `None` is for a complaint that is not there, or about another organisation.
pub(super) async fn outcome(
    connection: &mut PgConnection,
    complaint: ComplaintId,
    organization: OrganizationId,
) -> Result<Option<Option<ComplaintOutcome>>> {
    let row = sqlx::query!(
        "select outcome from complaint where complaint_id = $1 and organization_id = $2",
        complaint.uuid(),
        organization.uuid(),
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let outcome = row.outcome.map(|stored| stored.parse()).transpose();
    Ok(Some(outcome.map_err(|_| unreadable("outcome"))?))
}
