//! What is refused, and how.

use hyper::body::Bytes;
use hyper::{Method, StatusCode};
use serde_json::json;

use crate::setup::{HOLDER, NUMBER, World};

const API: &str = "/api/v1/certificates:verify";
const JSON: &str = "application/json";

#[tokio::test]
async fn every_fault_of_a_question_is_named_at_once() {
    let world = World::quiet().await;
    let fault = |field: &str, code: &str| (field.to_owned(), code.to_owned());
    for (body, expected) in [
        ("", vec![fault("", "BODY_MALFORMED")]),
        ("{", vec![fault("", "BODY_MALFORMED")]),
        ("[]", vec![fault("", "BODY_MALFORMED")]),
        ("null", vec![fault("", "BODY_MALFORMED")]),
        ("\u{feff}{}", vec![fault("", "BODY_MALFORMED")]),
        ("{} {}", vec![fault("", "BODY_MALFORMED")]),
        (&"[".repeat(4000), vec![fault("", "BODY_MALFORMED")]),
        (
            r#"{"number": 5, "name": "王"}"#,
            vec![fault("", "BODY_MALFORMED")],
        ),
        (
            r#"{"number": "5", "name": null}"#,
            vec![fault("", "BODY_MALFORMED")],
        ),
        (
            r#"{"number": "5", "name": "王", "number": "6"}"#,
            vec![fault("", "BODY_MALFORMED")],
        ),
        (
            "{}",
            vec![
                fault("number", "CERTIFICATE_NUMBER_MISSING"),
                fault("name", "HOLDER_NAME_MISSING"),
            ],
        ),
        (
            r#"{"number": " ", "name": "王5"}"#,
            vec![
                fault("number", "CERTIFICATE_NUMBER_MISSING"),
                fault("name", "PERSON_NAME_CHARACTERS"),
            ],
        ),
    ] {
        let reply = world.door.post(API, JSON, body.to_owned()).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(reply.faults(), expected, "{body}");
    }
}

#[tokio::test]
async fn what_is_too_long_is_refused_and_never_repeated() {
    let world = World::quiet().await;
    let (number, name) = ("1".repeat(65), "某".repeat(61));
    let reply = world.ask(&number, &name).await;
    let codes: Vec<_> = reply.faults().into_iter().map(|(_, code)| code).collect();
    assert_eq!(codes, ["CERTIFICATE_NUMBER_TOO_LONG", "PERSON_NAME_LENGTH"]);
    assert!(!reply.body.contains(&number) && !reply.body.contains("某某"));

    let reply = world.ask(NUMBER, &"某".repeat(4096)).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(reply.faults()[0].1, "BODY_TOO_LARGE");
}

#[tokio::test]
async fn a_wrong_method_is_405_and_an_unknown_address_404_in_words_for_whoever_asks() {
    let world = World::quiet().await;
    for (method, path, status, code) in [
        (
            Method::GET,
            API,
            StatusCode::METHOD_NOT_ALLOWED,
            "HTTP_METHOD_NOT_ALLOWED",
        ),
        (
            Method::POST,
            "/api/v1/certificates",
            StatusCode::NOT_FOUND,
            "ADDRESS_UNKNOWN",
        ),
    ] {
        let reply = world.door.send(method, path, None, Bytes::new()).await;
        assert_eq!(reply.status, status, "{path}");
        assert_eq!(reply.faults(), [(String::new(), code.to_owned())], "{path}");
        let fault = &reply.json()["faults"][0];
        assert!(
            fault["zh"].is_string() && fault["en"].is_string(),
            "{fault}"
        );
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{path}");
    }
    let reply = world.door.get(API).await;
    assert_eq!(reply.header("allow"), Some("POST"));

    for (method, path, status, line) in [
        (
            Method::DELETE,
            "/",
            StatusCode::METHOD_NOT_ALLOWED,
            "此地址不支持该请求方法 / this address",
        ),
        (
            Method::GET,
            "/certificates",
            StatusCode::NOT_FOUND,
            "没有这个地址 / there is nothing",
        ),
    ] {
        let reply = world.door.send(method, path, None, Bytes::new()).await;
        assert_eq!(reply.status, status, "{path}");
        assert!(reply.body.starts_with(line), "{path}: {}", reply.body);
    }
}

#[tokio::test]
async fn the_type_of_the_body_and_what_else_is_in_it_do_not_matter() {
    let world = World::quiet().await;
    let body = json!({ "number": NUMBER, "name": HOLDER, "more": 1 }).to_string();
    let reply = world
        .door
        .post(API, "application/x-www-form-urlencoded", body)
        .await;
    assert_eq!(reply.json(), json!({ "status": "not_found" }));
}

#[tokio::test]
async fn a_number_of_another_scheme_is_told_where_it_is_checked() {
    let world = World::quiet().await;
    for number in ["S000011100001205000001", "1234567890123456"] {
        let reply = world.ask(number, HOLDER).await.json();
        assert_eq!(reply["status"], "not_found");
        assert!(
            reply["hint"]["zh"]
                .as_str()
                .expect("a hint")
                .contains("查询系统"),
            "{number}"
        );
    }
}
