//! Errors as the log may have them.

use std::{error::Error as StdError, fmt};

use sqlx::{error::DatabaseError, migrate::MigrateError};

/// An error and its causes in one line that is safe to log.
///
/// PostgreSQL repeats the values of a row in its messages and details, and so do the decoding
/// errors of sqlx and serde_json: of them only names and places remain.
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
            if let Some(json) = cause.downcast_ref::<serde_json::Error>() {
                let (kind, line, column) = (json.classify(), json.line(), json.column());
                return write!(formatter, "{separator}json: {kind:?} at {line}:{column}");
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
