//! Whether this replica answers yet.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;

use crate::public::Public;

/// How far a replica is, for who waits for it.
#[derive(Serialize)]
struct Readiness {
    ready: bool,
    loaded: u64,
    expected: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_as_of: Option<Timestamp>,
}

/// `GET /readyz`
pub(super) async fn state(State(public): State<Arc<Public>>) -> Response {
    let state = public.index().state();
    let status = if state.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let readiness = Readiness {
        ready: state.ready,
        loaded: state.versions,
        expected: state.expected,
        data_as_of: state.data_as_of,
    };
    (status, Json(readiness)).into_response()
}
