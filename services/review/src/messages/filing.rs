//! Receipts and cities' reports.

use kernel::reference::Reference;
use kernel::rejection::Faults;
use platform::contract::deadline_message;
use proto::review::v1 as review;

use super::scope;
use crate::domain::{Application, CityReport, CityReportState, report_due};
use crate::store::city_report::{FoundFault, ReportedRow};
use crate::store::receipt::Receipt;

/// The receipt of a filed application.
pub(crate) fn receipt(
    application: &Application,
    receipt: &Receipt,
    reference: &Reference,
) -> Result<review::FilingReceipt, Faults> {
    let selection = application.selection.as_ref();
    let granted = selection.map(|selection| selection.granted.as_slice());
    let report_due = report_due(application.filing_division, receipt.issued_on, reference)?;
    Ok(review::FilingReceipt {
        receipt_id: receipt.id.to_string(),
        application_id: application.id.to_string(),
        organization_id: application.organization.to_string(),
        organization_code: receipt.organization_code.to_string(),
        scopes: granted.unwrap_or_default().iter().map(scope).collect(),
        filing_division: application.filing_division.to_string(),
        issued_on: receipt.issued_on.to_string(),
        report_due: report_due.as_ref().map(deadline_message),
    })
}

/// A city's report without its rows, as lists and answers to commands carry it.
pub(crate) fn city_report(report: &CityReport) -> review::CityReport {
    let applications = report.applications.iter().map(ToString::to_string);
    let returned = report.returned.as_ref();
    review::CityReport {
        city_report_id: report.id.to_string(),
        division_code: report.division.to_string(),
        application_ids: applications.collect(),
        submitted_on: report.submitted_on.to_string(),
        recorded_on: report
            .recorded_on
            .map(|day| day.to_string())
            .unwrap_or_default(),
        state: state(report.state()).into(),
        correct_by: returned.map(|returned| deadline_message(&returned.correct_by)),
        rows: Vec::new(),
    }
}

/// A city's report with all that it tells.
pub(crate) fn whole_city_report(
    report: &CityReport,
    rows: Vec<ReportedRow>,
    reference: &Reference,
) -> Result<review::CityReport, Faults> {
    let rows = rows
        .into_iter()
        .map(|row| self::row(report, row, reference));
    Ok(review::CityReport {
        rows: rows.collect::<Result<_, _>>()?,
        ..city_report(report)
    })
}

fn row(
    report: &CityReport,
    row: ReportedRow,
    reference: &Reference,
) -> Result<review::ReportedOrganization, Faults> {
    let due = report_due(report.division, row.filed_on, reference)?;
    let (material, sha256) = row.work_plan.unzip();
    Ok(review::ReportedOrganization {
        application_id: row.application.to_string(),
        organization_id: row.organization.to_string(),
        organization_name: row.organization_name,
        organization_code: row.organization_code,
        work_plan_material_id: material.map(|id| id.to_string()).unwrap_or_default(),
        work_plan_sha256: sha256
            .map(|hash| hash.as_bytes().to_vec().into())
            .unwrap_or_default(),
        late: due
            .as_ref()
            .is_some_and(|due| due.is_over_on(report.submitted_on)),
        report_due_on: due.map(|due| due.date.to_string()).unwrap_or_default(),
        faults: row.faults.into_iter().map(fault).collect(),
    })
}

fn fault(found: FoundFault) -> review::ReportFault {
    review::ReportFault {
        fault: found.fault,
        returned_on: found.returned_on.to_string(),
        correction: found.correction,
        corrected_on: found
            .corrected_on
            .map(|day| day.to_string())
            .unwrap_or_default(),
    }
}

fn state(state: CityReportState) -> review::CityReportState {
    match state {
        CityReportState::Submitted => review::CityReportState::Submitted,
        CityReportState::Returned => review::CityReportState::Returned,
        CityReportState::Recorded => review::CityReportState::Recorded,
        CityReportState::Withdrawn => review::CityReportState::Withdrawn,
    }
}
