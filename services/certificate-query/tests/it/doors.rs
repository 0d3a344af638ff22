//! The doors beside number and name: the token of the QR code, the document, the ticket.

use kernel::ids::ResultId;
use kernel::query_key::QueryKey;
use proto::results::v1::{
    CandidateStage, CandidateStageFact, CertificateEvent, CertificateFact, IndexPurpose,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::setup::{
    HOLDER, NUMBER, Reply, World, corrected, document, doors_of, issued, name, revoked, token,
};

const OTHER: &str = "S000037100001215000002";
const TICKET: &str = "37100000001";

async fn by_token(world: &World, token: &str) -> Reply {
    post(
        world,
        "certificates:verifyByToken",
        json!({ "token": token }),
    )
    .await
}

async fn by_document(world: &World, document: &str, name: &str) -> Reply {
    let asked = json!({ "document_number": document, "name": name });
    post(world, "certificates:find", asked).await
}

async fn by_ticket(world: &World, ticket: &str, name: &str) -> Reply {
    let asked = json!({ "ticket_number": ticket, "name": name });
    post(world, "candidates:stage", asked).await
}

async fn post(world: &World, method: &str, body: Value) -> Reply {
    let path = format!("/api/v1/{method}");
    let body = body.to_string();
    world.door.post(&path, "application/json", body).await
}

#[tokio::test]
async fn the_token_of_a_paper_says_what_became_of_that_paper() {
    let world = World::start().await;
    let indexer = world.results.indexer();
    let first = issued(NUMBER, HOLDER, &indexer);
    let second = corrected(&first, "王正确", &indexer);
    let (old, new) = (hex::encode(token(NUMBER, 1)), hex::encode(token(NUMBER, 2)));

    world.tell(&first).await;
    let pair = world.until("valid", NUMBER, HOLDER).await;
    assert_eq!(by_token(&world, &old).await.body, pair.body);
    let unknown = by_token(&world, &new).await.json();
    assert_eq!(unknown, json!({ "status": "not_found" }));

    world.tell(&second).await;
    world.until("corrected", NUMBER, HOLDER).await;
    let told = by_token(&world, &old).await.json();
    assert_eq!(told, json!({ "status": "corrected" }));
    assert_eq!(by_token(&world, &new).await.json()["holder"], "王*确");

    world.tell(&revoked(&second)).await;
    world.until("revoked", NUMBER, HOLDER).await;
    for token in [old, new] {
        assert_eq!(by_token(&world, &token).await.json()["status"], "revoked");
    }
    let refused = by_token(&world, "x").await;
    assert_eq!(
        refused.faults(),
        [(String::new(), "QR_TOKEN_MALFORMED".to_owned())]
    );
}

#[tokio::test]
async fn a_certificate_issued_anew_is_found_by_its_pair_and_the_lost_paper_is_told_apart() {
    let world = World::start().await;
    let indexer = world.results.indexer();
    let first = issued(NUMBER, HOLDER, &indexer);
    let anew = CertificateFact {
        event: CertificateEvent::Reissued.into(),
        ..corrected(&first, HOLDER, &indexer)
    };
    world.tell(&first).await;
    world.until("valid", NUMBER, HOLDER).await;
    world.tell(&anew).await;
    let [lost, new] = [1, 2].map(|version| hex::encode(token(NUMBER, version)));
    platform::testing::eventually("the new paper", async || {
        let told = by_token(&world, &new).await.json();
        (told["status"] == "valid").then_some(())
    })
    .await;
    let told = by_token(&world, &lost).await.json();
    assert_eq!(told, json!({ "status": "corrected" }));
    world.until("valid", NUMBER, HOLDER).await;
}

#[tokio::test]
async fn who_lost_the_number_finds_every_certificate_by_document_and_name() {
    let world = World::start().await;
    let indexer = world.results.indexer();
    let first = issued(NUMBER, HOLDER, &indexer);
    let mut later = issued(OTHER, HOLDER, &indexer);
    later.issued_on = "2021-03-01".to_owned();
    world.tell(&first).await;
    world.tell(&later).await;
    world.until("valid", NUMBER, HOLDER).await;
    world.until("valid", OTHER, HOLDER).await;

    let typed = document().reveal().replace("1990", " １９９０ ");
    let found = by_document(&world, &typed, HOLDER).await.json();
    assert_eq!(found["status"], "found");
    let numbers = |found: &Value| {
        let all = found["certificates"].as_array().expect("a list").clone();
        let number = |one: Value| one["number"].as_str().expect("a number").to_owned();
        all.into_iter().map(number).collect::<Vec<_>>()
    };
    assert_eq!(numbers(&found), [OTHER, NUMBER]);

    let second = corrected(&first, HOLDER, &indexer);
    world.tell(&revoked(&second)).await;
    world.until("revoked", NUMBER, HOLDER).await;
    let found = by_document(&world, &typed, HOLDER).await.json();
    assert_eq!(numbers(&found), [OTHER, NUMBER], "each once");
    assert_eq!(found["certificates"][1]["status"], "revoked");

    let wrong_name = by_document(&world, &typed, "李示例").await;
    let nobody = json!({ "status": "not_found", "certificates": [] });
    assert_eq!(wrong_name.json(), nobody);
    let other =
        kernel::citizen_id::CitizenId::synthetic("370099", jiff::civil::date(1991, 3, 7), 1);
    let unknown = by_document(&world, other.reveal(), HOLDER).await;
    assert_eq!(unknown.body, wrong_name.body);
}

#[tokio::test]
async fn a_candidate_learns_how_far_it_is_until_it_is_through() {
    let world = World::start().await;
    let key = QueryKey::ticket_and_name(TICKET, &name(HOLDER));
    let fact = CandidateStageFact {
        result_id: ResultId::from_uuid(Uuid::now_v7()).to_string(),
        stage: CandidateStage::InPublicNotice.into(),
        until: "2020-06-22".to_owned(),
        blind_indexes: doors_of(IndexPurpose::TicketAndName, &key, &world.results.indexer()),
        since: "2020-06-15".to_owned(),
    };
    world.tell_stage(&fact).await;
    let told = until(&world, "in_public_notice").await;
    assert_eq!(
        told,
        json!({
            "status": "in_progress",
            "stage": {
                "code": "in_public_notice",
                "zh": "成绩公示中",
                "en": "results are in public notice",
                "since": "2020-06-15",
                "until": "2020-06-22",
            },
        })
    );
    let nobody = by_ticket(&world, TICKET, "李示例").await;
    assert_eq!(nobody.json(), json!({ "status": "not_found" }));
    assert_eq!(by_ticket(&world, "371", HOLDER).await.body, nobody.body);

    for (stage, code) in [
        (CandidateStage::InCityReview, "in_city_review"),
        (CandidateStage::InProvinceReview, "in_province_review"),
        (CandidateStage::Approved, "approved"),
    ] {
        let later = CandidateStageFact {
            stage: stage.into(),
            until: String::new(),
            since: "2020-06-23".to_owned(),
            ..fact.clone()
        };
        world.tell_stage(&later).await;
        assert_eq!(until(&world, code).await["stage"]["since"], "2020-06-23");
    }
    let over = CandidateStageFact {
        stage: CandidateStage::Ended.into(),
        until: String::new(),
        ..fact
    };
    world.tell_stage(&over).await;
    platform::testing::eventually("no stage any more", async || {
        let told = by_ticket(&world, TICKET, HOLDER).await;
        (told.body == nobody.body).then_some(())
    })
    .await;
    let refused = by_ticket(&world, "", HOLDER).await.faults();
    let missing = "ADMISSION_TICKET_NUMBER_MISSING".to_owned();
    assert_eq!(refused, [("ticket_number".to_owned(), missing)]);
}

async fn until(world: &World, stage: &str) -> Value {
    platform::testing::eventually(stage, async || {
        let told = by_ticket(world, TICKET, HOLDER).await.json();
        (told["stage"]["code"] == stage).then_some(told)
    })
    .await
}
