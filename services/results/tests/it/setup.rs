//! A service on a fresh database with played neighbours, and the way to each stage of a batch.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use jiff::civil::{Date, date};
use kernel::ids::{FactId, OrganizationId, PlanId};
use platform::access::{Caller, ServiceToken};
use platform::client;
use platform::config::{self, NoSections, Settings};
use platform::crypto::secret_file;
use platform::inbox::Inbox;
use platform::inquiry::Inquiries;
use platform::testing::{TestPlatform, city_officer, clerk, eventually, province_officer};
use prost::Message;
use proto::common::v1 as common;
use proto::exam::v1 as exam;
use proto::results::v1 as pb;
use proto::results::v1::batch_service_server::BatchService;
use results::app::{Neighbours, Results, Sweep};
use results::config::{Config, Printing, Rules};
use results::domain::batch::ProvinceFiledReview;
use results::grpc::Face;
use tonic::{Code, Request, Status};
use uuid::Uuid;

use crate::neighbours::{Played, organization, plan_number};

pub(crate) const WEIHAI: &str = "371000";
/// A Monday, two days after the exam.
pub(crate) const OPENED: Date = date(2020, 7, 6);
/// The day after the notice's fifth working day.
pub(crate) const NOTICE_OVER: Date = date(2020, 7, 14);

/// The service under test.
pub(crate) struct Setup {
    pub(crate) platform: TestPlatform,
    pub(crate) results: Results,
    pub(crate) face: Face,
    pub(crate) inquiries: Inquiries,
    pub(crate) sweep: Sweep,
    pub(crate) played: Played,
    plans: Inbox<results::Plans>,
    requests: AtomicU32,
    plans_heard_of: AtomicU32,
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
    let neighbour =
        |name| client::connect(&settings, name, Arc::clone(&token)).expect("an address");
    let config = Config {
        rules: Rules {
            pass_mark: 60,
            province_filed_review,
        },
        printing: Printing {
            fonts: "/usr/share/fonts/opentype/noto".into(),
            public_query: "https://query.example.invalid/".to_owned(),
            certificate_query: "https://zscx.example.invalid".to_owned(),
            organization_query: "https://pjjg.example.invalid".to_owned(),
        },
    };
    let results = Results::new(
        platform.journal.clone(),
        platform.indexer(),
        config,
        Neighbours::new(neighbour("exam_scheduling"), neighbour("registry")),
    )
    .expect("the fonts of the package");
    let plans = Inbox::new(platform.journal.clone(), "plans".to_owned(), results::Plans);
    let setup = Setup {
        face: Face::new(results.clone()),
        inquiries: Inquiries::new(platform.journal.clone()),
        sweep: Sweep::new(results.clone()),
        results,
        platform,
        played,
        plans,
        requests: AtomicU32::new(0),
        plans_heard_of: AtomicU32::new(0),
    };
    setup.hear_of_a_plan().await;
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

/// Had no hand in the scores.
pub(crate) fn clerk_c() -> Caller {
    clerk("clerk-c", organization())
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
    let info = details
        .error_info()
        .unwrap_or_else(|| panic!("not a refusal: {status}"));
    info.metadata["codes"]
        .split(',')
        .map(str::to_owned)
        .collect()
}

/// The fields that a refusal names.
pub(crate) fn fields(status: &Status) -> Vec<String> {
    use tonic_types::StatusExt;
    let details = status.get_details_bad_request();
    let violations = details.map(|details| details.field_violations);
    let named = violations.unwrap_or_default().into_iter();
    named.map(|violation| violation.field).collect()
}

/// All that a refusal says, in a form that can be compared: its details list a map in any order.
pub(crate) fn told(status: &Status) -> (Code, String, Vec<String>) {
    (status.code(), status.message().to_owned(), codes(status))
}

/// The second person's act, on what the first was told.
pub(crate) fn confirmation(proposal: Option<common::Proposal>) -> common::Confirmation {
    let common::Proposal {
        proposal_id,
        content_hash,
        ..
    } = proposal.expect("a proposal");
    common::Confirmation {
        proposal_id,
        content_hash,
    }
}

impl Setup {
    /// A request id that nobody used.
    pub(crate) fn id(&self) -> String {
        format!("request-{}", self.requests.fetch_add(1, Ordering::Relaxed))
    }

    pub(crate) fn day(&self, day: Date) {
        self.platform.clock.set(day.at(9, 0, 0, 0));
    }

    /// The plan last heard of.
    pub(crate) fn plan(&self) -> PlanId {
        plan_number(self.plans_heard_of.load(Ordering::Relaxed) - 1)
    }

    /// Another plan is held, and its roster locked.
    pub(crate) async fn hear_of_a_plan(&self) {
        let number = self.plans_heard_of.fetch_add(1, Ordering::Relaxed);
        let stated = self.played.world().stated.clone();
        let locked = exam::RosterLocked {
            plan_id: self.plan().to_string(),
            organization_id: organization().to_string(),
            entries: u32::try_from(stated.entries).expect("a few"),
            roster_digest: stated.digest.to_vec().into(),
        };
        let mut fact = common::Fact {
            fact_id: FactId::from_uuid(Uuid::from_u128(1 + u128::from(number))).to_string(),
            aggregate_kind: "plan".to_owned(),
            aggregate_id: self.plan().uuid().to_string(),
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

    /// The rows of a batch as the organisation sees them.
    pub(crate) async fn rows(&self, batch: &str) -> Vec<pb::Result> {
        let request = pb::ListResultsRequest {
            batch_id: batch.to_owned(),
            ..Default::default()
        };
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
        messages
            .iter()
            .map(|message| common::Fact::decode(message.as_slice()).expect("a fact"))
            .collect()
    }

    /// Returns once somebody waits for a lock in the database.
    pub(crate) async fn somebody_waits(&self) {
        let waiting = || async {
            let waits: bool = sqlx::query_scalar(
                "select exists (select from pg_stat_activity
                     where datname = current_database() and wait_event_type = 'Lock')",
            )
            .fetch_one(&self.platform.pool)
            .await
            .expect("asked");
            waits.then_some(())
        };
        eventually("somebody who waits", waiting).await;
    }

    /// How often somebody was shown what rests sealed.
    pub(crate) async fn access_records(&self) -> i64 {
        let count = sqlx::query_scalar("select count(*) from platform.access_record");
        count.fetch_one(&self.platform.pool).await.expect("counted")
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
