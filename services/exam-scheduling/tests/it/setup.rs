//! The service on a fresh database, and the steps of a plan up to where a test begins.

use std::collections::HashMap;
use std::sync::Arc;

use exam_scheduling::{App, DEFAULTS, ExamScheduling, MIGRATIONS};
use jiff::civil::{Date, DateTime, date};
use kernel::ids::OrganizationId;
use platform::access::{Caller, ServiceToken};
use platform::client::{self, Neighbour};
use platform::config;
use platform::crypto::secret_file;
use platform::testing::{TestPlatform, clerk};
use proto::common::v1::Level;
use proto::exam::v1::plan_service_server::PlanService;
use proto::exam::v1::session_running_service_server::SessionRunningService;
use proto::exam::v1::session_service_server::SessionService;
use proto::exam::v1::{self as contract, ExamPlan};
use tonic::{Request, Status};
use uuid::Uuid;

use crate::holder::FakeResults;
use crate::register::{FakeRegistry, Register};
use crate::samples::{AFTER_THE_EXAM, EXAM_DAY, MARK, row, sessions, subject};

/// The service under test.
pub(crate) struct Setup {
    pub(crate) platform: TestPlatform,
    pub(crate) exams: ExamScheduling,
    pub(crate) college: OrganizationId,
    pub(crate) clerk: Caller,
    register: FakeRegistry,
    pub(crate) results: FakeResults,
}

/// A service on the morning of 18 May 2020, beside a registry that says yes.
pub(crate) async fn setup() -> Setup {
    let now = date(2020, 5, 18).at(9, 0, 0, 0);
    let platform = TestPlatform::start("exam-scheduling", &MIGRATIONS, now).await;
    let register = FakeRegistry::default();
    let address = register.clone().serve();
    let results = FakeResults::default();
    let addresses = (address.as_str(), results.clone().serve());
    let (neighbours, rules) = configured(&platform, addresses);
    let app = App::new(
        platform.journal.clone(),
        platform.indexer(),
        neighbours,
        rules,
    );
    let college = OrganizationId::from_uuid(Uuid::now_v7());
    let exams = ExamScheduling::new(app);
    Setup {
        platform,
        exams,
        college,
        clerk: clerk("clerk", college),
        register,
        results,
    }
}

/// The neighbour and the rules as the service's own settings make them.
fn configured(
    platform: &TestPlatform,
    (registry, results): (&str, String),
) -> (
    (Neighbour, Neighbour),
    exam_scheduling::domain::rules::Rules,
) {
    let variables: HashMap<String, String> = [
        ("LUBAN__SERVICE__MODE", "test"),
        ("LUBAN__ACCESS__ISSUER", "https://issuer.test"),
        ("LUBAN__ACCESS__JWKS_FILE", "keys.json"),
        ("LUBAN__NEIGHBOURS__REGISTRY", registry),
        ("LUBAN__NEIGHBOURS__RESULTS", &results),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let (settings, rules) = config::load(DEFAULTS, None, &variables).expect("usable settings");
    let token = platform.keys.path().join("exam-scheduling.jwt");
    secret_file::write(&token, b"token").expect("writable");
    let token = Arc::new(ServiceToken::from_file(token));
    let neighbour =
        |name| client::connect(&settings, name, Arc::clone(&token)).expect("an address");
    ((neighbour("registry"), neighbour("results")), rules)
}

/// A request as the access layer hands it on.
pub(crate) fn from<T>(caller: &Caller, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.extensions_mut().insert(caller.clone());
    request
}

/// Codes of every fault in a refusal.
pub(crate) fn codes(status: &Status) -> Vec<String> {
    use tonic_types::StatusExt;
    let details = status.get_error_details();
    let info = details.error_info().expect("a refusal names its reason");
    info.metadata["codes"]
        .split(',')
        .map(str::to_owned)
        .collect()
}

impl Setup {
    /// Lets the registry say something else from now on.
    pub(crate) fn register_says(&self, answer: Register) {
        self.register.says(answer);
    }

    /// Moves the business day.
    pub(crate) fn today_is(&self, day: Date) {
        self.time_is(day.at(9, 0, 0, 0));
    }

    /// Moves the business time.
    pub(crate) fn time_is(&self, time: DateTime) {
        self.platform.clock.set(time);
    }

    pub(crate) fn new_plan(&self, request_id: &str) -> contract::CreatePlanRequest {
        contract::CreatePlanRequest {
            request_id: request_id.to_owned(),
            organization_id: self.college.to_string(),
            process: "理论考试、技能考核".to_owned(),
            subjects: vec![subject(Level::Five), subject(Level::Four)],
            sessions: sessions(),
        }
    }

    /// A draft without candidates.
    pub(crate) async fn drafted(&self) -> ExamPlan {
        self.draft("create").await
    }

    /// The same, under a request id that makes it one of several.
    pub(crate) async fn draft(&self, request_id: &str) -> ExamPlan {
        let request = from(&self.clerk, self.new_plan(request_id));
        let reply = self.exams.create_plan(request).await.expect("a draft");
        reply.into_inner().plan.expect("a plan")
    }

    /// Puts candidates on a roster.
    pub(crate) async fn import(
        &self,
        plan_id: &str,
        request_id: &str,
        candidates: Vec<contract::RosterCandidate>,
    ) -> Result<Vec<contract::AdmittedCandidate>, Status> {
        let (plan_id, request_id) = (plan_id.to_owned(), request_id.to_owned());
        let request = contract::ImportRosterRequest {
            request_id,
            plan_id,
            candidates,
        };
        let reply = self.exams.import_roster(from(&self.clerk, request)).await?;
        Ok(reply.into_inner().candidates)
    }

    pub(crate) async fn report(&self, plan_id: &str, request_id: &str) -> Result<ExamPlan, Status> {
        let (plan_id, request_id) = (plan_id.to_owned(), request_id.to_owned());
        let request = contract::ReportPlanRequest {
            request_id,
            plan_id,
        };
        let reply = self.exams.report_plan(from(&self.clerk, request)).await?;
        Ok(reply.into_inner().plan.expect("a plan"))
    }

    /// A plan reported in time with so many candidates.
    pub(crate) async fn reported(
        &self,
        candidates: u16,
    ) -> (ExamPlan, Vec<contract::AdmittedCandidate>) {
        let plan = self.drafted().await;
        let rows = (0..candidates).map(row).collect();
        let admitted = self
            .import(&plan.plan_id, "import", rows)
            .await
            .expect("admitted");
        (
            self.report(&plan.plan_id, "report")
                .await
                .expect("reported"),
            admitted,
        )
    }

    pub(crate) async fn plan(&self, caller: &Caller, plan_id: &str) -> Result<ExamPlan, Status> {
        let request = contract::GetPlanRequest {
            plan_id: plan_id.to_owned(),
        };
        let reply = self.exams.get_plan(from(caller, request)).await?;
        Ok(reply.into_inner().plan.expect("a plan"))
    }

    /// Records that all of these came, or that none did.
    pub(crate) async fn attendance(
        &self,
        (plan, session): (&ExamPlan, usize),
        request_id: &str,
        candidates: &[contract::AdmittedCandidate],
        attendance: contract::Attendance,
    ) -> Result<u32, Status> {
        let row = |candidate: &contract::AdmittedCandidate| contract::CandidateAttendance {
            candidate_id: candidate.candidate_id.clone(),
            attendance: attendance.into(),
        };
        let request = contract::RecordAttendanceRequest {
            request_id: request_id.to_owned(),
            plan_id: plan.plan_id.clone(),
            session_id: plan.sessions[session].session_id.clone(),
            candidates: candidates.iter().map(row).collect(),
        };
        let reply = self
            .exams
            .record_attendance(from(&self.clerk, request))
            .await?;
        Ok(reply.into_inner().recorded)
    }

    /// A session made ready.
    pub(crate) fn preparation(
        (plan, session): (&ExamPlan, usize),
        request_id: &str,
    ) -> contract::PrepareSessionRequest {
        contract::PrepareSessionRequest {
            request_id: request_id.to_owned(),
            plan_id: plan.plan_id.clone(),
            session_id: plan.sessions[session].session_id.clone(),
            paper: Some(contract::SessionPaper {
                source: contract::PaperSource::Province.into(),
                set_code: "2020-06-A".to_owned(),
                copies: 30,
                custodian_name: format!("{MARK}保管"),
                kept_from: EXAM_DAY.to_string(),
            }),
            ready: (1..=6).collect(),
        }
    }

    pub(crate) async fn prepare(
        &self,
        at: (&ExamPlan, usize),
        request_id: &str,
    ) -> Result<(), Status> {
        let request = from(&self.clerk, Self::preparation(at, request_id));
        self.exams.prepare_session(request).await.map(|_| ())
    }

    /// Completes a session, which is made ready first as far as that is still to be done.
    pub(crate) async fn complete(
        &self,
        (plan, session): (&ExamPlan, usize),
        request_id: &str,
    ) -> Result<ExamPlan, Status> {
        let ready = format!("{request_id}-ready");
        let _ready_or_refused = self.prepare((plan, session), &ready).await;
        let request = contract::CompleteSessionRequest {
            request_id: request_id.to_owned(),
            plan_id: plan.plan_id.clone(),
            session_id: plan.sessions[session].session_id.clone(),
        };
        let reply = self
            .exams
            .complete_session(from(&self.clerk, request))
            .await?;
        Ok(reply.into_inner().plan.expect("a plan"))
    }

    /// A plan with both sessions held, everybody present.
    pub(crate) async fn held(
        &self,
        candidates: u16,
    ) -> (ExamPlan, Vec<contract::AdmittedCandidate>) {
        let (plan, admitted) = self.reported(candidates).await;
        self.time_is(AFTER_THE_EXAM);
        let present = contract::Attendance::Present;
        for session in 0..2 {
            let at = (&plan, session);
            let request_id = format!("attendance-{session}");
            self.attendance(at, &request_id, &admitted, present)
                .await
                .expect("recorded");
            self.complete(at, &format!("complete-{session}"))
                .await
                .expect("completed");
        }
        (
            self.plan(&self.clerk, &plan.plan_id).await.expect("a plan"),
            admitted,
        )
    }

    /// Kinds of the facts so far, in order; the published ones are starred.
    pub(crate) async fn facts(&self) -> Vec<String> {
        let facts: Vec<(String, Option<i64>)> = sqlx::query_as(
            "select kind, published_version from platform.fact order by aggregate_id, version",
        )
        .fetch_all(&self.platform.pool)
        .await
        .expect("read the facts");
        let star = |published: Option<i64>| if published.is_some() { "*" } else { "" };
        facts
            .into_iter()
            .map(|(kind, published)| format!("{kind}{}", star(published)))
            .collect()
    }

    /// Rows of a table.
    pub(crate) async fn count(&self, table: &'static str) -> i64 {
        let query = format!("select count(*) from {table}");
        sqlx::query_scalar(sqlx::AssertSqlSafe(query))
            .fetch_one(&self.platform.pool)
            .await
            .expect("count")
    }
}
