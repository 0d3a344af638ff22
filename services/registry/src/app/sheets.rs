//! Trying what would be.

use kernel::rejection::Faults;
use platform::{Error, Result};

/// Files that are read at once.
pub(super) const AT_ONCE: usize = 2;

/// What a dry run found: what would be, or all that is wrong.
pub(super) fn tried<T>(judged: Result<T>) -> Result<Result<T, Faults>> {
    match judged {
        Ok(would_be) => Ok(Ok(would_be)),
        Err(Error::Refused(faults)) => Ok(Err(faults)),
        Err(failure) => Err(failure),
    }
}
