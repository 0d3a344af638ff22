//! A service on a fresh database with played neighbours, and the way to each stage of a batch.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use jiff::civil::{Date, date};
use kernel::ids::{FactId, OrganizationId};
use platform::access::{Caller, ServiceToken};
use platform::client;
use platform::config::{self, NoSections, Settings};
use platform::crypto::secret_file;
use platform::inbox::Inbox;
use platform::testing::{TestPlatform, city_officer, clerk, province_officer};
use prost::Message;
use proto::common::v1 as common;
use proto::exam::v1 as exam;
use proto::results::v1 as pb;
use proto::results::v1::batch_service_server::BatchService;
use proto::results::v1::certificate_service_server::CertificateService;
use proto::results::v1::result_review_service_server::ResultReviewService;
use results::app::{Neighbours, Results, Sweep};
use results::config::Rules;
use results::domain::batch::ProvinceFiledReview;
use results::grpc::Face;
use tonic::{Request, Status};
use uuid::Uuid;

use crate::neighbours::{Played, organization, plan_id, ticket};

pub(crate) const WEIHAI: &str = "371000";
/// A Monday, two days after the exam.
pub(crate) const OPENED: Date = date(2020, 7, 6);
/// The day after the notice's fifth working day.
pub(crate) const NOTICE_OVER: Date = date(2020, 7, 14);

/// The service under test.
pub(crate) struct Setup {
    pub(crate) platform: TestPlatform,
    pub(crate) face: Face,
    pub(crate) sweep: Sweep,
    pub(crate) played: Played,
    plans: Inbox<results::Plans>,
    requests: AtomicU32,
}

/// A plan of a Weihai organisation is held and its roster locked.
pub(crate) async fn setup() -> Setup {
    setup_with(ProvinceFiledReview::Province).await
}

pub(crate) async fn setup_with(province_filed_review: ProvinceFiledReview) -> Setup {
    let now = OPENED.at(9, 0, 0, 0);
    let platform = TestPlatform::start("results", &results::MIGRATIONS, now).await;
    let (played, address) = Played::start().await;
    let token = platform.keys.path().join("token");
    secret_file::write(&token, b"token").expect("writable");
    let token = Arc::new(ServiceToken::from_file(token));
    let settings = settings(&address);
    let neighbour = |name| client::connect(&settings, name, Arc::clone(&token)).expect("an address");
    let rules = Rules { pass_mark: 60, notice_working_days: 5, province_filed_review };
    let results = Results::new(
        platform.journal.clone(),
        platform.indexer(),
        rules,
        Neighbours::new(neighbour("exam_scheduling"), neighbour("registry")),
    );
    let plans = Inbox::new(platform.journal.clone(), "plans".to_owned(), results::Plans);
    let setup = Setup {
        face: Face::new(results.clone()),
        sweep: Sweep::new(results),
        platform,
        played,
        plans,
        requests: AtomicU32::new(0),
    };
    setup.hear_of_the_plan().await;
    setup
}

fn settings(address: &str) -> Settings {
    let given = format!(
        r#"
        [service]
        mode = "test"
        [access]
        issuer = "https://issuer.example"
        jwks_file = "none"
        [neighbours]
        exam_scheduling = ["{address}"]
        registry = ["{address}"]
        "#
    );
    let loaded = config::load::<NoSections>(&given, None, &config::Variables::new());
    loaded.unwrap_or_else(|problems| panic!("{problems}")).0
}

pub(crate) fn clerk_a() -> Caller {
    clerk("clerk-a", organization())
}

pub(crate) fn clerk_b() -> Caller {
    clerk("clerk-b", organization())
}

pub(crate) fn city(subject: &str) -> Caller {
    city_officer(subject, WEIHAI)
}

pub(crate) fn province(subject: &str) -> Caller {
    province_officer(subject)
}

/// A request as the access layer hands it on.
pub(crate) fn from<T>(caller: &Caller, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.extensions_mut().insert(caller.clone());
    request
}

/// The refusal that a call ended in. Replies cannot be printed, so `expect_err` does not serve.
pub(crate) fn refused<T>(outcome: Result<T, Status>) -> Status {
    match outcome {
        Ok(_) => panic!("this was to be refused"),
        Err(status) => status,
    }
}

/// Codes of every fault in a refusal.
pub(crate) fn codes(status: &Status) -> Vec<String> {
    use tonic_types::StatusExt;
    let details = status.get_error_details();
    let info = details.error_info().unwrap_or_else(|| panic!("not a refusal: {status}"));
    info.metadata["codes"].split(',').map(str::to_owned).collect()
}

/// The second person's act, on what the first was told.
pub(crate) fn confirmation(proposal: Option<common::Proposal>) -> common::Confirmation {
    let common::Proposal { proposal_id, content_hash, .. } = proposal.expect("a proposal");
    common::Confirmation { proposal_id, content_hash }
}

impl Setup {
    /// A request id that nobody used.
    pub(crate) fn id(&self) -> String {
        format!("request-{}", self.requests.fetch_add(1, Ordering::Relaxed))
    }

    pub(crate) fn day(&self, day: Date) {
        self.platform.clock.set(day.at(9, 0, 0, 0));
    }

    async fn hear_of_the_plan(&self) {
        let locked = exam::RosterLocked {
            plan_id: plan_id().to_string(),
            organization_id: organization().to_string(),
            entries: 5,
            roster_digest: self.played.world().stated.digest.to_vec().into(),
        };
        let mut fact = common::Fact {
            fact_id: FactId::from_uuid(Uuid::from_u128(1)).to_string(),
            aggregate_kind: "plan".to_owned(),
            aggregate_id: plan_id().uuid().to_string(),
            version: 1,
            published_version: 1,
            kind: "roster_locked".to_owned(),
            epoch: 1,
            payload: locked.encode_to_vec().into(),
            ..common::Fact::default()
        };
        fact.hash = platform::facts::hash(&fact).to_vec().into();
        for _ in 0..2 {
            self.plans.take(std::slice::from_ref(&fact)).await;
        }
    }

    pub(crate) async fn open(&self, caller: &Caller) -> Result<pb::Batch, Status> {
        let request =
            pb::OpenBatchRequest { request_id: self.id(), plan_id: plan_id().to_string() };
        let reply = self.face.open_batch(from(caller, request)).await?;
        Ok(reply.into_inner().batch.expect("a batch"))
    }

    pub(crate) async fn record(
        &self,
        batch: &str,
        scores: &[(usize, exam::ExamPart, u32)],
    ) -> Result<u32, Status> {
        let entry = |(number, part, score): &(usize, exam::ExamPart, u32)| pb::ScoreEntry {
            ticket_number: ticket(*number),
            part: (*part).into(),
            score: *score,
        };
        let request = pb::RecordScoresRequest {
            request_id: self.id(),
            batch_id: batch.to_owned(),
            scores: scores.iter().map(entry).collect(),
        };
        Ok(self.face.record_scores(from(&clerk_a(), request)).await?.into_inner().recorded)
    }

    /// Scored: 0, 1 (exactly 60) and 4 pass, 2 fails by a point, 3 was absent.
    pub(crate) async fn scored(&self) -> String {
        use exam::ExamPart::{Skill, Theory};
        let batch = self.open(&clerk_a()).await.expect("opened").batch_id;
        let scores = [
            (0, Theory, 88), (0, Skill, 77), (1, Theory, 60), (1, Skill, 60), (2, Theory, 100),
            (2, Skill, 59), (3, Theory, 90), (4, Theory, 70), (4, Skill, 71),
        ];
        self.record(&batch, &scores).await.expect("recorded");
        batch
    }

    pub(crate) async fn open_notice(&self, batch: &str) -> Result<common::PublicNotice, Status> {
        let request = pb::OpenPublicNoticeRequest {
            request_id: self.id(),
            batch_id: batch.to_owned(),
            objection_contact: "威海市职业技能鉴定中心（示例）".to_owned(),
        };
        let reply = self.face.open_public_notice(from(&clerk_a(), request)).await?;
        Ok(reply.into_inner().public_notice.expect("a notice"))
    }

    /// In public notice: the batch and the notice.
    pub(crate) async fn shown(&self) -> (String, common::PublicNotice) {
        let batch = self.scored().await;
        let notice = self.open_notice(&batch).await.expect("opened");
        (batch, notice)
    }

    pub(crate) async fn upload(&self, batch: &str) -> Result<pb::UploadResultsResponse, Status> {
        let request =
            pb::UploadResultsRequest { request_id: self.id(), batch_id: batch.to_owned() };
        Ok(self.face.upload_results(from(&clerk_a(), request)).await?.into_inner())
    }

    /// Uploaded after the notice, all three rows.
    pub(crate) async fn uploaded(&self) -> String {
        let (batch, _) = self.shown().await;
        self.day(NOTICE_OVER);
        self.sweep.step().await.expect("swept");
        assert_eq!(self.upload(&batch).await.expect("uploaded").uploaded, 3);
        batch
    }

    pub(crate) async fn propose_review(
        &self,
        caller: &Caller,
        batch: &str,
        level: pb::ReviewLevel,
        returned: Vec<pb::ReturnedResult>,
    ) -> Result<pb::ProposeReviewResponse, Status> {
        let (request_id, batch_id) = (self.id(), batch.to_owned());
        let request =
            pb::ProposeReviewRequest { request_id, batch_id, level: level.into(), returned };
        Ok(self.face.propose_review(from(caller, request)).await?.into_inner())
    }

    pub(crate) async fn confirm_review(
        &self,
        caller: &Caller,
        batch: &str,
        proposal: Option<common::Proposal>,
    ) -> Result<pb::ConfirmReviewResponse, Status> {
        let (request_id, batch_id) = (self.id(), batch.to_owned());
        let confirmation = Some(confirmation(proposal));
        let request = pb::ConfirmReviewRequest { request_id, batch_id, confirmation };
        Ok(self.face.confirm_review(from(caller, request)).await?.into_inner())
    }

    /// Approved by two persons of a centre.
    pub(crate) async fn approve(&self, batch: &str, level: pb::ReviewLevel) {
        let people = match level {
            pb::ReviewLevel::Province => [province("p-a"), province("p-b")],
            _ => [city("c-a"), city("c-b")],
        };
        let reply = self.propose_review(&people[0], batch, level, Vec::new()).await;
        let proposal = reply.expect("proposed").proposal;
        self.confirm_review(&people[1], batch, proposal).await.expect("confirmed");
    }

    /// Through both reviews.
    pub(crate) async fn approved(&self) -> String {
        let batch = self.uploaded().await;
        self.approve(&batch, pb::ReviewLevel::City).await;
        self.approve(&batch, pb::ReviewLevel::Province).await;
        batch
    }

    pub(crate) async fn propose_issuance(
        &self,
        batch: &str,
    ) -> Result<pb::ProposeIssuanceResponse, Status> {
        let request =
            pb::ProposeIssuanceRequest { request_id: self.id(), batch_id: batch.to_owned() };
        Ok(self.face.propose_issuance(from(&clerk_a(), request)).await?.into_inner())
    }

    pub(crate) async fn issue(
        &self,
        caller: &Caller,
        batch: &str,
        proposal: Option<common::Proposal>,
    ) -> Result<Vec<pb::IssuedCertificate>, Status> {
        let (request_id, batch_id) = (self.id(), batch.to_owned());
        let confirmation = Some(confirmation(proposal));
        let request = pb::IssueCertificatesRequest { request_id, batch_id, confirmation };
        let reply = self.face.issue_certificates(from(caller, request)).await?;
        Ok(reply.into_inner().certificates)
    }

    /// Certificates for 0, 1 (level five) and 4 (level four).
    pub(crate) async fn issued(&self) -> (String, Vec<pb::IssuedCertificate>) {
        let batch = self.approved().await;
        let proposal = self.propose_issuance(&batch).await.expect("proposed").proposal;
        let issued = self.issue(&clerk_b(), &batch, proposal).await.expect("issued");
        (batch, issued)
    }

    /// The rows of a batch as the organisation sees them.
    pub(crate) async fn rows(&self, batch: &str) -> Vec<pb::Result> {
        let request =
            pb::ListResultsRequest { batch_id: batch.to_owned(), ..Default::default() };
        let reply = self.face.list_results(from(&clerk_a(), request)).await;
        reply.expect("listed").into_inner().results
    }

    pub(crate) async fn state(&self, batch: &str, number: usize) -> pb::ResultState {
        self.rows(batch).await[number].state()
    }

    /// Published messages of an aggregate kind, in the order of their commits.
    pub(crate) async fn published(&self, aggregate_kind: &str) -> Vec<common::Fact> {
        let messages: Vec<Vec<u8>> = sqlx::query_scalar(
            "select message from platform.publication where aggregate_kind = $1 order by position",
        )
        .bind(aggregate_kind)
        .fetch_all(&self.platform.pool)
        .await
        .expect("read");
        messages.iter().map(|message| common::Fact::decode(message.as_slice()).expect("a fact")).collect()
    }

    /// How many facts there are: a refusal leaves as many as before.
    pub(crate) async fn facts(&self) -> i64 {
        let count = sqlx::query_scalar("select count(*) from platform.fact");
        count.fetch_one(&self.platform.pool).await.expect("counted")
    }
}

/// Staff of an organisation that has nothing to do with it.
pub(crate) fn stranger() -> Caller {
    let other = OrganizationId::from_uuid(Uuid::from_u128(0xbad));
    clerk("stranger", other)
}
