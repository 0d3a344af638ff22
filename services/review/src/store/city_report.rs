//! Cities' reports. Which applications one names, they know themselves.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, CityReportId, MaterialId, OrganizationId};
use kernel::working_day::{CalendarVersion, Deadline};
use platform::access::Scope;
use platform::crypto::{Place, Vault};
use platform::{Error, Result};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::{content_hash, day, unreadable};
use crate::domain::refusal::FilingRejection;
use crate::domain::{CityReport, DocumentKind, Returned};

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

/// Keeps where a report stands.
pub(crate) async fn save(connection: &mut PgConnection, report: &CityReport) -> Result<()> {
    let returned = report.returned.as_ref();
    sqlx::query!(
        "update city_report set recorded_on = $2, correct_by = $3 where city_report_id = $1",
        report.id.uuid(),
        report.recorded_on.map(ToSqlx::to_sqlx) as _,
        returned.map(|returned| Json(&returned.correct_by)) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Reports to be corrected until a day that was counted with another calendar than this one; no more
/// than so many.
pub(crate) async fn counted_otherwise(
    connection: &mut PgConnection,
    calendar: &CalendarVersion,
    limit: i64,
) -> Result<Vec<CityReportId>> {
    let ids = sqlx::query_scalar!(
        "select city_report_id from city_report
         where recorded_on is null and correct_by ->> 'calendar_version' <> $1
         order by city_report_id limit $2",
        calendar.as_str(),
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(ids.into_iter().map(CityReportId::from_uuid).collect())
}

/// Keeps what is formally wrong about applications on a report.
pub(crate) async fn insert_faults(
    connection: &mut PgConnection,
    vault: &Vault,
    report: CityReportId,
    faults: &[(ApplicationId, String)],
    returned_on: Date,
) -> Result<()> {
    for (application, fault) in faults {
        let id = Uuid::now_v7();
        sqlx::query!(
            "insert into city_report_fault (fault_id, city_report_id, application_id, returned_on,
                 fault)
             values ($1, $2, $3, $4, $5)",
            id,
            report.uuid(),
            application.uuid(),
            returned_on.to_sqlx() as _,
            vault.seal(place(id, "fault"), fault.as_bytes()),
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Keeps what was put right about an application, if not that it was taken off.
pub(crate) async fn close_fault(
    connection: &mut PgConnection,
    vault: &Vault,
    report: CityReportId,
    application: ApplicationId,
    correction: Option<&str>,
    corrected_on: Date,
) -> Result<()> {
    let open = sqlx::query_scalar!(
        "select fault_id from city_report_fault
         where city_report_id = $1 and application_id = $2 and corrected_on is null",
        report.uuid(),
        application.uuid(),
    )
    .fetch_optional(&mut *connection)
    .await?;
    // What is taken off need not have had a fault.
    let Some(id) = open else { return Ok(()) };
    let correction = correction.map(|text| vault.seal(place(id, "correction"), text.as_bytes()));
    sqlx::query!(
        "update city_report_fault set correction = $2, corrected_on = $3 where fault_id = $1",
        id,
        correction,
        corrected_on.to_sqlx() as _,
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
    let mut found = find_all(connection, scope, &[id.uuid()]).await?;
    found
        .pop()
        .ok_or_else(|| Error::refused(FilingRejection::ReportNotFound))
}

/// Those of the reports that are in scope, by rising id.
pub(crate) async fn find_all(
    connection: &mut PgConnection,
    scope: &Scope,
    ids: &[Uuid],
) -> Result<Vec<CityReport>> {
    let scope = scope.filter();
    let rows = sqlx::query!(
        r#"select city_report_id, division_code, submitted_on, recorded_on,
               correct_by as "correct_by: Json<Deadline>",
               coalesce((select array_agg(application_id order by application_id)
                   from application where application.city_report_id = report.city_report_id),
                   '{}') as "applications!",
               coalesce((select array_agg(application_id) from city_report_fault fault
                   where fault.city_report_id = report.city_report_id and corrected_on is null),
                   '{}') as "faulty!"
           from city_report report
           where city_report_id = any($1)
             and ($2::text is null or division_code = $2) and $3::uuid is null
           order by city_report_id"#,
        ids,
        scope.area,
        scope.organization,
    )
    .fetch_all(connection)
    .await?;
    let reports = rows.into_iter().map(|row| {
        let applications = row.applications.into_iter().map(ApplicationId::from_uuid);
        let faulty: BTreeSet<_> = row
            .faulty
            .into_iter()
            .map(ApplicationId::from_uuid)
            .collect();
        let division = DivisionCode::parse(&row.division_code);
        Ok(CityReport {
            id: CityReportId::from_uuid(row.city_report_id),
            division: division.map_err(|_| unreadable("division"))?,
            applications: applications.collect(),
            submitted_on: row.submitted_on.to_jiff(),
            returned: row
                .correct_by
                .map(|Json(correct_by)| Returned { correct_by, faulty }),
            recorded_on: day(row.recorded_on),
        })
    });
    reports.collect()
}

/// Ids of a page of the reports in scope, newest first.
pub(crate) async fn page(
    connection: &mut PgConnection,
    scope: &Scope,
    before: Option<CityReportId>,
    size: u32,
) -> Result<Vec<Uuid>> {
    let scope = scope.filter();
    let ids = sqlx::query_scalar!(
        "select city_report_id from city_report
         where ($1::uuid is null or city_report_id < $1)
           and ($2::text is null or division_code = $2) and $3::uuid is null
         order by city_report_id desc limit $4",
        before.map(|id| id.uuid()),
        scope.area,
        scope.organization,
        i64::from(size),
    )
    .fetch_all(connection)
    .await?;
    Ok(ids)
}

/// What a report tells of an organisation.
pub(crate) struct ReportedRow {
    /// The application.
    pub(crate) application: ApplicationId,
    /// The organisation.
    pub(crate) organization: OrganizationId,
    /// 单位名称
    pub(crate) organization_name: String,
    /// 机构代码
    pub(crate) organization_code: String,
    /// Day of the receipt.
    pub(crate) filed_on: Date,
    /// The work plan and the hash over it, where there is one.
    pub(crate) work_plan: Option<(MaterialId, ContentHash)>,
    /// What the province found.
    pub(crate) faults: Vec<FoundFault>,
}

/// A formal fault, and what was put right.
pub(crate) struct FoundFault {
    /// What is wrong.
    pub(crate) fault: String,
    /// Day on which it was given back.
    pub(crate) returned_on: Date,
    /// What was put right; empty while it is not.
    pub(crate) correction: String,
    /// The day of that.
    pub(crate) corrected_on: Option<Date>,
}

/// All that a report tells, of a report that was found in the caller's scope.
pub(crate) async fn rows(
    connection: &mut PgConnection,
    vault: &Vault,
    id: CityReportId,
) -> Result<Vec<ReportedRow>> {
    let mut faults = faults(connection, vault, id).await?;
    let rows = sqlx::query!(
        r#"select application_id, organization_id, applicant ->> 'name' as "organization_name!",
               organization_code, issued_on,
               material_id as "material_id?", sha256 as "sha256?"
           from application join filing_receipt using (application_id)
               left join material using (application_id)
           where city_report_id = $1 and (material_id is null or (document = $2 and is_current))
           order by application_id"#,
        id.uuid(),
        DocumentKind::WorkPlan.name(),
    )
    .fetch_all(connection)
    .await?;
    let rows = rows.into_iter().map(|row| {
        let work_plan = match (row.material_id, row.sha256) {
            (Some(id), Some(sha256)) => Some((MaterialId::from_uuid(id), content_hash(&sha256)?)),
            _ => None,
        };
        Ok(ReportedRow {
            application: ApplicationId::from_uuid(row.application_id),
            organization: OrganizationId::from_uuid(row.organization_id),
            organization_name: row.organization_name,
            organization_code: row.organization_code,
            filed_on: row.issued_on.to_jiff(),
            work_plan,
            faults: faults.remove(&row.application_id).unwrap_or_default(),
        })
    });
    rows.collect()
}

async fn faults(
    connection: &mut PgConnection,
    vault: &Vault,
    id: CityReportId,
) -> Result<HashMap<Uuid, Vec<FoundFault>>> {
    let rows = sqlx::query!(
        "select fault_id, application_id, returned_on, fault, correction, corrected_on
         from city_report_fault where city_report_id = $1 order by fault_id",
        id.uuid(),
    )
    .fetch_all(connection)
    .await?;
    let mut faults: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        let fault = place(row.fault_id, "fault");
        let correction = match row.correction {
            Some(sealed) => super::open(vault, place(row.fault_id, "correction"), &sealed).await?,
            None => String::new(),
        };
        let found = FoundFault {
            fault: super::open(vault, fault, &row.fault).await?,
            returned_on: row.returned_on.to_jiff(),
            correction,
            corrected_on: day(row.corrected_on),
        };
        faults.entry(row.application_id).or_default().push(found);
    }
    Ok(faults)
}

fn place(id: Uuid, column: &'static str) -> Place {
    Place {
        table: "city_report_fault",
        row: id,
        column,
    }
}
