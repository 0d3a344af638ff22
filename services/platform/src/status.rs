//! The single place where refusals and failures become answers.
//!
//! A refusal is told in full: every fault with its field, rule, code and texts in both languages,
//! as `google.rpc` details. A failure is told as little as possible, and logged here, once, with
//! its whole chain of causes, but without anything that could be a value from a row or a request.

use std::{collections::HashMap, error::Error as StdError, fmt, time::Duration};

use http::StatusCode;
use kernel::rejection::{Fault, Faults, RejectionKind};
use sqlx::{error::DatabaseError, migrate::MigrateError};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, LocalizedMessage, StatusExt};

use crate::Error;

/// `ErrorInfo.domain` of every refusal of the platform.
pub const DOMAIN: &str = "luban";

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
    let metadata = HashMap::from([
        ("rule".to_owned(), leading.rule.to_owned()),
        ("codes".to_owned(), faults.codes().join(",")),
    ]);
    let mut details = ErrorDetails::with_error_info(leading.code, DOMAIN, metadata);
    details.set_localized_message(CHINESE, leading.chinese.clone());
    for fault in faults.all() {
        if fault.kind == RejectionKind::FailedPrecondition {
            details.add_precondition_failure_violation(fault.rule, fault.code, both(fault));
        }
    }
    let violations: Vec<_> = faults.all().iter().filter_map(violation).collect();
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
    faults.all().iter().find(wrong).unwrap_or_else(|| faults.leading())
}

/// Whatever can be shown beside a field is, and so is all that is wrong with the request.
fn violation(fault: &Fault) -> Option<FieldViolation> {
    if fault.field.is_none() && fault.kind != RejectionKind::InvalidArgument {
        return None;
    }
    let mut violation = FieldViolation::new(fault.field.clone().unwrap_or_default(), both(fault));
    fault.code.clone_into(&mut violation.reason);
    violation.localized_message = Some(LocalizedMessage::new(CHINESE, fault.chinese.clone()));
    Some(violation)
}

fn both(fault: &Fault) -> String {
    format!("{} / {}", fault.chinese, fault.english)
}

fn fail(error: &Error) -> Status {
    let code = failure_code(error);
    let cause = Chain(error);
    if code == Code::Internal {
        tracing::error!(%cause, "failed");
    } else {
        tracing::warn!(%cause, ?code, "failed for now");
    }
    let (chinese, english) = match code {
        Code::Aborted => ("与其他操作冲突，请重试", "in conflict with another call, please try again"),
        Code::Unavailable => ("服务暂不可用，请稍后重试", "not available now, please try again"),
        _ => ("系统内部错误", "internal error"),
    };
    let mut details = ErrorDetails::with_localized_message(CHINESE, chinese);
    if code != Code::Internal {
        details.set_retry_info(Some(RETRY_DELAY));
    }
    Status::with_error_details(code, english, details)
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

/// An error and its causes in one line that is safe to log.
///
/// PostgreSQL repeats the values of a row in its messages and details, and so do sqlx's decoding
/// errors: of them only names remain.
#[derive(Debug, Clone, Copy)]
pub struct Chain<'a>(pub &'a (dyn StdError + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut next = Some(self.0);
        let mut separator = "";
        while let Some(cause) = next {
            if let Some(database) = cause.downcast_ref::<sqlx::Error>() {
                return write!(formatter, "{separator}{}", describe(database));
            }
            write!(formatter, "{separator}{cause}")?;
            separator = ": ";
            next = cause.source();
        }
        Ok(())
    }
}

fn describe(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => describe_answer(&**error),
        sqlx::Error::Migrate(error) => match &**error {
            MigrateError::ExecuteMigration(error, version) => {
                format!("migration {version}: {}", describe(error))
            }
            MigrateError::Execute(error) => describe(error),
            other => other.to_string(),
        },
        sqlx::Error::Io(error) => format!("connection: {}", error.kind()),
        sqlx::Error::ColumnDecode { index, .. } => format!("column {index} does not decode"),
        sqlx::Error::ColumnNotFound(column) => format!("no column {column}"),
        sqlx::Error::RowNotFound => "no row where one was expected".to_owned(),
        sqlx::Error::PoolTimedOut => "no connection became free in time".to_owned(),
        sqlx::Error::PoolClosed => "the pool is closed".to_owned(),
        sqlx::Error::Tls(_) => "TLS failed".to_owned(),
        sqlx::Error::Protocol(_) => "the server's answer was not understood".to_owned(),
        sqlx::Error::Encode(_) => "a value does not encode".to_owned(),
        sqlx::Error::Decode(_) => "a value does not decode".to_owned(),
        _ => "another failure of sqlx".to_owned(),
    }
}

fn describe_answer(error: &dyn DatabaseError) -> String {
    let code = error.code().unwrap_or_default();
    // Class 42 is about the statement, which is ours, and its message tells of names alone.
    if code.starts_with("42") {
        return format!("code {code}: {}", error.message());
    }
    let constraint = error.constraint().unwrap_or("-");
    let table = error.table().unwrap_or("-");
    format!("code {code}, constraint {constraint}, table {table}")
}

#[cfg(test)]
mod tests {
    use kernel::{rejection::FaultList, rejections};

    use super::*;

    rejections! {
        /// Refusals to try the mapping with.
        pub enum Sample {
            /// Wrong in itself.
            Digits => "DIGITS", InvalidArgument, "GB 11643 6", "校验码错误", "wrong check digit";
            /// Too young.
            TooYoung { age: u8 } => "TOO_YOUNG", FailedPrecondition, "notice 4.1",
                "年龄 {age} 岁，不符合规定", "{age} is too young";
            /// Not there.
            Absent => "ABSENT", NotFound, "platform", "未找到", "not found";
        }
    }

    #[test]
    fn a_wrong_request_leads_and_all_faults_are_told_in_both_languages() {
        let mut faults = FaultList::default();
        faults.add("roster[3].birth_date", &Sample::TooYoung { age: 15 });
        faults.add("roster[4].citizen_id", &Sample::Digits);
        let status = refuse(&faults.finish().expect_err("two faults"));

        assert_eq!(status.code(), Code::InvalidArgument);
        assert_eq!(status.message(), "wrong check digit");
        let details = status.get_error_details();
        let info = details.error_info().expect("always there");
        assert_eq!((info.reason.as_str(), info.domain.as_str()), ("DIGITS", "luban"));
        assert_eq!(info.metadata["rule"], "GB 11643 6");
        assert_eq!(info.metadata["codes"], "TOO_YOUNG,DIGITS");
        let localized = details.localized_message().expect("always there");
        assert_eq!((localized.locale.as_str(), localized.message.as_str()), ("zh-CN", "校验码错误"));

        let fields = &details.bad_request().expect("faults with fields").field_violations;
        let seen: Vec<_> = fields.iter().map(|field| (&*field.field, &*field.reason)).collect();
        assert_eq!(
            seen,
            [("roster[3].birth_date", "TOO_YOUNG"), ("roster[4].citizen_id", "DIGITS")]
        );
        assert_eq!(fields[1].description, "校验码错误 / wrong check digit");

        let unmet = &details.precondition_failure().expect("one").violations;
        assert_eq!((&*unmet[0].r#type, &*unmet[0].subject), ("notice 4.1", "TOO_YOUNG"));
    }

    #[test]
    fn a_rule_that_forbids_names_itself() {
        let status = Status::from(Error::refused(Sample::TooYoung { age: 15 }));
        assert_eq!(status.code(), Code::FailedPrecondition);
        let details = status.get_error_details();
        assert!(details.bad_request().is_none());
        let unmet = &details.precondition_failure().expect("one").violations;
        assert_eq!(unmet[0].description, "年龄 15 岁，不符合规定 / 15 is too young");
    }

    #[test]
    fn each_kind_has_one_code_and_one_http_status() {
        let status = refuse(&Sample::Absent.into());
        assert_eq!(status.code(), Code::NotFound);
        assert_eq!(http(status.code()), StatusCode::NOT_FOUND);
        assert_eq!(http(code(RejectionKind::Unauthenticated)), StatusCode::UNAUTHORIZED);
        assert_eq!(http(code(RejectionKind::Aborted)), StatusCode::CONFLICT);
    }

    #[test]
    fn a_failure_tells_the_caller_nothing_and_whether_to_try_again() {
        let cause = anyhow::anyhow!("row 17 of Zhang San").context("reading the roster");
        let status = Status::from(Error::Internal(cause));
        assert_eq!((status.code(), status.message()), (Code::Internal, "internal error"));
        assert!(status.get_error_details().retry_info().is_none());

        let status = Status::from(Error::Database(sqlx::Error::PoolTimedOut));
        assert_eq!(status.code(), Code::Unavailable);
        assert!(status.get_error_details().retry_info().is_some());
    }

    #[test]
    fn the_chain_names_every_cause_but_repeats_no_value_of_the_database() {
        let decode = sqlx::Error::ColumnDecode {
            index: "level".to_owned(),
            source: "unknown level: 37010219900307001X".into(),
        };
        let error = Error::Internal(anyhow::Error::new(decode).context("reading a plan"));
        assert_eq!(Chain(&error).to_string(), "internal: reading a plan: column level does not decode");
    }
}
