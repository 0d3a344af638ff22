//! Forms that cannot be read: everything that is wrong is told at once, with its field.

use proto::exam::v1::candidate_service_server::CandidateService;
use proto::exam::v1::eligibility_service_server::EligibilityService;
use proto::exam::v1::plan_change_service_server::PlanChangeService;
use proto::exam::v1::plan_service_server::PlanService;
use proto::exam::v1::session_running_service_server::SessionRunningService;
use proto::exam::v1::session_service_server::SessionService;
use proto::exam::v1::supervision_service_server::SupervisionService;
use proto::exam::v1::{self as contract, Attendance};
use tonic::Status;
use tonic_types::StatusExt;

use crate::samples::row;
use crate::setup::{Setup, codes, from, setup};

fn fields(status: &Status) -> Vec<String> {
    let details = status.get_details_bad_request().expect("faults");
    let violations = details.field_violations.into_iter();
    violations.map(|violation| violation.field).collect()
}

/// The refusal of an empty command.
macro_rules! refusal_of_empty {
    ($setup:ident, $method:ident) => {{
        let request = from(&$setup.clerk, Default::default());
        let reply = $setup.exams.$method(request).await;
        (stringify!($method), reply.err().expect("of nothing"))
    }};
}

#[tokio::test]
async fn an_empty_command_of_every_kind_names_its_request_id() {
    let setup = setup().await;
    for (method, status) in [
        refusal_of_empty!(setup, create_plan),
        refusal_of_empty!(setup, update_plan),
        refusal_of_empty!(setup, import_roster),
        refusal_of_empty!(setup, remove_candidate),
        refusal_of_empty!(setup, report_plan),
        refusal_of_empty!(setup, return_plan),
        refusal_of_empty!(setup, reopen_plan),
        refusal_of_empty!(setup, consent_to_plan),
        refusal_of_empty!(setup, withdraw_plan),
        refusal_of_empty!(setup, replace_staff),
        refusal_of_empty!(setup, prepare_session),
        refusal_of_empty!(setup, record_incident),
        refusal_of_empty!(setup, appoint_supervisor),
        refusal_of_empty!(setup, record_finding),
        refusal_of_empty!(setup, report_rectification),
        refusal_of_empty!(setup, judge_rectification),
        refusal_of_empty!(setup, record_attendance),
        refusal_of_empty!(setup, record_misconduct),
        refusal_of_empty!(setup, complete_session),
        refusal_of_empty!(setup, set_eligibility_rules),
        refusal_of_empty!(setup, assign_seats),
    ] {
        let fields = fields(&status);
        assert_eq!(fields.first().expect("faults"), "request_id", "{method}");
        assert!(
            fields.len() > 1 && !fields.contains(&String::new()),
            "{method}"
        );
        assert!(
            codes(&status).contains(&"REQUEST_ID_MISSING".to_owned()),
            "{method}"
        );
    }
}

#[tokio::test]
async fn contradictions_of_a_plan_are_told_beside_what_cannot_be_read() {
    let setup = setup().await;
    let mut request = setup.new_plan("");
    request.organization_id = "x".to_owned();
    request.process = "坏\0字".to_owned();
    request.subjects[0].trade = "\0".to_owned();
    request.sessions[0].ends_at = "09:00".to_owned();
    request.sessions[0].seats = 0;
    request.sessions[1].room = String::new();
    request.sessions[1].seats = 2001;
    let refused = setup.exams.create_plan(from(&setup.clerk, request)).await;
    let refused = refused.err().expect("everything is wrong");
    assert_eq!(
        fields(&refused),
        [
            "request_id",
            "organization_id",
            "process",
            "subjects[0].trade",
            "sessions[0].ends_at",
            "sessions[0].seats",
            "sessions[1].room",
            "sessions[1].seats",
        ]
    );
}

async fn import(setup: &Setup, request: contract::ImportRosterRequest) -> Status {
    let reply = setup.exams.import_roster(from(&setup.clerk, request)).await;
    reply.err().expect("refused")
}

#[tokio::test]
async fn rows_of_a_roster_are_judged_even_where_the_plan_is_not_named() {
    let setup = setup().await;
    let mut request = contract::ImportRosterRequest {
        plan_id: "x".to_owned(),
        ..contract::ImportRosterRequest::default()
    };
    let empty = import(&setup, request.clone()).await;
    assert_eq!(fields(&empty), ["request_id", "plan_id", "candidates"]);
    request.request_id = "import".to_owned();
    request.candidates = vec![row(0), row(0), row(1)];
    request.candidates[2].name = String::new();
    let told = ["plan_id", "candidates[1].citizen_id", "candidates[2].name"];
    assert_eq!(fields(&import(&setup, request.clone()).await), told);
    request.plan_id = setup.drafted().await.plan_id;
    request.request_id = " ".to_owned();
    let told = [
        "request_id",
        "candidates[1].citizen_id",
        "candidates[2].name",
    ];
    assert_eq!(fields(&import(&setup, request).await), told);
}

#[tokio::test]
async fn a_candidate_named_twice_is_told_beside_an_attendance_that_is_none() {
    let setup = setup().await;
    let (plan, admitted) = setup.reported(1).await;
    let given = |attendance: Attendance| contract::CandidateAttendance {
        candidate_id: admitted[0].candidate_id.clone(),
        attendance: attendance.into(),
    };
    let (present, unknown) = (given(Attendance::Present), given(Attendance::Void));
    let request = contract::RecordAttendanceRequest {
        request_id: "attendance".to_owned(),
        plan_id: plan.plan_id.clone(),
        session_id: plan.sessions[0].session_id.clone(),
        candidates: vec![present.clone(), present, unknown],
    };
    let refused = setup.exams.record_attendance(from(&setup.clerk, request));
    let refused = refused.await.err().expect("two rows are wrong");
    assert_eq!(
        fields(&refused),
        ["candidates[2].attendance", "candidates[1].candidate_id"]
    );
}
