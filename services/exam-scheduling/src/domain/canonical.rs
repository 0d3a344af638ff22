//! What the hashes of this service are over.
//!
//! A hash that others are to compute again needs one encoding of the values: here each field is
//! preceded by its length, eight bytes with the highest first, so that nothing moves unseen from
//! one field into the next. The first field names what follows, so that the hash of one kind of
//! thing is never that of another.
//!
//! Persons enter as commitments: SHA-256 over a random salt, their number and their name. The
//! commitment says nothing to whoever lacks the salt, and everything to whoever is shown it.

use std::fmt;

use kernel::content_hash::ContentHash;
use sha2::{Digest, Sha256};

/// Hashes fields in order.
pub struct Canonical(Sha256);

impl Canonical {
    /// Begins the encoding of a kind of thing, such as `luban.exam.roster.v1`.
    pub fn of(kind: &str) -> Self {
        let mut canonical = Self(Sha256::new());
        canonical.text(kind);
        canonical
    }

    /// Adds bytes.
    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.0.update((value.len() as u64).to_be_bytes());
        self.0.update(value);
        self
    }

    /// Adds text as UTF-8.
    pub fn text(&mut self, value: &str) -> &mut Self {
        self.bytes(value.as_bytes())
    }

    /// Adds what has a text form: an id, a code, a date.
    pub fn value(&mut self, value: impl fmt::Display) -> &mut Self {
        self.text(&value.to_string())
    }

    /// The hash over all fields added.
    pub fn hash(self) -> ContentHash {
        ContentHash::from_bytes(self.0.finalize().into())
    }
}

/// What makes a commitment unguessable: 16 random bytes, sealed beside the person's name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt([u8; 16]);

impl Salt {
    /// A salt of these bytes; they have to be random.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Salt(******)")
    }
}

/// Commits to a person: number of the citizen id or card, and name.
pub fn commitment(salt: &Salt, number: &str, name: &str) -> ContentHash {
    let mut canonical = Canonical::of("luban.exam.person.v1");
    canonical.bytes(salt.as_bytes()).text(number).text(name);
    canonical.hash()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of_fields(fields: &[String]) -> ContentHash {
        let mut canonical = Canonical::of("test");
        for field in fields {
            canonical.text(field);
        }
        canonical.hash()
    }

    #[test]
    fn the_encoding_stays_what_it_always_was() {
        // printf '\0\0\0\0\0\0\0\4test\0\0\0\0\0\0\0\2ab' | sha256sum
        assert_eq!(
            of_fields(&["ab".to_owned()]).to_string(),
            "516fa7d35de9d1a11ab68c81088661def1df10eea4cc2314e14681ac185e813d",
        );
    }

    proptest! {
        #[test]
        fn two_lists_of_fields_never_share_a_hash(
            one in prop::collection::vec("[ab]{0,3}", 0..4),
            other in prop::collection::vec("[ab]{0,3}", 0..4),
        ) {
            prop_assert_eq!(of_fields(&one) == of_fields(&other), one == other);
        }

        #[test]
        fn salt_number_and_name_all_count(
            salts in prop::array::uniform2(prop::sample::select(vec![1_u8, 2])),
            numbers in prop::array::uniform2("[ab]{1,2}"),
            names in prop::array::uniform2("[ab]{1,2}"),
        ) {
            let commit = |at: usize| commitment(&Salt::from_bytes([salts[at]; 16]), &numbers[at], &names[at]);
            let same = salts[0] == salts[1] && numbers[0] == numbers[1] && names[0] == names[1];
            prop_assert_eq!(commit(0) == commit(1), same);
        }
    }
}
