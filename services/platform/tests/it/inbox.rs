//! Facts are applied once and in order, whatever way they come.

use kernel::ids::FactId;
use platform::facts::hash;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use uuid::Uuid;

use crate::setup::{applied, inbox, messages, platform, raise, rows};

#[tokio::test]
async fn shuffled_and_repeated_deliveries_end_in_the_same_state() {
    let maker = platform("maker").await;
    let counters = [Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7()];
    for counter in counters {
        raise(&maker, counter, &[1, 2, 3, 4, 5]).await;
    }
    let facts = messages(&maker).await;
    for seed in 0..4 {
        let listener = platform("listener").await;
        let inbox = inbox(&listener, None);
        let mut deliveries: Vec<_> = facts.iter().chain(&facts).chain(&facts).cloned().collect();
        deliveries.shuffle(&mut rand::rngs::StdRng::seed_from_u64(seed));
        for batch in deliveries.chunks(7) {
            inbox.take(batch).await;
        }
        for counter in counters {
            assert_eq!(
                applied(&listener, counter).await,
                [1, 2, 3, 4, 5],
                "seed {seed}"
            );
        }
        assert_eq!(rows(&listener, "parked").await, 0, "seed {seed}");
    }
}

#[tokio::test]
async fn after_a_restore_what_was_parked_anew_follows_what_was_applied_before() {
    let (maker, listener) = (platform("maker").await, platform("listener").await);
    let counter = Uuid::now_v7();
    raise(&maker, counter, &[1, 2]).await;
    let facts = messages(&maker).await;
    let mut anew = facts[1].clone();
    anew.fact_id = FactId::from_uuid(Uuid::now_v7()).to_string();
    anew.epoch = 2;
    anew.payload = vec![7].into();
    anew.hash = hash(&anew).to_vec().into();
    let inbox = inbox(&listener, None);
    inbox
        .take(&[facts[1].clone(), anew, facts[0].clone()])
        .await;
    assert_eq!(applied(&listener, counter).await, [1, 7]);
    assert_eq!(rows(&listener, "parked").await, 0);
}

#[tokio::test]
async fn a_known_fact_with_another_hash_is_set_aside_as_forgery() {
    let (maker, listener) = (platform("maker").await, platform("listener").await);
    let counter = Uuid::now_v7();
    raise(&maker, counter, &[1]).await;
    let facts = messages(&maker).await;
    let inbox = inbox(&listener, None);
    inbox.take(&facts).await;
    let mut forged = facts[0].clone();
    forged.payload = vec![99].into();
    forged.hash = hash(&forged).to_vec().into();
    for _ in 0..6 {
        inbox.take(std::slice::from_ref(&forged)).await;
    }
    assert_eq!(applied(&listener, counter).await, [1]);
    assert_eq!(rows(&listener, "quarantine").await, 1);
}

#[tokio::test]
async fn an_owner_restored_to_before_what_was_applied_is_noticed() {
    let (maker, listener) = (platform("maker").await, platform("listener").await);
    let counter = Uuid::now_v7();
    raise(&maker, counter, &[1, 2]).await;
    let facts = messages(&maker).await;
    let inbox = inbox(&listener, None);
    inbox.take(&facts).await;
    let mut other = facts[1].clone();
    other.fact_id = FactId::from_uuid(Uuid::now_v7()).to_string();
    other.epoch = 2;
    other.hash = hash(&other).to_vec().into();
    for _ in 0..6 {
        inbox.take(std::slice::from_ref(&other)).await;
    }
    assert_eq!(applied(&listener, counter).await, [1, 2]);
    assert_eq!(rows(&listener, "quarantine").await, 1);
}

#[tokio::test]
async fn a_poisonous_fact_that_waited_takes_nothing_back_from_the_one_before_it() {
    let (maker, listener) = (platform("maker").await, platform("listener").await);
    let counter = Uuid::now_v7();
    raise(&maker, counter, &[1, 13, 2]).await;
    let facts = messages(&maker).await;
    let inbox = inbox(&listener, Some(13));
    inbox.take(&facts[1..]).await;
    inbox.take(&facts[..1]).await;
    assert_eq!(applied(&listener, counter).await, [1]);
    assert_eq!(rows(&listener, "quarantine").await, 1);
    assert_eq!(rows(&listener, "parked").await, 1);
}

#[tokio::test]
async fn a_fact_whose_content_is_not_what_its_hash_says_is_set_aside() {
    let (maker, listener) = (platform("maker").await, platform("listener").await);
    let counter = Uuid::now_v7();
    raise(&maker, counter, &[1]).await;
    let mut forged = messages(&maker).await.remove(0);
    forged.payload = vec![9].into();
    let inbox = inbox(&listener, None);
    for _ in 0..6 {
        inbox.take(std::slice::from_ref(&forged)).await;
    }
    assert!(applied(&listener, counter).await.is_empty());
    assert_eq!(rows(&listener, "quarantine").await, 1);
}
