//! How facts come in: in any order, more than once, under new keys, and unreadable ones.

use std::sync::Arc;

use certificate_query::SERVICE;
use certificate_query::events::incoming::{CERTIFICATES, OWNER};
use jiff::Timestamp;
use kernel::certificate_number::CertificateNumber;
use kernel::ids::ResultId;
use kernel::query_key;
use platform::access::Caller;
use platform::crypto::{BlindIndexer, Vault, secret_file};
use platform::status::Chain;
use platform::testing::{eventually, storm};
use platform::unit::Journal;
use proto::common::v1::{PublishedUpTo, Watermark};
use proto::results::v1::{
    BlindIndex, CandidateStage, CandidateStageFact, CertificateEvent, CertificateFact,
    CertificateStatus, IndexPurpose, IssueCertificatesRequest, IssueCertificatesResponse,
};
use uuid::Uuid;

use crate::setup::{HOLDER, NUMBER, World, corrected, doors, issued, revoked};

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
            assert_eq!(
                world.ask(&number, HOLDER).await.json()["status"],
                old,
                "seed {seed}"
            );
            assert_eq!(
                world.ask(&number, "王正确").await.json()["status"],
                new,
                "seed {seed}"
            );
        }
        let versions: i64 = count(&world, "certificate_version").await;
        assert_eq!(
            (versions, count(&world, "certificate_door").await),
            (10, 10),
            "seed {seed}"
        );
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
async fn while_keys_are_exchanged_a_certificate_is_found_under_either() {
    let world = World::start().await;
    let old = world.results.indexer();
    let fact = issued(NUMBER, HOLDER, &old);
    world.tell(&fact).await;
    world.until("valid", NUMBER, HOLDER).await;

    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("index/k2.key");
    secret_file::write(&key, "5a".repeat(32).as_bytes()).expect("written");
    let new = BlindIndexer::load(folder.path()).expect("one key");
    let number = CertificateNumber::parse(NUMBER).expect("a number");
    let reindexed = CertificateFact {
        event: CertificateEvent::Reindexed.into(),
        blind_indexes: doors(&number, HOLDER, &new),
        ..fact
    };
    world.tell(&reindexed).await;
    eventually("a door under each key", async || {
        (count(&world, "certificate_door").await == 2).then_some(())
    })
    .await;
    assert_eq!(world.ask(NUMBER, HOLDER).await.json()["status"], "valid");
    let keys: Vec<String> = sqlx::query_scalar("select key_id from certificate_door order by 1")
        .fetch_all(&world.pool)
        .await
        .expect("readable");
    assert_eq!(keys, ["k1", "k2"]);
    assert_eq!(count(&world, "certificate_version").await, 1);
}

#[tokio::test]
async fn a_status_nobody_understands_is_quarantined_and_the_age_of_the_data_shows_it() {
    let world = World::start().await;
    let indexer = world.results.indexer();
    world.tell(&issued(NUMBER, HOLDER, &indexer)).await;
    let known = eventually("a known age", async || data_as_of(&world).await).await;
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
    // A later watermark does not count while something is missing.
    let later = Timestamp::now() + jiff::SignedDuration::from_hours(1);
    world
        .freshness()
        .hear(&watermark(later, 1))
        .await
        .expect("heard");
    let shown = data_as_of(&world).await.expect("still known");
    assert!(known <= shown && shown < later, "{shown}");
}

async fn data_as_of(world: &World) -> Option<Timestamp> {
    let reply = world.ask(NUMBER, HOLDER).await;
    assert!(!reply.body.contains("as_of"), "never in the body");
    reply
        .header("luban-data-as-of")
        .map(|text| text.parse().expect("RFC 3339"))
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
    assert_eq!(
        data_as_of(&world).await,
        None,
        "the facts are published, but not in"
    );

    world.listen().await;
    eventually("both deliveries to be taken", async || {
        let taken = world.bus.acknowledged_up_to(&CERTIFICATES).await.ok()?;
        (taken == 2).then_some(())
    })
    .await;
    world
        .freshness()
        .hear(&watermark(moment, 3))
        .await
        .expect("heard");
    assert_eq!(data_as_of(&world).await, None, "one more is published");
    world
        .freshness()
        .hear(&watermark(moment, 2))
        .await
        .expect("heard");
    assert_eq!(data_as_of(&world).await, Some(moment));
    let earlier = moment - jiff::SignedDuration::from_hours(1);
    world
        .freshness()
        .hear(&watermark(earlier, 2))
        .await
        .expect("heard");
    assert_eq!(data_as_of(&world).await, Some(moment));
}

#[tokio::test]
async fn how_far_a_candidate_is_is_kept_with_its_door() {
    let world = World::start().await;
    let fact = CandidateStageFact {
        result_id: ResultId::from_uuid(Uuid::now_v7()).to_string(),
        stage: CandidateStage::InPublicNotice.into(),
        until: "2020-06-22".to_owned(),
        blind_indexes: vec![BlindIndex {
            purpose: IndexPurpose::TicketAndName.into(),
            key_id: "k1".to_owned(),
            digest: vec![3; 32].into(),
        }],
        since: "2020-06-15".to_owned(),
    };
    world.tell_stage(&fact).await;
    let later = CandidateStageFact {
        stage: CandidateStage::InCityReview.into(),
        until: String::new(),
        since: "2020-06-23".to_owned(),
        ..fact
    };
    world.tell_stage(&later).await;
    let stage = eventually("the later stage", async || {
        let row: Option<(String, String)> = sqlx::query_as(
            "select stage, purpose from candidate_stage join candidate_door using (result_id)
             where until is null",
        )
        .fetch_optional(&world.pool)
        .await
        .expect("readable");
        row
    })
    .await;
    let expected = (
        "in_city_review".to_owned(),
        query_key::TICKET_AND_NAME.to_owned(),
    );
    assert_eq!(stage, expected);
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
