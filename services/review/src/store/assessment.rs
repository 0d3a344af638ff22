//! Assessments as they were recorded. What counts of them stands with the application.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::ApplicationId;
use platform::Result;
use platform::crypto::{Place, Vault};
use sqlx::PgConnection;

use crate::domain::{AssessmentId, Particulars};

/// Keeps an assessment with its particulars.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    application: ApplicationId,
    id: AssessmentId,
    recorded_on: Date,
    particulars: &Particulars,
) -> Result<()> {
    let kind = particulars.kind().name();
    let particulars = serde_json::to_vec(particulars).map_err(anyhow::Error::from)?;
    let place = Place {
        table: "assessment",
        row: id.uuid(),
        column: "particulars",
    };
    sqlx::query!(
        "insert into assessment (assessment_id, application_id, kind, recorded_on, particulars)
         values ($1, $2, $3, $4, $5)",
        id.uuid(),
        application.uuid(),
        kind,
        recorded_on.to_sqlx() as _,
        vault.seal(place, &particulars),
    )
    .execute(connection)
    .await?;
    Ok(())
}
