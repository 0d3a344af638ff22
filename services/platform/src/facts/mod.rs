//! Facts: what happened, recorded in the transaction that made it happen.
//!
//! A fact is audit trail, outgoing message and source for replay at once. `record` writes it
//! under the lock of its aggregate and chains it to the one before; [`relay`] carries the
//! published ones to the bus, in order within an aggregate, until the bus has acknowledged each;
//! [`feed`] lets neighbours and cities read them again.

use bytes::Bytes;
use jiff::civil::DateTime;
use kernel::division::DivisionCode;
use prost::Message;
use proto::common::v1 as common;
use sha2::{Digest, Sha256};
use uuid::Uuid;

pub mod feed;
mod overdue;
mod reconcile;
mod record;
pub mod relay;
mod watermark;

pub(crate) use record::Writer;

/// A domain fact as the journal takes it. Written by a service's `events/outgoing.rs`, in one
/// exhaustive match.
#[derive(Debug, Clone)]
pub struct Record {
    /// Past tense, such as `organization_registered`; the last part of the subject.
    pub kind: &'static str,
    /// Version of the payload's schema, from 1.
    pub schema_version: u32,
    /// Divisions whose feeds carry the fact.
    pub areas: Vec<DivisionCode>,
    /// The fact in JSON: references and salted commitments, never personal data. The types that
    /// hold personal data do not serialise, so they cannot get here by mistake.
    pub payload: String,
    /// The message for the others; `None` where nobody outside is told.
    pub message: Option<Vec<u8>>,
}

/// A domain fact that can be recorded.
pub trait IntoRecord {
    /// The fact as the journal takes it.
    fn record(&self) -> Record;
}

/// An aggregate under lock, with the end of its chain of facts. Only [`crate::unit::Unit::lock`]
/// makes one, so nothing can be recorded that is not locked.
#[derive(Debug)]
pub struct Locked {
    pub(crate) kind: &'static str,
    pub(crate) id: Uuid,
    pub(crate) version: i64,
    pub(crate) published_version: i64,
    pub(crate) head_hash: Vec<u8>,
}

impl Locked {
    /// How many facts the aggregate has so far.
    pub fn version(&self) -> i64 {
        self.version
    }

    /// The aggregate's id.
    pub fn id(&self) -> Uuid {
        self.id
    }
}

/// Who or what causes the facts of one transaction, and when.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Subject of a token, or `service:<name>`.
    pub actor: String,
    /// The role in which it acts.
    pub role: crate::access::Role,
    /// The request that is the cause, by a reference of our own; empty where there is none.
    pub request: String,
    /// Business time (+08:00).
    pub occurred_at: DateTime,
    /// W3C trace context.
    pub traceparent: String,
}

/// The hash of a fact: SHA-256 over its encoding without `hash` and `traceparent`. It holds the hash
/// of the fact before, so it commits to the aggregate's whole past, and everybody who is told of the
/// fact can compute it.
pub fn hash(fact: &common::Fact) -> [u8; 32] {
    let bare = common::Fact {
        hash: Bytes::new(),
        traceparent: String::new(),
        ..fact.clone()
    };
    Sha256::digest(bare.encode_to_vec()).into()
}

/// The subject on which a fact leaves: `luban.<service>.<aggregate kind>.<fact kind>`.
pub(crate) fn subject(service: &str, aggregate_kind: &str, kind: &str) -> String {
    format!(
        "luban.{}.{aggregate_kind}.{kind}",
        service.replace('-', "_")
    )
}
