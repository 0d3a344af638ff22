//! The relay loses nothing, whatever becomes of the broker.

use futures::StreamExt;
use platform::bus::Bus;
use platform::facts::relay::Relay;
use platform::testing::{TestBroker, TestPlatform, eventually};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::setup::{platform, raise};

async fn pending(platform: &TestPlatform) -> i64 {
    sqlx::query_scalar("select count(*) from platform.publication where stream_sequence is null")
        .fetch_one(&platform.pool)
        .await
        .expect("count")
}

async fn on_stream(bus: &Bus) -> u64 {
    let stream = bus.ensure_stream("maker").await.expect("the stream");
    stream.get_info().await.expect("its state").state.messages
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

#[tokio::test]
async fn two_relays_at_once_send_no_fact_to_the_stream_twice() {
    let (platform, broker) = (platform("maker").await, TestBroker::start());
    let bus = broker.bus().await;
    let stop = CancellationToken::new();
    let relays = [(); 2].map(|()| {
        let relay = Relay::new(platform.pool.clone(), bus.clone(), "maker");
        tokio::spawn(relay.run(stop.clone()))
    });
    raise(&platform, Uuid::now_v7(), &[1; 40]).await;
    eventually("the facts", async || {
        (pending(&platform).await == 0).then_some(())
    })
    .await;
    assert_eq!(on_stream(&bus).await, 40);
    stop.cancel();
    for relay in relays {
        relay.await.expect("no panic").expect("a clean end");
    }
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
    let mut watermarks = bus
        .client()
        .subscribe("watermark.maker")
        .await
        .expect("subscribe");
    let stop = CancellationToken::new();
    let relay = Relay::new(platform.pool.clone(), bus.clone(), "maker");
    let running = tokio::spawn(relay.run(stop.clone()));
    raise(&platform, Uuid::now_v7(), &[1]).await;

    let published = async {
        while let Some(message) = watermarks.next().await {
            let watermark =
                <proto::common::v1::Watermark as prost::Message>::decode(message.payload)
                    .expect("a watermark");
            if let [only] = watermark.published.as_slice() {
                return (only.aggregate_kind.clone(), only.stream_sequence);
            }
        }
        panic!("the subscription ended")
    };
    let limit = std::time::Duration::from_secs(30);
    let published = tokio::time::timeout(limit, published)
        .await
        .expect("a watermark in time");
    assert_eq!(published, ("counter".to_owned(), 1));
    stop.cancel();
    running.await.expect("no panic").expect("a clean end");
}
