//! Cities' reports: what they tell, and how they come back with formal faults and go again.

use jiff::civil::date;
use platform::access::{Caller, Role};
use platform::testing::{city_officer, province_officer};
use proto::review::v1::*;
use tonic::Status;

use crate::recounting::with_off;
use crate::scenes::{Filing, MARKED_PERSON, PDF, first_officer, province};
use crate::setup::{World, fields, refused, request_id};

pub(crate) fn fault(filing: &Filing) -> CityReportFault {
    CityReportFault {
        application_id: filing.id.clone(),
        fault: format!("工作方案缺少页码，请{MARKED_PERSON}补正"),
    }
}

fn correction(filing: &Filing) -> CityReportCorrection {
    CityReportCorrection {
        application_id: filing.id.clone(),
        correction: "已补页码".to_owned(),
    }
}

impl World {
    pub(crate) async fn report(&self, filings: &[&Filing]) -> Result<CityReport, Status> {
        let request = SubmitCityReportRequest {
            request_id: request_id(),
            application_ids: filings.iter().map(|filing| filing.id.clone()).collect(),
        };
        let mut city = self.filings(&first_officer());
        let answer = city.submit_city_report(request).await?;
        Ok(answer.into_inner().city_report.expect("it"))
    }

    pub(crate) async fn give_back(
        &self,
        report: &CityReport,
        faults: Vec<CityReportFault>,
    ) -> Result<CityReport, Status> {
        let request = ReturnCityReportRequest {
            request_id: request_id(),
            city_report_id: report.city_report_id.clone(),
            faults,
        };
        let mut centre = self.filings(&province());
        let answer = centre.return_city_report(request).await?;
        Ok(answer.into_inner().city_report.expect("it"))
    }

    async fn correct(
        &self,
        report: &CityReport,
        corrections: Vec<CityReportCorrection>,
        taken_off: &[&Filing],
    ) -> Result<CityReport, Status> {
        let request = CorrectCityReportRequest {
            request_id: request_id(),
            city_report_id: report.city_report_id.clone(),
            corrections,
            taken_off_application_ids: taken_off.iter().map(|filing| filing.id.clone()).collect(),
        };
        let mut city = self.filings(&first_officer());
        let answer = city.correct_city_report(request).await?;
        Ok(answer.into_inner().city_report.expect("it"))
    }

    async fn record(&self, report: &CityReport) -> Result<CityReport, Status> {
        let request = RecordCityReportRequest {
            request_id: request_id(),
            city_report_id: report.city_report_id.clone(),
        };
        let mut centre = self.filings(&province());
        let answer = centre.record_city_report(request).await?;
        Ok(answer.into_inner().city_report.expect("it"))
    }

    async fn read_report(&self, caller: &Caller, id: &str) -> Result<CityReport, Status> {
        let request = GetCityReportRequest {
            city_report_id: id.to_owned(),
        };
        let answer = self.filings(caller).get_city_report(request).await?;
        Ok(answer.into_inner().city_report.expect("it"))
    }
}

#[tokio::test]
async fn a_report_tells_codes_and_work_plans_and_whether_it_is_late() {
    let world = World::start().await;
    let [filing] = world.filed(["S000037100002"]).await;
    let request = GetFilingReceiptRequest {
        application_id: filing.id.clone(),
    };
    let receipt = world
        .filings(&filing.clerk)
        .get_filing_receipt(request)
        .await;
    let receipt = receipt.expect("issued").into_inner().receipt.expect("it");
    let due = receipt.report_due.expect("filed with a city");
    assert_eq!(
        (&*due.date, &*due.rule),
        ("2020-06-09", "working_days_after")
    );

    world.set_day("2020-06-10");
    let report = world.report(&[&filing]).await.expect("filed");
    assert!(report.rows.is_empty());
    let seen = world.read_report(&province(), &report.city_report_id).await;
    let [row] = seen
        .expect("the province's, too")
        .rows
        .try_into()
        .ok()
        .expect("one");
    assert_eq!(row.organization_code, "S000037100002");
    assert_eq!(row.organization_name, "威海示例技师学院");
    assert_eq!(row.work_plan_sha256, sha2_of(PDF));
    assert_eq!((&*row.report_due_on, row.late), ("2020-06-09", true));
}

fn sha2_of(content: &[u8]) -> Vec<u8> {
    let hash = kernel::content_hash::ContentHash::of_bytes(content);
    hash.as_bytes().to_vec()
}

#[tokio::test]
async fn a_report_comes_back_with_faults_and_is_recorded_after_its_correction() {
    let world = World::start().await;
    let [filing] = world.filed(["S000037100002"]).await;
    let report = world.report(&[&filing]).await.expect("filed");
    let returned = world.give_back(&report, vec![fault(&filing)]).await;
    let returned = returned.expect("before it");
    assert!(returned.state() == CityReportState::Returned);
    assert_eq!(returned.correct_by.expect("a deadline").date, "2020-06-02");
    assert_eq!(refused(world.record(&report).await), ["REPORT_RETURNED"]);
    let again = world.give_back(&report, vec![fault(&filing)]).await;
    assert_eq!(refused(again), ["REPORT_RETURNED"]);
    // Code and receipt stand meanwhile.
    assert!(world.state(&filing).await == ApplicationState::Filed);

    let nothing = world.correct(&report, Vec::new(), &[]).await;
    assert_eq!(refused(nothing), ["REPORT_FAULT_LEFT"]);
    let corrected = world.correct(&report, vec![correction(&filing)], &[]).await;
    assert!(corrected.expect("answered").state() == CityReportState::Submitted);
    let late = world.correct(&report, vec![correction(&filing)], &[]).await;
    assert_eq!(refused(late), ["REPORT_NOT_RETURNED"]);
    // It can have faults again.
    let again = world.give_back(&report, vec![fault(&filing)]).await;
    again.expect("before it");
    let corrected = world.correct(&report, vec![correction(&filing)], &[]).await;
    corrected.expect("answered");
    world.record(&report).await.expect("in order");
    assert_eq!(
        world.facts("city_report").await,
        [
            "report_submitted",
            "report_returned",
            "report_corrected",
            "report_returned",
            "report_corrected",
            "report_recorded"
        ]
    );
    let seen = world
        .read_report(&first_officer(), &report.city_report_id)
        .await;
    let faults = seen.expect("its own").rows[0].faults.clone();
    assert_eq!(faults.len(), 2);
    assert_eq!(faults[0].fault, fault(&filing).fault);
    assert_eq!(
        (&*faults[1].correction, &*faults[1].corrected_on),
        ("已补页码", "2020-05-26")
    );
    let rows: Vec<String> = sqlx::query_scalar("select fault::text from city_report_fault fault")
        .fetch_all(&world.platform.pool)
        .await
        .expect("rows");
    let marked = hex::encode(MARKED_PERSON);
    assert!(
        rows.iter()
            .all(|row| !row.contains(&marked) && !row.contains(MARKED_PERSON))
    );
}

#[tokio::test]
async fn a_report_is_corrected_by_the_calendar_as_it_is_now() {
    let world = World::start().await;
    let [filing] = world.filed(["S000037100002"]).await;
    let report = world.report(&[&filing]).await.expect("filed");
    let returned = world.give_back(&report, vec![fault(&filing)]).await;
    let due = returned.expect("before it").correct_by.expect("a deadline");
    let recorded = world.recounted(with_off(date(2020, 6, 1)), "city_report");
    assert_eq!(recorded.await, ["correction_due_recounted"]);
    let seen = world.read_report(&province(), &report.city_report_id).await;
    let moved = seen.expect("the province's, too").correct_by;
    let moved = moved.expect("a deadline").date;
    assert_eq!((&*due.date, &*moved), ("2020-06-02", "2020-06-03"));
}

#[tokio::test]
async fn what_is_taken_off_can_be_reported_anew() {
    let world = World::start().await;
    let [one, other] = world.filed(["S000037100002", "S000037100003"]).await;
    let report = world.report(&[&one, &other]).await.expect("filed");
    let returned = world.give_back(&report, vec![fault(&one)]).await;
    returned.expect("before it");
    let both = world
        .correct(&report, vec![correction(&one)], &[&one])
        .await;
    assert_eq!(refused(both), ["REPORT_APPLICATION_TWICE"]);
    let unfounded = world
        .correct(&report, vec![correction(&other)], &[&one])
        .await;
    assert_eq!(refused(unfounded), ["REPORT_WITHOUT_FAULT"]);
    let corrected = world.correct(&report, Vec::new(), &[&one]).await;
    let corrected = corrected.expect("taken off");
    assert_eq!(corrected.application_ids, [&*other.id]);
    let stray = world.give_back(&report, vec![fault(&one)]).await;
    assert_eq!(refused(stray), ["REPORT_WITHOUT_APPLICATION"]);
    world.record(&report).await.expect("in order");

    let anew = world.report(&[&one]).await.expect("free again");
    let returned = world.give_back(&anew, vec![fault(&one)]).await;
    returned.expect("before it");
    let nothing_left = world.correct(&anew, Vec::new(), &[&one]).await;
    assert!(nothing_left.expect("taken off").state() == CityReportState::Withdrawn);
    assert_eq!(refused(world.record(&anew).await), ["REPORT_WITHDRAWN"]);
    world.report(&[&one]).await.expect("free again");
}

#[tokio::test]
async fn a_report_is_its_citys_and_the_provinces() {
    let world = World::start().await;
    let [filing] = world.filed(["S000037100002"]).await;
    let report = world.report(&[&filing]).await.expect("filed");
    let auditor = Caller {
        role: Role::Auditor,
        ..province()
    };
    let listed = async |caller: &Caller, page_token: &str| {
        let request = ListCityReportsRequest {
            page_token: page_token.to_owned(),
            ..ListCityReportsRequest::default()
        };
        let answer = world.filings(caller).list_city_reports(request).await?;
        Ok::<_, Status>(answer.into_inner().city_reports)
    };
    for caller in [first_officer(), province(), auditor] {
        world
            .read_report(&caller, &report.city_report_id)
            .await
            .expect("its part");
        assert_eq!(listed(&caller, "").await.expect("a list").len(), 1);
    }
    let jinan = city_officer("jinan-1", "370100");
    let foreign = world.read_report(&jinan, &report.city_report_id).await;
    assert_eq!(refused(foreign), ["REPORT_NOT_FOUND"]);
    assert!(listed(&jinan, "").await.expect("a list").is_empty());
    assert_eq!(refused(listed(&jinan, "2").await), ["REPORT_PAGE_TOKEN"]);
    let request = CorrectCityReportRequest {
        request_id: request_id(),
        city_report_id: report.city_report_id.clone(),
        corrections: vec![correction(&filing)],
        taken_off_application_ids: Vec::new(),
    };
    let foreign = world.filings(&jinan).correct_city_report(request).await;
    assert_eq!(refused(foreign), ["REPORT_NOT_FOUND"]);
}

#[tokio::test]
async fn of_a_record_and_a_return_at_once_one_is_told_of_the_other() {
    let world = World::start().await;
    let [filing] = world.filed(["S000037100002"]).await;
    let report = world.report(&[&filing]).await.expect("filed");
    let (recorded, returned) = tokio::join!(
        world.record(&report),
        world.give_back(&report, vec![fault(&filing)]),
    );
    if recorded.is_ok() {
        assert_eq!(refused(returned), ["REPORT_RECORDED"]);
    } else {
        assert_eq!(refused(recorded), ["REPORT_RETURNED"]);
        assert!(returned.is_ok());
    }
}

#[tokio::test]
async fn every_fault_of_a_return_is_told_at_once() {
    let world = World::start().await;
    let [filing] = world.filed(["S000037100002"]).await;
    let report = world.report(&[&filing]).await.expect("filed");
    let before = world.traces().await;
    let malformed = CityReportFault {
        application_id: "app_1".to_owned(),
        fault: " ".to_owned(),
    };
    let faults = vec![fault(&filing), malformed, fault(&filing)];
    let status = world.give_back(&report, faults).await.err();
    assert_eq!(
        fields(&status.expect("three faults")),
        [
            "faults[1].application_id",
            "faults[1].fault",
            "faults[2].application_id"
        ]
    );
    let second = province_officer("province-2");
    let missing = world
        .read_report(&second, "rep_00000000000000000000000001")
        .await;
    assert_eq!(refused(missing), ["REPORT_NOT_FOUND"]);
    assert_eq!(world.traces().await, before);
}
