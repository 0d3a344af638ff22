//! The single place where refusals and failures become answers.
//!
//! A refusal is told in full: every fault with its field, rule, code and texts in both languages,
//! as `google.rpc` details, as far as there is room for it. A failure is told as little as possible:
//! a reason by name and whether to try again. It is logged here, once, with its whole chain of
//! causes, but without anything that could be a value from a row or a request.

mod chain;
mod room;

use std::{collections::HashMap, time::Duration};

use http::StatusCode;
use kernel::rejection::{Fault, Faults, RejectionKind};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

pub use chain::Chain;
use room::Told;

use crate::Error;

/// `ErrorInfo.domain` of every refusal of the platform.
pub const DOMAIN: &str = "luban";

/// Key in `ErrorInfo.metadata` of the rule behind a refusal.
pub(crate) const RULE: &str = "rule";

const CHINESE: &str = "zh-CN";
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// The status code of each kind of refusal.
pub fn code(kind: RejectionKind) -> Code {
    match kind {
        RejectionKind::InvalidArgument => Code::InvalidArgument,
        RejectionKind::FailedPrecondition => Code::FailedPrecondition,
        RejectionKind::NotFound => Code::NotFound,
        RejectionKind::AlreadyExists => Code::AlreadyExists,
        RejectionKind::Unauthenticated => Code::Unauthenticated,
        RejectionKind::PermissionDenied => Code::PermissionDenied,
        RejectionKind::Aborted => Code::Aborted,
        RejectionKind::ResourceExhausted => Code::ResourceExhausted,
        RejectionKind::Unavailable => Code::Unavailable,
        RejectionKind::Unimplemented => Code::Unimplemented,
        RejectionKind::DeadlineExceeded => Code::DeadlineExceeded,
    }
}

/// The same for callers over HTTP with JSON.
pub fn http(code: Code) -> StatusCode {
    match code {
        Code::Ok => StatusCode::OK,
        Code::InvalidArgument | Code::OutOfRange => StatusCode::BAD_REQUEST,
        Code::FailedPrecondition => StatusCode::UNPROCESSABLE_ENTITY,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::AlreadyExists | Code::Aborted => StatusCode::CONFLICT,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::PermissionDenied => StatusCode::FORBIDDEN,
        Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
        Code::Unavailable | Code::Cancelled => StatusCode::SERVICE_UNAVAILABLE,
        Code::DeadlineExceeded => StatusCode::GATEWAY_TIMEOUT,
        Code::Unimplemented => StatusCode::NOT_IMPLEMENTED,
        Code::Unknown | Code::Internal | Code::DataLoss => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        match &error {
            Error::Refused(faults) => {
                tracing::info!(codes = faults.codes().join(","), "refused");
                refuse(faults)
            }
            failure => fail(failure),
        }
    }
}

/// The answer to a command that rules forbid.
pub fn refuse(faults: &Faults) -> Status {
    let leading = leading(faults);
    let told = room::share(faults, leading);
    let codes: Vec<_> = told.iter().map(|told| told.fault.code).collect();
    let metadata = HashMap::from([
        (RULE.to_owned(), leading.rule.to_owned()),
        ("codes".to_owned(), codes.join(",")),
        ("faults".to_owned(), faults.all().len().to_string()),
    ]);
    let mut details = ErrorDetails::with_error_info(leading.code, DOMAIN, metadata);
    details.set_localized_message(CHINESE, leading.chinese.clone());
    for told in told.iter().filter(|told| told.is_precondition()) {
        let fault = told.fault;
        details.add_precondition_failure_violation(fault.rule, fault.code, told.both());
    }
    let violations: Vec<_> = told.iter().filter_map(Told::violation).collect();
    if !violations.is_empty() {
        details.set_bad_request(violations);
    }
    if leading.kind == RejectionKind::Unavailable {
        details.set_retry_info(Some(RETRY_DELAY));
    }
    Status::with_error_details(code(leading.kind), leading.english.clone(), details)
}

/// The fault that decides the status: a request that is wrong in itself has to be mended before
/// anything else about it is worth saying.
fn leading(faults: &Faults) -> &Fault {
    let wrong = |fault: &&Fault| fault.kind == RejectionKind::InvalidArgument;
    faults
        .all()
        .iter()
        .find(wrong)
        .unwrap_or_else(|| faults.leading())
}

fn fail(error: &Error) -> Status {
    let code = failure_code(error);
    let cause = Chain(error);
    if code == Code::Internal {
        tracing::error!(%cause, "failed");
    } else {
        tracing::warn!(%cause, ?code, "failed for now");
    }
    failure(code)
}

/// The answer to a failure with this code. It names no rule, which tells it from a refusal.
pub(crate) fn failure(code: Code) -> Status {
    let (reason, chinese, english) = match code {
        Code::Aborted => (
            "TRY_AGAIN",
            "与其他操作冲突，请重试",
            "in conflict with another call, please try again",
        ),
        Code::Unavailable => (
            "SERVICE_UNAVAILABLE",
            "服务暂不可用，请稍后重试",
            "not available now, please try again",
        ),
        _ => ("INTERNAL", "系统内部错误", "internal error"),
    };
    let mut details = ErrorDetails::with_error_info(reason, DOMAIN, HashMap::new());
    details.set_localized_message(CHINESE, chinese);
    if code != Code::Internal {
        details.set_retry_info(Some(RETRY_DELAY));
    }
    Status::with_error_details(code, english, details)
}

/// Whether the failure is an outage or a conflict: it says nothing about what was asked, and the
/// same may succeed the next time.
pub fn is_passing(error: &Error) -> bool {
    failure_code(error) != Code::Internal
}

fn failure_code(error: &Error) -> Code {
    match error {
        Error::Unavailable { .. } => Code::Unavailable,
        Error::Database(error) => database_code(error),
        Error::Refused(_) | Error::Internal(_) => Code::Internal,
    }
}

fn database_code(error: &sqlx::Error) -> Code {
    match error {
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Io(_)
        | sqlx::Error::Tls(_) => Code::Unavailable,
        sqlx::Error::Database(error) => match error.code().as_deref() {
            // Serialization failure, deadlock, lock not available in time.
            Some("40001" | "40P01" | "55P03") => Code::Aborted,
            // Statement took too long, server is stopping or starting, too many connections.
            Some("57014" | "57P01" | "57P02" | "57P03" | "53300") => Code::Unavailable,
            Some(code) if code.starts_with("08") => Code::Unavailable,
            _ => Code::Internal,
        },
        _ => Code::Internal,
    }
}

#[cfg(test)]
mod tests;
