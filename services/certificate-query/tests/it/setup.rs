//! A query service with its consumers and its HTTP door, and an owner that tells it of
//! certificates as `results` does.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use certificate_query::config::QuerySections;
use certificate_query::events::incoming::{CERTIFICATES, Certificates, OWNER, RESULTS, Stages};
use certificate_query::freshness::Freshness;
use certificate_query::index::{Follower, Index};
use certificate_query::limit::{Budget, Limiter, Limits};
use certificate_query::public::Public;
use certificate_query::{MIGRATIONS, SERVICE, definition, http};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{HeaderMap, Method, Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use kernel::certificate_number::CertificateNumber;
use kernel::citizen_id::CitizenId;
use kernel::identity_document::DocumentNumber;
use kernel::person_name::PersonName;
use kernel::query_key::QueryKey;
use platform::access::ServiceToken;
use platform::bus::Bus;
use platform::config::Settings;
use platform::crypto::{BlindIndexer, Vault, secret_file};
use platform::facts::relay::Relay;
use platform::facts::{IntoRecord, Record};
use platform::inbox::{Consumer, Owner};
use platform::testing::{TestBroker, TestPlatform, database};
use platform::unit::Journal;
use platform::{client, config};
use prost::Message;
use proto::common::v1::{Level, OccupationRef};
use proto::results::v1::{
    BlindIndex, CandidateStageFact, CertificateEvent, CertificateFact, CertificateLineage,
    CertificateStatus, IndexPurpose,
};
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use sqlx::migrate::Migrator;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub(crate) const NUMBER: &str = "S000037100001205000001";
pub(crate) const HOLDER: &str = "王示例";

/// When the data of a world is from of whose owner nothing was heard yet.
pub(crate) const LONG_AGO: &str = "2000-01-01T00:00:00Z";
/// Longer than that is ago.
pub(crate) const FOR_EVER: SignedDuration = SignedDuration::from_hours(24 * 365 * 1000);
/// Often enough for whoever waits.
pub(crate) const OFTEN: Duration = Duration::from_millis(10);

/// The document of every holder here.
pub(crate) fn document() -> CitizenId {
    CitizenId::synthetic("370099", date(1990, 3, 7), 1)
}

/// The two services, as far as this test needs them. Everything stops when it is dropped.
pub(crate) struct World {
    pub(crate) results: TestPlatform,
    broker: TestBroker,
    pub(crate) bus: Bus,
    pub(crate) pool: PgPool,
    pub(crate) index: Arc<Index>,
    pub(crate) door: Door,
    stop: CancellationToken,
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl World {
    /// Both sides, with nothing between them yet.
    pub(crate) async fn quiet() -> Self {
        let none = Migrator::DEFAULT;
        let results = TestPlatform::start(OWNER, &none, date(2020, 6, 15).at(9, 0, 0, 0)).await;
        let pool = database(&MIGRATIONS).await;
        let broker = TestBroker::start();
        let bus = broker.bus().await;
        bus.ensure_stream(OWNER).await.expect("the owner's stream");
        let as_of: Timestamp = LONG_AGO.parse().expect("a moment");
        set_age(&pool, as_of).await;
        let index = Arc::new(Index::new(results.indexer(), FOR_EVER));
        let stop = CancellationToken::new();
        follow(&pool, &index, &stop).await;
        let door = Door::open(Arc::clone(&index), &stop).await;
        Self {
            results,
            broker,
            bus,
            pool,
            index,
            door,
            stop,
        }
    }

    /// Both sides, the owner's relay and the listener's consumers at work.
    pub(crate) async fn start() -> Self {
        let world = Self::quiet().await;
        world.relay();
        world.listen().await;
        world
    }

    /// Starts the owner's relay.
    pub(crate) fn relay(&self) {
        let relay = Relay::new(self.results.pool.clone(), self.bus.clone(), OWNER);
        tokio::spawn(relay.run(self.stop.clone()));
    }

    /// Starts what the service does in the background.
    pub(crate) async fn listen(&self) {
        let clock = self.results.clock.clock();
        let journal = Journal::open(self.pool.clone(), None::<Arc<Vault>>, clock, SERVICE)
            .await
            .expect("a journal without a vault");
        let (bus, owner) = (self.bus.clone(), absent_owner());
        let certificates = Consumer::new(
            journal.clone(),
            bus.clone(),
            CERTIFICATES,
            owner.clone(),
            Certificates,
        );
        let stages = Consumer::new(journal, bus.clone(), RESULTS, owner, Stages);
        tokio::spawn(certificates.run(self.stop.clone()));
        tokio::spawn(stages.run(self.stop.clone()));
        tokio::spawn(self.freshness().run(self.stop.clone()));
    }

    /// What keeps the age of the data.
    pub(crate) fn freshness(&self) -> Freshness {
        Freshness::new(self.pool.clone(), self.bus.clone())
    }

    /// Takes NATS away.
    pub(crate) fn stop_nats(&mut self) {
        self.broker.kill();
    }

    /// The owner records a fact of a certificate.
    pub(crate) async fn tell(&self, fact: &CertificateFact) {
        let kind = match fact.event() {
            CertificateEvent::Issued => "certificate_issued",
            CertificateEvent::Corrected => "certificate_corrected",
            CertificateEvent::Revoked => "certificate_revoked",
            CertificateEvent::Reindexed => "certificate_reindexed",
            CertificateEvent::Reissued => "certificate_reissued",
            CertificateEvent::Unspecified => panic!("no such event"),
        };
        let id = kernel::ids::CertificateId::parse(&fact.certificate_id).expect("an id");
        self.record("certificate", id.uuid(), kind, fact.encode_to_vec())
            .await;
    }

    /// The owner records how far a candidate is.
    pub(crate) async fn tell_stage(&self, fact: &CandidateStageFact) {
        let id = kernel::ids::ResultId::parse(&fact.result_id).expect("an id");
        self.record(
            "result",
            id.uuid(),
            "candidate_stage_changed",
            fact.encode_to_vec(),
        )
        .await;
    }

    async fn record(&self, aggregate: &'static str, id: Uuid, kind: &'static str, fact: Vec<u8>) {
        let mut unit = self.results.journal.begin_own().await.expect("begin");
        let mut locked = unit.lock(aggregate, id).await.expect("lock");
        unit.record(&mut locked, &[Told { kind, fact }])
            .await
            .expect("record");
        unit.commit().await.expect("commit");
    }

    /// Asks over JSON.
    pub(crate) async fn ask(&self, number: &str, name: &str) -> Reply {
        self.door.ask(number, name).await
    }

    /// Asks until the status is this one.
    pub(crate) async fn until(&self, status: &str, number: &str, name: &str) -> Reply {
        platform::testing::eventually(status, async || {
            let reply = self.ask(number, name).await;
            (reply.json()["status"] == status).then_some(reply)
        })
        .await
    }
}

/// Loads an index from a database and keeps it up.
pub(crate) async fn follow(pool: &PgPool, index: &Arc<Index>, stop: &CancellationToken) {
    let follower = Follower::new(pool.clone(), Arc::clone(index), OFTEN);
    follower.load().await.expect("loaded");
    tokio::spawn(follower.run(stop.clone()));
}

/// Says up to when a database is complete.
pub(crate) async fn set_age(pool: &PgPool, as_of: Timestamp) {
    sqlx::query(
        "insert into data_age (as_of) values ($1::timestamptz)
         on conflict (singleton) do update set as_of = excluded.as_of",
    )
    .bind(jiff_sqlx::ToSqlx::to_sqlx(as_of))
    .execute(pool)
    .await
    .expect("set");
}

struct Told {
    kind: &'static str,
    fact: Vec<u8>,
}

impl IntoRecord for Told {
    fn record(&self) -> Record {
        Record {
            kind: self.kind,
            schema_version: 1,
            areas: Vec::new(),
            payload: "{}".to_owned(),
            message: Some(self.fact.clone()),
        }
    }
}

/// Nobody to ask for missed facts: here none is missed.
fn absent_owner() -> Owner {
    let token = Arc::new(ServiceToken::from_file("none"));
    Owner::new(client::connect(&settings().0, OWNER, token).expect("a lazy connection"))
}

/// The defaults, with what they leave open.
fn settings() -> (Settings, QuerySections) {
    let variables = [
        ("LUBAN__SERVICE__MODE", "test"),
        ("LUBAN__ACCESS__ISSUER", "nobody"),
        ("LUBAN__ACCESS__JWKS_FILE", "none"),
    ];
    let variables: HashMap<_, _> = variables
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    config::load(definition().defaults, None, &variables).expect("usable settings")
}

/// An index behind limits that no test reaches which waits for an answer.
pub(crate) fn public(index: Arc<Index>) -> Arc<Public> {
    let wide = Budget {
        soft: 1_000_000,
        hard: 1_000_000,
        per_minute: 1_000_000,
    };
    let limits = Limits {
        address: wide,
        network: wide,
        target: wide,
        range: wide,
        global: wide,
    };
    within_limits(index, limits)
}

/// An index behind the limits of the defaults.
pub(crate) fn limited(index: Arc<Index>) -> Arc<Public> {
    within_limits(index, settings().1.limits)
}

fn within_limits(index: Arc<Index>, limits: Limits) -> Arc<Public> {
    let keys = tempfile::tempdir().expect("a folder");
    let key = keys.path().join("index/k1.key");
    secret_file::write(&key, "5a".repeat(32).as_bytes()).expect("written");
    let indexer = BlindIndexer::load(keys.path()).expect("one key");
    let limiter = Limiter::new(limits, Vec::new(), &indexer);
    Arc::new(Public::new(index, Arc::new(limiter)))
}

/// The HTTP side, served on an address of its own.
pub(crate) struct Door {
    pub(crate) address: SocketAddr,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Door {
    pub(crate) async fn open(index: Arc<Index>, stop: &CancellationToken) -> Self {
        Self::within(public(index), Duration::from_secs(10), stop).await
    }

    /// [`Door::open`], with less time for a question.
    pub(crate) async fn within(
        public: Arc<Public>,
        request_timeout: Duration,
        stop: &CancellationToken,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let router = http::router(public, request_timeout);
        tokio::spawn(http::serve(listener, router, stop.clone()));
        Self {
            address,
            client: Client::builder(TokioExecutor::new()).build_http(),
        }
    }

    pub(crate) async fn ask(&self, number: &str, name: &str) -> Reply {
        let question = serde_json::json!({ "number": number, "name": name });
        self.post(
            "/api/v1/certificates:verify",
            "application/json",
            question.to_string(),
        )
        .await
    }

    pub(crate) async fn post(&self, path: &str, kind: &str, body: impl Into<Bytes>) -> Reply {
        self.send(Method::POST, path, Some(kind), body.into()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None, Bytes::new()).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        kind: Option<&str>,
        body: Bytes,
    ) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address));
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        let request = request.body(Full::new(body)).expect("a request");
        self.carry_out(request).await
    }

    /// Asks, with a proof of work.
    pub(crate) async fn ask_proving(&self, number: &str, name: &str, proof: &str) -> Reply {
        let question = serde_json::json!({ "number": number, "name": name }).to_string();
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!(
                "http://{}/api/v1/certificates:verify",
                self.address
            ))
            .header("luban-proof", proof)
            .body(Full::new(question.into()));
        self.carry_out(request.expect("a request")).await
    }

    async fn carry_out(&self, request: Request<Full<Bytes>>) -> Reply {
        let (head, body) = self
            .client
            .request(request)
            .await
            .expect("an answer")
            .into_parts();
        let body = body.collect().await.expect("a whole answer").to_bytes();
        let body = String::from_utf8(body.into()).expect("text");
        Reply {
            status: head.status,
            headers: head.headers,
            body,
        }
    }
}

pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .get(name)
            .map(|value| value.to_str().expect("ascii"))
    }

    /// Codes of the faults with their fields, in order.
    pub(crate) fn faults(&self) -> Vec<(String, String)> {
        let json = self.json();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let faults = json["faults"].as_array().expect("faults").iter();
        faults
            .map(|fault| (text(&fault["field"]), text(&fault["code"])))
            .collect()
    }
}

/// A certificate just issued to somebody, as the owner tells of it.
pub(crate) fn issued(number: &str, holder: &str, indexer: &BlindIndexer) -> CertificateFact {
    let number = CertificateNumber::parse(number).expect("a number");
    CertificateFact {
        event: CertificateEvent::Issued.into(),
        certificate_id: kernel::ids::CertificateId::from_uuid(Uuid::now_v7()).to_string(),
        number: number.to_string(),
        version: 1,
        supersedes: 0,
        status: CertificateStatus::Valid.into(),
        blind_indexes: doors(&number, holder, indexer),
        qr_token_hash: token_hash(number.as_str(), 1),
        masked_name: name(holder).masked(),
        masked_document_number: "370099********0017".to_owned(),
        occupation: Some(OccupationRef {
            edition: 2015,
            code: "6-31-01-03".to_owned(),
        }),
        occupation_name: "电工".to_owned(),
        trade: String::new(),
        level: Level::Five.into(),
        organization_name: "示例技师学院".to_owned(),
        issued_on: "2020-06-15".to_owned(),
        status_since: "2020-06-15".to_owned(),
        public_reason: String::new(),
        lineage: Some(CertificateLineage {
            organization_code: number.organization_code().to_string(),
            ..CertificateLineage::default()
        }),
        canonical_leaf: vec![1].into(),
    }
}

/// The same certificate, corrected to another holder's name.
pub(crate) fn corrected(
    before: &CertificateFact,
    holder: &str,
    indexer: &BlindIndexer,
) -> CertificateFact {
    let number = CertificateNumber::parse(&before.number).expect("a number");
    CertificateFact {
        event: CertificateEvent::Corrected.into(),
        version: before.version + 1,
        supersedes: before.version,
        blind_indexes: doors(&number, holder, indexer),
        qr_token_hash: token_hash(&before.number, before.version + 1),
        masked_name: name(holder).masked(),
        ..before.clone()
    }
}

/// The same certificate, revoked.
pub(crate) fn revoked(before: &CertificateFact) -> CertificateFact {
    CertificateFact {
        event: CertificateEvent::Revoked.into(),
        status: CertificateStatus::Revoked.into(),
        status_since: "2020-07-01".to_owned(),
        public_reason: "issued_in_error".to_owned(),
        ..before.clone()
    }
}

/// The token of the QR code of a version.
pub(crate) fn token(number: &str, version: u32) -> [u8; 16] {
    let digest = Sha256::digest(format!("{number} {version}"));
    *digest.first_chunk().expect("half of 32 bytes")
}

fn token_hash(number: &str, version: u32) -> Bytes {
    Sha256::digest(token(number, version)).to_vec().into()
}

/// Its doors under every key of the indexer.
pub(crate) fn doors(
    number: &CertificateNumber,
    holder: &str,
    indexer: &BlindIndexer,
) -> Vec<BlindIndex> {
    let holder = name(holder);
    let number = QueryKey::number_and_name(number, &holder);
    let document = QueryKey::document_and_name(&DocumentNumber::from(&document()), &holder);
    let mut doors = doors_of(IndexPurpose::NumberAndName, &number, indexer);
    doors.extend(doors_of(IndexPurpose::DocumentAndName, &document, indexer));
    doors
}

/// Doors of one purpose under every key of the indexer.
pub(crate) fn doors_of(
    purpose: IndexPurpose,
    key: &QueryKey,
    indexer: &BlindIndexer,
) -> Vec<BlindIndex> {
    let indexes = indexer.index(key.purpose(), &key.parts()).into_iter();
    let door = |index: platform::crypto::BlindIndex| BlindIndex {
        purpose: purpose.into(),
        key_id: index.key_id,
        digest: index.digest.to_vec().into(),
    };
    indexes.map(door).collect()
}

pub(crate) fn name(typed: &str) -> PersonName {
    PersonName::parse(typed).expect("a name")
}
