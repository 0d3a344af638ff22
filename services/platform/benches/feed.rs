//! How fast somebody who was away catches up with an area's feed, and whether exactly.
//!
//! A made-up service records facts in units of work, its relay carries them to a broker and into the
//! feed, and a client that has nothing follows it over the loopback from its beginning, checks each
//! hash and the chain, and compares its counts with the head. The same messages are read beside it
//! with one bare query, in the same run: what the feed could be at best.
//!
//! ```text
//! DATABASE_URL=… cargo bench -p platform --all-features --bench feed -- 1000000
//! ```
//!
//! `scripts/bench feed` gives it a server. The last lines are `key: value`.

#![expect(clippy::print_stdout, reason = "what was measured is its output")]

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use futures::TryStreamExt;
use jiff::civil::date;
use kernel::division::DivisionCode;
use platform::bus::Bus;
use platform::config::Nats;
use platform::facts::feed::Feed;
use platform::facts::relay::Relay;
use platform::facts::{IntoRecord, Record, hash};
use platform::testing::{TestBroker, TestPlatform, city_officer};
use platform::unit::Journal;
use proto::common::v1::fact_feed_service_client::FactFeedServiceClient;
use proto::common::v1::fact_feed_service_server::FactFeedServiceServer;
use proto::common::v1::{FeedEntry, GetFeedHeadRequest, SubscribeRequest};
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use sqlx::migrate::Migrator;
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tokio_util::sync::CancellationToken;
use tonic::Request;
use tonic::transport::{Channel, Server};
use uuid::Uuid;

/// The area of all facts here.
const AREA: &str = "371000";
/// Facts of one unit of work, each on an aggregate of its own: a session's certificates.
const UNIT: u32 = 500;
/// Bytes of a message: what an issued certificate has.
const MESSAGE: usize = 600;

/// As large as the facts that are most frequent.
struct Issued;

impl IntoRecord for Issued {
    fn record(&self) -> Record {
        Record {
            kind: "issued",
            schema_version: 1,
            areas: vec![DivisionCode::parse(AREA).expect("a division")],
            payload: "{}".to_owned(),
            message: Some(vec![7; MESSAGE]),
        }
    }
}

static NO_MIGRATIONS: Migrator = Migrator::DEFAULT;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // Cargo adds a word of its own.
    let facts = std::env::args().skip(1).find(|word| word != "--bench");
    let facts = facts.map_or(Ok(1_000_000), |word| word.parse())?;
    let start = date(2020, 5, 18).at(9, 0, 0, 0);
    let platform = TestPlatform::start("maker", &NO_MIGRATIONS, start).await;

    let began = Instant::now();
    record(&platform.journal, facts).await?;
    println!("record_per_s: {:.0}", rate(facts, began));
    let began = Instant::now();
    relay(&platform, facts).await?;
    println!("relay_per_s: {:.0}", rate(facts, began));

    let began = Instant::now();
    read_bare(&platform.pool, facts).await?;
    let bare = rate(facts, began);
    let mut client = serve(&platform).await?;
    let began = Instant::now();
    let copy = follow(&mut client, facts).await?;
    let caught_up = rate(facts, began);
    let seconds = began.elapsed().as_secs_f64();
    compare(&mut client, &copy).await?;

    println!("facts: {facts}");
    println!("bare_rows_per_s: {bare:.0}");
    println!("catch_up_per_s: {caught_up:.0}");
    println!("catch_up_ratio: {:.2}", caught_up / bare);
    println!("catch_up_seconds: {seconds:.1}");
    Ok(())
}

/// Records facts as a service does, a session's at a time.
async fn record(journal: &Journal, facts: u32) -> anyhow::Result<()> {
    let mut left = facts;
    while left > 0 {
        let many = left.min(UNIT);
        let mut unit = journal.begin_own().await?;
        let ids: Vec<Uuid> = (0..many).map(|_| Uuid::now_v7()).collect();
        let mut locked = unit.lock_all("certificate", &ids).await?;
        let facts = locked.iter_mut().map(|locked| (locked, Issued.record()));
        let facts = facts.collect();
        unit.record_all(facts).await?;
        unit.commit().await?;
        left -= many;
    }
    Ok(())
}

/// Lets the relay carry everything to a broker of its own, and so into the feed.
async fn relay(platform: &TestPlatform, facts: u32) -> anyhow::Result<()> {
    let broker = TestBroker::start();
    let client = async_nats::connect(broker.url()).await?;
    let settings = Nats {
        url: Vec::new(),
        credentials_file: None,
        replicas: 1,
        stream_bytes: 16_000_000_000,
        overdue_after: Duration::from_hours(1),
    };
    let stop = CancellationToken::new();
    let relay = Relay::new(platform.pool.clone(), Bus::new(client, &settings), "maker");
    let relaying = tokio::spawn(relay.run(stop.clone()));
    while head(&platform.pool).await? < i64::from(facts) {
        ensure!(!relaying.is_finished(), "the relay ended");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    stop.cancel();
    Ok(relaying.await??)
}

/// The last sequence of the feed.
async fn head(pool: &PgPool) -> sqlx::Result<i64> {
    let head = "select sequence from platform.feed_head where area = $1";
    let head = sqlx::query_scalar(head).bind(AREA).fetch_optional(pool);
    Ok(head.await?.unwrap_or(0))
}

/// Reads what the feed sends, in its order and with nothing done to it.
async fn read_bare(pool: &PgPool, facts: u32) -> anyhow::Result<()> {
    let query = "select message, chain from platform.feed
                 join platform.publication using (fact_id) where area = $1 order by sequence";
    let mut rows = sqlx::query_as::<_, (Vec<u8>, Vec<u8>)>(query)
        .bind(AREA)
        .fetch(pool);
    let mut read = 0;
    while rows.try_next().await?.is_some() {
        read += 1;
    }
    ensure!(read == facts, "{read} rows");
    Ok(())
}

/// The service's feed on the loopback, for a city's centre.
async fn serve(platform: &TestPlatform) -> anyhow::Result<FactFeedServiceClient<Channel>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let feed = Feed::new(platform.pool.clone(), CancellationToken::new());
    let centre = city_officer("a city's system", AREA);
    let known = move |mut request: Request<()>| {
        request.extensions_mut().insert(centre.clone());
        Ok(request)
    };
    let feed = FactFeedServiceServer::with_interceptor(feed, known);
    let server = Server::builder().add_service(feed);
    tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
    Ok(FactFeedServiceClient::connect(format!("http://{address}")).await?)
}

/// What a client has of an area.
#[derive(Default)]
struct Copy {
    sequence: u64,
    chain: Vec<u8>,
}

impl Copy {
    /// Takes an entry that is the next one, has its content's hash, and continues the chain.
    fn take(&mut self, entry: FeedEntry) -> anyhow::Result<()> {
        let fact = entry.fact.context("an entry without a fact")?;
        ensure!(
            entry.sequence == self.sequence + 1,
            "after {}",
            self.sequence
        );
        ensure!(
            hash(&fact) == fact.hash.as_ref(),
            "the hash of {}",
            entry.sequence
        );
        self.sequence = entry.sequence;
        let chain = Sha256::new().chain_update(&self.chain);
        self.chain = chain.chain_update(&fact.hash).finalize().to_vec();
        ensure!(self.chain == entry.chain, "the chain at {}", entry.sequence);
        Ok(())
    }
}

/// Follows from the beginning until there is as much as there has to be.
async fn follow(client: &mut FactFeedServiceClient<Channel>, facts: u32) -> anyhow::Result<Copy> {
    let mut copy = Copy::default();
    let from = SubscribeRequest {
        area: AREA.to_owned(),
        ..SubscribeRequest::default()
    };
    let mut stretches = client.subscribe(from).await?.into_inner();
    while copy.sequence < u64::from(facts) {
        let stretch = stretches.message().await?.context("the feed ended")?;
        for entry in stretch.entries {
            copy.take(entry)?;
        }
    }
    Ok(copy)
}

/// Compares a copy with what the owner says of the same place.
async fn compare(client: &mut FactFeedServiceClient<Channel>, copy: &Copy) -> anyhow::Result<()> {
    let asked = GetFeedHeadRequest {
        area: AREA.to_owned(),
        sequence: copy.sequence,
    };
    let told = client.get_feed_head(asked).await?.into_inner();
    let head = told.head.context("no head")?;
    let counted: u64 = told.counts.iter().map(|count| count.facts).sum();
    ensure!(head.chain == copy.chain, "another chain");
    ensure!(counted == copy.sequence, "{counted} facts counted");
    Ok(())
}

fn rate(facts: u32, since: Instant) -> f64 {
    f64::from(facts) / since.elapsed().as_secs_f64()
}
