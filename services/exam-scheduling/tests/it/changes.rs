//! What becomes of a plan between its report and its first session.

use jiff::civil::{Date, date};
use platform::access::{Caller, Role};
use platform::testing::city_officer;
use proto::exam::v1::plan_change_service_server::PlanChangeService;
use proto::exam::v1::plan_service_server::PlanService;
use proto::exam::v1::{
    Attendance, Avoidance, ConsentToPlanRequest, ExamPlan, GetPlanRequest, PlanFault, PlanMatter,
    PlanOccasion, PlanState, ReopenPlanRequest, ReplaceStaffRequest, ReturnPlanRequest,
    SessionStaff, StaffRole, UpdatePlanRequest, WithdrawPlanRequest,
};
use tonic::{Code, Status};

use crate::register::Register;
use crate::samples::{AFTER_THE_EXAM, EXAM_DAY, QINGDAO, ROOMS, WEIHAI, sessions};
use crate::setup::{Setup, codes, from, setup};

/// Between the latest day of a report and the exam.
const LATE: Date = date(2020, 6, 4);

async fn returned(
    setup: &Setup,
    officer: &Caller,
    plan_id: &str,
    request_id: &str,
) -> Result<ExamPlan, Status> {
    let fault = |matter: PlanMatter, text: &str| PlanFault {
        matter: matter.into(),
        text: text.to_owned(),
    };
    let request = ReturnPlanRequest {
        request_id: request_id.to_owned(),
        plan_id: plan_id.to_owned(),
        faults: vec![
            fault(PlanMatter::Staff, "督导员与监考员为同一单位"),
            fault(PlanMatter::Sessions, "场次时间过短"),
        ],
    };
    let reply = setup.exams.return_plan(from(officer, request)).await?;
    Ok(reply.into_inner().plan.expect("a plan"))
}

async fn reopened(setup: &Setup, plan_id: &str) -> Result<ExamPlan, Status> {
    let request = ReopenPlanRequest {
        request_id: "reopen".to_owned(),
        plan_id: plan_id.to_owned(),
        reason: "考场停电".to_owned(),
    };
    let reply = setup.exams.reopen_plan(from(&setup.clerk, request)).await?;
    Ok(reply.into_inner().plan.expect("a plan"))
}

async fn withdrawn(setup: &Setup, plan_id: &str) -> Result<ExamPlan, Status> {
    let request = WithdrawPlanRequest {
        request_id: "withdraw".to_owned(),
        plan_id: plan_id.to_owned(),
        reason: "报名人数不足".to_owned(),
    };
    let reply = setup
        .exams
        .withdraw_plan(from(&setup.clerk, request))
        .await?;
    Ok(reply.into_inner().plan.expect("a plan"))
}

async fn consented(
    setup: &Setup,
    officer: &Caller,
    plan: &ExamPlan,
    request_id: &str,
) -> Result<ExamPlan, Status> {
    let request = ConsentToPlanRequest {
        request_id: request_id.to_owned(),
        plan_id: plan.plan_id.clone(),
        plan_hash: plan.plan_hash.clone(),
    };
    let reply = setup.exams.consent_to_plan(from(officer, request)).await?;
    Ok(reply.into_inner().plan.expect("a plan"))
}

/// Moves the theory into another room.
async fn moved(setup: &Setup, plan_id: &str) {
    let mut elsewhere = sessions();
    ROOMS[1].0.clone_into(&mut elsewhere[0].room);
    let request = UpdatePlanRequest {
        request_id: "move".to_owned(),
        plan_id: plan_id.to_owned(),
        sessions: elsewhere,
    };
    let moved = setup.exams.update_plan(from(&setup.clerk, request)).await;
    moved.expect("it may be changed");
}

/// A plan that was moved late and reported again.
async fn awaiting(setup: &Setup) -> ExamPlan {
    let (plan, _) = setup.reported(2).await;
    setup.today_is(LATE);
    reopened(setup, &plan.plan_id)
        .await
        .expect("before the exam");
    moved(setup, &plan.plan_id).await;
    setup.report(&plan.plan_id, "again").await.expect("whole")
}

#[tokio::test]
async fn a_plan_returned_for_named_faults_is_corrected_and_reported_again() {
    let setup = setup().await;
    let (plan, _) = setup.reported(2).await;
    let officer = city_officer("officer", WEIHAI);
    setup.today_is(LATE);
    let back = returned(&setup, &officer, &plan.plan_id, "return").await;
    let back = back.expect("before the exam");
    assert!(back.state() == PlanState::Reopened && back.receipt.is_none());
    let request = GetPlanRequest {
        plan_id: plan.plan_id.clone(),
    };
    let seen = setup.exams.get_plan(from(&setup.clerk, request)).await;
    let remarks = seen.expect("its own").into_inner().remarks;
    assert_eq!(remarks.len(), 2);
    assert!(remarks[0].occasion() == PlanOccasion::Returned);
    assert!(remarks[0].matter() == PlanMatter::Staff);
    assert_eq!(remarks[0].text, "督导员与监考员为同一单位");
    assert_eq!(remarks[1].said_on, LATE.to_string());
    let again = setup.report(&plan.plan_id, "again").await;
    let again = again.expect("date, venue and roster are what they were");
    assert!(again.state() == PlanState::Reported);
    let receipt = again.receipt.expect("a new one");
    assert_ne!(
        receipt.receipt_id,
        plan.receipt.expect("the first").receipt_id
    );
    assert_eq!(
        setup.facts().await,
        [
            "plan_drafted",
            "candidates_admitted",
            "plan_reported*",
            "plan_returned*",
            "plan_reported*"
        ]
    );
}

#[tokio::test]
async fn words_about_a_plan_are_shown_to_those_who_deal_with_it_and_on_record() {
    let setup = setup().await;
    let (plan, _) = setup.reported(1).await;
    reopened(&setup, &plan.plan_id)
        .await
        .expect("before the exam");
    let auditor = Caller {
        role: Role::Auditor,
        division: None,
        ..city_officer("auditor", WEIHAI)
    };
    let get = |caller: Caller| {
        let request = GetPlanRequest {
            plan_id: plan.plan_id.clone(),
        };
        let exams = &setup.exams;
        async move { exams.get_plan(from(&caller, request)).await.expect("seen") }
    };
    let remarks = get(auditor).await.into_inner().remarks;
    assert!(remarks[0].occasion() == PlanOccasion::Reopened);
    assert!(remarks[0].text.is_empty());
    let before = setup.count("platform.access_record").await;
    let remarks = get(setup.clerk.clone()).await.into_inner().remarks;
    assert_eq!(remarks[0].text, "考场停电");
    let staff = 6;
    assert_eq!(
        setup.count("platform.access_record").await,
        before + staff + 1
    );
}

#[tokio::test]
async fn a_centre_in_whose_area_an_exam_is_held_does_not_return_it() {
    let setup = setup().await;
    let mut request = setup.new_plan("create");
    let last = request.sessions.last_mut().expect("sessions");
    QINGDAO.clone_into(&mut last.division_code);
    ROOMS[3].0.clone_into(&mut last.room);
    let plan = setup.exams.create_plan(from(&setup.clerk, request)).await;
    let plan_id = plan
        .expect("a draft")
        .into_inner()
        .plan
        .expect("it")
        .plan_id;
    let rows = vec![crate::samples::row(0)];
    setup.import(&plan_id, "import", rows).await.expect("one");
    setup.report(&plan_id, "report").await.expect("in time");
    let host = city_officer("officer", QINGDAO);
    let refused = returned(&setup, &host, &plan_id, "return").await.err();
    let refused = refused.expect("not its own");
    assert_eq!(codes(&refused), ["PLAN_NOT_FILING_CENTRE"]);
    assert_eq!(refused.code(), Code::PermissionDenied);
}

#[tokio::test]
async fn a_venue_changed_late_waits_for_consent_and_is_not_in_force_meanwhile() {
    let setup = setup().await;
    let plan = awaiting(&setup).await;
    assert!(plan.state() == PlanState::AwaitingConsent && plan.receipt.is_none());
    let officer = city_officer("officer", WEIHAI);
    let desk = exam_scheduling::desk(setup.platform.journal.clone());
    let waits = platform::testing::waiting(&desk, &officer).await;
    assert_eq!(waits[0].0, "plan_to_consent");
    let another = ExamPlan {
        plan_hash: vec![0; 32].into(),
        ..plan.clone()
    };
    let refused = consented(&setup, &officer, &another, "other").await.err();
    assert_eq!(codes(&refused.expect("unseen")), ["PLAN_HASH_OTHER"]);
    let qingdao = city_officer("officer", QINGDAO);
    let refused = consented(&setup, &qingdao, &plan, "foreign").await.err();
    assert_eq!(codes(&refused.expect("foreign")), ["PLAN_NOT_FOUND"]);

    let stands = consented(&setup, &officer, &plan, "consent").await;
    let stands = stands.expect("before the exam");
    assert!(stands.state() == PlanState::Reported);
    let receipt = stands.receipt.expect("by consent");
    assert_eq!(receipt.consented_on, LATE.to_string());
    let again = consented(&setup, &officer, &plan, "again").await.err();
    assert_eq!(codes(&again.expect("given")), ["PLAN_NOTHING_TO_CONSENT"]);
    let facts = setup.facts().await;
    assert_eq!(
        facts[3..],
        [
            "plan_reopened*",
            "sessions_replaced",
            "plan_consent_asked*",
            "plan_consented*"
        ]
    );
}

#[tokio::test]
async fn without_consent_nothing_is_held_and_the_plan_can_only_be_returned_or_withdrawn() {
    let setup = setup().await;
    let plan = awaiting(&setup).await;
    setup.time_is(AFTER_THE_EXAM);
    let nobody = kernel::ids::CandidateId::from_uuid(uuid::Uuid::now_v7()).to_string();
    let nobody = [proto::exam::v1::AdmittedCandidate {
        candidate_id: nobody,
        ..proto::exam::v1::AdmittedCandidate::default()
    }];
    let at = (&plan, 0);
    let refused = setup.attendance(at, "attend", &nobody, Attendance::Present);
    let refused = refused.await.expect_err("not in force");
    assert_eq!(codes(&refused), ["PLAN_UNDER_CHANGE"]);
    let officer = city_officer("officer", WEIHAI);
    let late = consented(&setup, &officer, &plan, "late").await.err();
    assert_eq!(codes(&late.expect("its time has come")), ["PLAN_BEGUN"]);
    let back = returned(&setup, &officer, &plan.plan_id, "return").await;
    assert!(back.expect("returned").state() == PlanState::Reopened);
    let again = setup.report(&plan.plan_id, "once-more").await.err();
    assert_eq!(codes(&again.expect("too late")), ["PLAN_BEGUN"]);
}

#[tokio::test]
async fn a_venue_changed_in_good_time_is_in_force_at_once() {
    let setup = setup().await;
    let (plan, _) = setup.reported(2).await;
    reopened(&setup, &plan.plan_id).await.expect("in good time");
    moved(&setup, &plan.plan_id).await;
    let again = setup.report(&plan.plan_id, "again").await.expect("whole");
    assert!(again.state() == PlanState::Reported);
    assert_eq!(again.receipt.expect("one").consented_on, "");
}

#[tokio::test]
async fn of_consent_and_return_at_once_one_is_given() {
    let setup = setup().await;
    let plan = awaiting(&setup).await;
    let officers = ["one", "two"].map(|subject| city_officer(subject, WEIHAI));
    let (given, back) = tokio::join!(
        consented(&setup, &officers[0], &plan, "consent"),
        returned(&setup, &officers[1], &plan.plan_id, "return"),
    );
    // A plan consented to may be returned still; one that was returned is not consented to.
    match (given, back) {
        (Ok(_), Ok(_)) => {}
        (Err(refused), Ok(_)) => assert_eq!(codes(&refused), ["PLAN_NOTHING_TO_CONSENT"]),
        _ => panic!("a return is never refused here"),
    }
    let stands = setup.plan(&setup.clerk, &plan.plan_id).await.expect("it");
    assert!(stands.state() == PlanState::Reopened);
}

#[tokio::test]
async fn a_withdrawn_plan_frees_what_it_had_and_nothing_happens_to_it_any_more() {
    let setup = setup().await;
    let (plan, admitted) = setup.reported(2).await;
    assert!(setup.count("booking").await > 0);
    let gone = withdrawn(&setup, &plan.plan_id).await.expect("in time");
    assert!(gone.state() == PlanState::Withdrawn && gone.receipt.is_none());
    assert_eq!(setup.count("booking").await, 0);
    let same = withdrawn(&setup, &plan.plan_id).await.expect("as before");
    assert!(same == gone);
    let refused = reopened(&setup, &plan.plan_id).await.err();
    assert_eq!(codes(&refused.expect("withdrawn")), ["PLAN_WITHDRAWN"]);
    setup.time_is(AFTER_THE_EXAM);
    let at = (&plan, 0);
    let refused = setup.attendance(at, "attend", &admitted, Attendance::Present);
    let refused = refused.await.expect_err("withdrawn");
    assert_eq!(codes(&refused), ["PLAN_WITHDRAWN"]);
}

#[tokio::test]
async fn a_plan_under_way_is_neither_taken_back_nor_withdrawn() {
    let setup = setup().await;
    let (plan, _) = setup.reported(1).await;
    setup.time_is(EXAM_DAY.at(9, 0, 0, 0));
    for refused in [
        reopened(&setup, &plan.plan_id).await,
        withdrawn(&setup, &plan.plan_id).await,
    ] {
        assert_eq!(codes(&refused.err().expect("begun")), ["PLAN_BEGUN"]);
    }
    let draft = setup.draft("draft").await.plan_id;
    let refused = withdrawn(&setup, &draft).await.err();
    assert_eq!(codes(&refused.expect("a draft")), ["PLAN_NOT_REPORTED"]);
}

fn replacing(plan: &ExamPlan, card: &str, joins: &str) -> ReplaceStaffRequest {
    ReplaceStaffRequest {
        request_id: format!("replace-{card}-{joins}"),
        plan_id: plan.plan_id.clone(),
        session_id: plan.sessions[1].session_id.clone(),
        card_number: card.to_owned(),
        joining: Some(SessionStaff {
            role: StaffRole::Examiner.into(),
            card_number: joins.to_owned(),
            name: "标记接替".to_owned(),
            avoidance: Some(Avoidance::default()),
        }),
        reason: "突发疾病".to_owned(),
    }
}

#[tokio::test]
async fn somebody_else_takes_the_place_of_an_examiner_at_once() {
    let setup = setup().await;
    let (plan, _) = setup.reported(1).await;
    setup.today_is(EXAM_DAY);
    let request = replacing(&plan, "R37200010", "R37990010");
    let reply = setup.exams.replace_staff(from(&setup.clerk, request)).await;
    let masked = reply.expect("like for like").into_inner().plan.expect("it");
    assert!(masked.state() == PlanState::Reported, "no new report");
    let stands = setup.plan(&setup.clerk, &plan.plan_id).await.expect("it");
    assert_eq!(stands.sessions[1].staff[0].card_number, "R37990010");
    assert_eq!(stands.sessions[1].staff[1].card_number, "R37200011");
    let facts = setup.facts().await;
    assert_eq!(facts.last().expect("facts"), "staff_replaced*");

    let again = replacing(&plan, "R37200010", "R37990011");
    let refused = setup.exams.replace_staff(from(&setup.clerk, again)).await;
    let refused = refused.err().expect("gone already");
    assert_eq!(codes(&refused), ["STAFF_NOT_IN_SESSION"]);
    let colleague = replacing(&plan, "R37990010", "R37200011");
    let refused = setup
        .exams
        .replace_staff(from(&setup.clerk, colleague))
        .await;
    assert_eq!(
        codes(&refused.err().expect("there already")),
        ["STAFF_TWICE_IN_SESSION"]
    );
}

#[tokio::test]
async fn who_is_barred_or_elsewhere_does_not_join_and_who_left_is_free() {
    let setup = setup().await;
    let (plan, _) = setup.reported(1).await;
    setup.register_says(Register::Barred);
    let barred = replacing(&plan, "R37200010", "R37990010");
    let refused = setup.exams.replace_staff(from(&setup.clerk, barred)).await;
    assert_eq!(
        codes(&refused.err().expect("barred")),
        ["PLAN_STAFF_NOT_ASSIGNABLE"]
    );
    setup.register_says(Register::Yes);
    let request = replacing(&plan, "R37200010", "R37990010");
    let request = ReplaceStaffRequest {
        request_id: "free".to_owned(),
        ..request
    };
    let replaced = setup.exams.replace_staff(from(&setup.clerk, request)).await;
    replaced.expect("free");
    let taken: Vec<i64> = sqlx::query_scalar(
        "select count(*) from booking where kind = 'staff' group by session_id order by 1",
    )
    .fetch_all(&setup.platform.pool)
    .await
    .expect("bookings");
    assert_eq!(taken, [3, 3], "one has left, one has joined");
}
