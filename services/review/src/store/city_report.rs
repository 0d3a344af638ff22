//! Cities' reports.

use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, CityReportId};
use platform::access::Scope;
use platform::{Error, Result};
use sqlx::PgConnection;

use super::{application, day, unreadable};
use crate::domain::CityReport;
use crate::domain::refusal::FilingRejection;

/// Keeps a report that was just handed in.
pub(crate) async fn insert(connection: &mut PgConnection, report: &CityReport) -> Result<()> {
    sqlx::query!(
        "insert into city_report (city_report_id, division_code, submitted_on)
         values ($1, $2, $3)",
        report.id.uuid(),
        report.division.as_str(),
        report.submitted_on.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps that a report was recorded.
pub(crate) async fn save(connection: &mut PgConnection, report: &CityReport) -> Result<()> {
    sqlx::query!(
        "update city_report set recorded_on = $2 where city_report_id = $1",
        report.id.uuid(),
        report.recorded_on.map(ToSqlx::to_sqlx) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A report. It is its city's and the province's; no organisation has a part in it.
pub(crate) async fn find(
    connection: &mut PgConnection,
    scope: &Scope,
    id: CityReportId,
) -> Result<CityReport> {
    let scope = scope.filter();
    let row = sqlx::query!(
        "select division_code, submitted_on, recorded_on from city_report
         where city_report_id = $1
           and ($2::text is null or division_code = $2) and $3::uuid is null",
        id.uuid(),
        scope.area,
        scope.organization,
    )
    .fetch_optional(&mut *connection)
    .await?
    .ok_or_else(|| Error::refused(FilingRejection::ReportNotFound))?;
    let applications = application::reported_in(connection, id).await?;
    Ok(CityReport {
        id,
        division: DivisionCode::parse(&row.division_code).map_err(|_| unreadable("division"))?,
        applications: applications
            .into_iter()
            .map(ApplicationId::from_uuid)
            .collect(),
        submitted_on: row.submitted_on.to_jiff(),
        recorded_on: day(row.recorded_on),
    })
}
