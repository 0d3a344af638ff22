//! Whether an organisation is there for a caller who asks about its people and sites.

use kernel::ids::OrganizationId;
use platform::access::Scope;
use platform::{Error, Result};
use sqlx::PgConnection;

use crate::domain::body::BodyRejection;

/// Refuses when there is no such organisation, or not for this caller.
pub(crate) async fn must_see(
    connection: &mut PgConnection,
    scope: &Scope,
    organization: OrganizationId,
) -> Result<()> {
    let scope = scope.filter();
    let sees = sqlx::query_scalar!(
        r#"select exists (
             select from body_area
             where organization_id = $3
               and ($1::text is null or area = $1)
               and ($2::uuid is null or organization_id = $2)) as "sees!""#,
        scope.area,
        scope.organization,
        organization.uuid(),
    )
    .fetch_one(connection)
    .await?;
    if sees {
        Ok(())
    } else {
        Err(Error::refused(BodyRejection::BodyNotFound))
    }
}
