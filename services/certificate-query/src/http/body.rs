//! Taking a question in, before anything is done about it: a body that is too large, or that does
//! not come, is its sender's fault and must not look like an outage of ours.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{FromRequest, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::LARGEST_QUESTION;

/// Hands a request on with its whole body, or answers with a bare status. As much time as the
/// answer may take is there for the body, too.
pub(super) async fn whole(
    State(within): State<Duration>,
    request: Request,
    next: Next,
) -> Response {
    // What the headers say is enough to refuse by.
    if request.body().size_hint().lower() > LARGEST_QUESTION as u64 {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    let (head, body) = request.into_parts();
    let body = Bytes::from_request(Request::from_parts(head.clone(), body), &());
    match tokio::time::timeout(within, body).await {
        Ok(Ok(body)) => next.run(Request::from_parts(head, Body::from(body))).await,
        Ok(Err(rejection)) => rejection.status().into_response(),
        Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
    }
}
