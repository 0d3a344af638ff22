use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, request};
use axum::routing::get;
use proto::certificate::v1::VerifyCertificateRequest;
use serde::Deserialize;
use tower::ServiceExt;

use super::*;
use crate::error::Error;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    number: u8,
}

fn routes() -> Router {
    Router::new()
        .route(
            "/message",
            get(async || {
                Json(VerifyCertificateRequest {
                    number: "示例".to_owned(),
                    ..Default::default()
                })
            }),
        )
        .route(
            "/asked",
            get(async |Parameters(asked): Parameters<Asked>| asked.number.to_string()),
        )
        .route(
            "/refused",
            get(async || outcome(Error::refused(PageRejection::AddressUnknown))),
        )
        .route(
            "/failed",
            get(async || outcome(anyhow::anyhow!("a secret").into())),
        )
        .route("/slow", get(std::future::pending::<Response>))
        .route("/panic", get(panics))
}

fn outcome(error: Error) -> Answer<()> {
    Err(error.into())
}

async fn panics() -> Response {
    panic!("as the test asked")
}

async fn answer(path: &str) -> (StatusCode, HeaderMap, String) {
    answer_to(Request::get(path)).await
}

async fn answer_to(request: request::Builder) -> (StatusCode, HeaderMap, String) {
    let request = request.body(Body::empty()).expect("a request");
    let Ok(answer) = shown(routes(), Duration::from_millis(20))
        .oneshot(request)
        .await;
    let (head, body) = answer.into_parts();
    let body = to_bytes(body, 65536).await.expect("a whole body");
    (
        head.status,
        head.headers,
        String::from_utf8(body.into()).expect("text"),
    )
}

#[tokio::test]
async fn a_message_of_the_contract_is_written_whole_by_the_names_of_the_contract() {
    let (status, headers, body) = answer("/message").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(body, r#"{"number":"示例","name":""}"#);
    assert_eq!(headers[header::CONTENT_TYPE], "application/json");
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(headers[header::CONTENT_SECURITY_POLICY], POLICY);
}

#[tokio::test]
async fn a_query_is_what_the_address_takes_or_refused() {
    assert_eq!(answer("/asked?number=7").await.2, "7");
    for query in [
        "",
        "?number=x",
        "?numbre=7",
        "?number=7&number=8",
        "?number=%ff",
    ] {
        let (status, _, body) = answer(&format!("/asked{query}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}");
        assert!(body.contains("QUERY_MALFORMED"), "{query}: {body}");
    }
}

#[tokio::test]
async fn whatever_goes_wrong_is_told_in_words_and_without_its_cause() {
    for (path, expected, code) in [
        ("/nowhere", StatusCode::NOT_FOUND, "ADDRESS_UNKNOWN"),
        ("/refused", StatusCode::NOT_FOUND, "ADDRESS_UNKNOWN"),
        (
            "/failed",
            StatusCode::INTERNAL_SERVER_ERROR,
            "PAGE_UNAVAILABLE",
        ),
        ("/slow", StatusCode::SERVICE_UNAVAILABLE, "PAGE_UNAVAILABLE"),
        (
            "/panic",
            StatusCode::INTERNAL_SERVER_ERROR,
            "PAGE_UNAVAILABLE",
        ),
    ] {
        let (status, headers, body) = answer(path).await;
        assert_eq!(status, expected, "{path}");
        assert!(body.contains(code) && body.contains("zh"), "{path}: {body}");
        assert!(!body.contains("secret"), "{path}: {body}");
        assert_eq!(
            headers.contains_key(header::RETRY_AFTER),
            status.is_server_error(),
            "{path}"
        );
    }
}

#[tokio::test]
async fn whoever_posts_to_a_page_is_told_that_it_is_read() {
    let (status, headers, body) = answer_to(Request::post("/message")).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(headers[header::ALLOW], "GET,HEAD");
    assert!(body.contains("HTTP_METHOD_NOT_ALLOWED"), "{body}");
    let (status, _, body) = answer_to(Request::post("/nowhere")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(body.contains("ADDRESS_UNKNOWN"), "{body}");
}
