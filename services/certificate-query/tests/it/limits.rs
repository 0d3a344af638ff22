//! Limits as whoever meets them sees them.

use std::sync::Arc;
use std::time::Duration;

use certificate_query::limit::proof::{self, Challenge};
use hyper::StatusCode;
use platform::testing::eventually;
use tokio_util::sync::CancellationToken;

use crate::setup::{Door, HOLDER, NUMBER, Reply, World, issued, limited};

const UNKNOWN: &str = "S000037100001205999999";

/// A door within the limits of the defaults.
async fn door(world: &World, stop: &CancellationToken) -> Door {
    let public = limited(Arc::clone(&world.index));
    Door::within(public, Duration::from_secs(10), stop).await
}

/// Asks for what nobody has, under ever other numbers, until somebody minds.
async fn until_limited(door: &Door) -> Reply {
    for sequence in 1..1000 {
        let reply = door
            .ask(&format!("S00003710000120{sequence:07}"), "某")
            .await;
        if reply.status != StatusCode::OK {
            return reply;
        }
    }
    panic!("nobody minded");
}

fn challenge(reply: &Reply) -> Challenge {
    let header = |name| reply.header(name).expect(name);
    Challenge {
        text: header("luban-challenge").to_owned(),
        difficulty: header("luban-difficulty").parse().expect("a number"),
        wait_seconds: header("retry-after").parse().expect("a number"),
    }
}

#[tokio::test]
async fn how_much_may_still_be_asked_is_told_and_what_is_not_found_takes_five_times_as_much() {
    let world = World::start().await;
    world
        .tell(&issued(NUMBER, HOLDER, &world.results.indexer()))
        .await;
    world.until("valid", NUMBER, HOLDER).await;
    let stop = CancellationToken::new();
    let door = door(&world, &stop).await;
    let remaining = async |number| {
        let reply = door.ask(number, HOLDER).await;
        let text = reply.header("ratelimit-remaining").expect("a number");
        text.parse::<i64>().expect("a number")
    };
    let before = remaining(NUMBER).await;
    let found = before - remaining(NUMBER).await;
    let not_found = before - found - remaining(UNKNOWN).await;
    // A unit is paid off every third of a second.
    assert!(
        found <= 1 && (3..=5).contains(&not_found),
        "{found}, {not_found}"
    );
}

#[tokio::test]
async fn above_the_soft_limit_work_is_asked_for_by_name_and_taken() {
    let world = World::quiet().await;
    let stop = CancellationToken::new();
    let door = door(&world, &stop).await;
    let reply = until_limited(&door).await;
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(reply.faults()[0].1, "PROOF_REQUIRED");
    let challenge = challenge(&reply);
    let work = challenge.clone();
    let proof = tokio::task::spawn_blocking(move || proof::work(&work)).await;
    let proof = proof.expect("found");
    let answer = door.ask_proving(NUMBER, HOLDER, &proof).await;
    assert_eq!(answer.status, StatusCode::OK);
    let again = door.ask_proving(NUMBER, HOLDER, &proof).await;
    assert_eq!(again.status, StatusCode::TOO_MANY_REQUESTS, "once");
}

#[tokio::test]
async fn on_the_page_patience_is_enough() {
    let world = World::quiet().await;
    let stop = CancellationToken::new();
    let door = door(&world, &stop).await;
    until_limited(&door).await;
    let form = "application/x-www-form-urlencoded";
    let question = format!("number={NUMBER}&name=%E7%8E%8B");
    let page = door.post("/", form, question.clone()).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.body.contains("查询过于频繁") && page.body.contains(NUMBER));
    let (_, rest) = page
        .body
        .split_once(r#"name="proof" value=""#)
        .expect("a field");
    let (challenge, _) = rest.split_once('"').expect("its end");
    let question = Arc::new(format!("{question}&proof={challenge}"));
    eventually("the wait to be over", async || {
        let question = question.as_str().to_owned();
        let page = door.post("/", form, question).await;
        (page.status == StatusCode::OK).then_some(())
    })
    .await;
}

#[tokio::test]
async fn above_the_hard_limit_the_time_is_told() {
    let world = World::quiet().await;
    let stop = CancellationToken::new();
    let door = door(&world, &stop).await;
    for number in 1..40 {
        let reply = door.ask(NUMBER, "某").await;
        if reply.status == StatusCode::OK {
            continue;
        }
        if reply.faults()[0].1 == "TOO_MANY_QUESTIONS" {
            let seconds: u64 = reply
                .header("retry-after")
                .expect("a time")
                .parse()
                .expect("seconds");
            assert!(seconds > 0);
            assert!(reply.header("luban-challenge").is_none(), "nothing helps");
            return;
        }
        let work = challenge(&reply);
        let proof = tokio::task::spawn_blocking(move || proof::work(&work)).await;
        let proof = proof.expect("found");
        let reply = door.ask_proving(NUMBER, "某", &proof).await;
        assert_eq!(reply.status, StatusCode::OK, "{number}");
    }
    panic!("forty names tried");
}
