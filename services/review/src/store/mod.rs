//! What is kept, and how it is read back.
//!
//! Functions on a connection, no more: what belongs together commits together because a use case
//! hands them the connection of one unit. Finders demand a
//! [`Scope`](platform::access::Scope), and a foreign record is answered like one that does not
//! exist. What people wrote is sealed on its way in; the unsealing functions take the vault.

pub(crate) mod alert;
pub(crate) mod annexes;
pub(crate) mod applicant;
pub(crate) mod application;
pub(crate) mod assessment;
pub(crate) mod city_report;
pub(crate) mod complaint;
pub(crate) mod consultation;
pub(crate) mod correction;
pub(crate) mod evaluation_organization;
pub(crate) mod inspection;
pub(crate) mod inspection_result;
pub(crate) mod judgement;
pub(crate) mod material;
pub(crate) mod matter_list;
pub(crate) mod measure;
pub(crate) mod objection;
pub(crate) mod panel;
pub(crate) mod photo;
pub(crate) mod public_notice;
pub(crate) mod receipt;
pub(crate) mod rejection;
pub(crate) mod round;
pub(crate) mod watch;

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use platform::crypto::{Place, Vault};
use platform::{Error, Result};

/// A stored value that does not make a domain value: a defect, never the caller's fault.
fn unreadable(what: &'static str) -> Error {
    Error::Internal(anyhow::anyhow!("stored {what} is not readable"))
}

fn content_hash(stored: &[u8]) -> Result<ContentHash> {
    let bytes = stored.try_into().map_err(|_| unreadable("hash"))?;
    Ok(ContentHash::from_bytes(bytes))
}

/// Opens a text that was sealed for its place.
async fn open(vault: &Vault, place: Place, sealed: &[u8]) -> Result<String> {
    let bytes = vault.unseal(place, sealed).await?;
    String::from_utf8(bytes.to_vec()).map_err(|_| unreadable(place.column))
}

fn day(stored: Option<jiff_sqlx::Date>) -> Option<Date> {
    stored.map(jiff_sqlx::Date::to_jiff)
}

fn division(stored: &str) -> Result<DivisionCode> {
    DivisionCode::parse(stored).map_err(|_| unreadable("division"))
}
