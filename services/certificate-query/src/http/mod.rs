//! The query for people and for machines without gRPC.
//!
//! ```text
//! GET  /  /token  /document  /ticket  a form for each way to ask
//!      /token?token=                 the form as a scanned QR code fills it in
//! POST                               the page with an answer
//! GET  /about                        the states, and how much may be asked
//!      /away                         what the edge shows while nobody answers it
//! POST /api/v1/certificates:verify   JSON: number and name
//!      /api/v1/certificates:verifyByToken  the token of the QR code
//!      /api/v1/certificates:find          document number and name
//!      /api/v1/candidates:stage           admission ticket number and name
//! GET  /api/v1/openapi.json          what of this is for machines, as OpenAPI
//! GET  /healthz                      whether the process serves; asks nobody else
//! GET  /readyz                       whether it answers yet, and how far the index is loaded
//! ```
//!
//! What is asked travels in bodies only: addresses end up in logs, histories and referrers. The one
//! exception is the token of a QR code, which a telephone can bring along in no other way: it names
//! nobody, is not asked about before the form is sent, and a re-issue makes it worth nothing.
//! Answers carry no time in their bodies, so that two askers can compare them byte by byte; how
//! old they are stands in the header `Luban-Data-As-Of`.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use kernel::rejection::{Faults, Rejection};
use platform::pages;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

mod api;
mod body;
mod page;
mod ready;
mod refusal;
mod reply;
mod serve;
mod visitor;

pub use serve::serve;

use crate::LARGEST_QUESTION;
use crate::index::IndexRejection;
use crate::limit::Limited;
use crate::public::{Public, Told};

/// When the answer's data was complete, RFC 3339.
const DATA_AS_OF: HeaderName = HeaderName::from_static("luban-data-as-of");

/// Units that the source may use before it notices a limit: a question takes one, and five where
/// nothing is found.
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");

/// All routes over the public face of an index.
pub fn router(public: Arc<Public>, request_timeout: Duration) -> Router {
    let routes = Router::new()
        .merge(page::routes())
        .route("/api/v1/certificates:verify", post(api::verify))
        .route(
            "/api/v1/certificates:verifyByToken",
            post(api::verify_by_token),
        )
        .route("/api/v1/certificates:find", post(api::find))
        .route("/api/v1/candidates:stage", post(api::stage))
        .route("/api/v1/openapi.json", get(api::document))
        .route("/healthz", get("ok"))
        .route("/readyz", get(ready::state))
        .with_state(public);
    within(routes, request_timeout)
}

/// What holds for every answer, from whatever route it comes, and for those that no route gives.
pub fn within(routes: Router, request_timeout: Duration) -> Router {
    let fixed =
        |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    let time_over = StatusCode::SERVICE_UNAVAILABLE;
    let whole = middleware::from_fn_with_state(request_timeout, body::whole);
    routes.layer(
        ServiceBuilder::new()
            .layer(middleware::from_fn(pages::note))
            .layer(fixed(header::CONTENT_SECURITY_POLICY, pages::POLICY))
            .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .layer(fixed(header::REFERRER_POLICY, "no-referrer"))
            .layer(fixed(header::CACHE_CONTROL, "no-store"))
            .layer(middleware::from_fn(refusal::word))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(DefaultBodyLimit::max(LARGEST_QUESTION))
            .layer(whole)
            .layer(TimeoutLayer::with_status_code(time_over, request_timeout)),
    )
}

/// The layer's own answer would log the text of the panic, which can hold what was asked. The
/// process' hook has logged the place.
fn panicked(_text: Box<dyn Any + Send>) -> Response {
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// What is the same for everybody may be kept by whoever stands in between.
fn for_everybody(kind: &'static str) -> [(HeaderName, HeaderValue); 2] {
    let cache = HeaderValue::from_static("public, max-age=3600");
    let kind = HeaderValue::from_static(kind);
    [(header::CACHE_CONTROL, cache), (header::CONTENT_TYPE, kind)]
}

/// What an answer is worth, and how much may still be asked.
fn worth<T>(told: &Told<T>) -> [(HeaderName, HeaderValue); 2] {
    let text = HeaderValue::try_from(told.answer.data_as_of.to_string());
    let text = text.expect("a moment is written in ascii");
    let remaining = HeaderValue::from(told.remaining);
    [(DATA_AS_OF, text), (REMAINING, remaining)]
}

/// What to tell who is over a limit.
fn refusing(limited: &Limited) -> HeaderMap {
    let named = limited.headers().into_iter();
    named
        .map(|(name, value)| (HeaderName::from_static(name), value))
        .collect()
}

/// Leaves a line in the log about a question that was refused: its faults by name.
fn note_refusal(faults: &Faults) {
    tracing::info!(codes = faults.codes().join(","), "refused");
}

/// The answer to a question that cannot be looked into, still without words.
fn unavailable(rejection: &IndexRejection) -> Response {
    tracing::info!(code = rejection.code(), "refused");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt;

    use super::*;

    async fn answer_of(routes: Router, path: &str) -> (StatusCode, HeaderMap, String) {
        let request = Request::post(path).body(Body::empty()).expect("a request");
        let Ok(answer) = within(routes, Duration::from_millis(20))
            .oneshot(request)
            .await;
        let (head, body) = answer.into_parts();
        let body = to_bytes(body, 65536).await.expect("a whole body");
        let body = String::from_utf8(body.into()).expect("text");
        (head.status, head.headers, body)
    }

    #[tokio::test]
    async fn time_over_and_a_panic_are_told_in_words_to_whoever_asked() {
        let routes = Router::new()
            .route("/api/slow", post(std::future::pending::<Response>))
            .route("/slow", post(std::future::pending::<Response>))
            .route("/api/panic", post(panics))
            .route("/panic", post(panics));
        for (path, status, kind) in [
            (
                "/api/slow",
                StatusCode::SERVICE_UNAVAILABLE,
                "application/json",
            ),
            (
                "/api/panic",
                StatusCode::INTERNAL_SERVER_ERROR,
                "application/json",
            ),
            ("/slow", StatusCode::SERVICE_UNAVAILABLE, "text/html"),
            ("/panic", StatusCode::INTERNAL_SERVER_ERROR, "text/html"),
        ] {
            let (told, headers, body) = answer_of(routes.clone(), path).await;
            assert_eq!(told, status, "{path}");
            let shown = headers[header::CONTENT_TYPE].to_str().expect("ascii");
            assert!(shown.starts_with(kind), "{path}: {shown}");
            assert!(headers.contains_key(header::RETRY_AFTER), "{path}");
            assert_eq!(headers[header::CACHE_CONTROL], "no-store", "{path}");
            assert!(
                body.contains("暂时无法核验，结果不代表证书无效")
                    && body.contains("says nothing about"),
                "{path}: {body}"
            );
        }
    }

    async fn panics() -> Response {
        panic!("as the test asked")
    }
}
