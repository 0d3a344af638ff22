//! Plans and rosters in the database: functions on a connection, one file for each.
//!
//! Finders demand a [`Scope`](platform::access::Scope); a foreign plan is answered like one that
//! does not exist. What identifies a person rests sealed (`identity`). Rows become domain values
//! or a failure: a row that cannot be read is a defect, never the caller's fault.

use anyhow::anyhow;
use kernel::content_hash::ContentHash;
use platform::{Error, Result};

pub(crate) mod booking;
pub(crate) mod calendar;
pub(crate) mod candidacy;
pub(crate) mod conduct;
pub(crate) mod eligibility;
pub(crate) mod identity;
pub(crate) mod plan;
pub(crate) mod remark;
pub mod roster;
pub(crate) mod running;
pub(crate) mod seating;
mod session;
pub(crate) mod summary;
pub(crate) mod supervision;

/// A stored name that has to be known.
fn known<T>(what: &'static str, found: Option<T>) -> Result<T> {
    found.ok_or_else(|| Error::Internal(anyhow!("stored {what} is not known")))
}

fn hash(what: &'static str, stored: &[u8]) -> Result<ContentHash> {
    known(
        what,
        <[u8; 32]>::try_from(stored)
            .ok()
            .map(ContentHash::from_bytes),
    )
}
