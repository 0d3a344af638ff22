//! Decisions not to select (不予遴选), with their reason.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::ApplicationId;
use platform::Result;
use platform::crypto::{Place, Vault};
use sqlx::PgConnection;

/// A decision not to select.
pub(crate) struct Rejection {
    /// Why.
    pub(crate) reason: String,
    /// The day.
    pub(crate) decided_on: Date,
}

/// Keeps a decision not to select.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    application: ApplicationId,
    rejection: &Rejection,
) -> Result<()> {
    sqlx::query!(
        "insert into rejection (application_id, reason, decided_on) values ($1, $2, $3)",
        application.uuid(),
        vault.seal(place(application), rejection.reason.as_bytes()),
        rejection.decided_on.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The decision not to select, if there is one.
pub(crate) async fn find(
    connection: &mut PgConnection,
    vault: &Vault,
    application: ApplicationId,
) -> Result<Option<Rejection>> {
    let row = sqlx::query!(
        "select reason, decided_on from rejection where application_id = $1",
        application.uuid(),
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Rejection {
        reason: super::open(vault, place(application), &row.reason).await?,
        decided_on: row.decided_on.to_jiff(),
    }))
}

fn place(application: ApplicationId) -> Place {
    Place {
        table: "rejection",
        row: application.uuid(),
        column: "reason",
    }
}
