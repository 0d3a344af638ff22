//! How facts come in: in any order, more than once, under new keys, and unreadable ones.

use std::sync::Arc;

use certificate_query::SERVICE;
use certificate_query::events::incoming::{CERTIFICATES, OWNER};
use jiff::Timestamp;
use platform::access::Caller;
use platform::crypto::Vault;
use platform::status::Chain;
use platform::testing::{eventually, storm};
use platform::unit::Journal;
use proto::common::v1::{PublishedUpTo, Watermark};
use proto::results::v1::{
    CertificateFact, CertificateStatus, IssueCertificatesRequest, IssueCertificatesResponse,
};

use crate::setup::{HOLDER, LONG_AGO, NUMBER, World, corrected, issued, revoked};

#[tokio::test]
async fn every_fact_twice_and_shuffled_gives_the_same_answers() {
    for seed in 1..=3 {
        let world = World::quiet().await;
        let indexer = world.results.indexer();
        for running in 1..=5 {
            let number = format!("S00003710000120500000{running}");
            let first = issued(&number, HOLDER, &indexer);
            let second = corrected(&first, "王正确", &indexer);
            world.tell(&first).await;
            world.tell(&second).await;
            if running % 2 == 0 {
                world.tell(&revoked(&second)).await;
            }
        }
        let sent = storm(&world.results.pool, &world.bus, OWNER, seed).await;
        assert_eq!((sent.facts, sent.messages), (12, 24));
        world.listen().await;
        eventually("every delivery to be taken", async || {
            let taken = world.bus.acknowledged_up_to(&CERTIFICATES).await.ok()?;
            (taken == 24).then_some(())
        })
        .await;

        for running in 1..=5 {
            let number = format!("S00003710000120500000{running}");
            let (old, new) = if running % 2 == 0 {
                ("revoked", "revoked")
            } else {
                ("corrected", "valid")
            };
            world.until(new, &number, "王正确").await;
            world.until(old, &number, HOLDER).await;
        }
        assert_eq!(
            count(&world, "certificate_version").await,
            10,
            "seed {seed}"
        );
        assert_eq!(world.index.state().versions, 10, "seed {seed}");
    }
}

async fn count(world: &World, table: &str) -> i64 {
    let query = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
    sqlx::query_scalar(query)
        .fetch_one(&world.pool)
        .await
        .expect("countable")
}

#[tokio::test]
async fn a_status_nobody_understands_is_quarantined_and_the_age_of_the_data_shows_it() {
    let world = World::start().await;
    let indexer = world.results.indexer();
    world.tell(&issued(NUMBER, HOLDER, &indexer)).await;
    let known = eventually("a known age", async || {
        let age = data_as_of(&world).await;
        (age > LONG_AGO.parse().expect("a moment")).then_some(age)
    })
    .await;
    let strange = CertificateFact {
        status: CertificateStatus::Unspecified.into(),
        ..issued("S000037100001205000002", HOLDER, &indexer)
    };
    world.tell(&strange).await;
    eventually("the fact to be given up", async || {
        let given_up: i64 =
            sqlx::query_scalar("select count(*) from platform.quarantine where given_up")
                .fetch_one(&world.pool)
                .await
                .expect("readable");
        (given_up == 1).then_some(())
    })
    .await;
    assert_eq!(
        world.ask("S000037100001205000002", HOLDER).await.json()["status"],
        "not_found"
    );
    let shown_before = data_as_of(&world).await;
    assert!(known <= shown_before);
    // A later watermark does not count while something is missing.
    let later = Timestamp::now() + jiff::SignedDuration::from_hours(1);
    world
        .freshness()
        .hear(&watermark(later, 1))
        .await
        .expect("heard");
    let written = age_of_the_tables(&world).await;
    assert!(shown_before <= written && written < later, "{written}");
}

async fn data_as_of(world: &World) -> Timestamp {
    let reply = world.ask(NUMBER, HOLDER).await;
    assert!(!reply.body.contains("as_of"), "never in the body");
    let text = reply.header("luban-data-as-of").expect("an age");
    text.parse().expect("RFC 3339")
}

async fn age_of_the_tables(world: &World) -> Timestamp {
    let as_of: jiff_sqlx::Timestamp = sqlx::query_scalar("select as_of from data_age")
        .fetch_one(&world.pool)
        .await
        .expect("readable");
    as_of.to_jiff()
}

fn watermark(as_of: Timestamp, stream_sequence: u64) -> Watermark {
    let published = PublishedUpTo {
        aggregate_kind: "certificate".to_owned(),
        stream_sequence,
    };
    Watermark {
        service: OWNER.to_owned(),
        epoch: 1,
        as_of: Some(prost_types::Timestamp {
            seconds: as_of.as_second(),
            nanos: 0,
        }),
        published: vec![published],
    }
}

#[tokio::test]
async fn the_age_of_the_data_is_told_once_all_published_facts_are_in_and_never_goes_back() {
    let world = World::quiet().await;
    world
        .tell(&issued(NUMBER, HOLDER, &world.results.indexer()))
        .await;
    storm(&world.results.pool, &world.bus, OWNER, 1).await;
    let moment: Timestamp = "2020-06-15T01:00:00Z".parse().expect("a moment");
    world
        .bus
        .ensure_consumer(&CERTIFICATES)
        .await
        .expect("a consumer that took nothing yet");
    world
        .freshness()
        .hear(&watermark(moment, 2))
        .await
        .expect("heard");
    let long_ago: Timestamp = LONG_AGO.parse().expect("a moment");
    let written = age_of_the_tables(&world).await;
    assert_eq!(written, long_ago, "the facts are published, but not in");

    world.listen().await;
    eventually("both deliveries to be taken", async || {
        let taken = world.bus.acknowledged_up_to(&CERTIFICATES).await.ok()?;
        (taken == 2).then_some(())
    })
    .await;
    let freshness = world.freshness();
    freshness.hear(&watermark(moment, 3)).await.expect("heard");
    let written = age_of_the_tables(&world).await;
    assert_eq!(written, long_ago, "one more is published");
    freshness.hear(&watermark(moment, 2)).await.expect("heard");
    eventually("the moment to be shown", async || {
        (data_as_of(&world).await == moment).then_some(())
    })
    .await;
    let earlier = moment - jiff::SignedDuration::from_hours(1);
    freshness.hear(&watermark(earlier, 2)).await.expect("heard");
    assert_eq!(age_of_the_tables(&world).await, moment);
}

#[tokio::test]
async fn the_service_has_no_key_that_decrypts_and_takes_no_command() {
    let world = World::quiet().await;
    let clock = world.results.clock.clock();
    let journal = Journal::open(world.pool.clone(), None::<Arc<Vault>>, clock, SERVICE)
        .await
        .expect("a journal without a vault");
    let command = IssueCertificatesRequest {
        request_id: "1".to_owned(),
        ..Default::default()
    };
    let begun = journal
        .begin::<_, IssueCertificatesResponse>(&Caller::public(), &command)
        .await;
    let error = begun.err().expect("nothing to seal the reply with");
    assert!(
        Chain(&error).to_string().contains("without a vault"),
        "{error}"
    );
}
