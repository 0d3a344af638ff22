//! Rooms, people and candidates are in one place at a time, over all plans of the province.

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::ids::OrganizationId;
use platform::access::Caller;
use platform::testing::clerk;
use proto::exam::v1::plan_service_server::PlanService;
use proto::exam::v1::{Avoidance, CreatePlanRequest, ExamPlan, ExamSession, ReportPlanRequest};
use tonic::{Code, Status};
use uuid::Uuid;

use crate::register::Register;
use crate::samples::{EXAM_DAY, ROOMS, row};
use crate::setup::{Setup, codes, from, setup};

/// Drafts a plan with one candidate, by whoever calls.
async fn drafted(
    setup: &Setup,
    caller: &Caller,
    (name, candidate): (&str, u16),
    change: impl Fn(usize, &mut ExamSession),
) -> String {
    let organization = caller.organization.expect("a clerk has one").to_string();
    let mut request = CreatePlanRequest {
        organization_id: organization,
        ..setup.new_plan(name)
    };
    // Each plan examines another trade: nobody is registered twice for the same.
    for subject in &mut request.subjects {
        name.clone_into(&mut subject.trade);
    }
    for (number, session) in request.sessions.iter_mut().enumerate() {
        change(number, session);
    }
    let created = setup.exams.create_plan(from(caller, request)).await;
    let plan = created.expect("a draft").into_inner().plan;
    let plan_id = plan.expect("a plan").plan_id;
    let import = proto::exam::v1::ImportRosterRequest {
        request_id: format!("{name}-import"),
        plan_id: plan_id.clone(),
        candidates: vec![row(candidate)],
    };
    let admitted = setup.exams.import_roster(from(caller, import)).await;
    admitted.expect("admitted");
    plan_id
}

async fn report(setup: &Setup, caller: &Caller, plan_id: &str) -> Result<ExamPlan, Status> {
    let request = ReportPlanRequest {
        request_id: format!("{plan_id}-report"),
        plan_id: plan_id.to_owned(),
    };
    let reply = setup.exams.report_plan(from(caller, request)).await?;
    Ok(reply.into_inner().plan.expect("a plan"))
}

/// Other people: nobody of the staff is the same.
fn other_staff(session: &mut ExamSession) {
    for staff in &mut session.staff {
        staff.card_number = staff.card_number.replace("R3720", "R3799");
    }
}

fn other_clerk() -> Caller {
    clerk("other", OrganizationId::from_uuid(Uuid::now_v7()))
}

#[tokio::test]
async fn staff_and_candidates_of_another_plan_are_refused_at_the_same_hours_and_not_later() {
    let setup = setup().await;
    let first = drafted(&setup, &setup.clerk, ("first", 0), |_, _| {}).await;
    report(&setup, &setup.clerk, &first).await.expect("free");
    let other = other_clerk();
    // The register gives this organisation other rooms, in which the same people cannot be.
    setup.register_says(Register::Another);
    let same = drafted(&setup, &other, ("same", 0), |_, _| {}).await;
    let refused = report(&setup, &other, &same).await.err().expect("taken");
    let mut told = codes(&refused);
    assert_eq!(told.pop().as_deref(), Some("PLAN_CANDIDATES_TAKEN"));
    assert_eq!(told, ["PLAN_STAFF_TAKEN"; 6]);
    assert_eq!(refused.code(), Code::FailedPrecondition);

    let next_day = EXAM_DAY.tomorrow().expect("a day later").to_string();
    let later = drafted(&setup, &other, ("later", 0), |_, session| {
        session.held_on.clone_from(&next_day);
    });
    let later = later.await;
    report(&setup, &other, &later).await.expect("free by then");
}

#[tokio::test]
async fn a_room_is_used_once_at_a_time_and_again_when_it_is_free() {
    let setup = setup().await;
    let first = drafted(&setup, &setup.clerk, ("first", 0), |_, _| {}).await;
    report(&setup, &setup.clerk, &first).await.expect("free");
    let second = drafted(&setup, &setup.clerk, ("second", 1), |number, session| {
        other_staff(session);
        if number == 0 {
            ROOMS[1].0.clone_into(&mut session.room);
        }
    });
    let second = second.await;
    let refused = report(&setup, &setup.clerk, &second).await.err();
    let refused = refused.expect("the skill room is taken");
    assert_eq!(codes(&refused), ["PLAN_ROOM_TAKEN"]);
    let third = drafted(&setup, &setup.clerk, ("third", 2), |number, session| {
        other_staff(session);
        if number == 0 {
            ROOMS[1].0.clone_into(&mut session.room);
        } else {
            "17:00".clone_into(&mut session.starts_at);
            "20:00".clone_into(&mut session.ends_at);
        }
    });
    let third = third.await;
    let reported = report(&setup, &setup.clerk, &third).await;
    reported.expect("one after the other");
}

#[tokio::test]
async fn of_many_plans_that_want_the_same_people_at_once_one_is_reported() {
    let setup = setup().await;
    let mut plans = Vec::new();
    for number in 0..8 {
        let caller = other_clerk();
        let name = format!("plan-{number}");
        let draft = drafted(&setup, &caller, (&name, number), |_, _| {}).await;
        plans.push((draft, caller));
    }
    let reports = plans
        .iter()
        .map(|(plan, caller)| report(&setup, caller, plan));
    let outcomes = futures::future::join_all(reports).await;
    let (made, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!(made.len(), 1);
    for status in refused.into_iter().filter_map(Result::err) {
        let told = codes(&status);
        let known = [
            "PLAN_BOOKED_MEANWHILE",
            "PLAN_STAFF_TAKEN",
            "PLAN_ROOM_TAKEN",
        ];
        assert!(
            told.iter().all(|code| known.contains(&code.as_str())),
            "{told:?}"
        );
    }
    let receipts: i64 =
        sqlx::query_scalar("select count(*) from plan where receipt_id is not null")
            .fetch_one(&setup.platform.pool)
            .await
            .expect("count");
    assert_eq!(receipts, 1);
}

#[tokio::test]
async fn rooms_that_are_unknown_or_too_small_are_refused_and_nothing_remains() {
    let setup = setup().await;
    let plan = drafted(&setup, &setup.clerk, ("plan", 0), |_, _| {}).await;
    for (says, code) in [
        (Register::Homeless, "PLAN_ROOM_UNKNOWN"),
        (Register::Small, "PLAN_ROOM_SEATS"),
    ] {
        setup.register_says(says);
        let refused = report(&setup, &setup.clerk, &plan).await.err();
        assert_eq!(codes(&refused.expect("no room")), [code; 2]);
    }
    assert_eq!(setup.count("booking").await, 0);
    setup.register_says(Register::Yes);
    report(&setup, &setup.clerk, &plan).await.expect("in rooms");
}

#[tokio::test]
async fn relatives_and_teachers_are_excluded_and_who_declared_nothing_is_asked_to() {
    let setup = setup().await;
    let declared = |taught: &[u32], relative_on_roster| {
        Some(Avoidance {
            taught_subjects: taught.to_vec(),
            relative_on_roster,
        })
    };
    let plan = drafted(
        &setup,
        &setup.clerk,
        ("plan", 0),
        |number, session| match number {
            0 => session.staff[0].avoidance = None,
            _ => {
                session.staff[0].avoidance = declared(&[], true);
                session.staff[1].avoidance = declared(&[0, 1], false);
                session.staff[2].avoidance = declared(&[7], false);
            }
        },
    );
    let plan = plan.await;
    let refused = report(&setup, &setup.clerk, &plan).await.err();
    assert_eq!(
        codes(&refused.expect("four are wrong")),
        [
            "STAFF_AVOIDANCE_UNDECLARED",
            "STAFF_RELATED",
            "STAFF_TAUGHT_ALL",
            "STAFF_TAUGHT_UNKNOWN",
        ]
    );
}

#[tokio::test]
async fn a_class_that_all_examiners_taught_has_nobody_to_examine_it() {
    let setup = setup().await;
    let plan = drafted(&setup, &setup.clerk, ("plan", 0), |_, session| {
        for staff in &mut session.staff {
            staff.avoidance = Some(Avoidance {
                taught_subjects: vec![1],
                relative_on_roster: false,
            });
        }
    });
    let plan = plan.await;
    let refused = report(&setup, &setup.clerk, &plan).await.err();
    let told = codes(&refused.expect("a class without an examiner"));
    assert_eq!(told, ["PLAN_SUBJECT_WITHOUT_EXAMINER"]);
}

#[tokio::test]
async fn examiners_are_warned_about_at_their_fourth_exam_in_a_row() {
    let setup = setup().await;
    let days = EXAM_DAY.series(1.day());
    let mut warnings = Vec::new();
    for (number, day) in (0..4).zip(days) {
        let on = |day: Date| move |_, session: &mut ExamSession| session.held_on = day.to_string();
        let name = format!("plan-{number}");
        let plan = drafted(&setup, &setup.clerk, (&name, number), on(day)).await;
        let reported = report(&setup, &setup.clerk, &plan).await.expect("in time");
        warnings.push(reported.warnings.len());
        if number == 3 {
            let first = &reported.warnings[0];
            assert_eq!(first.code, "STAFF_NOT_ROTATED");
            assert_eq!(first.field, "sessions[1].staff[0]");
            assert!(first.text_zh.contains("3 次"));
            let stands = setup.plan(&setup.clerk, &plan).await.expect("a plan");
            assert_eq!(stands.warnings.len(), 3, "kept");
        }
    }
    assert_eq!(warnings, [0, 0, 0, 3]);
}
