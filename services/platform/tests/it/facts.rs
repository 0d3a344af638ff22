//! Facts are insert-only, versioned without gaps, and chained.

use futures::future::join_all;
use uuid::Uuid;

use crate::setup::{Inspected, Raised, messages, platform, raise};

#[tokio::test]
async fn concurrent_units_number_facts_without_a_gap() {
    let platform = platform("maker").await;
    let counter = Uuid::now_v7();
    join_all((0..6).map(|_| raise(&platform, counter, &[1, 2, 3]))).await;
    let versions: Vec<i64> = sqlx::query_scalar("select version from platform.fact order by 1")
        .fetch_all(&platform.pool)
        .await
        .expect("read");
    assert_eq!(versions, (1..=18).collect::<Vec<_>>());
}

#[tokio::test]
async fn internal_facts_leave_no_gap_among_the_published() {
    let platform = platform("maker").await;
    let counter = Uuid::now_v7();
    raise(&platform, counter, &[1]).await;
    let mut unit = platform.journal.begin_own().await.expect("begin");
    let mut locked = unit.lock("counter", counter).await.expect("lock");
    unit.record(&mut locked, &[Inspected])
        .await
        .expect("record");
    unit.record(&mut locked, &[Raised(2)])
        .await
        .expect("record");
    unit.commit().await.expect("commit");
    let numbers: Vec<_> = messages(&platform)
        .await
        .iter()
        .map(|fact| (fact.version, fact.published_version))
        .collect();
    assert_eq!(numbers, [(1, 1), (3, 2)]);
}

#[tokio::test]
async fn each_fact_carries_the_hash_of_the_one_before() {
    let platform = platform("maker").await;
    raise(&platform, Uuid::now_v7(), &[1, 2, 3]).await;
    let facts = messages(&platform).await;
    assert!(facts[0].previous_hash.is_empty());
    for pair in facts.windows(2) {
        assert_eq!(pair[0].hash, pair[1].previous_hash);
    }
}

#[tokio::test]
async fn the_runtime_role_can_neither_change_nor_remove_a_fact() {
    let platform = platform("maker").await;
    raise(&platform, Uuid::now_v7(), &[1]).await;
    for statement in [
        "update platform.fact set kind = 'other'",
        "delete from platform.fact",
    ] {
        let refused = sqlx::query(statement)
            .execute(&platform.pool)
            .await
            .expect_err("refused");
        let code = refused
            .as_database_error()
            .and_then(|error| error.code().map(String::from));
        assert_eq!(code.as_deref(), Some("42501"), "insufficient privilege");
    }
}

#[tokio::test]
async fn a_unit_that_is_dropped_leaves_no_trace() {
    let platform = platform("maker").await;
    let mut unit = platform.journal.begin_own().await.expect("begin");
    let mut locked = unit.lock("counter", Uuid::now_v7()).await.expect("lock");
    unit.record(&mut locked, &[Raised(1)])
        .await
        .expect("record");
    drop(unit);
    assert!(messages(&platform).await.is_empty());
}
