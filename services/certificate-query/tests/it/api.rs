//! The JSON door: what each state of a certificate is answered with.

use hyper::StatusCode;
use proto::results::v1::CertificateStatus;
use serde_json::json;

use crate::setup::{HOLDER, NUMBER, Reply, World, corrected, issued, revoked};

#[tokio::test]
async fn an_issued_certificate_is_valid_and_told_with_everything_but_its_holder() {
    let world = World::start().await;
    world
        .tell(&issued(NUMBER, HOLDER, &world.results.indexer()))
        .await;
    let reply = world.until("valid", NUMBER, HOLDER).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(
        reply.json(),
        json!({
            "status": "valid",
            "number": NUMBER,
            "holder": "王*例",
            "document_number": "370099********0017",
            "occupation": { "edition": 2015, "code": "6-31-01-03", "name": "电工" },
            "trade": "--",
            "level": "五级/初级工",
            "organization": { "code": "S000037100001", "name": "示例技师学院" },
            "issued_on": "2020-06-15",
        })
    );
    let typed = world.ask("ｓ0000 3710 0001 20 5 OOOOO1", " 王 示例").await;
    assert_eq!(typed.body, reply.body, "as people type it");
}

#[tokio::test]
async fn a_wrong_name_and_an_unknown_number_are_answered_alike_to_the_byte() {
    let world = World::start().await;
    world
        .tell(&issued(NUMBER, HOLDER, &world.results.indexer()))
        .await;
    world.until("valid", NUMBER, HOLDER).await;

    let wrong_name = world.ask(NUMBER, "李示例").await;
    assert_eq!(wrong_name.body, r#"{"status":"not_found"}"#);
    let unknown = "S000037100001205999999";
    for (number, name) in [
        (unknown, HOLDER),
        (unknown, "李示例"),
        ("0", "无名氏"),
        (&"9".repeat(22), "某"),
        // Whatever begins as ours is answered as ours, possible or not.
        ("S000037100001200000000", HOLDER),
        ("S000037990000205000001", HOLDER),
        ("S000037120001205000001", HOLDER),
        ("S000037100001209000001", HOLDER),
        ("S00003710000120T000001", HOLDER),
        ("S00003710000120X000000", HOLDER),
        ("S000037T00001205000001", HOLDER),
        ("S0000371000012050000T1", HOLDER),
        ("S0000371000012050000TT", HOLDER),
        ("S000037山东示例机构编号示例编号示例编", HOLDER),
        (" ｓOOOO37-9900 00 20T 00000I\n", HOLDER),
    ] {
        let other = world.ask(number, name).await;
        assert_eq!(told(&other), told(&wrong_name), "{number}");
    }
}

/// All of an answer but what depends on the moment.
fn told(reply: &Reply) -> (StatusCode, Vec<(String, String)>, String) {
    let mut headers: Vec<_> = reply
        .headers
        .iter()
        .filter(|(name, _)| {
            !["date", "luban-data-as-of", "ratelimit-remaining"].contains(&name.as_str())
        })
        .map(|(name, value)| (name.to_string(), value.to_str().expect("ascii").to_owned()))
        .collect();
    headers.sort();
    (reply.status, headers, reply.body.clone())
}

#[tokio::test]
async fn the_pair_of_an_older_version_learns_of_the_correction_and_nothing_else() {
    let world = World::start().await;
    let indexer = world.results.indexer();
    let first = issued(NUMBER, HOLDER, &indexer);
    world.tell(&first).await;
    world.tell(&corrected(&first, "王正确", &indexer)).await;

    let new = world.until("valid", NUMBER, "王正确").await;
    assert_eq!(new.json()["holder"], "王*确");
    let old = world.ask(NUMBER, HOLDER).await;
    assert_eq!(
        (old.status, old.body.as_str()),
        (StatusCode::OK, r#"{"status":"corrected"}"#)
    );
}

#[tokio::test]
async fn a_correction_that_leaves_the_pair_as_it_was_is_found_by_it() {
    let world = World::start().await;
    let indexer = world.results.indexer();
    let first = issued(NUMBER, HOLDER, &indexer);
    world.tell(&first).await;
    let mut second = corrected(&first, HOLDER, &indexer);
    "示例工种".clone_into(&mut second.trade);
    world.tell(&second).await;
    platform::testing::eventually("the new version", async || {
        let reply = world.ask(NUMBER, HOLDER).await.json();
        (reply["status"] == "valid" && reply["trade"] == "示例工种").then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_revoked_certificate_is_revoked_for_every_pair_it_ever_had() {
    let world = World::start().await;
    let indexer = world.results.indexer();
    let first = issued(NUMBER, HOLDER, &indexer);
    let second = corrected(&first, "王正确", &indexer);
    world.tell(&first).await;
    world.tell(&second).await;
    world.tell(&revoked(&second)).await;

    let reply = world.until("revoked", NUMBER, "王正确").await.json();
    assert_eq!(reply["revoked_on"], "2020-07-01");
    assert_eq!(reply["reason"]["code"], "issued_in_error");
    assert_eq!(reply["reason"]["zh"], "错误颁发");
    let old = world.ask(NUMBER, HOLDER).await.json();
    assert_eq!(
        (&old["status"], &old["holder"]),
        (&json!("revoked"), &json!("王*例"))
    );
    assert_eq!(
        world.ask(NUMBER, "李示例").await.json(),
        json!({ "status": "not_found" })
    );
}

#[tokio::test]
async fn a_suspended_certificate_is_never_called_valid() {
    let world = World::start().await;
    let mut fact = issued(NUMBER, HOLDER, &world.results.indexer());
    fact.status = CertificateStatus::Suspended.into();
    world.tell(&fact).await;
    let reply = world.until("suspended", NUMBER, HOLDER).await.json();
    assert_eq!(reply["suspended_on"], "2020-06-15");
}
