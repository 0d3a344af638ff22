//! After the selection: the receipt (回执) and the city's report (城市报省), notice 3.4.

use kernel::ids::{CityReportId, OrganizationId, ReceiptId, SelectionId};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejection::Faults;

use super::refusal::FilingRejection;
use super::{Application, ApplicationState, Context, Fact};

impl Application {
    pub(super) fn issue_receipt(
        &self,
        receipt: ReceiptId,
        selection: SelectionId,
        organization: OrganizationId,
        organization_code: EvaluationOrganizationCode,
        context: &Context<'_>,
    ) -> Result<Vec<Fact>, Faults> {
        self.require(&[ApplicationState::Selected])?;
        let on_record = self.selection.as_ref().map(|selection| selection.id);
        if on_record != Some(selection) || organization != self.organization {
            return Err(FilingRejection::SelectionMismatch.into());
        }
        Ok(vec![Fact::FilingReceiptIssued {
            application: self.id,
            receipt,
            organization,
            organization_code,
            on: context.today,
        }])
    }

    pub(super) fn report(&self, city_report: CityReportId) -> Result<Vec<Fact>, Faults> {
        self.require(&[ApplicationState::Filed])?;
        if self.city_report.is_some() {
            return Err(FilingRejection::ReportApplicationReported.into());
        }
        Ok(vec![Fact::ApplicationReported { city_report }])
    }

    pub(super) fn record_report(&self, city_report: CityReportId) -> Result<Vec<Fact>, Faults> {
        self.require(&[ApplicationState::Filed])?;
        if self.city_report != Some(city_report) {
            return Err(FilingRejection::ReportNotFound.into());
        }
        Ok(vec![Fact::CityReportRecorded {
            application: self.id,
            city_report,
            organization: self.organization,
        }])
    }
}
