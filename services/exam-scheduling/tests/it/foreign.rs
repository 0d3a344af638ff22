//! A plan of somebody else is answered, by every method, like one that does not exist.

use kernel::ids::{OrganizationId, PlanId, SessionId};
use platform::access::Caller;
use platform::testing::clerk;
use proto::exam::v1::plan_change_service_server::PlanChangeService;
use proto::exam::v1::plan_service_server::PlanService;
use proto::exam::v1::session_service_server::SessionService;
use proto::exam::v1::{
    Attendance, CandidateAttendance, CompleteSessionRequest, ConsentToPlanRequest, GetPlanRequest,
    ImportRosterRequest, MisconductTier, PlanFault, PlanMatter, RecordAttendanceRequest,
    RecordMisconductRequest, RemoveCandidateRequest, ReopenPlanRequest, ReplaceStaffRequest,
    ReportPlanRequest, ReturnPlanRequest, UpdatePlanRequest, WithdrawPlanRequest,
};
use tonic::{Code, Response, Status};
use tonic_types::StatusExt;
use uuid::Uuid;

use crate::samples::{row, sessions};
use crate::setup::{Setup, codes, from, setup};

/// Everything that a caller of this method is told.
type Told = (&'static str, Code, Vec<String>, String);

fn told<T>(method: &'static str, answer: Result<Response<T>, Status>) -> Told {
    let status = answer.err().expect(method);
    let details = status.get_error_details();
    let fields = format!("{:?}", details.bad_request());
    let texts = format!("{} {fields}", status.message());
    (method, status.code(), codes(&status), texts)
}

/// What the methods that do not change with the stage of a plan say about one.
async fn of_drafts(setup: &Setup, caller: &Caller, plan_id: &str, candidate: &str) -> Vec<Told> {
    let (request_id, plan_id) = (String::from("foreign"), plan_id.to_owned());
    let get = GetPlanRequest {
        plan_id: plan_id.clone(),
    };
    let update = UpdatePlanRequest {
        request_id: request_id.clone(),
        plan_id: plan_id.clone(),
        sessions: sessions(),
    };
    let import = ImportRosterRequest {
        request_id: request_id.clone(),
        plan_id: plan_id.clone(),
        candidates: vec![row(7)],
    };
    let remove = RemoveCandidateRequest {
        request_id: request_id.clone(),
        plan_id: plan_id.clone(),
        candidate_id: candidate.to_owned(),
    };
    let withdraw = WithdrawPlanRequest {
        request_id: request_id.clone(),
        plan_id: plan_id.clone(),
        reason: "人数不足".to_owned(),
    };
    let reopen = ReopenPlanRequest {
        request_id: request_id.clone(),
        plan_id: plan_id.clone(),
        reason: "停电".to_owned(),
    };
    let give_back = ReturnPlanRequest {
        request_id: request_id.clone(),
        plan_id: plan_id.clone(),
        faults: vec![PlanFault {
            matter: PlanMatter::Staff.into(),
            text: "人员不足".to_owned(),
        }],
    };
    let consent = ConsentToPlanRequest {
        request_id: request_id.clone(),
        plan_id: plan_id.clone(),
        plan_hash: vec![0; 32].into(),
    };
    let replace = ReplaceStaffRequest {
        request_id: request_id.clone(),
        plan_id: plan_id.clone(),
        session_id: SessionId::from_uuid(Uuid::now_v7()).to_string(),
        card_number: "R37200010".to_owned(),
        joining: sessions()[1].staff.first().cloned(),
        reason: "生病".to_owned(),
    };
    let report = ReportPlanRequest {
        request_id,
        plan_id,
    };
    let exams = &setup.exams;
    vec![
        told(
            "withdraw",
            exams.withdraw_plan(from(caller, withdraw)).await,
        ),
        told("reopen", exams.reopen_plan(from(caller, reopen)).await),
        told("return", exams.return_plan(from(caller, give_back)).await),
        told(
            "consent",
            exams.consent_to_plan(from(caller, consent)).await,
        ),
        told("replace", exams.replace_staff(from(caller, replace)).await),
        told("get", exams.get_plan(from(caller, get)).await),
        told("update", exams.update_plan(from(caller, update)).await),
        told("import", exams.import_roster(from(caller, import)).await),
        told("remove", exams.remove_candidate(from(caller, remove)).await),
        told("report", exams.report_plan(from(caller, report)).await),
    ]
}

async fn of_sessions(
    setup: &Setup,
    caller: &Caller,
    (plan_id, session_id): (&str, &str),
    candidate: &str,
) -> Vec<Told> {
    let (request_id, candidate_id) = (String::from("foreign"), candidate.to_owned());
    let (plan_id, session_id) = (plan_id.to_owned(), session_id.to_owned());
    let attend = RecordAttendanceRequest {
        request_id: request_id.clone(),
        plan_id: plan_id.clone(),
        session_id: session_id.clone(),
        candidates: vec![CandidateAttendance {
            candidate_id: candidate_id.clone(),
            attendance: Attendance::Present.into(),
        }],
    };
    let misbehave = RecordMisconductRequest {
        request_id: request_id.clone(),
        plan_id: plan_id.clone(),
        session_id: session_id.clone(),
        candidate_id,
        tier: MisconductTier::Cheating.into(),
    };
    let complete = CompleteSessionRequest {
        request_id,
        plan_id,
        session_id,
    };
    let exams = &setup.exams;
    vec![
        told(
            "attend",
            exams.record_attendance(from(caller, attend)).await,
        ),
        told(
            "misbehave",
            exams.record_misconduct(from(caller, misbehave)).await,
        ),
        told(
            "complete",
            exams.complete_session(from(caller, complete)).await,
        ),
    ]
}

#[tokio::test]
async fn every_method_answers_a_foreign_plan_like_a_missing_one() {
    let setup = setup().await;
    let draft = setup.drafted().await.plan_id;
    let admitted = setup.import(&draft, "import", vec![row(0), row(1)]).await;
    let candidate = admitted.expect("two")[0].candidate_id.clone();
    let stranger = clerk("stranger", OrganizationId::from_uuid(Uuid::now_v7()));
    let missing = PlanId::from_uuid(Uuid::now_v7()).to_string();

    let foreign = of_drafts(&setup, &stranger, &draft, &candidate).await;
    let none = of_drafts(&setup, &stranger, &missing, &candidate).await;
    assert_eq!(foreign, none);

    let plan = setup.report(&draft, "report").await.expect("in time");
    setup.time_is(crate::samples::AFTER_THE_EXAM);
    let session = plan.sessions[0].session_id.as_str();
    let before = setup.facts().await;
    let foreign = of_sessions(&setup, &stranger, (&draft, session), &candidate).await;
    let of_none = of_sessions(&setup, &stranger, (&missing, session), &candidate).await;
    assert_eq!(foreign, of_none);
    let all = [none, of_none].concat();
    assert!(
        all.iter().all(|told| told.2 == ["PLAN_NOT_FOUND"]),
        "{all:?}"
    );
    assert_eq!(setup.facts().await, before);
    assert_eq!(setup.count("platform.aggregate").await, 1);
}
