//! What the public is told over HTTP, to the byte.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request, Response, header};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

use crate::walked::{Walked, walked};

#[tokio::test(flavor = "multi_thread")]
async fn the_right_pair_is_told_what_the_certificate_says() {
    let walked = walked().await;
    for outcome in [&walked.first.outcome, &walked.second.outcome] {
        let answer = verify(walked, &outcome.certificate, &outcome.holder).await;
        let told: Value = serde_json::from_slice(answer.body()).expect("JSON");
        assert_eq!(told["status"], "valid");
        let text = told.to_string();
        assert!(text.contains(&outcome.certificate), "{text}");
        assert!(
            text.contains('*') && !text.contains(&outcome.holder),
            "the holder is masked: {text}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_name_and_an_unknown_number_are_answered_with_the_same_bytes() {
    let walked = walked().await;
    let (number, holder) = (
        &walked.first.outcome.certificate,
        &walked.first.outcome.holder,
    );
    // The last of the same organisation, year and level; so many were never issued.
    let unknown = format!("{}999999", &number[..16]);
    let wrong_name = verify(walked, number, "查无此人").await;
    let unknown_number = verify(walked, &unknown, holder).await;
    let told: Value = serde_json::from_slice(wrong_name.body()).expect("JSON");
    assert_eq!(told["status"], "not_found");
    assert_same(&wrong_name, &unknown_number);

    let wrong_name = page(walked, number, "查无此人").await;
    let unknown_number = page(walked, &unknown, holder).await;
    assert_eq!(
        without(&wrong_name, number, "查无此人"),
        without(&unknown_number, &unknown, holder),
    );
}

/// Same status, same headers but for the times in them, same body.
fn assert_same(one: &Response<Bytes>, other: &Response<Bytes>) {
    assert_eq!(one.status(), other.status());
    let names = |answer: &Response<Bytes>| {
        answer
            .headers()
            .keys()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!(names(one), names(other));
    let length = header::CONTENT_LENGTH;
    assert_eq!(one.headers().get(&length), other.headers().get(&length));
    assert_eq!(one.body(), other.body());
}

/// The page repeats in its fields what was asked.
fn without(answer: &Response<Bytes>, number: &str, name: &str) -> String {
    let text = String::from_utf8_lossy(answer.body());
    text.replace(number, "number").replace(name, "name")
}

async fn verify(walked: &Walked, number: &str, name: &str) -> Response<Bytes> {
    let question = json!({ "number": number, "name": name }).to_string();
    ask(
        walked,
        "api/v1/certificates:verify",
        "application/json",
        question,
    )
    .await
}

async fn page(walked: &Walked, number: &str, name: &str) -> Response<Bytes> {
    let form = format!("number={}&name={}", encoded(number), encoded(name));
    ask(walked, "", "application/x-www-form-urlencoded", form).await
}

/// Every byte as a form may write it.
fn encoded(text: &str) -> String {
    text.bytes()
        .fold(String::new(), |form, byte| form + &format!("%{byte:02X}"))
}

async fn ask(walked: &Walked, path: &str, content: &str, body: String) -> Response<Bytes> {
    let answer = post(walked, path, content, body).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer
}

/// Any answer, good or bad.
pub(crate) async fn post(
    walked: &Walked,
    path: &str,
    content: &str,
    body: String,
) -> Response<Bytes> {
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("{}{path}", walked.platform.page()))
        .header(header::CONTENT_TYPE, content)
        .body(Full::new(Bytes::from(body)))
        .expect("a request");
    let client = Client::builder(TokioExecutor::new()).build_http();
    let (head, body) = client
        .request(request)
        .await
        .expect("an answer")
        .into_parts();
    let body = body.collect().await.expect("a whole body").to_bytes();
    Response::from_parts(head, body)
}
