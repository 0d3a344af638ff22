//! The index in memory: loaded, followed, aged, and opened with two keys.

use std::sync::Arc;

use certificate_query::index::Index;
use hyper::StatusCode;
use jiff::{SignedDuration, Timestamp};
use kernel::certificate_number::CertificateNumber;
use platform::crypto::{BlindIndexer, secret_file};
use platform::testing::eventually;
use proto::results::v1::{CertificateEvent, CertificateFact};
use tokio_util::sync::CancellationToken;

use crate::setup::{
    Door, FOR_EVER, HOLDER, NUMBER, World, corrected, doors, follow, issued, revoked, set_age,
};

#[tokio::test]
async fn before_it_is_loaded_a_replica_says_that_it_cannot_say_and_how_far_it_is() {
    let world = World::quiet().await;
    let index = Arc::new(Index::new(world.results.indexer(), FOR_EVER));
    let stop = CancellationToken::new();
    let door = Door::open(Arc::clone(&index), &stop).await;

    let reply = door.ask(NUMBER, HOLDER).await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    let unavailable = [(String::new(), "STATUS_UNAVAILABLE".to_owned())];
    assert_eq!(reply.faults(), unavailable);
    assert!(reply.json().get("status").is_none());
    assert!(reply.header("retry-after").is_some());
    let form = "application/x-www-form-urlencoded";
    let question = "number=S000037100001205000001&name=%E7%8E%8B";
    let page = door.post("/", form, question).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.body.contains("暂时无法核验，结果不代表证书无效"));
    let ready = door.get("/readyz").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ready.json()["ready"], false);
    assert_eq!(door.get("/healthz").await.status, StatusCode::OK);

    follow(&world.pool, &index, &stop).await;
    assert_eq!(door.get("/readyz").await.status, StatusCode::OK);
    assert_eq!(door.ask(NUMBER, HOLDER).await.status, StatusCode::OK);
    stop.cancel();
}

#[tokio::test]
async fn a_replica_that_starts_later_answers_as_one_that_followed() {
    let world = World::start().await;
    let indexer = world.results.indexer();
    let (one, two) = (NUMBER, "S000037100001205000002");
    let first = issued(one, HOLDER, &indexer);
    let second = corrected(&first, "王正确", &indexer);
    let other = issued(two, HOLDER, &indexer);
    for fact in [&first, &other, &second, &revoked(&other)] {
        world.tell(fact).await;
    }
    world.until("corrected", one, HOLDER).await;
    world.until("revoked", two, HOLDER).await;

    let later = Arc::new(Index::new(world.results.indexer(), FOR_EVER));
    let stop = CancellationToken::new();
    follow(&world.pool, &later, &stop).await;
    let door = Door::open(Arc::clone(&later), &stop).await;
    for (number, name) in [(one, HOLDER), (one, "王正确"), (two, HOLDER), (two, "李")] {
        let told = door.ask(number, name).await.body;
        assert_eq!(told, world.ask(number, name).await.body);
    }
    assert_eq!(later.state().versions, 3);
    stop.cancel();
}

#[tokio::test]
async fn answers_go_on_while_database_and_nats_are_away_until_nobody_can_vouch_for_them() {
    let mut world = World::start().await;
    let indexer = world.results.indexer();
    world.tell(&issued(NUMBER, HOLDER, &indexer)).await;
    let before = world.until("valid", NUMBER, HOLDER).await;

    world.stop_nats();
    world.pool.close().await;
    let still = world.ask(NUMBER, HOLDER).await;
    assert_eq!((still.status, &still.body), (StatusCode::OK, &before.body));
    assert!(
        still.header("luban-data-as-of").is_some(),
        "it says how old it is"
    );
}

#[tokio::test]
async fn what_is_too_old_is_no_answer() {
    let world = World::quiet().await;
    let for_an_hour = SignedDuration::from_hours(1);
    let index = Arc::new(Index::new(world.results.indexer(), for_an_hour));
    let stop = CancellationToken::new();
    follow(&world.pool, &index, &stop).await;
    let door = Door::open(Arc::clone(&index), &stop).await;
    let reply = door.ask(NUMBER, HOLDER).await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    let ready = door.get("/readyz").await;
    assert_eq!(ready.json()["data_as_of"], "2000-01-01T00:00:00Z");

    set_age(&world.pool, Timestamp::now()).await;
    eventually("an answer again", async || {
        let reply = door.ask(NUMBER, HOLDER).await;
        (reply.status == StatusCode::OK).then_some(())
    })
    .await;
    stop.cancel();
}

#[tokio::test]
async fn a_database_put_back_ends_the_following() {
    let world = World::quiet().await;
    let index = Arc::new(Index::new(world.results.indexer(), FOR_EVER));
    sqlx::query("update change_head set sequence = 5")
        .execute(&world.pool)
        .await
        .expect("ahead");
    let every = std::time::Duration::from_millis(10);
    let follower = certificate_query::index::Follower::new(world.pool.clone(), index, every);
    follower.load().await.expect("loaded");
    sqlx::query("update change_head set sequence = 4")
        .execute(&world.pool)
        .await
        .expect("put back");
    let ended = follower.run(CancellationToken::new()).await;
    let error = ended.expect_err("what is in memory cannot be taken back");
    let error = platform::status::Chain(&error).to_string();
    assert!(error.contains("older than the index"), "{error}");
}

#[tokio::test]
async fn while_keys_are_exchanged_a_certificate_is_found_under_either_and_is_still_one() {
    let world = World::start().await;
    let old = world.results.indexer();
    let folder = tempfile::tempdir().expect("a folder");
    let key = |id| folder.path().join(format!("index/{id}.key"));
    let path = world.results.keys.path().join("index/k1.key");
    let secret = std::fs::read(path).expect("the key in use");
    secret_file::write(&key("k2"), "5a".repeat(32).as_bytes()).expect("written");
    let new = BlindIndexer::load(folder.path()).expect("one key");
    secret_file::write(&key("k1"), &secret).expect("written");
    let both = BlindIndexer::load(folder.path()).expect("two keys");

    let index = Arc::new(Index::new(both, FOR_EVER));
    let stop = CancellationToken::new();
    follow(&world.pool, &index, &stop).await;
    let door = Door::open(Arc::clone(&index), &stop).await;
    let status = async |number| door.ask(number, HOLDER).await.json()["status"].clone();

    let untouched = "S000037100001205000002";
    let fact = issued(NUMBER, HOLDER, &old);
    world.tell(&fact).await;
    world.tell(&issued(untouched, HOLDER, &old)).await;
    world.until("valid", untouched, HOLDER).await;
    let number = CertificateNumber::parse(NUMBER).expect("a number");
    let reindexed = CertificateFact {
        event: CertificateEvent::Reindexed.into(),
        blind_indexes: doors(&number, HOLDER, &new),
        ..fact
    };
    world.tell(&reindexed).await;
    // The next change is seen by all doors that the certificate ever had.
    world.tell(&revoked(&reindexed)).await;
    world.until("revoked", NUMBER, HOLDER).await;
    eventually("the replica with both keys", async || {
        (status(NUMBER).await == "revoked").then_some(())
    })
    .await;
    assert_eq!(status(untouched).await, "valid");
    assert_eq!(
        index.state().versions,
        2,
        "a certificate with two doors is one"
    );

    let later = Arc::new(Index::new(new, FOR_EVER));
    follow(&world.pool, &later, &stop).await;
    let door = Door::open(later, &stop).await;
    let status = async |number| door.ask(number, HOLDER).await.json()["status"].clone();
    assert_eq!(status(NUMBER).await, "revoked", "the old key is gone");
    assert_eq!(
        status(untouched).await,
        "not_found",
        "it has no door under the new key"
    );
    stop.cancel();
}
