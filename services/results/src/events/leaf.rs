//! Leaves for the certificate log.
//!
//! A leaf commits to the holder's data without showing it: SHA-256 over 32 random bytes and the
//! claims. Whoever is handed those bytes and the claims can prove that the leaf is theirs; without
//! them the digest says nothing, and forgetting the bytes forgets the holder.

use jiff::civil::DateTime;
use prost::Message;
use proto::results::v1 as results;
use serde::Serialize;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::domain::certificate::Certificate;
use crate::domain::person::Person;

/// Everything a certificate says. Exists only to be hashed.
#[derive(Serialize)]
struct Claims<'a> {
    number: &'a str,
    version: u32,
    name: &'a str,
    document: &'a str,
    occupation: String,
    occupation_name: &'a str,
    trade: &'a str,
    level: &'static str,
    organization_code: &'a str,
    organization_name: &'a str,
    issued_on: String,
    status: &'static str,
}

/// The canonical bytes of the next leaf of a certificate.
pub(crate) fn leaf(
    event: results::CertificateEvent,
    certificate: &Certificate,
    holder: &Person,
    occurred_at: DateTime,
    opening: &[u8; 32],
    previous_leaf: Option<&[u8]>,
) -> Vec<u8> {
    let document = holder.document.key();
    let claims = Claims {
        number: certificate.number.as_str(),
        version: certificate.version,
        name: holder.name.reveal(),
        document: &document,
        occupation: certificate.subject.occupation.to_string(),
        occupation_name: &certificate.subject.occupation_name,
        trade: certificate.subject.shown_trade(),
        level: certificate.subject.level.name(),
        organization_code: certificate.lineage.organization_code.as_str(),
        organization_name: &certificate.organization_name,
        issued_on: certificate.issued_on.to_string(),
        status: certificate.status.as_str(),
    };
    let claims = Zeroizing::new(serde_json::to_vec(&claims).expect("plain values are JSON"));
    let commitment = Sha256::new()
        .chain_update(opening)
        .chain_update(&*claims)
        .finalize();
    let previous = previous_leaf
        .map(|leaf| Sha256::digest(leaf).to_vec())
        .unwrap_or_default();
    results::CertificateLeaf {
        event: event.into(),
        certificate_id: certificate.id.to_string(),
        version: certificate.version,
        occurred_at: occurred_at.to_string(),
        commitment: commitment.to_vec().into(),
        previous_leaf_hash: previous.into(),
    }
    .encode_to_vec()
}
