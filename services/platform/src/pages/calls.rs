//! One span and one line in the log for every request: which route, how it ended, how long it
//! took. No address, nothing of the request: not even a path that is not ours.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use tracing::{Instrument, Span, field::Empty};

use crate::telemetry;

/// What the platform asks itself all the time.
const PROBE: &str = "/healthz";

/// Notes a request. Its trace begins here: what a stranger's headers say of traces is not ours.
pub async fn note(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("unknown", MatchedPath::as_str);
    if route == PROBE {
        return next.run(request).await;
    }
    let span = tracing::info_span!(
        "request",
        otel.name = route,
        otel.kind = "server",
        http.route = route,
        http.response.status_code = Empty,
        trace_id = Empty,
    );
    telemetry::continue_trace(&span, "");
    let began = Instant::now();
    async move {
        let response = next.run(request).await;
        let status = response.status().as_u16();
        Span::current().record("http.response.status_code", status);
        let milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(status, milliseconds, "answered");
        response
    }
    .instrument(span)
    .await
}
