//! Rows and what they mean. Functions on a connection; finders of what has an owner demand a
//! [`Scope`](platform::access::Scope) or something found by one, so that a foreign record is
//! answered exactly like one that does not exist.

pub(crate) mod batch;
pub(crate) mod certificate;
pub(crate) mod holding;
pub(crate) mod leaf;
pub(crate) mod ledger;
pub(crate) mod notice;
pub(crate) mod objection;
pub(crate) mod order;
pub(crate) mod person;
pub(crate) mod plan;
pub(crate) mod resit;
pub(crate) mod result;
pub(crate) mod returned;
pub(crate) mod revocation;
pub(crate) mod version;

use platform::Error;

/// Rows in one statement.
pub(crate) const CHUNK: usize = 500;

/// A stored word or number that is none of those that are written here.
fn unreadable(what: &'static str) -> Error {
    Error::Internal(anyhow::anyhow!("stored {what} is not readable"))
}
