//! The one error of the mechanism: a refusal that the caller is told, or a failure that is not
//! the caller's. Only a refusal's own texts ever leave the process; the cause of a failure goes
//! to the log, once, where `status` turns it into an answer.

use kernel::rejection::{Faults, Rejection};

/// The result of everything that can be refused or fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule forbids it; the caller is told every fault.
    #[error(transparent)]
    Refused(#[from] Faults),
    /// The database did not answer or did not accept a statement.
    #[error("database")]
    Database(#[from] sqlx::Error),
    /// A part of the platform that is needed for the answer is away; trying again may help.
    #[error("{what} is unavailable")]
    Unavailable {
        /// Which part.
        what: &'static str,
        /// What it said.
        #[source]
        source: anyhow::Error,
    },
    /// A fault of our own.
    #[error("internal")]
    Internal(#[from] anyhow::Error),
}

impl Error {
    /// A refusal by name.
    pub fn refused(rejection: impl Rejection) -> Self {
        Self::Refused(rejection.into())
    }

    /// Turns the violation of a named constraint into a refusal, and leaves every other error as
    /// it is.
    #[must_use]
    pub fn on_constraint(self, constraint: &str, refused: impl Into<Faults>) -> Self {
        match &self {
            Self::Database(sqlx::Error::Database(database))
                if database.constraint() == Some(constraint) =>
            {
                Self::Refused(refused.into())
            }
            _ => self,
        }
    }
}

/// What was judged before it was stored, as a domain value.
///
/// # Errors
/// When it makes none: a defect, never the caller's fault.
pub fn readable<T>(what: &'static str, parsed: Result<T, impl Into<Faults>>) -> Result<T> {
    parsed.map_err(|refused| {
        let faults: Faults = refused.into();
        Error::Internal(anyhow::anyhow!("stored {what} is not readable: {faults}"))
    })
}
