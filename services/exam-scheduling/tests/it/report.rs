//! Reports: in time, with the right, and with a receipt.

use kernel::ids::PlanId;
use prost::Message;
use proto::common::v1::Fact;
use proto::exam::v1::plan_service_server::PlanService;
use proto::exam::v1::{ExamPlan, PlanReported, PlanState, UpdatePlanRequest};
use tonic::Code;

use crate::register::Register;
use crate::samples::{EXAM_DAY, LATEST, MARK, WEIHAI, row, sessions};
use crate::setup::{Setup, codes, from, setup};

async fn ready(setup: &Setup) -> String {
    let plan = setup.drafted().await;
    setup
        .import(&plan.plan_id, "import", (0..3).map(row).collect())
        .await
        .expect("admitted");
    plan.plan_id
}

#[tokio::test]
async fn a_plan_reported_on_the_last_day_has_a_receipt_that_explains_itself() {
    let setup = setup().await;
    let plan_id = ready(&setup).await;
    setup.today_is(LATEST);
    let plan = setup.report(&plan_id, "report").await.expect("in time");
    assert!(plan.state() == PlanState::Reported);
    let receipt = plan.receipt.expect("a receipt");
    assert!(receipt.receipt_id.starts_with("rct_"));
    assert_eq!(
        (receipt.received_on, receipt.candidates),
        (LATEST.to_string(), 3)
    );
    let deadline = receipt.deadline.expect("a deadline");
    assert_eq!(
        (deadline.date.as_str(), deadline.rule.as_str()),
        ("2020-06-01", "hand_in_lenient")
    );
    assert_eq!(
        deadline.days.iter().filter(|day| day.counted > 0).count(),
        5
    );
    assert!(deadline.explanation_zh.contains("2020-06-08"));
    assert_eq!(
        setup.facts().await,
        ["plan_drafted", "candidates_admitted", "plan_reported*"]
    );
}

#[tokio::test]
async fn the_fact_of_a_report_goes_to_the_filing_division_with_the_answering_version() {
    let setup = setup().await;
    let plan_id = ready(&setup).await;
    let plan = setup.report(&plan_id, "report").await.expect("in time");
    let message: Vec<u8> = sqlx::query_scalar("select message from platform.publication")
        .fetch_one(&setup.platform.pool)
        .await
        .expect("one message");
    let fact = Fact::decode(message.as_slice()).expect("a fact");
    assert_eq!(fact.aggregate_kind, "plan");
    assert_eq!(
        fact.aggregate_id,
        PlanId::parse(&plan_id).expect("an id").uuid().to_string()
    );
    assert_eq!(fact.areas, [WEIHAI]);
    let reported = PlanReported::decode(fact.payload).expect("what its kind says");
    let receipt = plan.receipt.expect("a receipt");
    assert_eq!(reported.plan_id, plan_id);
    assert_eq!(reported.receipt_id, receipt.receipt_id);
    assert_eq!(reported.plan_hash, receipt.plan_hash);
    assert_eq!(reported.first_session_on, EXAM_DAY.to_string());
    assert_eq!((reported.candidates, reported.organization_version), (3, 7));
    assert_eq!(reported.not_rotated, 0);
}

#[tokio::test]
async fn a_working_day_later_it_is_too_late_and_nothing_remains() {
    let setup = setup().await;
    let plan_id = ready(&setup).await;
    setup.today_is(LATEST.tomorrow().expect("a day later"));
    let before = setup.count("platform.request_log").await;
    let status = setup
        .report(&plan_id, "report")
        .await
        .err()
        .expect("too late");
    assert_eq!(codes(&status), ["PLAN_TOO_LATE"]);
    assert_eq!(status.code(), Code::FailedPrecondition);
    assert!(
        status.message().contains("2020-06-01"),
        "{}",
        status.message()
    );
    assert_eq!(setup.count("platform.request_log").await, before);
    assert_eq!(setup.facts().await, ["plan_drafted", "candidates_admitted"]);
}

#[tokio::test]
async fn no_answer_of_the_register_is_never_a_yes() {
    let setup = setup().await;
    let plan_id = ready(&setup).await;
    let before = setup.count("platform.request_log").await;
    for (answer, code) in [
        (Register::Silent, Code::Unavailable),
        (Register::Garbled, Code::Unavailable),
        (Register::Refusing, Code::Internal),
    ] {
        setup.register_says(answer);
        let status = setup.report(&plan_id, "report").await;
        assert_eq!(status.err().expect("no answer").code(), code);
    }

    setup.register_says(Register::No);
    let status = setup
        .report(&plan_id, "report")
        .await
        .err()
        .expect("no right");
    assert_eq!(codes(&status), ["PLAN_RIGHT_MISSING", "PLAN_RIGHT_MISSING"]);
    assert!(status.message().contains(": the level was not granted"));
    assert_eq!(setup.count("platform.request_log").await, before);
    assert_eq!(setup.facts().await, ["plan_drafted", "candidates_admitted"]);
}

#[tokio::test]
async fn a_report_asked_for_again_is_answered_as_before_even_without_the_register() {
    let setup = setup().await;
    let plan_id = ready(&setup).await;
    let first = setup.report(&plan_id, "report").await.expect("in time");
    setup.register_says(Register::Silent);
    setup.today_is(EXAM_DAY);
    let again = setup.report(&plan_id, "report").await.expect("as before");
    assert!(first == again, "the same receipt");
    let status = setup
        .report(&plan_id, "another")
        .await
        .err()
        .expect("reported");
    assert_eq!(codes(&status), ["PLAN_NOT_DRAFT"]);
}

#[tokio::test]
async fn of_two_reports_at_once_one_is_made() {
    let setup = setup().await;
    let plan_id = ready(&setup).await;
    let reports = tokio::join!(
        setup.report(&plan_id, "report-1"),
        setup.report(&plan_id, "report-2")
    );
    let (made, refused): (Vec<_>, Vec<_>) =
        [reports.0, reports.1].into_iter().partition(Result::is_ok);
    assert_eq!((made.len(), refused.len()), (1, 1));
    let refused = refused.into_iter().find_map(Result::err).expect("one");
    assert_eq!(codes(&refused), ["PLAN_NOT_DRAFT"]);
    assert_eq!(
        setup.facts().await,
        ["plan_drafted", "candidates_admitted", "plan_reported*"]
    );
}

#[tokio::test]
async fn a_plan_changed_while_it_is_reported_stands_as_its_receipt_says() {
    let setup = setup().await;
    let plan_id = ready(&setup).await;
    let mut elsewhere = sessions();
    elsewhere[0].room = "202".to_owned();
    let change = UpdatePlanRequest {
        request_id: "update".to_owned(),
        plan_id: plan_id.clone(),
        sessions: elsewhere,
    };
    let (changed, reported) = tokio::join!(
        setup.exams.update_plan(from(&setup.clerk, change)),
        setup.report(&plan_id, "report"),
    );
    // What was asked of the register was asked about the staff of before.
    let reported = match reported {
        Ok(reported) => reported,
        Err(refused) => {
            assert_eq!(codes(&refused), ["PLAN_RIGHTS_OUTDATED"]);
            let again = setup.report(&plan_id, "again").await;
            again.expect("asked anew")
        }
    };
    let stands = setup.plan(&setup.clerk, &plan_id).await.expect("a plan");
    let ids = |plan: &ExamPlan| {
        let sessions = plan.sessions.iter();
        sessions
            .map(|session| session.session_id.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&stands), ids(&reported));
    let room = match changed {
        Ok(_) => "202",
        Err(refused) => {
            assert_eq!(codes(&refused), ["PLAN_NOT_DRAFT"]);
            "101"
        }
    };
    assert_eq!(stands.sessions[0].room, room);
}

#[tokio::test]
async fn an_empty_roster_and_missing_staff_are_told_together() {
    let setup = setup().await;
    let plan = setup.drafted().await;
    let mut bare = sessions();
    bare[1].staff.clear();
    let request = UpdatePlanRequest {
        request_id: "update".to_owned(),
        plan_id: plan.plan_id.clone(),
        sessions: bare,
    };
    setup
        .exams
        .update_plan(from(&setup.clerk, request))
        .await
        .expect("a draft may be incomplete");
    let status = setup
        .report(&plan.plan_id, "report")
        .await
        .err()
        .expect("incomplete");
    assert_eq!(
        codes(&status),
        ["PLAN_ROSTER_EMPTY", "SESSION_TOO_FEW_EXAMINERS"]
    );
}

#[tokio::test]
async fn candidates_whom_an_earlier_day_makes_too_young_are_found() {
    let setup = setup().await;
    let plan = setup.drafted().await;
    let sixteen =
        kernel::citizen_id::CitizenId::synthetic("370099", jiff::civil::date(2004, 6, 8), 1);
    let mut candidate = row(0);
    candidate.citizen_id = sixteen.reveal().to_owned();
    setup
        .import(&plan.plan_id, "import", vec![candidate])
        .await
        .expect("sixteen on the day");
    let mut earlier = sessions();
    for session in &mut earlier {
        session.held_on = "2020-06-05".to_owned();
    }
    let request = UpdatePlanRequest {
        request_id: "update".to_owned(),
        plan_id: plan.plan_id.clone(),
        sessions: earlier,
    };
    setup
        .exams
        .update_plan(from(&setup.clerk, request))
        .await
        .expect("still a draft");
    let status = setup
        .report(&plan.plan_id, "report")
        .await
        .err()
        .expect("fifteen");
    assert_eq!(codes(&status), ["PLAN_CANDIDATES_UNDER_AGE"]);
}

#[tokio::test]
async fn staff_whom_the_register_bars_are_refused_by_name_and_nothing_remains() {
    let setup = setup().await;
    let plan_id = ready(&setup).await;
    setup.register_says(Register::Barred);
    let refused = setup.report(&plan_id, "report").await.err();
    let refused = refused.expect("refused");
    // Two invigilators, a supervisor and three examiners.
    assert_eq!(codes(&refused), ["PLAN_STAFF_NOT_ASSIGNABLE"; 6]);
    assert!(!refused.message().contains(MARK), "names nobody");
    setup.register_says(Register::Short);
    let short = setup.report(&plan_id, "report").await.err();
    assert_eq!(short.expect("no answer").code(), Code::Unavailable);
    assert_eq!(setup.facts().await, ["plan_drafted", "candidates_admitted"]);
    setup.register_says(Register::Yes);
    setup.report(&plan_id, "report").await.expect("reported");
}
