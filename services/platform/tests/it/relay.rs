//! The relay loses nothing, whatever becomes of the broker.

use async_nats::jetstream::{consumer, stream};
use futures::StreamExt;
use jiff::Timestamp;
use platform::bus::{Bus, Subscription, stream_name};
use platform::facts::relay::Relay;
use platform::status::Chain;
use platform::testing::{TestBroker, TestPlatform, eventually};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::setup::{Raised, messages, platform, raise};

async fn pending(platform: &TestPlatform) -> i64 {
    sqlx::query_scalar("select count(*) from platform.publication where stream_sequence is null")
        .fetch_one(&platform.pool)
        .await
        .expect("count")
}

/// A broker that was just started again may lose what it is asked first.
async fn on_stream(bus: &Bus) -> u64 {
    eventually("the broker to answer", async || {
        let stream = bus.ensure_stream("maker").await.ok()?;
        Some(stream.get_info().await.ok()?.state.messages)
    })
    .await
}

#[tokio::test]
async fn pending_facts_are_published_in_order_and_once() {
    let (platform, broker) = (platform("maker").await, TestBroker::start());
    let bus = broker.bus().await;
    bus.ensure_stream("maker").await.expect("the stream");
    let counters = [Uuid::now_v7(), Uuid::now_v7()];
    for counter in counters {
        raise(&platform, counter, &[1, 2, 3, 4]).await;
    }
    let relay = Relay::new(platform.pool.clone(), bus.clone(), "maker");
    let mut connection = platform.pool.acquire().await.expect("a connection");
    assert_eq!(relay.step(&mut connection).await.expect("published"), 8);
    assert_eq!(relay.step(&mut connection).await.expect("nothing left"), 0);
    assert_eq!(on_stream(&bus).await, 8);
    let disorder: i64 = sqlx::query_scalar(
        "select count(*) from platform.publication earlier
         join platform.publication later using (aggregate_id)
         where earlier.position < later.position
           and earlier.stream_sequence > later.stream_sequence",
    )
    .fetch_one(&platform.pool)
    .await
    .expect("compare");
    assert_eq!(disorder, 0);
}

#[tokio::test]
async fn a_killed_broker_delays_facts_and_loses_none() {
    let (platform, mut broker) = (platform("maker").await, TestBroker::start());
    let bus = broker.bus().await;
    let stop = CancellationToken::new();
    let relay = Relay::new(platform.pool.clone(), bus.clone(), "maker");
    let running = tokio::spawn(relay.run(stop.clone()));

    raise(&platform, Uuid::now_v7(), &[1, 2, 3]).await;
    eventually("the first facts", async || {
        (pending(&platform).await == 0).then_some(())
    })
    .await;
    broker.kill();
    raise(&platform, Uuid::now_v7(), &[4, 5, 6]).await;
    assert_eq!(pending(&platform).await, 3);
    broker.restart();
    eventually("the later facts", async || {
        (pending(&platform).await == 0).then_some(())
    })
    .await;
    assert_eq!(on_stream(&bus).await, 6);

    stop.cancel();
    running.await.expect("no panic").expect("a clean end");
}

#[tokio::test]
async fn a_stream_that_lost_its_store_is_filled_again() {
    let (platform, mut broker) = (platform("maker").await, TestBroker::start());
    let bus = broker.bus().await;
    let stop = CancellationToken::new();
    let relay = Relay::new(platform.pool.clone(), bus.clone(), "maker");
    let running = tokio::spawn(relay.run(stop.clone()));

    raise(&platform, Uuid::now_v7(), &[1, 2, 3]).await;
    eventually("the facts", async || {
        (pending(&platform).await == 0).then_some(())
    })
    .await;
    broker.lose_store();
    broker.restart();
    eventually("the facts again", async || {
        (pending(&platform).await == 0 && on_stream(&bus).await == 3).then_some(())
    })
    .await;

    stop.cancel();
    running.await.expect("no panic").expect("a clean end");
}

/// Publishes a counter's facts and lets the relay remember its stream.
async fn published(platform: &TestPlatform, bus: &Bus, amounts: &[u8]) {
    let stop = CancellationToken::new();
    let relay = Relay::new(platform.pool.clone(), bus.clone(), "maker");
    let running = tokio::spawn(relay.run(stop.clone()));
    raise(platform, Uuid::now_v7(), amounts).await;
    eventually("the facts", async || {
        (pending(platform).await == 0).then_some(())
    })
    .await;
    stop.cancel();
    running.await.expect("no panic").expect("a clean end");
}

/// The broker forgets what came after a copy of its store, and is there again.
async fn set_back(broker: &mut TestBroker, bus: &Bus, earlier: TempDir) {
    broker.set_back(earlier);
    broker.restart();
    eventually("the broker", async || bus.ensure_stream("maker").await.ok()).await;
}

#[tokio::test]
async fn a_stream_that_lost_its_end_is_filled_again() {
    let (platform, mut broker) = (platform("maker").await, TestBroker::start());
    let bus = broker.bus().await;
    published(&platform, &bus, &[1, 2, 3]).await;
    let earlier = broker.copy_store();
    published(&platform, &bus, &[4, 5]).await;
    set_back(&mut broker, &bus, earlier).await;

    let stop = CancellationToken::new();
    let relay = Relay::new(platform.pool.clone(), bus.clone(), "maker");
    let running = tokio::spawn(relay.run(stop.clone()));
    eventually("the facts again", async || {
        (on_stream(&bus).await == 5 && pending(&platform).await == 0).then_some(())
    })
    .await;
    stop.cancel();
    running.await.expect("no panic").expect("a clean end");
}

#[tokio::test]
async fn an_end_that_was_lost_and_grew_over_before_anybody_looked_is_noticed() {
    let (platform, mut broker) = (platform("maker").await, TestBroker::start());
    let bus = broker.bus().await;
    published(&platform, &bus, &[1, 2, 3]).await;
    let earlier = broker.copy_store();
    published(&platform, &bus, &[4, 5]).await;
    set_back(&mut broker, &bus, earlier).await;

    raise(&platform, Uuid::now_v7(), &[6, 7]).await;
    let relay = Relay::new(platform.pool.clone(), bus.clone(), "maker");
    let mut connection = platform.pool.acquire().await.expect("a connection");
    assert_eq!(relay.step(&mut connection).await.expect("published"), 2);
    assert_eq!(
        on_stream(&bus).await,
        5,
        "as many as there were: nothing to see by counting"
    );
    assert_eq!(pending(&platform).await, 2);
    assert_eq!(relay.step(&mut connection).await.expect("published"), 2);
    assert_eq!((on_stream(&bus).await, pending(&platform).await), (7, 0));
}

#[tokio::test]
async fn two_relays_at_once_send_no_fact_to_the_stream_twice() {
    let (platform, broker) = (platform("maker").await, TestBroker::start());
    let bus = broker.bus().await;
    published(&platform, &bus, &[1]).await;
    for counter in [Uuid::now_v7(), Uuid::now_v7()] {
        raise(&platform, counter, &[1; 20]).await;
    }
    let relays = [(); 2].map(|()| Relay::new(platform.pool.clone(), bus.clone(), "maker"));
    let mut one = platform.pool.acquire().await.expect("a connection");
    let mut other = platform.pool.acquire().await.expect("another");
    let (one, other) = tokio::join!(relays[0].step(&mut one), relays[1].step(&mut other));
    let taken = (one.expect("published"), other.expect("published"));
    assert_eq!(taken, (40, 40), "they did not race");
    published(&platform, &bus, &[2]).await;
    assert_eq!(on_stream(&bus).await, 42);
}

#[tokio::test]
async fn a_stream_with_other_settings_is_changed_and_one_that_cannot_be_ends_the_relay() {
    let (platform, broker) = (platform("maker").await, TestBroker::start());
    let bus = broker.bus().await;
    let jetstream = async_nats::jetstream::new(bus.client());
    let mut config = stream::Config {
        name: stream_name("maker"),
        subjects: vec!["luban.maker.>".to_owned()],
        storage: stream::StorageType::Memory,
        ..stream::Config::default()
    };
    jetstream.create_stream(&config).await.expect("in memory");
    let relay = Relay::new(platform.pool.clone(), bus.clone(), "maker");
    let ended = relay.run(CancellationToken::new()).await;
    let error = ended.expect_err("facts would be lost with the server");
    let error = Chain(&error).to_string();
    assert!(error.contains("the settings of LUBAN_MAKER"), "{error}");

    jetstream.delete_stream(&config.name).await.expect("delete");
    config.storage = stream::StorageType::File;
    jetstream.create_stream(&config).await.expect("unlimited");
    bus.ensure_stream("maker").await.expect("changed");
    let stream = jetstream.get_stream(&config.name).await.expect("there");
    let config = &stream.cached_info().config;
    assert_eq!(config.discard, stream::DiscardPolicy::New);
    assert!(config.max_bytes > 0 && config.deny_purge, "{config:?}");
}

#[tokio::test]
async fn a_consumer_with_other_settings_is_changed() {
    let broker = TestBroker::start();
    let bus = broker.bus().await;
    let stream = bus.ensure_stream("maker").await.expect("the stream");
    let subscription = Subscription {
        listener: "listener",
        owner: "maker",
        aggregate_kind: "counter",
    };
    let fresh = bus.ensure_consumer(&subscription).await.expect("made");
    let wanted = fresh.cached_info().config.clone();
    let other = consumer::pull::Config {
        durable_name: Some(subscription.name()),
        filter_subject: wanted.filter_subject.clone(),
        ack_wait: std::time::Duration::from_secs(30),
        max_ack_pending: 7,
        ..consumer::pull::Config::default()
    };
    stream.create_consumer(other).await.expect("changed");
    let found = bus
        .ensure_consumer(&subscription)
        .await
        .expect("changed back");
    let found = &found.cached_info().config;
    assert_eq!(found.ack_wait, wanted.ack_wait);
    assert_eq!(found.max_ack_pending, wanted.max_ack_pending);
}

#[tokio::test]
async fn the_feed_of_an_area_is_dense_and_chained() {
    let (platform, broker) = (platform("maker").await, TestBroker::start());
    let bus = broker.bus().await;
    bus.ensure_stream("maker").await.expect("the stream");
    for counter in [Uuid::now_v7(), Uuid::now_v7()] {
        raise(&platform, counter, &[1, 2, 3]).await;
    }
    let relay = Relay::new(platform.pool.clone(), bus.clone(), "maker");
    let mut connection = platform.pool.acquire().await.expect("a connection");
    while relay.step(&mut connection).await.expect("published") > 0 {}

    let rows: Vec<(i64, Vec<u8>, Vec<u8>)> = sqlx::query_as(
        "select sequence, chain, fact.hash from platform.feed join platform.fact using (fact_id)
         where area = '371000' order by sequence",
    )
    .fetch_all(&platform.pool)
    .await
    .expect("read");
    assert_eq!(rows.len(), 6);
    let mut chain = Vec::new();
    for (expected, (sequence, head, hash)) in (1..).zip(rows) {
        use sha2::{Digest, Sha256};
        chain = Sha256::new()
            .chain_update(&chain)
            .chain_update(hash)
            .finalize()
            .to_vec();
        assert_eq!((sequence, head), (expected, chain.clone()));
    }
}

#[tokio::test]
async fn the_watermark_waits_for_what_is_pending() {
    let (platform, broker) = (platform("maker").await, TestBroker::start());
    let bus = broker.bus().await;
    let mut watermarks = bus.watermarks("maker").await.expect("subscribe");
    let mut next = async || {
        let limit = std::time::Duration::from_secs(30);
        let next = tokio::time::timeout(limit, watermarks.next()).await;
        let watermark = next.expect("one in time").expect("still subscribed");
        let as_of = watermark.as_of.expect("a time");
        let as_of = Timestamp::new(as_of.seconds, as_of.nanos).expect("in range");
        (as_of, watermark.published)
    };
    let stop = CancellationToken::new();
    let relay = Relay::new(platform.pool.clone(), bus.clone(), "maker");
    let running = tokio::spawn(relay.run(stop.clone()));

    let mut unit = platform.journal.begin_own().await.expect("begin");
    let mut locked = unit.lock("counter", Uuid::now_v7()).await.expect("lock");
    unit.record(&mut locked, &[Raised(1)])
        .await
        .expect("record");
    // What was on its way before the record comes first; then it waits for the one who writes.
    let mut held = Vec::new();
    for _ in 0..4 {
        let (as_of, published) = next().await;
        assert!(published.is_empty());
        held.push(as_of);
    }
    assert_eq!(held[2], held[3]);
    unit.commit().await.expect("commit");
    let recorded = messages(&platform).await.remove(0).recorded_at;
    let recorded = recorded.expect("a time");
    let recorded = Timestamp::new(recorded.seconds, recorded.nanos).expect("in range");
    assert!(held[3] <= recorded);
    let published = loop {
        let (as_of, published) = next().await;
        if as_of > recorded {
            break published;
        }
    };
    let [only] = published.as_slice() else {
        panic!("{} kinds", published.len());
    };
    assert_eq!(
        (only.aggregate_kind.as_str(), only.stream_sequence),
        ("counter", 1),
        "what was recorded before is on the stream"
    );
    stop.cancel();
    running.await.expect("no panic").expect("a clean end");
}
