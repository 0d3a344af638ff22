//! Finding people again without keeping what they are found by.
//!
//! A plain hash of a citizen number is no protection: all plausible numbers of a province are
//! hashed in minutes. A keyed digest is, as long as the key lies outside the database. Each
//! purpose has a key of its own, derived from the master key, so that digests made for one
//! question answer no other. The query service has these keys and no others.
//!
//! Whoever digests much for one purpose takes its keys out once ([`BlindIndexer::purpose`]): the
//! derivation costs more than the digest.

use std::path::Path;

use anyhow::ensure;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::keys::{self, Key};
use super::{derived, framed};

/// A digest that equals another one when purpose, key and parts are the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BlindIndex {
    /// The master key behind it.
    pub key_id: String,
    /// HMAC-SHA-256 over the parts.
    pub digest: [u8; 32],
}

/// Makes blind indexes.
#[derive(Debug)]
pub struct BlindIndexer(Vec<Key>);

impl BlindIndexer {
    /// Loads `index/` of a service's key folder: one key, or two while they are exchanged.
    ///
    /// # Errors
    /// When there is no key, there are more than two, or a file is not a key.
    pub fn load(folder: &Path) -> anyhow::Result<Self> {
        let folder = folder.join("index");
        let keys = keys::load(&folder)?;
        ensure!(
            keys.len() <= 2,
            "more than two index keys in {}",
            folder.display()
        );
        Ok(Self(keys))
    }

    /// The index of some parts for a purpose, under each key in use, the active key first. The
    /// parts are taken as they are: bring them to their normal form before.
    pub fn index(&self, purpose: &str, parts: &[&str]) -> Vec<BlindIndex> {
        let digests = self.purpose(purpose).digests(parts);
        let named = self.0.iter().zip(digests);
        named
            .map(|(key, digest)| BlindIndex {
                key_id: key.id.clone(),
                digest,
            })
            .collect()
    }

    /// The keys of a purpose, ready for use.
    pub fn purpose(&self, purpose: &str) -> PurposeKeys {
        let ready = |key: &Key| {
            let usage: [&[u8]; 3] = [b"luban blind index", purpose.as_bytes(), key.id.as_bytes()];
            derived(key.secret(), &usage)
        };
        PurposeKeys(self.0.iter().map(ready).collect())
    }

    /// The name of the key under which what is new is noted.
    pub fn active_key_id(&self) -> &str {
        // Without a key there is no indexer.
        &self.0[0].id
    }

    /// Names of the keys in use, the active one first.
    pub fn key_ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|key| key.id.as_str())
    }
}

/// Keys derived for one purpose, each ready to digest.
pub struct PurposeKeys(Vec<Hmac<Sha256>>);

impl PurposeKeys {
    /// The digest of some parts under each key in use, the active key first.
    pub fn digests(&self, parts: &[&str]) -> Vec<[u8; 32]> {
        let parts: Vec<_> = parts.iter().map(|part| part.as_bytes()).collect();
        let framed = framed(&parts);
        let digest = |key: &Hmac<Sha256>| {
            let mut mac = key.clone();
            mac.update(&framed);
            mac.finalize().into_bytes().into()
        };
        self.0.iter().map(digest).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::super::secret_file;
    use super::*;

    fn indexer(ids: &[(&str, u8)]) -> BlindIndexer {
        let folder = tempfile::tempdir().expect("a folder for the test");
        for (id, byte) in ids {
            let path = folder.path().join(format!("index/{id}.key"));
            secret_file::write(&path, hex::encode([*byte; 32]).as_bytes()).expect("writable");
        }
        BlindIndexer::load(folder.path()).expect("usable keys, and no kek is asked for")
    }

    #[test]
    fn in_a_rotation_there_is_an_index_under_each_key_the_active_one_first() {
        let (before, during) = (indexer(&[("k1", 1)]), indexer(&[("k1", 1), ("k2", 2)]));
        let old = before.index("pair", &["number", "name"]);
        let both = during.index("pair", &["number", "name"]);
        assert_eq!(
            both.iter()
                .map(|index| index.key_id.as_str())
                .collect::<Vec<_>>(),
            ["k2", "k1"]
        );
        assert_eq!(both[1..], old);
        assert_ne!(both[0].digest, old[0].digest);
    }

    #[test]
    fn a_third_key_is_refused() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        for id in ["k1", "k2", "k3"] {
            let path = folder.path().join(format!("index/{id}.key"));
            secret_file::write(&path, "11".repeat(32).as_bytes()).expect("writable");
        }
        BlindIndexer::load(folder.path()).expect_err("three keys");
    }

    #[test]
    fn the_digest_stays_what_it_always_was() {
        // Computed apart with Python's hmac. If this fails, every stored index is lost.
        let index = indexer(&[("k1", 1)]).index("pair", &["S000037100001204000001", "示例"]);
        assert_eq!(
            hex::encode(index[0].digest),
            "c520c4747fc7080de9fff35a2694472ac537feee112cb37a192b670934034f23"
        );
    }

    static INDEXER: LazyLock<BlindIndexer> = LazyLock::new(|| indexer(&[("k1", 1)]));

    proptest! {
        #[test]
        fn purpose_key_and_every_part_count(
            purpose in "[ab]{0,3}", other_purpose in "[ab]{0,3}",
            parts in prop::array::uniform2("[ab]{0,3}"), other_parts in prop::array::uniform2("[ab]{0,3}"),
        ) {
            let digest = |purpose: &str, parts: &[String; 2]| {
                INDEXER.index(purpose, &parts.each_ref().map(String::as_str))
            };
            prop_assert_eq!(
                digest(&purpose, &parts) == digest(&other_purpose, &other_parts),
                purpose == other_purpose && parts == other_parts
            );
        }
    }
}
