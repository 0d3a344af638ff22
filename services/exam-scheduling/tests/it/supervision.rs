//! Supervisors whom the centre sends, what they find, and what becomes of it.

use platform::access::{Caller, Role};
use platform::testing::{city_officer, waiting};
use proto::exam::v1::supervision_service_server::SupervisionService;
use proto::exam::v1::{
    AppointSupervisorRequest, ExamPlan, FindingState, JudgeRectificationRequest,
    RecordFindingRequest, ReportRectificationRequest,
};
use tonic::Status;

use crate::register::Register;
use crate::running::record;
use crate::samples::{AFTER_THE_EXAM, EXAM_DAY, QINGDAO, WEIHAI};
use crate::setup::{Setup, codes, from, setup};

async fn appointed(
    setup: &Setup,
    officer: &Caller,
    plan: &ExamPlan,
    (request_id, card): (&str, &str),
) -> Result<(), Status> {
    let request = AppointSupervisorRequest {
        request_id: request_id.to_owned(),
        plan_id: plan.plan_id.clone(),
        session_id: plan.sessions[0].session_id.clone(),
        card_number: card.to_owned(),
        name: "标记督导".to_owned(),
    };
    let sent = setup.exams.appoint_supervisor(from(officer, request));
    sent.await.map(|_| ())
}

async fn found(
    setup: &Setup,
    caller: &Caller,
    plan: &ExamPlan,
    (request_id, until): (&str, &str),
) -> Result<u32, Status> {
    let request = RecordFindingRequest {
        request_id: request_id.to_owned(),
        plan_id: plan.plan_id.clone(),
        session_id: plan.sessions[0].session_id.clone(),
        text: "监控未覆盖后排".to_owned(),
        rectify_until: until.to_owned(),
    };
    let found = setup.exams.record_finding(from(caller, request)).await?;
    Ok(found.into_inner().finding)
}

async fn put_right(
    setup: &Setup,
    plan: &ExamPlan,
    (request_id, finding): (&str, u32),
) -> Result<(), Status> {
    let request = ReportRectificationRequest {
        request_id: request_id.to_owned(),
        plan_id: plan.plan_id.clone(),
        session_id: plan.sessions[0].session_id.clone(),
        finding,
        text: "已加装摄像头".to_owned(),
    };
    let reported = setup
        .exams
        .report_rectification(from(&setup.clerk, request));
    reported.await.map(|_| ())
}

async fn judged(
    setup: &Setup,
    officer: &Caller,
    plan: &ExamPlan,
    (request_id, until): (&str, &str),
) -> Result<(), Status> {
    let request = JudgeRectificationRequest {
        request_id: request_id.to_owned(),
        plan_id: plan.plan_id.clone(),
        session_id: plan.sessions[0].session_id.clone(),
        finding: 1,
        rectify_until: until.to_owned(),
    };
    let judged = setup.exams.judge_rectification(from(officer, request));
    judged.await.map(|_| ())
}

fn supervisor() -> Caller {
    Caller {
        role: Role::QualitySupervisor,
        ..city_officer("supervisor", WEIHAI)
    }
}

#[tokio::test]
async fn the_centre_sends_a_supervisor_of_its_pool_once_and_to_one_place_at_a_time() {
    let setup = setup().await;
    let (plan, _) = setup.reported(1).await;
    let officer = city_officer("officer", WEIHAI);
    setup.register_says(Register::Barred);
    let barred = appointed(&setup, &officer, &plan, ("barred", "R37990001")).await;
    assert_eq!(
        codes(&barred.expect_err("barred")),
        ["PLAN_STAFF_NOT_ASSIGNABLE"]
    );
    setup.register_says(Register::Yes);
    let sent = appointed(&setup, &officer, &plan, ("sent", "R37990001")).await;
    sent.expect("before the exam");
    let again = appointed(&setup, &officer, &plan, ("again", "R37990001")).await;
    assert_eq!(codes(&again.expect_err("sent")), ["SUPERVISOR_APPOINTED"]);
    let own = appointed(&setup, &officer, &plan, ("own", "R37200010")).await;
    assert_eq!(codes(&own.expect_err("staff")), ["PLAN_STAFF_TAKEN"]);
    let host = city_officer("officer", QINGDAO);
    let foreign = appointed(&setup, &host, &plan, ("foreign", "R37990002")).await;
    assert_eq!(codes(&foreign.expect_err("foreign")), ["PLAN_NOT_FOUND"]);
    let seen = record(&setup, &officer, (&plan, 0)).await.expect("its own");
    assert_eq!(seen.supervisors.len(), 1);
    assert_eq!(seen.supervisors[0].card_number, "R37990001");
    setup.time_is(AFTER_THE_EXAM);
    let over = appointed(&setup, &officer, &plan, ("over", "R37990002")).await;
    assert_eq!(
        codes(&over.expect_err("over")),
        ["SUPERVISION_SESSION_OVER"]
    );
}

#[tokio::test]
async fn findings_order_rectification_which_is_reported_returned_and_accepted() {
    let setup = setup().await;
    let (plan, _) = setup.reported(1).await;
    let officer = city_officer("officer", WEIHAI);
    let desk = exam_scheduling::desk(setup.platform.journal.clone());
    setup.time_is(EXAM_DAY.at(9, 30, 0, 0));
    let nobody = found(&setup, &supervisor(), &plan, ("nobody", "")).await;
    assert_eq!(
        codes(&nobody.expect_err("nobody was sent")),
        ["SUPERVISOR_NOT_APPOINTED"]
    );
    let sent = appointed(&setup, &officer, &plan, ("sent", "R37990001")).await;
    sent.expect("it is not over");
    let passed = found(&setup, &supervisor(), &plan, ("passed", "2020-06-08")).await;
    assert_eq!(
        codes(&passed.expect_err("today")),
        ["RECTIFICATION_DAY_PASSED"]
    );
    let first = found(&setup, &supervisor(), &plan, ("first", "2020-06-12")).await;
    assert_eq!(first.expect("a finding"), 1);
    let second = found(&setup, &officer, &plan, ("second", "")).await;
    assert_eq!(second.expect("the centre's"), 2);

    let waits = waiting(&desk, &setup.clerk).await;
    assert!(
        waits
            .iter()
            .any(|item| item.0 == "finding_to_rectify" && item.2 == "2020-06-12")
    );
    for (request, code) in [
        (("noted", 2), "FINDING_STANDS_ELSEWHERE"),
        (("unknown", 3), "FINDING_NOT_FOUND"),
    ] {
        let refused = put_right(&setup, &plan, request).await;
        assert_eq!(codes(&refused.expect_err("refused")), [code]);
    }
    let early = judged(&setup, &officer, &plan, ("early", "")).await;
    assert_eq!(
        codes(&early.expect_err("not reported")),
        ["FINDING_STANDS_ELSEWHERE"]
    );
    put_right(&setup, &plan, ("right", 1))
        .await
        .expect("ordered");
    let waits = waiting(&desk, &officer).await;
    assert_eq!(waits[0].0, "rectification_to_judge");
    let back = judged(&setup, &officer, &plan, ("back", "2020-06-15")).await;
    back.expect("reported");
    put_right(&setup, &plan, ("again", 1))
        .await
        .expect("returned");
    judged(&setup, &officer, &plan, ("accept", ""))
        .await
        .expect("reported");

    let seen = record(&setup, &setup.clerk, (&plan, 0))
        .await
        .expect("its own");
    let states: Vec<_> = seen
        .findings
        .iter()
        .map(proto::exam::v1::Finding::state)
        .collect();
    assert!(states == [FindingState::Accepted, FindingState::Noted]);
    assert_eq!(seen.findings[0].rectify_until, "2020-06-15");
    assert_eq!(seen.findings[0].rectification, "已加装摄像头");
    let facts = setup.facts().await;
    assert_eq!(
        facts[3..],
        [
            "supervisor_appointed",
            "finding_recorded",
            "finding_recorded",
            "rectification_reported",
            "rectification_judged",
            "rectification_reported",
            "rectification_judged",
        ]
    );
}
