//! What cannot be applied is kept, and an operator decides.

use std::sync::Arc;

use kernel::ids::FactId;
use platform::access::ServiceToken;
use platform::bus::Subscription;
use platform::client;
use platform::config::{self, NoSections};
use platform::facts::hash;
use platform::inbox::operator::{self, Quarantined, Replay};
use platform::inbox::{Consumer, Inbox, Owner};
use platform::testing::{TestBroker, TestPlatform, eventually};
use prost::Message;
use proto::common::v1::Fact;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::setup::{Ledger, applied, inbox, messages, platform, raise, rows};

#[tokio::test]
async fn a_poisonous_fact_stops_neither_the_others_nor_disappears() {
    let (maker, listener) = (platform("maker").await, platform("listener").await);
    let (healthy, poisoned) = (Uuid::now_v7(), Uuid::now_v7());
    raise(&maker, healthy, &[1, 2]).await;
    raise(&maker, poisoned, &[3, 13, 4]).await;
    let facts = messages(&maker).await;
    let strict = inbox(&listener, Some(13));
    for _ in 0..6 {
        strict.take(&facts).await;
    }
    assert_eq!(applied(&listener, healthy).await, [1, 2]);
    assert_eq!(applied(&listener, poisoned).await, [3]);
    assert_eq!(
        (
            rows(&listener, "quarantine").await,
            rows(&listener, "parked").await
        ),
        (1, 1)
    );

    // After the fix, a replay applies it and what waited behind it, exactly once.
    let id = FactId::parse(&facts[3].fact_id).expect("an id");
    let asked = only_quarantined(&listener).await;
    assert_eq!(asked.fact_id, id);
    assert_eq!(
        replayed(&strict, &listener, &asked).await,
        failed("internal")
    );
    let mended = inbox(&listener, None);
    assert_eq!(replayed(&mended, &listener, &asked).await, Replay::Applied);
    assert!(
        !operator::ask_for_replay(&listener.pool, id)
            .await
            .expect("look")
    );
    mended.take(&facts).await;
    assert_eq!(applied(&listener, poisoned).await, [3, 13, 4]);
    assert_eq!(
        (
            rows(&listener, "quarantine").await,
            rows(&listener, "parked").await
        ),
        (0, 0)
    );
}

async fn only_quarantined(listener: &TestPlatform) -> Quarantined {
    let all = operator::list(&listener.pool).await.expect("list");
    let [only] = all.as_slice() else {
        panic!("{} in quarantine", all.len());
    };
    only.clone()
}

fn failed(failure: &str) -> Replay {
    Replay::Failed(failure.to_owned())
}

/// Asks for a replay, has it done, and tells what came of it.
async fn replayed(inbox: &Inbox<Ledger>, listener: &TestPlatform, fact: &Quarantined) -> Replay {
    let pool = &listener.pool;
    assert!(
        operator::ask_for_replay(pool, fact.fact_id)
            .await
            .expect("ask")
    );
    let outcome = operator::outcome(pool, fact).await.expect("look");
    assert_eq!(outcome, Replay::Asked);
    inbox.replay_asked().await.expect("replay");
    operator::outcome(pool, fact).await.expect("look again")
}

#[tokio::test]
async fn a_replay_says_what_it_did() {
    let (maker, listener) = (platform("maker").await, platform("listener").await);
    let counter = Uuid::now_v7();
    raise(&maker, counter, &[13, 2]).await;
    let facts = messages(&maker).await;
    let strict = inbox(&listener, Some(13));
    for _ in 0..5 {
        strict.take(&facts[..1]).await;
    }
    let poisonous = only_quarantined(&listener).await;
    // As if the gate had been set back: the fact before this one has not been applied.
    let mut ahead = facts[1].clone();
    ahead.fact_id = poisonous.fact_id.to_string();
    ahead.hash = hash(&ahead).to_vec().into();
    sqlx::query("update platform.quarantine set message = $1, version = 2")
        .bind(ahead.encode_to_vec())
        .execute(&listener.pool)
        .await
        .expect("change the message");
    let poisonous = Quarantined {
        place: only_quarantined(&listener).await.place,
        ..poisonous
    };
    let mended = inbox(&listener, None);
    assert_eq!(
        replayed(&mended, &listener, &poisonous).await,
        Replay::Parked
    );
    assert_eq!(rows(&listener, "parked").await, 1, "it did not vanish");
    assert!(applied(&listener, counter).await.is_empty());
}

#[tokio::test]
async fn a_message_that_is_no_fact_is_kept_byte_for_byte_and_acknowledged() {
    let (maker, listener) = (platform("maker").await, platform("listener").await);
    let broker = TestBroker::start();
    let bus = broker.bus().await;
    bus.ensure_stream("maker").await.expect("the stream");
    let counter = Uuid::now_v7();
    raise(&maker, counter, &[1]).await;
    let genuine = messages(&maker).await.remove(0);
    let mut rubbish: Vec<Vec<u8>> = vec![b"\xffno fact".to_vec()];
    for spoil in [
        |fact: &mut Fact| "counter_1".clone_into(&mut fact.fact_id),
        |fact: &mut Fact| "here".clone_into(&mut fact.aggregate_id),
        |fact: &mut Fact| "weight".clone_into(&mut fact.aggregate_kind),
        |fact: &mut Fact| fact.published_version = 0,
        |fact: &mut Fact| fact.published_version = u64::MAX,
        |fact: &mut Fact| fact.epoch = u32::MAX,
    ] {
        let mut fact = genuine.clone();
        spoil(&mut fact);
        fact.hash = hash(&fact).to_vec().into();
        rubbish.push(fact.encode_to_vec());
    }
    let jetstream = async_nats::jetstream::new(bus.client());
    for message in rubbish.iter().cloned().chain([genuine.encode_to_vec()]) {
        let sent = jetstream.publish("luban.maker.counter.raised", message.into());
        sent.await.expect("send").await.expect("be acknowledged");
    }

    let subscription = Subscription {
        listener: "listener",
        owner: "maker",
        aggregate_kind: "counter",
    };
    let stop = CancellationToken::new();
    let (journal, ledger) = (listener.journal.clone(), Ledger { unbearable: None });
    let consumer = Consumer::new(journal, bus.clone(), subscription, nobody(), ledger);
    let running = tokio::spawn(consumer.run(stop.clone()));
    let sent = rubbish.len() as u64 + 1;
    eventually("everything to be acknowledged", async || {
        let acknowledged = bus.acknowledged_up_to(&subscription).await;
        acknowledged.is_ok_and(|up_to| up_to == sent).then_some(())
    })
    .await;
    stop.cancel();
    running.await.expect("no panic").expect("a clean end");

    assert_eq!(applied(&listener, counter).await, [1]);
    let mut kept: Vec<Vec<u8>> =
        sqlx::query_scalar("select message from platform.quarantine where given_up")
            .fetch_all(&listener.pool)
            .await
            .expect("read");
    kept.sort();
    rubbish.sort();
    assert_eq!(kept, rubbish);
    for row in operator::list(&listener.pool).await.expect("list") {
        assert!(row.failure.starts_with("unreadable: "), "{}", row.failure);
        assert!(
            operator::discard(&listener.pool, row.fact_id)
                .await
                .expect("discard")
        );
    }
    assert_eq!(rows(&listener, "quarantine").await, 0);
}

/// An owner that nothing has to be asked of.
fn nobody() -> Owner {
    let variables = [
        ("LUBAN__SERVICE__MODE", "test"),
        ("LUBAN__ACCESS__ISSUER", "https://issuer.test"),
        ("LUBAN__ACCESS__JWKS_FILE", "/nowhere"),
        ("LUBAN__NEIGHBOURS__MAKER", "http://127.0.0.1:1"),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let settings = config::load::<NoSections>("", None, &variables.into());
    let token = Arc::new(ServiceToken::from_file("/nowhere"));
    let neighbour = client::connect(&settings.expect("usable").0, "maker", token);
    Owner::new(neighbour.expect("an address"))
}
