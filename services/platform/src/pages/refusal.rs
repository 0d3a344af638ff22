//! Why there is no answer: every fault by name and in both languages, as JSON.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::rejection::{Fault, Faults};
use serde::Serialize;
use tonic::Status;

use super::PageRejection;
use crate::error::Error;
use crate::status;

/// Seconds after which a question that could not be answered is worth asking again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// What a handler of a page answers.
pub type Answer<T> = Result<T, Unanswered>;

/// A refusal or a failure on its way to whoever asked.
#[derive(Debug)]
pub struct Unanswered(Error);

impl<E: Into<Error>> From<E> for Unanswered {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Unanswered {
    fn into_response(self) -> Response {
        match self.0 {
            Error::Refused(faults) => {
                tracing::info!(codes = faults.codes().join(","), "refused");
                refused(&faults)
            }
            // Logged here, once.
            failure => failed(status::http(Status::from(failure).code())),
        }
    }
}

/// Faults as JSON, under the status of the first.
pub fn refused(faults: &Faults) -> Response {
    refused_as(status::http(status::code(faults.leading().kind)), faults)
}

/// Faults as JSON, under a status that says more than the kind of the first.
pub fn refused_as(status: StatusCode, faults: &Faults) -> Response {
    let told = Refusal {
        faults: faults.all().iter().map(FaultFields::of).collect(),
    };
    (status, axum::Json(told)).into_response()
}

/// A failure, of which nothing is told but that asking again may help.
pub(super) fn failed(status: StatusCode) -> Response {
    let mut answer = refused_as(status, &PageRejection::PageUnavailable.into());
    answer
        .headers_mut()
        .insert(header::RETRY_AFTER, RETRY_AFTER);
    answer
}

#[derive(Serialize)]
struct Refusal<'a> {
    faults: Vec<FaultFields<'a>>,
}

#[derive(Serialize)]
struct FaultFields<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    code: &'a str,
    rule: &'a str,
    zh: &'a str,
    en: &'a str,
}

impl<'a> FaultFields<'a> {
    fn of(fault: &'a Fault) -> Self {
        Self {
            field: fault.field.as_deref(),
            code: fault.code,
            rule: fault.rule,
            zh: &fault.chinese,
            en: &fault.english,
        }
    }
}
