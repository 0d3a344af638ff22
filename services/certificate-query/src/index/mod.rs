//! The public index: what may be said about certificates, found by who knows what is on them.
//!
//! ```text
//! fact ─ events ─► tables ─ follow ─► catalog ◄─ question
//!                  (store)            (memory)
//! ```
//!
//! Facts of `results` are written into tables, each change under the next number of one sequence
//! (`store`). Every replica holds all of it in memory (`catalog`), reads it whole when it starts
//! and then follows the sequence (`follow`). A question is answered from memory alone: what is
//! written into the tables slows no answer, and a database that is away stops none. It only ages,
//! and an answer that is too old is none ([`IndexRejection::StatusUnavailable`]).
//!
//! The service has the keys of the doors and none that decrypts, so that nobody learns from its
//! database, or its memory, whose certificates there are.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use jiff::{SignedDuration, Timestamp};
use kernel::query_key::{self, QueryKey};
use kernel::rejections;
use platform::crypto::{BlindIndexer, PurposeKeys};
use sha2::{Digest, Sha256};

use crate::question::{DocumentQuestion, Question, TicketQuestion, Token};

mod catalog;
mod certificate;
mod follow;
mod record;
pub(crate) mod store;
mod table;
mod texts;

use catalog::Catalog;
pub use certificate::{Certificate, Finding, Organization, Progress, Stage, Standing, Subject};
pub use follow::Follower;

rejections! {
    /// Why a question is not answered, whatever it asks.
    pub enum IndexRejection {
        /// The index is not there yet, or so old that nobody can vouch for it: neither "not found"
        /// nor "valid".
        StatusUnavailable => "STATUS_UNAVAILABLE", Unavailable, "platform",
            "暂时无法核验，结果不代表证书无效",
            "the certificate cannot be checked at present, which says nothing about it";
    }
}

/// The index of one replica.
pub struct Index {
    held: RwLock<Held>,
    indexer: BlindIndexer,
    number_keys: PurposeKeys,
    document_keys: PurposeKeys,
    ticket_keys: PurposeKeys,
    vouch_for: SignedDuration,
}

/// What a replica holds, and how far it is.
struct Held {
    catalog: Catalog,
    /// The last change that is in; absent until all of them are that there were at the start.
    applied: Option<i64>,
    /// How many versions there are to be read at the start, about.
    expected: u64,
    /// Everything recorded before this moment is in.
    as_of: Option<Timestamp>,
}

/// What was found, and up to which moment that is the whole truth.
pub struct Answer<T> {
    /// What was found.
    pub finding: T,
    /// Everything recorded before this moment is in the finding.
    pub data_as_of: Timestamp,
}

/// How far a replica is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Whether it answers.
    pub ready: bool,
    /// Versions of certificates that are in.
    pub versions: u64,
    /// Versions that there were at the start, about.
    pub expected: u64,
    /// Everything recorded before this moment is in.
    pub data_as_of: Option<Timestamp>,
    /// Bytes that certificates take, with all that leads to them.
    pub bytes: usize,
}

impl Index {
    /// An empty index for doors under the keys of an indexer, whose answers are worth so long.
    pub fn new(indexer: BlindIndexer, vouch_for: SignedDuration) -> Self {
        let held = Held {
            catalog: Catalog::with_room_for(0, Vec::new()),
            applied: None,
            expected: 0,
            as_of: None,
        };
        Self {
            held: RwLock::new(held),
            number_keys: indexer.purpose(query_key::NUMBER_AND_NAME),
            document_keys: indexer.purpose(query_key::DOCUMENT_AND_NAME),
            ticket_keys: indexer.purpose(query_key::TICKET_AND_NAME),
            indexer,
            vouch_for,
        }
    }

    /// Looks for a certificate by number and name. What is found and what is not costs the same:
    /// one digest and one look a key.
    ///
    /// # Errors
    /// When nobody can vouch for the answer.
    pub fn verify(&self, question: &Question) -> Result<Answer<Finding>, IndexRejection> {
        let Some((number, name)) = question.pair() else {
            return self.answer(|_| Finding::NotFound);
        };
        let key = QueryKey::number_and_name(number, name);
        let digests = self.number_keys.digests(&key.parts());
        self.answer(|catalog| catalog.find(&digests))
    }

    /// Looks for a certificate by the token of its QR code.
    ///
    /// # Errors
    /// When nobody can vouch for the answer.
    pub fn verify_token(&self, token: &Token) -> Result<Answer<Finding>, IndexRejection> {
        let digest = Sha256::digest(token.bytes()).into();
        self.answer(|catalog| catalog.find(&[digest]))
    }

    /// Looks for all certificates of a person, by document number and name.
    ///
    /// # Errors
    /// When nobody can vouch for the answer.
    pub fn find(
        &self,
        question: &DocumentQuestion,
    ) -> Result<Answer<Vec<Finding>>, IndexRejection> {
        let digests = self.document_keys.digests(&question.key().parts());
        self.answer(|catalog| catalog.find_all(&digests))
    }

    /// Looks how far somebody is who has no certificate yet, by admission ticket number and name.
    ///
    /// # Errors
    /// When nobody can vouch for the answer.
    pub fn progress(
        &self,
        question: &TicketQuestion,
    ) -> Result<Answer<Option<Progress>>, IndexRejection> {
        let digests = self.ticket_keys.digests(&question.key().parts());
        self.answer(|catalog| catalog.stage(&digests))
    }

    /// How far this replica is.
    pub fn state(&self) -> State {
        let held = self.read();
        State {
            ready: held.applied.is_some(),
            versions: held.catalog.versions() as u64,
            expected: held.expected,
            data_as_of: held.as_of,
            bytes: held.catalog.bytes(),
        }
    }

    fn answer<T>(&self, look: impl FnOnce(&Catalog) -> T) -> Result<Answer<T>, IndexRejection> {
        let held = self.read();
        let as_of = held.as_of.filter(|_| held.applied.is_some());
        let data_as_of = as_of
            .filter(|as_of| Timestamp::now().duration_since(*as_of) <= self.vouch_for)
            .ok_or(IndexRejection::StatusUnavailable)?;
        Ok(Answer {
            finding: look(&held.catalog),
            data_as_of,
        })
    }

    /// A panic while writing leaves at worst one version half told of, which the next change or
    /// the next start puts right; nobody would be helped by answering nothing any more.
    fn read(&self) -> RwLockReadGuard<'_, Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Held> {
        self.held.write().unwrap_or_else(PoisonError::into_inner)
    }
}
