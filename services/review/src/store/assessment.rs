//! Assessments as they were recorded. What counts of them stands with the application.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::ApplicationId;
use platform::Result;
use platform::crypto::{Place, Vault};
use platform::unit::Unit;
use sqlx::PgConnection;

use super::unreadable;
use crate::domain::{AssessmentId, Particulars};

/// Keeps an assessment with its particulars.
pub(crate) async fn insert(
    unit: &mut Unit,
    application: ApplicationId,
    id: AssessmentId,
    particulars: &Particulars,
) -> Result<()> {
    let kind = particulars.kind().name();
    let particulars = serde_json::to_vec(particulars).map_err(anyhow::Error::from)?;
    sqlx::query!(
        "insert into assessment (assessment_id, application_id, kind, recorded_on, particulars)
         values ($1, $2, $3, $4, $5)",
        id.uuid(),
        application.uuid(),
        kind,
        unit.today().to_sqlx() as _,
        unit.vault().seal(place(id), &particulars),
    )
    .execute(unit.connection())
    .await?;
    Ok(())
}

/// An assessment as it was recorded.
pub(crate) struct Assessed {
    /// Identifies it.
    pub(crate) id: AssessmentId,
    /// The day.
    pub(crate) recorded_on: Date,
    /// Items, opinions or findings.
    pub(crate) particulars: Particulars,
}

/// All assessments of an application that was found in the caller's scope, in the order in which
/// they were recorded.
pub(crate) async fn of_application(
    connection: &mut PgConnection,
    vault: &Vault,
    application: ApplicationId,
) -> Result<Vec<Assessed>> {
    let rows = sqlx::query!(
        "select assessment_id, kind, recorded_on, particulars from assessment
         where application_id = $1 order by assessment_id",
        application.uuid(),
    )
    .fetch_all(connection)
    .await?;
    let mut recorded = Vec::with_capacity(rows.len());
    for row in rows {
        let id = AssessmentId::from_uuid(row.assessment_id);
        let kind = row.kind.parse();
        let kind = kind.map_err(|_| unreadable("kind of assessment"))?;
        let json = vault.unseal(place(id), &row.particulars).await?;
        let particulars = Particulars::read(kind, &json);
        recorded.push(Assessed {
            id,
            recorded_on: row.recorded_on.to_jiff(),
            particulars: particulars.map_err(|_| unreadable("particulars"))?,
        });
    }
    Ok(recorded)
}

fn place(id: AssessmentId) -> Place {
    Place {
        table: "assessment",
        row: id.uuid(),
        column: "particulars",
    }
}
