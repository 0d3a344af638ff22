//! At half of the most that a query does: how long an answer takes, and how long it takes until what
//! `results` has decided is what anybody is told (commit, relay, NATS, consumer, table, memory).

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use certificate_query::events::incoming::OWNER;
use clap::Args;
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use kernel::identity_document::DocumentNumber;
use kernel::ids::CertificateId;
use kernel::query_key::QueryKey;
use platform::bus::Bus;
use platform::clock::BusinessClock;
use platform::crypto::{BlindIndexer, Vault};
use platform::facts::relay::Relay;
use platform::facts::{IntoRecord, Record};
use platform::unit::Journal;
use platform::{contract, db};
use prost::Message;
use proto::common::v1::OccupationRef;
use proto::results::v1::{
    BlindIndex, CertificateEvent, CertificateFact, CertificateLineage, CertificateStatus,
    IndexPurpose,
};
use sha2::{Digest, Sha256};
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use crate::generate;
use crate::load::{self, Protocol, Target};
use crate::sample::Sample;

/// Between two looks whether it is there.
const LOOK: Duration = Duration::from_millis(2);
/// Longer than any certificate takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// How much is asked of which query, and who issues certificates meanwhile.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Certificates of the query.
    #[arg(long)]
    certificates: u32,
    #[arg(long)]
    http: SocketAddr,
    /// Questions a second.
    #[arg(long)]
    rate: f64,
    /// Settings of the database that facts come from.
    #[arg(long)]
    owner: PathBuf,
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
}

/// Asks and issues for a while, and tells the figures.
pub(crate) async fn measure(arguments: Arguments) -> anyhow::Result<()> {
    let target = Target {
        address: arguments.http,
        protocol: Protocol::Http,
        certificates: arguments.certificates,
    };
    let time = Duration::from_secs(arguments.seconds);
    let owner = Owner::start(&arguments.owner, target.address, target.certificates).await?;
    let asked = load::open_loop(target, time, arguments.rate);
    let (mut tally, mut fresh) = tokio::try_join!(asked, owner.issue(time))?;
    let failed = tally.failed;
    ensure!(failed == 0, "{failed} answers were not the certificate");
    ensure!(!fresh.is_empty(), "no certificate was issued");
    fresh.sort_unstable();
    let fresh = fresh[(fresh.len() - 1) * 99 / 100];
    let mut out = io::stdout();
    writeln!(out, "p99_half_load_ms: {:.3}", tally.quantile(0.99))?;
    writeln!(out, "freshness_p99_ms: {:.1}", fresh.as_secs_f64() * 1e3)?;
    Ok(())
}

/// `results`, as far as it issues certificates, and somebody who waits for them.
struct Owner {
    journal: Journal,
    indexer: BlindIndexer,
    client: Client<HttpConnector, Empty<Bytes>>,
    ready: hyper::Uri,
    next: Sample,
    _relay: DropGuard,
}

impl Owner {
    /// Over a database of its own, beside a query that knows so many certificates.
    async fn start(file: &Path, query: SocketAddr, certificates: u32) -> anyhow::Result<Self> {
        let settings = generate::settings(file)?;
        let pool = db::pool(&settings, OWNER)?;
        let clock = BusinessClock::new(&settings.clock);
        let journal = Journal::open(pool.clone(), None::<Arc<Vault>>, clock, OWNER).await?;
        let nats = async_nats::connect(&settings.nats.url).await?;
        let bus = Bus::new(nats, &settings.nats);
        let stop = CancellationToken::new();
        tokio::spawn(Relay::new(pool, bus, OWNER).run(stop.clone()));
        Ok(Self {
            journal,
            indexer: generate::indexer(&settings)?,
            client: Client::builder(TokioExecutor::new()).build_http(),
            ready: format!("http://{query}/readyz").parse()?,
            next: Sample(certificates),
            _relay: stop.drop_guard(),
        })
    }

    /// Issues one certificate after another for a while; how long each took to be known.
    async fn issue(mut self, time: Duration) -> anyhow::Result<Vec<Duration>> {
        let until = Instant::now() + time;
        let mut took = Vec::new();
        while Instant::now() < until {
            let known = self.known().await?;
            took.push(self.issue_one(known).await?);
            self.next.0 += 1;
        }
        Ok(took)
    }

    async fn issue_one(&self, known: u64) -> anyhow::Result<Duration> {
        let id = CertificateId::from_uuid(Uuid::now_v7());
        let fact = self.fact(id)?;
        let mut unit = self.journal.begin_own().await?;
        let mut locked = unit.lock("certificate", id.uuid()).await?;
        unit.record(&mut locked, &[Issued(fact)]).await?;
        unit.commit().await?;
        let began = Instant::now();
        while self.known().await? == known {
            ensure!(began.elapsed() < PATIENCE, "a certificate was never known");
            tokio::time::sleep(LOOK).await;
        }
        Ok(began.elapsed())
    }

    /// How many certificates the query knows.
    async fn known(&self) -> anyhow::Result<u64> {
        let answer = self.client.get(self.ready.clone()).await?;
        let body = answer.into_body().collect().await?.to_bytes();
        let body: serde_json::Value = serde_json::from_slice(&body)?;
        body["loaded"].as_u64().context("how many are loaded")
    }

    fn fact(&self, id: CertificateId) -> anyhow::Result<Vec<u8>> {
        let sample = self.next;
        let (number, holder) = (sample.certificate_number(), sample.holder());
        let document = sample.document();
        let mut blind_indexes = self.doors(
            IndexPurpose::NumberAndName,
            &QueryKey::number_and_name(&number, &holder),
        );
        blind_indexes.extend(self.doors(
            IndexPurpose::DocumentAndName,
            &QueryKey::document_and_name(&DocumentNumber::from(&document), &holder),
        ));
        let level = number.level().context("a level")?;
        let (code, occupation) = sample.occupation();
        let fact = CertificateFact {
            event: CertificateEvent::Issued.into(),
            certificate_id: id.to_string(),
            number: number.to_string(),
            version: 1,
            status: CertificateStatus::Valid.into(),
            blind_indexes,
            qr_token_hash: Sha256::digest(sample.token()).to_vec().into(),
            masked_name: holder.masked(),
            masked_document_number: document.masked(),
            occupation: Some(OccupationRef {
                edition: 2015,
                code: code.to_owned(),
            }),
            occupation_name: occupation.to_owned(),
            level: contract::level_message(level).into(),
            organization_name: sample.organization_name(),
            issued_on: sample.issued_on().to_string(),
            status_since: sample.issued_on().to_string(),
            lineage: Some(CertificateLineage {
                organization_code: number.organization_code().to_string(),
                ..CertificateLineage::default()
            }),
            canonical_leaf: vec![1].into(),
            ..CertificateFact::default()
        };
        Ok(fact.encode_to_vec())
    }

    fn doors(&self, purpose: IndexPurpose, key: &QueryKey) -> Vec<BlindIndex> {
        let indexes = self.indexer.index(key.purpose(), &key.parts()).into_iter();
        let door = |index: platform::crypto::BlindIndex| BlindIndex {
            purpose: purpose.into(),
            key_id: index.key_id,
            digest: index.digest.to_vec().into(),
        };
        indexes.map(door).collect()
    }
}

struct Issued(Vec<u8>);

impl IntoRecord for Issued {
    fn record(&self) -> Record {
        Record {
            kind: "certificate_issued",
            schema_version: 1,
            areas: Vec::new(),
            payload: "{}".to_owned(),
            message: Some(self.0.clone()),
        }
    }
}
