//! Facts of risk alerts, on their way out: nobody outside is told.

use platform::facts::{IntoRecord, Record};

use super::outgoing::internal;
use crate::domain::risk::AlertFact;

impl IntoRecord for AlertFact {
    fn record(&self) -> Record {
        match self {
            Self::AlertOpened {
                filing_division, ..
            } => internal("alert_opened", *filing_division, self),
            Self::AlertDueRecounted {
                filing_division, ..
            } => internal("alert_due_recounted", *filing_division, self),
            Self::AlertHandled {
                filing_division, ..
            } => internal("alert_handled", *filing_division, self),
        }
    }
}
