//! The roster as exam-scheduling locked it.
//!
//! Its digest is computed again from what was fetched, by the rule that stands at
//! `ListRosterResponse.roster_digest` in the contract, so that nothing but the locked roster ever
//! becomes a batch.

use std::fmt;

use kernel::ids::CandidateId;
use sha2::{Digest, Sha256};

use super::rejection::BatchRejection;
use super::result::PartResult;

/// A roster in short: what the owner locked, or what was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterSeal {
    /// Candidates on it.
    pub entries: usize,
    /// SHA-256 over it.
    pub digest: [u8; 32],
}

impl RosterSeal {
    /// Whether what came is what was locked.
    ///
    /// # Errors
    /// When number or digest is another.
    pub fn matches(&self, fetched: &Self) -> Result<(), BatchRejection> {
        if self == fetched {
            Ok(())
        } else {
            Err(BatchRejection::RosterMismatch)
        }
    }
}

/// An entry of the roster as far as the digest is over it.
pub struct SealedEntry<'a> {
    /// The candidate.
    pub candidate: CandidateId,
    /// 准考证号
    pub ticket_number: &'a str,
    /// Index of the plan's subject.
    pub subject: u16,
    /// Stands for the person.
    pub commitment: [u8; 32],
    /// What happened, in the order of parts.
    pub parts: &'a [PartResult],
}

/// The seal of a roster in the order of its ticket numbers.
pub fn seal<'a>(entries: impl ExactSizeIterator<Item = SealedEntry<'a>>) -> RosterSeal {
    let count = entries.len();
    let mut fields = Fields::of("luban.exam.roster.v1");
    fields.value(count);
    for entry in entries {
        fields
            .value(entry.candidate)
            .value(entry.ticket_number)
            .value(entry.subject);
        fields.bytes(&entry.commitment).value(entry.parts.len());
        for part in entry.parts {
            fields
                .value(part.part.as_str())
                .value(part.attendance.as_str());
        }
    }
    RosterSeal {
        entries: count,
        digest: fields.hash(),
    }
}

/// What stands for a person in the digest; a document as by its key.
pub fn commitment(salt: &[u8], document: &str, name: &str) -> [u8; 32] {
    let mut fields = Fields::of("luban.exam.person.v1");
    fields.bytes(salt).value(document).value(name);
    fields.hash()
}

/// Hashes fields, each preceded by its length, so that nothing moves unseen from one to the next.
struct Fields(Sha256);

impl Fields {
    fn of(kind: &str) -> Self {
        let mut fields = Self(Sha256::new());
        fields.value(kind);
        fields
    }

    fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.0.update((value.len() as u64).to_be_bytes());
        self.0.update(value);
        self
    }

    fn value(&mut self, value: impl fmt::Display) -> &mut Self {
        self.bytes(value.to_string().as_bytes())
    }

    fn hash(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_the_one_of_the_contract() {
        // printf '\0\0\0\0\0\0\0\4test\0\0\0\0\0\0\0\2ab' | sha256sum
        let mut fields = Fields::of("test");
        fields.value("ab");
        assert_eq!(
            hex::encode(fields.hash()),
            "516fa7d35de9d1a11ab68c81088661def1df10eea4cc2314e14681ac185e813d",
        );
    }

    #[test]
    fn a_roster_of_another_length_or_digest_is_not_the_one_locked() {
        let locked = RosterSeal {
            entries: 30,
            digest: [1; 32],
        };
        assert_eq!(locked.matches(&locked.clone()), Ok(()));
        for other in [
            RosterSeal {
                entries: 29,
                ..locked.clone()
            },
            RosterSeal {
                digest: [2; 32],
                ..locked.clone()
            },
        ] {
            assert_eq!(locked.matches(&other), Err(BatchRejection::RosterMismatch));
        }
    }
}
