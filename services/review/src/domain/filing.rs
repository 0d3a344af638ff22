//! After the selection: the receipt (回执) and the city's report (城市报省), notice 3.4.

use kernel::ids::{CityReportId, OrganizationId, ReceiptId, SelectionId};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejection::{FaultList, Faults};

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
        let mut faults = FaultList::default();
        self.judge_report("application_id", &mut faults);
        faults.finish()?;
        Ok(vec![Fact::ApplicationReported { city_report }])
    }

    /// Notes why the application cannot be put on a report.
    pub(super) fn judge_report(&self, field: &str, faults: &mut FaultList) {
        if self.state != ApplicationState::Filed {
            faults.add(field, &self.wrong_state());
        } else if self.city_report.is_some() {
            faults.add(field, &FilingRejection::ReportApplicationReported);
        }
    }

    pub(super) fn take_off(&self, city_report: CityReportId) -> Result<Vec<Fact>, Faults> {
        self.require_on(city_report)?;
        Ok(vec![Fact::ApplicationTakenOff { city_report }])
    }

    pub(super) fn record_report(&self, city_report: CityReportId) -> Result<Vec<Fact>, Faults> {
        self.require_on(city_report)?;
        Ok(vec![Fact::CityReportRecorded {
            application: self.id,
            city_report,
            organization: self.organization,
        }])
    }

    fn require_on(&self, city_report: CityReportId) -> Result<(), Faults> {
        self.require(&[ApplicationState::Filed])?;
        if self.city_report == Some(city_report) {
            Ok(())
        } else {
            Err(FilingRejection::ReportNotFound.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};
    use kernel::ids::ApplicationId;
    use uuid::Uuid;

    use super::super::samples::{act, application_id, filed, on, organization, selected, weihai};
    use kernel::reference::Reference;

    use super::super::{CityReport, CityReportState, Command, report_due};
    use super::*;

    const TODAY: Date = date(2020, 5, 27);

    fn report() -> CityReportId {
        CityReportId::from_uuid(Uuid::from_u128(7))
    }

    #[test]
    fn a_receipt_follows_the_selection_on_record_and_no_other() {
        let mut application = selected();
        let command = |selection: u128, organization| Command::IssueReceipt {
            receipt: ReceiptId::from_uuid(Uuid::from_u128(5)),
            selection: SelectionId::from_uuid(Uuid::from_u128(selection)),
            organization,
            organization_code: EvaluationOrganizationCode::for_shandong("10", 1)
                .expect("a code of Weihai"),
        };
        let other = OrganizationId::from_uuid(Uuid::from_u128(99));
        for wrong in [command(99, organization()), command(3, other)] {
            let refused = act(&mut application, wrong, TODAY).expect_err("another one");
            assert_eq!(refused.codes(), ["SELECTION_MISMATCH"]);
        }
        act(&mut application, command(3, organization()), TODAY).expect("this one");
        assert_eq!(application.state, ApplicationState::Filed);
        let refused = act(&mut application, command(3, organization()), TODAY);
        assert_eq!(
            refused.expect_err("filed already").codes(),
            ["APPLICATION_STATE"]
        );
    }

    #[test]
    fn an_application_is_reported_once_and_recorded_with_its_report() {
        let mut application = filed();
        act(&mut application, Command::Report(report()), TODAY).expect("filed");
        let refused = act(&mut application, Command::Report(report()), TODAY);
        assert_eq!(
            refused.expect_err("again").codes(),
            ["REPORT_APPLICATION_REPORTED"]
        );
        let other = CityReportId::from_uuid(Uuid::from_u128(8));
        let refused = act(&mut application, Command::RecordReport(other), TODAY);
        assert_eq!(
            refused.expect_err("another report").codes(),
            ["REPORT_NOT_FOUND"]
        );
        act(&mut application, Command::RecordReport(report()), TODAY).expect("its own report");
    }

    #[test]
    fn every_line_of_a_report_is_judged() {
        let submit = |listed: Vec<_>, found: &[Application]| {
            CityReport::submit(report(), weihai(), listed, found, TODAY)
        };
        assert_eq!(
            submit(vec![], &[]).expect_err("nothing").codes(),
            ["REPORT_EMPTY"]
        );
        let unknown = submit(vec![application_id()], &[]).expect_err("not there");
        assert_eq!(unknown.codes(), ["APPLICATION_NOT_FOUND"]);
        assert_eq!(
            unknown.leading().field.as_deref(),
            Some("application_ids[0]")
        );
        let early = submit(vec![application_id()], &[selected()]).expect_err("no code yet");
        assert_eq!(early.codes(), ["APPLICATION_STATE"]);
        let twice = submit(vec![application_id(); 2], &[filed()]).expect_err("twice");
        assert_eq!(twice.codes(), ["REPORT_APPLICATION_TWICE"]);
    }

    fn reported() -> CityReport {
        let listed = vec![application_id()];
        let submitted = CityReport::submit(report(), weihai(), listed, &[filed()], TODAY);
        submitted.expect("filed").0
    }

    #[test]
    fn a_report_is_recorded_once() {
        let mut report = reported();
        let recorded = report.record(TODAY).expect("the first time");
        report.apply(&recorded);
        let again = report.record(TODAY).expect_err("again");
        assert_eq!(again.codes(), ["REPORT_RECORDED"]);
        let returned = report.give_back(&[application_id()], &on(TODAY));
        assert_eq!(returned.expect_err("too late").codes(), ["REPORT_RECORDED"]);
    }

    #[test]
    fn a_report_that_is_given_back_is_recorded_after_its_correction() {
        let mut report = reported();
        let (known, other) = (application_id(), ApplicationId::from_uuid(Uuid::max()));
        let early = report.correct(&[known], &[], TODAY);
        assert_eq!(early.expect_err("early").codes(), ["REPORT_NOT_RETURNED"]);
        let stray = report.give_back(&[other], &on(TODAY));
        assert_eq!(
            stray.expect_err("another").codes(),
            ["REPORT_WITHOUT_APPLICATION"]
        );
        let fact = report.give_back(&[known], &on(TODAY)).expect("before it");
        report.apply(&fact);
        let returned = report.returned.clone().expect("just given back");
        assert_eq!(returned.correct_by.date, date(2020, 6, 3));
        for refused in [report.record(TODAY), report.give_back(&[known], &on(TODAY))] {
            assert_eq!(
                refused.expect_err("given back").codes(),
                ["REPORT_RETURNED"]
            );
        }
        let nothing = report.correct(&[], &[], TODAY);
        assert_eq!(nothing.expect_err("left").codes(), ["REPORT_FAULT_LEFT"]);
        let stray = report.correct(&[known, other], &[other], TODAY);
        assert_eq!(
            stray.expect_err("another").codes(),
            ["REPORT_WITHOUT_FAULT", "REPORT_WITHOUT_APPLICATION"]
        );
        let fact = report.correct(&[known], &[], TODAY).expect("answered");
        report.apply(&fact);
        assert!(report.record(TODAY).is_ok());
    }

    #[test]
    fn a_report_of_which_nothing_is_left_is_withdrawn() {
        let mut report = reported();
        let fact = report.give_back(&[application_id()], &on(TODAY));
        report.apply(&fact.expect("before it"));
        let fact = report.correct(&[], &[application_id()], TODAY);
        report.apply(&fact.expect("taken off"));
        assert_eq!(report.state(), CityReportState::Withdrawn);
        let refused = report.record(TODAY).expect_err("nothing is left");
        assert_eq!(refused.codes(), ["REPORT_WITHDRAWN"]);
    }

    #[test]
    fn what_is_taken_off_can_be_reported_again() {
        let mut application = filed();
        let taken_off = Command::TakeOff(report());
        let refused = act(&mut application, taken_off, TODAY).expect_err("not on it");
        assert_eq!(refused.codes(), ["REPORT_NOT_FOUND"]);
        act(&mut application, Command::Report(report()), TODAY).expect("filed");
        act(&mut application, Command::TakeOff(report()), TODAY).expect("on it");
        act(&mut application, Command::Report(report()), TODAY).expect("free again");
    }

    #[test]
    fn a_city_has_a_day_by_which_it_reports_and_the_province_has_none() {
        let supplied = Reference::supplied();
        let due = report_due(weihai(), TODAY, &supplied).expect("2020 is stored");
        assert_eq!(due.map(|due| due.date), Some(date(2020, 6, 10)));
        let province = kernel::division::DivisionCode::PROVINCE;
        assert_eq!(report_due(province, TODAY, &supplied), Ok(None));
    }
}
