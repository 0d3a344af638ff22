//! The feed: its pages, and following it.

use platform::access::{Caller, Role};
use platform::facts::feed::Feed;
use platform::facts::{IntoRecord, Record};
use platform::testing::TestPlatform;
use prost::Message;
use proto::common::v1::fact_feed_service_server::FactFeedService;
use proto::common::v1::{
    GetFeedHeadRequest, ListAggregateFactsRequest, ListAreaFactsRequest, SubscribeRequest,
    SubscribeResponse,
};
use tokio_stream::StreamExt;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Status};
use tonic_types::StatusExt;
use uuid::Uuid;

use crate::setup::{Inspected, platform, raise};

/// The area of all facts here.
const AREA: &str = "371000";

/// What a client takes in one answer.
const CLIENTS_LIMIT: usize = 4 * 1024 * 1024;

/// As large as a fact may be.
struct Large;

impl IntoRecord for Large {
    fn record(&self) -> Record {
        Record {
            kind: "raised",
            schema_version: 1,
            areas: vec![kernel::division::DivisionCode::parse("371000").expect("a division")],
            payload: "{}".to_owned(),
            message: Some(vec![7; 261_000]),
        }
    }
}

#[tokio::test]
async fn pages_of_large_facts_fit_and_lead_to_the_end() {
    let platform = platform("maker").await;
    let counter = Uuid::now_v7();
    let mut unit = platform.journal.begin_own().await.expect("begin");
    let mut locked = unit.lock("counter", counter).await.expect("lock");
    unit.record(&mut locked, &[(); 20].map(|()| Large))
        .await
        .expect("record");
    unit.commit().await.expect("commit");
    append(&platform).await;

    let feed = feed(&platform);
    let (mut by_aggregate, mut by_area) = (0, 0);
    for _ in 0..3 {
        let mut request = Request::new(ListAggregateFactsRequest {
            aggregate_kind: "counter".to_owned(),
            aggregate_id: counter.to_string(),
            after_published_version: by_aggregate,
            page_size: 500,
        });
        request.extensions_mut().insert(Caller::service("listener"));
        let page = feed.list_aggregate_facts(request).await.expect("a page");
        let page = page.into_inner();
        assert!(page.encoded_len() < CLIENTS_LIMIT, "{}", page.encoded_len());
        by_aggregate += page.facts.len() as u64;

        let mut request = Request::new(area(by_area));
        request.extensions_mut().insert(Caller::service("auditor"));
        let page = feed.list_area_facts(request).await.expect("a page");
        let page = page.into_inner();
        assert!(page.encoded_len() < CLIENTS_LIMIT, "{}", page.encoded_len());
        by_area += page.entries.len() as u64;
    }
    assert_eq!((by_aggregate, by_area), (20, 20));
}

fn feed(platform: &TestPlatform) -> Feed {
    Feed::new(platform.pool.clone(), CancellationToken::new())
}

/// Puts what is new into the area's feed, as the relay does when the bus has it. The chain here is
/// the fact's own hash.
async fn append(platform: &TestPlatform) {
    sqlx::query(
        "with new as (
             insert into platform.feed
             select '371000', position, fact_id, hash
             from platform.fact join platform.publication using (fact_id)
             on conflict do nothing returning sequence, chain)
         insert into platform.feed_head
         select '371000', sequence, chain from new order by sequence desc limit 1
         on conflict (area) do update set sequence = excluded.sequence, chain = excluded.chain",
    )
    .execute(&platform.pool)
    .await
    .expect("append");
}

fn centre<T>(division: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.extensions_mut().insert(Caller {
        division: Some(kernel::division::DivisionCode::parse(division).expect("a division")),
        role: Role::CityCentre,
        ..Caller::service("a city's system")
    });
    request
}

fn from(epoch: u32, after_sequence: u64) -> SubscribeRequest {
    SubscribeRequest {
        area: AREA.to_owned(),
        epoch,
        after_sequence,
    }
}

fn reason(status: &Status) -> String {
    let details = status.get_error_details();
    let info = details.error_info().expect("a reason");
    info.reason.clone()
}

/// The sequences of the next stretch that has any.
async fn sequences(
    stream: &mut (impl StreamExt<Item = Result<SubscribeResponse, Status>> + Unpin),
) -> Vec<u64> {
    loop {
        let stretch = stream.next().await.expect("goes on").expect("a stretch");
        if !stretch.entries.is_empty() {
            return stretch.entries.iter().map(|entry| entry.sequence).collect();
        }
    }
}

#[tokio::test]
async fn a_follower_gets_what_is_there_and_then_what_comes() {
    let platform = platform("maker").await;
    let counter = Uuid::now_v7();
    raise(&platform, counter, &[1, 2, 3]).await;
    append(&platform).await;
    let feed = feed(&platform);

    let stream = feed.subscribe(centre(AREA, from(0, 1))).await;
    let mut stream = stream.expect("a stream").into_inner();
    assert_eq!(sequences(&mut stream).await, [2, 3]);
    raise(&platform, counter, &[4]).await;
    append(&platform).await;
    assert_eq!(sequences(&mut stream).await, [4]);
}

#[tokio::test]
async fn a_follower_with_nothing_to_hear_is_told_so() {
    let platform = platform("maker").await;
    let stream = feed(&platform).subscribe(centre(AREA, from(0, 0))).await;
    let mut stream = stream.expect("a stream").into_inner();
    let stretch = stream.next().await.expect("a sign").expect("a stretch");
    assert!(stretch.entries.is_empty());
    let head = stretch.head.expect("a head");
    assert_eq!((head.epoch, head.sequence, head.chain.len()), (1, 0, 0));
}

#[tokio::test]
async fn streams_end_when_the_service_stops() {
    let platform = platform("maker").await;
    let stop = CancellationToken::new();
    let feed = Feed::new(platform.pool.clone(), stop.clone());
    let stream = feed.subscribe(centre(AREA, from(0, 0))).await;
    let mut stream = stream.expect("a stream").into_inner();
    stop.cancel();
    while let Some(stretch) = stream.next().await {
        stretch.expect("no failure");
    }
}

#[tokio::test]
async fn a_cursor_of_another_epoch_or_beyond_the_end_is_refused() {
    let platform = platform("maker").await;
    raise(&platform, Uuid::now_v7(), &[1]).await;
    append(&platform).await;
    let feed = feed(&platform);
    for (cursor, code) in [((7, 0), "FEED_EPOCH_PASSED"), ((1, 2), "FEED_CURSOR_AHEAD")] {
        let (epoch, after_sequence) = cursor;
        let followed = feed
            .subscribe(centre(AREA, from(epoch, after_sequence)))
            .await;
        assert_eq!(reason(&followed.err().expect("refused")), code);
        let request = ListAreaFactsRequest {
            epoch,
            ..area(after_sequence)
        };
        let listed = feed.list_area_facts(centre(AREA, request)).await;
        assert_eq!(reason(&listed.err().expect("refused")), code);
    }
}

#[tokio::test]
async fn a_city_compares_its_copy_with_counts_and_chain_at_its_cursor() {
    let platform = platform("maker").await;
    let counter = Uuid::now_v7();
    raise(&platform, counter, &[1, 2]).await;
    let mut unit = platform.journal.begin_own().await.expect("begin");
    let mut locked = unit.lock("counter", counter).await.expect("lock");
    unit.record(&mut locked, &[Inspected])
        .await
        .expect("record");
    unit.commit().await.expect("commit");
    raise(&platform, counter, &[3]).await;
    append(&platform).await;
    let feed = feed(&platform);

    let entries = feed.list_area_facts(centre(AREA, area(0))).await;
    let entries = entries.expect("a page").into_inner().entries;
    for (sequence, ends_with) in [(0, 2), (2, 1)] {
        let request = GetFeedHeadRequest {
            area: AREA.to_owned(),
            sequence,
        };
        let answer = feed.get_feed_head(centre(AREA, request)).await;
        let answer = answer.expect("a head").into_inner();
        let head = answer.head.expect("a head");
        assert_eq!(head.chain, entries[ends_with].chain);
        let [count] = &answer.counts[..] else {
            panic!("facts of one kind are published")
        };
        assert_eq!(
            (count.kind.as_str(), count.facts),
            ("raised", head.sequence)
        );
    }
    let request = GetFeedHeadRequest {
        area: AREA.to_owned(),
        sequence: 9,
    };
    let answer = feed.get_feed_head(centre(AREA, request)).await;
    assert_eq!(
        reason(&answer.err().expect("refused")),
        "FEED_ENTRY_NOT_FOUND"
    );
}

#[tokio::test]
async fn a_foreign_area_is_like_none() {
    let platform = platform("maker").await;
    raise(&platform, Uuid::now_v7(), &[1]).await;
    append(&platform).await;
    let feed = feed(&platform);
    let head = GetFeedHeadRequest {
        area: AREA.to_owned(),
        sequence: 1,
    };
    for refused in [
        feed.subscribe(centre("370200", from(0, 0))).await.err(),
        feed.list_area_facts(centre("370200", area(0))).await.err(),
        feed.get_feed_head(centre("370200", head)).await.err(),
    ] {
        assert_eq!(reason(&refused.expect("refused")), "AREA_NOT_FOUND");
    }
}

fn area(after_sequence: u64) -> ListAreaFactsRequest {
    ListAreaFactsRequest {
        area: AREA.to_owned(),
        epoch: 0,
        after_sequence,
        page_size: 500,
    }
}

#[tokio::test]
async fn beyond_the_end_there_is_nothing() {
    let platform = platform("maker").await;
    let counter = Uuid::now_v7();
    raise(&platform, counter, &[1]).await;
    let feed = feed(&platform);
    let request = ListAggregateFactsRequest {
        aggregate_kind: "counter".to_owned(),
        aggregate_id: counter.to_string(),
        after_published_version: u64::MAX,
        page_size: 0,
    };
    let page = feed.list_aggregate_facts(Request::new(request)).await;
    assert!(page.expect("a page").into_inner().facts.is_empty());
}

#[tokio::test]
async fn all_that_is_wrong_with_a_question_is_told_at_once() {
    let platform = platform("maker").await;
    let feed = feed(&platform);
    let request = ListAggregateFactsRequest {
        aggregate_kind: "\0".to_owned(),
        aggregate_id: "counter_1".to_owned(),
        after_published_version: 0,
        page_size: 0,
    };
    let status = feed.list_aggregate_facts(Request::new(request)).await;
    let details = status.err().expect("refused").get_error_details();
    let violations = &details.bad_request().expect("faults").field_violations;
    let told: Vec<_> = violations.iter().map(|told| told.reason.as_str()).collect();
    assert_eq!(told, ["FIELD_CHARACTERS", "AGGREGATE_ID_MALFORMED"]);
}
