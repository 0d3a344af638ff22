//! The feed's pages.

use platform::access::Caller;
use platform::facts::feed::Feed;
use platform::facts::{IntoRecord, Record};
use prost::Message;
use proto::common::v1::fact_feed_service_server::FactFeedService;
use proto::common::v1::{ListAggregateFactsRequest, ListAreaFactsRequest};
use tonic::Request;
use uuid::Uuid;

use crate::setup::platform;

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
    // As the relay does when the bus has them.
    sqlx::query(
        "insert into platform.feed select '371000', version, fact_id, hash from platform.fact",
    )
    .execute(&platform.pool)
    .await
    .expect("append");

    let feed = Feed::new(platform.pool.clone());
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

fn area(after_sequence: u64) -> ListAreaFactsRequest {
    ListAreaFactsRequest {
        area: "371000".to_owned(),
        epoch: 0,
        after_sequence,
        page_size: 500,
    }
}

#[tokio::test]
async fn beyond_the_end_there_is_nothing() {
    let platform = platform("maker").await;
    let counter = Uuid::now_v7();
    crate::setup::raise(&platform, counter, &[1]).await;
    let feed = Feed::new(platform.pool.clone());
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
    use tonic_types::StatusExt;

    let platform = platform("maker").await;
    let feed = Feed::new(platform.pool.clone());
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
