//! Facts are insert-only, versioned without gaps, and chained.

use futures::future::join_all;
use kernel::ids::FactId;
use platform::access::Role;
use platform::facts::hash;
use platform::testing::TestPlatform;
use prost::Message;
use proto::common::v1::{self as common, Actor, Fact};
use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::postgres::PgRow;
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
async fn the_chain_can_be_computed_again_from_the_table_alone() {
    let platform = platform("maker").await;
    let counter = Uuid::now_v7();
    raise(&platform, counter, &[1, 2]).await;
    let mut unit = platform.journal.begin_own().await.expect("begin");
    let mut locked = unit.lock("counter", counter).await.expect("lock");
    unit.record(&mut locked, &[Inspected])
        .await
        .expect("record");
    unit.commit().await.expect("commit");
    let mut head = Vec::new();
    let mut facts = 0;
    for row in rows(&platform).await {
        assert_eq!(row.get::<Vec<u8>, _>("previous_hash"), head);
        head = hash(&fact_of(&row)).to_vec();
        assert_eq!(row.get::<Vec<u8>, _>("hash"), head);
        facts += 1;
    }
    let kept: (i64, Vec<u8>) = sqlx::query_as("select version, head_hash from platform.aggregate")
        .fetch_one(&platform.pool)
        .await
        .expect("the aggregate");
    assert_eq!(kept, (facts, head));
}

async fn rows(platform: &TestPlatform) -> Vec<PgRow> {
    sqlx::query(
        "select fact.*, payload::text as text, message,
             to_char(occurred_at, 'YYYY-MM-DD\"T\"HH24:MI:SS') as occurred,
             extract(epoch from fact.recorded_at)::text as recorded
         from platform.fact left join platform.publication using (fact_id) order by version",
    )
    .fetch_all(&platform.pool)
    .await
    .expect("read")
}

/// The fact that a row tells of; of what left, only the payload is taken.
fn fact_of(row: &PgRow) -> Fact {
    let text = |column: &str| row.get::<String, _>(column);
    let number = |column: &str| {
        row.get::<Option<i64>, _>(column)
            .unwrap_or(0)
            .cast_unsigned()
    };
    let recorded = text("recorded");
    let (seconds, micros) = recorded.split_once('.').expect("six decimals");
    let message = row.get::<Option<Vec<u8>>, _>("message").unwrap_or_default();
    let role = Role::parse(&text("actor_role")).expect("a role");
    Fact {
        fact_id: FactId::from_uuid(row.get("fact_id")).to_string(),
        aggregate_kind: text("aggregate_kind"),
        aggregate_id: row.get::<Uuid, _>("aggregate_id").to_string(),
        version: number("version"),
        published_version: number("published_version"),
        kind: text("kind"),
        schema_version: row.get::<i32, _>("schema_version").cast_unsigned(),
        areas: row.get("areas"),
        epoch: row.get::<i32, _>("epoch").cast_unsigned(),
        actor: Some(Actor {
            subject: text("actor"),
            role: common::Role::from(role).into(),
        }),
        request_id: text("request_id"),
        occurred_at: text("occurred"),
        recorded_at: Some(prost_types::Timestamp {
            seconds: seconds.parse().expect("a number"),
            nanos: 1000 * micros.parse::<i32>().expect("a number"),
        }),
        payload: Fact::decode(message.as_slice()).expect("a fact").payload,
        previous_hash: row.get::<Vec<u8>, _>("previous_hash").into(),
        record_digest: Sha256::digest(text("text")).to_vec().into(),
        ..Fact::default()
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
