//! What happens in the room, and the lock on the roster.

use platform::access::Caller;
use platform::testing::city_officer;
use proto::exam::v1::session_service_server::SessionService;
use proto::exam::v1::{
    AdmittedCandidate, Attendance, ExamPart, ExamPlan, MisconductTier, PlanState,
    RecordMisconductRequest,
};
use tonic::Status;

use crate::reading::roster;
use crate::samples::{AFTER_THE_EXAM, EXAM_DAY, WEIHAI};
use crate::setup::{Setup, codes, from, setup};

async fn misconduct(
    setup: &Setup,
    caller: &Caller,
    (plan, session): (&ExamPlan, usize),
    candidate: &AdmittedCandidate,
    tier: MisconductTier,
) -> Result<(), Status> {
    let request = RecordMisconductRequest {
        request_id: format!("misconduct-{}-{}", caller.subject, tier as i32),
        plan_id: plan.plan_id.clone(),
        session_id: plan.sessions[session].session_id.clone(),
        candidate_id: candidate.candidate_id.clone(),
        tier: tier.into(),
    };
    setup
        .exams
        .record_misconduct(from(caller, request))
        .await
        .map(|_| ())
}

#[tokio::test]
async fn the_last_session_locks_the_roster_and_nothing_of_it_changes_any_more() {
    let setup = setup().await;
    let (plan, admitted) = setup.held(3).await;
    assert!(plan.state() == PlanState::Held);
    let facts = setup.facts().await;
    assert_eq!(
        facts[2..],
        [
            "plan_reported*",
            "attendance_recorded",
            "session_prepared",
            "session_held*",
            "attendance_recorded",
            "session_prepared",
            "session_held*",
            "roster_locked*",
        ]
    );
    let at = (&plan, 0);
    let late = setup
        .attendance(at, "late", &admitted, Attendance::Absent)
        .await;
    assert_eq!(codes(&late.expect_err("locked")), ["ROSTER_LOCKED"]);
    let late = misconduct(
        &setup,
        &setup.clerk,
        at,
        &admitted[0],
        MisconductTier::Cheating,
    )
    .await;
    assert_eq!(codes(&late.expect_err("locked")), ["ROSTER_LOCKED"]);
    let late = setup.complete(at, "again").await;
    assert_eq!(codes(&late.err().expect("locked")), ["ROSTER_LOCKED"]);
    assert_eq!(setup.facts().await, facts);
}

#[tokio::test]
async fn a_session_before_its_day_or_with_somebody_unaccounted_for_is_not_completed() {
    let setup = setup().await;
    let (plan, admitted) = setup.reported(3).await;
    let at = (&plan, 0);
    let early = setup
        .attendance(at, "early", &admitted, Attendance::Present)
        .await;
    assert_eq!(codes(&early.expect_err("weeks ahead")), ["SESSION_NOT_YET"]);
    assert_eq!(
        codes(
            &setup
                .complete(at, "early")
                .await
                .err()
                .expect("weeks ahead")
        ),
        ["SESSION_NOT_YET"]
    );

    setup.time_is(EXAM_DAY.at(6, 0, 0, 0));
    let early = setup
        .attendance(at, "at-six", &admitted, Attendance::Present)
        .await;
    assert_eq!(codes(&early.expect_err("at nine")), ["SESSION_NOT_YET"]);
    setup.time_is(EXAM_DAY.at(10, 29, 0, 0));
    let early = setup.complete(at, "early-2").await;
    assert_eq!(
        codes(&early.err().expect("at half past")),
        ["SESSION_NOT_OVER"]
    );

    setup.time_is(AFTER_THE_EXAM);
    setup
        .attendance(at, "two", &admitted[..2], Attendance::Present)
        .await
        .expect("two came");
    let status = setup
        .complete(at, "complete")
        .await
        .err()
        .expect("one is missing");
    assert_eq!(codes(&status), ["SESSION_ATTENDANCE_MISSING"]);
    setup
        .attendance(at, "one", &admitted[2..], Attendance::Absent)
        .await
        .expect("one did not");
    let plan = setup
        .complete(at, "complete")
        .await
        .expect("all are accounted for");
    assert!(plan.sessions[0].completed && !plan.sessions[1].completed);
    assert!(plan.state() == PlanState::Reported);
}

#[tokio::test]
async fn the_last_word_on_attendance_counts() {
    let setup = setup().await;
    let (plan, admitted) = setup.reported(1).await;
    setup.time_is(AFTER_THE_EXAM);
    for session in 0..2 {
        let at = (&plan, session);
        setup
            .attendance(at, &format!("a{session}"), &admitted, Attendance::Absent)
            .await
            .expect("1");
        setup
            .attendance(at, &format!("p{session}"), &admitted, Attendance::Present)
            .await
            .expect("2");
        setup
            .complete(at, &format!("c{session}"))
            .await
            .expect("completed");
    }
    let page = roster(&setup, &plan, 0, "").await.expect("locked");
    let said: Vec<_> = page.entries[0]
        .attendance
        .iter()
        .map(|part| (part.part(), part.attendance()))
        .collect();
    let present = Attendance::Present;
    assert!(said == [(ExamPart::Theory, present), (ExamPart::Skill, present)]);
}

#[tokio::test]
async fn misconduct_voids_a_part_or_all_and_counts_as_accounted_for() {
    let setup = setup().await;
    let (plan, admitted) = setup.reported(3).await;
    setup.time_is(AFTER_THE_EXAM);
    let theory = (&plan, 0);
    setup
        .attendance(theory, "theory", &admitted, Attendance::Present)
        .await
        .expect("recorded");
    let supervisor = Caller {
        role: platform::access::Role::QualitySupervisor,
        ..city_officer("supervisor", WEIHAI)
    };
    let (cheat, gravest) = (MisconductTier::Cheating, MisconductTier::AllVoid);
    misconduct(&setup, &setup.clerk, theory, &admitted[0], cheat)
        .await
        .expect("recorded");
    misconduct(&setup, &supervisor, theory, &admitted[1], gravest)
        .await
        .expect("recorded");
    let again = misconduct(&setup, &supervisor, theory, &admitted[0], cheat).await;
    assert_eq!(
        codes(&again.expect_err("on record")),
        ["MISCONDUCT_RECORDED"]
    );
    setup.complete(theory, "theory").await.expect("completed");
    // Number 1 is void throughout and need not be recorded again.
    let skill = (&plan, 1);
    setup
        .attendance(skill, "skill-0", &admitted[..1], Attendance::Present)
        .await
        .expect("recorded");
    setup
        .attendance(skill, "skill-2", &admitted[2..], Attendance::Absent)
        .await
        .expect("recorded");
    setup
        .complete(skill, "skill")
        .await
        .expect("all are accounted for");

    let page = roster(&setup, &plan, 0, "").await.expect("locked");
    let of = |candidate: &AdmittedCandidate| {
        let entry = page
            .entries
            .iter()
            .find(|entry| entry.candidate_id == candidate.candidate_id);
        let parts = &entry.expect("on the roster").attendance;
        parts
            .iter()
            .map(proto::exam::v1::PartAttendance::attendance)
            .collect::<Vec<_>>()
    };
    assert!(of(&admitted[0]) == [Attendance::Void, Attendance::Present]);
    assert!(of(&admitted[1]) == [Attendance::Void, Attendance::Void]);
    assert!(of(&admitted[2]) == [Attendance::Present, Attendance::Absent]);
}

#[tokio::test]
async fn candidates_of_another_plan_are_not_recorded() {
    let setup = setup().await;
    let (plan, admitted) = setup.reported(1).await;
    setup.time_is(AFTER_THE_EXAM);
    let stranger = AdmittedCandidate {
        candidate_id: kernel::ids::CandidateId::from_uuid(uuid::Uuid::now_v7()).to_string(),
        ..admitted[0].clone()
    };
    let rows = [admitted[0].clone(), stranger.clone()];
    let status = setup
        .attendance((&plan, 0), "both", &rows, Attendance::Present)
        .await;
    assert_eq!(
        codes(&status.expect_err("one is unknown")),
        ["CANDIDATE_NOT_FOUND"]
    );
    assert_eq!(setup.count("attendance").await, 0);
    let tier = MisconductTier::Cheating;
    let status = misconduct(&setup, &setup.clerk, (&plan, 0), &stranger, tier).await;
    assert_eq!(
        codes(&status.expect_err("unknown")),
        ["CANDIDATE_NOT_FOUND"]
    );
}
