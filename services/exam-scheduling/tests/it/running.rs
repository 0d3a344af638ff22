//! Paper and room made ready, what goes wrong, and who is kept out of exams for it.

use platform::access::{Caller, Role};
use platform::testing::city_officer;
use proto::exam::v1::session_running_service_server::SessionRunningService;
use proto::exam::v1::session_service_server::SessionService;
use proto::exam::v1::{
    Attendance, CompleteSessionRequest, ExamPart, ExamPlan, GetSessionRecordRequest,
    GetSessionRecordResponse, IncidentKind, MisconductTier, PaperSource, PreparationItem,
    RecordIncidentRequest, RecordMisconductRequest,
};
use tonic::Status;

use crate::samples::{AFTER_THE_EXAM, EXAM_DAY, WEIHAI};
use crate::setup::{Setup, codes, from, setup};

pub(crate) async fn record(
    setup: &Setup,
    caller: &Caller,
    (plan, session): (&ExamPlan, usize),
) -> Result<GetSessionRecordResponse, Status> {
    let request = GetSessionRecordRequest {
        plan_id: plan.plan_id.clone(),
        session_id: plan.sessions[session].session_id.clone(),
    };
    let reply = setup
        .exams
        .get_session_record(from(caller, request))
        .await?;
    Ok(reply.into_inner())
}

async fn incident(
    setup: &Setup,
    plan: &ExamPlan,
    request_id: &str,
    hour: &str,
) -> Result<(), Status> {
    let request = RecordIncidentRequest {
        request_id: request_id.to_owned(),
        plan_id: plan.plan_id.clone(),
        session_id: plan.sessions[0].session_id.clone(),
        kind: IncidentKind::Outage.into(),
        starts_at: hour.to_owned(),
        minutes: 10,
        account: "考场停电".to_owned(),
        handling: "顺延十分钟".to_owned(),
    };
    let recorded = setup.exams.record_incident(from(&setup.clerk, request));
    recorded.await.map(|_| ())
}

#[tokio::test]
async fn no_session_is_completed_before_paper_and_preparation_are_on_record() {
    let setup = setup().await;
    let (plan, admitted) = setup.reported(1).await;
    setup.time_is(AFTER_THE_EXAM);
    let at = (&plan, 0);
    setup
        .attendance(at, "attend", &admitted, Attendance::Present)
        .await
        .expect("recorded");
    let complete = |request_id: &str| CompleteSessionRequest {
        request_id: request_id.to_owned(),
        plan_id: plan.plan_id.clone(),
        session_id: plan.sessions[0].session_id.clone(),
    };
    let early = setup
        .exams
        .complete_session(from(&setup.clerk, complete("early")));
    let early = early.await.err().expect("not prepared");
    assert_eq!(codes(&early), ["SESSION_NOT_PREPARED"]);
    setup.prepare(at, "prepare").await.expect("forgotten");
    let again = setup.prepare(at, "again").await.err();
    assert_eq!(
        codes(&again.expect("it stands")),
        ["SESSION_PREPARED_ALREADY"]
    );
    let completed = setup
        .exams
        .complete_session(from(&setup.clerk, complete("now")));
    completed.await.expect("it was");
}

#[tokio::test]
async fn everything_missing_is_told_at_once_and_nothing_is_left() {
    let setup = setup().await;
    let (plan, _) = setup.reported(1).await;
    let mut request = Setup::preparation((&plan, 0), "prepare");
    request.ready = vec![PreparationItem::Materials.into(), 99, 0];
    let paper = request.paper.as_mut().expect("a paper");
    paper.kept_from = EXAM_DAY.tomorrow().expect("a day later").to_string();
    let refused = setup.exams.prepare_session(from(&setup.clerk, request));
    let told = codes(&refused.await.err().expect("refused"));
    assert_eq!(told[..5], ["PREPARATION_ITEM_MISSING"; 5]);
    assert_eq!(told[5], "PAPER_KEPT_LATE");
    assert_eq!(setup.count("session_preparation").await, 0);
}

#[tokio::test]
async fn the_record_of_a_session_is_read_by_those_it_concerns_and_on_record() {
    let setup = setup().await;
    let (plan, admitted) = setup.reported(2).await;
    let at = (&plan, 0);
    setup.prepare(at, "prepare").await.expect("in time");
    setup.time_is(EXAM_DAY.at(10, 0, 0, 0));
    let early = incident(&setup, &plan, "early", "10:01").await.err();
    assert_eq!(codes(&early.expect("to come")), ["INCIDENT_STILL_TO_COME"]);
    incident(&setup, &plan, "incident", "09:20")
        .await
        .expect("it was");
    setup
        .attendance(at, "attend", &admitted[..1], Attendance::Absent)
        .await
        .expect("recorded");
    let before = setup.count("platform.access_record").await;
    let officer = city_officer("officer", WEIHAI);
    let seen = record(&setup, &officer, at).await.expect("its own");
    let paper = seen.paper.expect("prepared");
    assert!(paper.source() == PaperSource::Province);
    assert!(paper.custodian_name.contains("标记"));
    assert_eq!((seen.present, seen.absent), (0, 1));
    let incident = &seen.incidents[0];
    assert_eq!(
        (incident.account.as_str(), incident.starts_at.as_str()),
        ("考场停电", "09:20")
    );
    let shown = setup.count("platform.access_record").await - before;
    assert_eq!(shown, 3, "a name, an account and its handling");
    let stranger = city_officer("officer", "370100");
    let refused = record(&setup, &stranger, at).await.err();
    assert_eq!(codes(&refused.expect("foreign")), ["PLAN_NOT_FOUND"]);
}

#[tokio::test]
async fn grave_misconduct_keeps_out_for_the_year_and_the_gravest_for_years() {
    let setup = setup().await;
    let (plan, admitted) = setup.reported(2).await;
    setup.time_is(AFTER_THE_EXAM);
    let supervisor = Caller {
        role: Role::QualitySupervisor,
        ..city_officer("supervisor", WEIHAI)
    };
    let (grave, gravest) = (MisconductTier::AllVoid, MisconductTier::Banned);
    for (candidate, tier) in admitted.iter().zip([grave, gravest]) {
        let request = RecordMisconductRequest {
            request_id: format!("misconduct-{}", tier as i32),
            plan_id: plan.plan_id.clone(),
            session_id: plan.sessions[0].session_id.clone(),
            candidate_id: candidate.candidate_id.clone(),
            tier: tier.into(),
        };
        let recorded = setup.exams.record_misconduct(from(&supervisor, request));
        recorded.await.expect("recorded");
    }
    let seen = record(&setup, &setup.clerk, (&plan, 0)).await;
    let seen = seen.expect("its own").misconduct;
    for one in &seen {
        let void: Vec<_> = one.void_parts().collect();
        assert!(void == [ExamPart::Theory, ExamPart::Skill]);
    }
    let mut until: Vec<_> = seen.iter().map(|one| one.banned_until.as_str()).collect();
    until.sort_unstable();
    assert_eq!(until, ["2020-12-31", "2025-06-08"]);
}
