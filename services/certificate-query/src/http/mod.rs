//! The query for people and for machines without gRPC.
//!
//! ```text
//! GET  /                             the page with two fields
//! POST /verify                       the same page with an answer
//! POST /api/v1/certificates:verify   JSON
//! GET  /healthz                      whether the process serves; asks nobody else
//! ```
//!
//! Number and name travel in bodies only: addresses end up in logs, histories and referrers.
//! Answers carry no time in their bodies, so that two askers can compare them byte by byte; how
//! old they are stands in the header `Luban-Data-As-Of`.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use kernel::rejection::Faults;
use platform::Error;
use platform::status;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

mod api;
mod calls;
mod page;
mod serve;

pub use serve::serve;

use crate::LARGEST_QUESTION;
use crate::index::Index;

/// When the answer's data was complete, RFC 3339.
const DATA_AS_OF: HeaderName = HeaderName::from_static("luban-data-as-of");
/// Seconds after which a question that could not be answered is worth asking again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// Nothing but our own style sheet, forms that go nowhere else, no frame around us.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// All routes over an index.
pub fn router(index: Arc<Index>, request_timeout: Duration) -> Router {
    let fixed =
        |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    Router::new()
        .route("/", get(page::form))
        // Whoever comes back to the address of an answer asks anew.
        .route(
            "/verify",
            get(async || Redirect::to("/")).post(page::verify),
        )
        .route("/style.css", get(page::style))
        .route("/api/v1/certificates:verify", post(api::verify))
        .route("/healthz", get("ok"))
        .fallback(async || (StatusCode::NOT_FOUND, "没有这个页面 / no such page\n"))
        .with_state(index)
        .layer(
            ServiceBuilder::new()
                .layer(middleware::from_fn(calls::note))
                .layer(fixed(header::CONTENT_SECURITY_POLICY, POLICY))
                .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
                .layer(fixed(header::REFERRER_POLICY, "no-referrer"))
                .layer(fixed(header::CACHE_CONTROL, "no-store"))
                .layer(CatchPanicLayer::new())
                .layer(TimeoutLayer::with_status_code(
                    StatusCode::SERVICE_UNAVAILABLE,
                    request_timeout,
                ))
                .layer(DefaultBodyLimit::max(LARGEST_QUESTION)),
        )
}

/// The age of an answer, where it is known.
fn age(data_as_of: Option<Timestamp>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Some(moment) = data_as_of {
        let text = HeaderValue::try_from(moment.to_string());
        headers.insert(DATA_AS_OF, text.expect("a moment is written in ascii"));
    }
    headers
}

/// Leaves a line in the log about a question that was refused: its faults by name.
fn note_refusal(faults: &Faults) {
    tracing::info!(codes = faults.codes().join(","), "refused");
}

/// The answer to a question that could not be looked into. The failure is logged here, once.
fn failed(error: Error, body: impl IntoResponse) -> Response {
    let status = tonic::Status::from(error);
    (
        status::http(status.code()),
        [(header::RETRY_AFTER, RETRY_AFTER)],
        body,
    )
        .into_response()
}
