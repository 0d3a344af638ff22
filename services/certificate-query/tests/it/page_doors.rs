//! The page's other doors, its states, and what it says of its limits.

use hyper::StatusCode;
use kernel::ids::ResultId;
use kernel::query_key::QueryKey;
use proto::results::v1::{CandidateStage, CandidateStageFact, IndexPurpose};
use uuid::Uuid;

use crate::setup::{
    HOLDER, NUMBER, Reply, World, corrected, document, doors_of, issued, name, token,
};

const FORM: &str = "application/x-www-form-urlencoded";
const TICKET: &str = "37100000001";
const OTHER: &str = "S000037100001215000002";

async fn submit(world: &World, path: &str, fields: &[(&str, &str)]) -> Reply {
    let percent = |text: &str| {
        let bytes = text.bytes().map(|byte| format!("%{byte:02X}"));
        bytes.collect::<String>()
    };
    let pairs = fields.iter();
    let pairs: Vec<_> = pairs
        .map(|(field, value)| format!("{field}={}", percent(value)))
        .collect();
    world.door.post(path, FORM, pairs.join("&")).await
}

#[tokio::test]
async fn every_door_has_a_form_that_leads_to_the_others_and_keeps_what_was_typed() {
    let world = World::quiet().await;
    let doors = [
        ("/", "number"),
        ("/token", "token"),
        ("/document", "document_number"),
        ("/ticket", "ticket_number"),
    ];
    for (path, field) in doors {
        let page = world.door.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let form = format!(r#"<form method="post" action="{path}""#);
        assert!(page.body.contains(&form), "{path}");
        let label = format!(r#"<label for="{field}">"#);
        assert!(page.body.contains(&label), "{path}");
        for (other, _) in doors.iter().filter(|(other, _)| *other != path) {
            let link = format!(r#"<li><a href="{other}">"#);
            assert!(page.body.contains(&link), "{path} leads to {other}");
        }
        let typed = format!("<{path}");
        let page = submit(&world, path, &[(field, &typed), ("name", "3")]).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(page.body.contains(&form), "{path}");
        assert!(
            page.body.contains(&format!(r#"value="&#60;{path}""#)),
            "{path}"
        );
        let faulty = if path == "/token" { "token" } else { "name" };
        let error = format!(r#"id="{faulty}-error""#);
        assert!(page.body.contains(&error), "{path}");
    }
}

#[tokio::test]
async fn a_scanned_code_fills_in_the_form_and_asks_nothing_by_itself() {
    let world = World::quiet().await;
    let scanned = hex::encode(token(NUMBER, 1));
    let page = world.door.get(&format!("/token?token={scanned}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(&format!(r#"value="{scanned}""#)));
    for typed in [
        "?token=%22%3Cb%3E",
        "?name=x&token=1",
        "?token=1&token=2",
        "?token=%FF",
        "?",
    ] {
        let page = world.door.get(&format!("/token{typed}")).await;
        assert_eq!(page.status, StatusCode::OK, "{typed}");
        assert!(!page.body.contains("<b>"), "{typed}");
    }
}

#[tokio::test]
async fn the_paper_the_document_and_the_ticket_lead_to_what_they_are_of() {
    let world = World::start().await;
    let indexer = world.results.indexer();
    let first = issued(NUMBER, HOLDER, &indexer);
    world.tell(&first).await;
    world.tell(&corrected(&first, "王正确", &indexer)).await;
    world.tell(&issued(OTHER, HOLDER, &indexer)).await;
    let stage = CandidateStageFact {
        result_id: ResultId::from_uuid(Uuid::now_v7()).to_string(),
        stage: CandidateStage::InPublicNotice.into(),
        since: "2020-06-15".to_owned(),
        until: "2020-06-22".to_owned(),
        blind_indexes: doors_of(
            IndexPurpose::TicketAndName,
            &QueryKey::ticket_and_name(TICKET, &name(HOLDER)),
            &indexer,
        ),
    };
    world.tell_stage(&stage).await;
    world.until("valid", OTHER, HOLDER).await;
    world.until("corrected", NUMBER, HOLDER).await;

    let scanned = hex::encode(token(OTHER, 1));
    let page = submit(&world, "/token", &[("token", &scanned)]).await;
    assert!(page.body.contains("<code>VALID</code>") && page.body.contains(OTHER));

    let papers = document().reveal().to_owned();
    let asked = [("document_number", papers.as_str()), ("name", HOLDER)];
    let page = submit(&world, "/document", &asked).await;
    for part in [
        "<title>查询结果",
        OTHER,
        "<code>VALID</code>",
        "<code>SUPERSEDED</code>",
    ] {
        assert!(page.body.contains(part), "{part}");
    }
    assert!(!page.body.contains(&papers), "it is not repeated");

    platform::testing::eventually("the stage", async || {
        let asked = [("ticket_number", TICKET), ("name", HOLDER)];
        let page = submit(&world, "/ticket", &asked).await;
        let parts = [
            "成绩公示中",
            "公示至 2020-06-22 止",
            "<code>IN_PROGRESS</code>",
        ];
        let shown = parts.iter().all(|part| page.body.contains(part));
        shown.then_some(())
    })
    .await;

    let nobody = [("ticket_number", TICKET), ("name", "李示例")];
    let nothing = submit(&world, "/ticket", &nobody).await;
    assert_eq!(nothing.status, StatusCode::OK);
    assert!(nothing.body.contains("<code>NO_MATCH</code>"));
    let nobody = [("document_number", papers.as_str()), ("name", "李示例")];
    let none = submit(&world, "/document", &nobody).await;
    assert_eq!(
        none.body, nothing.body,
        "one page for whatever is not found"
    );
}

#[tokio::test]
async fn every_state_can_be_seen_under_a_number_that_is_nobodys() {
    let world = World::quiet().await;
    let about = world.door.get("/about").await;
    assert_eq!(about.header("cache-control"), Some("public, max-age=3600"));
    for (sequence, code, status) in [
        (1, "VALID", StatusCode::OK),
        (2, "SUPERSEDED", StatusCode::OK),
        (3, "REVOKED", StatusCode::OK),
        (4, "SUSPENDED", StatusCode::OK),
        (5, "IN_PROGRESS", StatusCode::OK),
        (6, "NO_MATCH", StatusCode::OK),
        (7, "TOO_MANY_QUESTIONS", StatusCode::TOO_MANY_REQUESTS),
        (8, "STATUS_UNAVAILABLE", StatusCode::SERVICE_UNAVAILABLE),
    ] {
        let number = format!("S000037000000000{sequence:06}");
        let marked = format!("<code>{code}</code>");
        assert!(about.body.contains(&number) && about.body.contains(&marked));
        let page = submit(&world, "/", &[("number", &number), ("name", "某")]).await;
        assert_eq!(page.status, status, "{code}");
        assert!(page.body.contains(&marked), "{code}");
        assert_eq!(
            world.ask(&number, "某").await.json()["status"],
            "not_found",
            "to a machine it is no certificate"
        );
    }
    let away = world.door.get("/away").await;
    assert_eq!(away.status, StatusCode::OK, "for the edge to keep");
    assert!(away.body.contains("<code>STATUS_UNAVAILABLE</code>"));
}

#[tokio::test]
async fn the_limits_are_told_as_they_are() {
    let world = World::quiet().await;
    let about = world.door.get("/about").await;
    // Those of this test's door; see `setup::public`.
    let wide = "<td>1000000</td><td>1000000</td><td>1000000</td>";
    assert_eq!(about.body.matches(wide).count(), 5);
    for header in ["RateLimit-Remaining", "Retry-After", "Luban-Challenge"] {
        assert!(about.body.contains(header), "{header}");
    }
}
