//! The calendar of exams that everybody may read.

use jiff::ToSpan;
use platform::access::Caller;
use proto::exam::v1::exam_calendar_service_server::ExamCalendarService;
use proto::exam::v1::plan_change_service_server::PlanChangeService;
use proto::exam::v1::plan_service_server::PlanService;
use proto::exam::v1::{Exam, ExamPart, ListExamsRequest, ListExamsResponse, WithdrawPlanRequest};
use tonic::Status;

use crate::samples::{EXAM_DAY, QINGDAO, WEIHAI, row};
use crate::setup::{Setup, codes, from, setup};

async fn exams(setup: &Setup, request: ListExamsRequest) -> Result<ListExamsResponse, Status> {
    let request = from(&Caller::public(), request);
    Ok(setup.exams.list_exams(request).await?.into_inner())
}

fn asked(division: &str) -> ListExamsRequest {
    ListExamsRequest {
        year: 2020,
        division_code: division.to_owned(),
        page_size: 3,
        page_token: String::new(),
    }
}

async fn reported(setup: &Setup, number: i64) -> String {
    let mut request = setup.new_plan(&format!("plan-{number}"));
    for session in &mut request.sessions {
        session.held_on = (EXAM_DAY + number.days()).to_string();
    }
    let plan = setup.exams.create_plan(from(&setup.clerk, request)).await;
    let plan_id = plan
        .expect("a draft")
        .into_inner()
        .plan
        .expect("it")
        .plan_id;
    // Somebody else each time: nobody is registered twice for the same.
    let candidate = row(u16::try_from(number).expect("a small number"));
    let import = format!("import-{number}");
    setup
        .import(&plan_id, &import, vec![candidate])
        .await
        .expect("one");
    let report = format!("report-{number}");
    setup.report(&plan_id, &report).await.expect("in time");
    plan_id
}

#[tokio::test]
async fn everybody_reads_the_exams_of_a_city_and_year_page_by_page() {
    let setup = setup().await;
    for number in [2, 0, 1] {
        reported(&setup, number).await;
    }
    setup.draft("draft").await;
    let (mut seen, mut request): (Vec<Exam>, _) = (Vec::new(), asked(WEIHAI));
    loop {
        let page = exams(&setup, request.clone()).await.expect("a page");
        assert!(page.exams.len() <= 3);
        seen.extend(page.exams);
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    let days: Vec<_> = seen.iter().map(|exam| exam.held_on.as_str()).collect();
    let day = |number: i64| (EXAM_DAY + number.days()).to_string();
    let expected = [day(0), day(0), day(1), day(1), day(2), day(2)];
    assert_eq!(days, expected);
    let theory = seen.iter().find(|exam| exam.part() == ExamPart::Theory);
    let theory = theory.expect("a theory session");
    assert_eq!(theory.organization_code, "S000037100001");
    assert_eq!(
        (theory.starts_at.as_str(), theory.subjects.len()),
        ("09:00", 2)
    );

    for (division, count) in [("370000", 3), ("371002", 0), (QINGDAO, 0)] {
        let page = exams(&setup, asked(division)).await.expect("a page");
        assert_eq!(page.exams.len(), count, "{division}");
    }
    let mut later = asked(WEIHAI);
    later.year = 2021;
    assert!(exams(&setup, later).await.expect("a page").exams.is_empty());
}

#[tokio::test]
async fn a_withdrawn_exam_is_not_in_the_calendar() {
    let setup = setup().await;
    let plan_id = reported(&setup, 0).await;
    let request = WithdrawPlanRequest {
        request_id: "withdraw".to_owned(),
        plan_id,
        reason: "报名人数不足".to_owned(),
    };
    let withdrawn = setup.exams.withdraw_plan(from(&setup.clerk, request)).await;
    withdrawn.expect("before the exam");
    assert!(
        exams(&setup, asked(WEIHAI))
            .await
            .expect("a page")
            .exams
            .is_empty()
    );
}

#[tokio::test]
async fn a_calendar_that_cannot_be_is_told_all_its_faults() {
    let setup = setup().await;
    let request = ListExamsRequest {
        year: 1999,
        division_code: "山东".to_owned(),
        page_size: 0,
        page_token: "next".to_owned(),
    };
    let refused = exams(&setup, request).await.err().expect("nothing of it");
    let told = codes(&refused);
    assert_eq!(told[0], "EXAM_YEAR_OUT_OF_RANGE");
    assert_eq!(told.last().expect("three"), "EXAM_PAGE_TOKEN");
    assert_eq!(told.len(), 3);
    let unknown = ListExamsRequest {
        page_token: kernel::ids::SessionId::from_uuid(uuid::Uuid::now_v7()).to_string(),
        ..asked(WEIHAI)
    };
    let refused = exams(&setup, unknown).await.err().expect("not ours");
    assert_eq!(codes(&refused), ["EXAM_PAGE_TOKEN"]);
}
