//! Random draws that anybody can repeat (双随机, notice 6.2).
//!
//! A seed is chosen and its [commitment](Seed::commitment) made public before anybody knows what is
//! drawn from; it is revealed afterwards. From then on the draw is arithmetic: each key of the pool
//! is ranked by SHA-256 over the seed and the key, and the lowest ranks are drawn. Whoever has the
//! seed and the list finds the same, in any language, in twenty lines.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::ascii::text_form;
use crate::content_hash::ContentHash;

crate::rejections! {
    /// Why text is not the seed of a draw.
    pub enum SeedRejection {
        /// A seed is written as 64 hexadecimal digits.
        Shape => "SEED_SHAPE", InvalidArgument, "platform",
            "抽取种子应为 64 位十六进制数", "a seed is 64 hexadecimal digits";
    }
}

/// What a draw follows from: 32 random bytes, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Seed([u8; 32]);

impl Seed {
    /// A seed of bytes that were drawn at random.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Parses the written form, in either case.
    ///
    /// # Errors
    /// When it is not 64 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, SeedRejection> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| SeedRejection::Shape)?;
        Ok(Self(bytes))
    }

    /// What is published before the draw: SHA-256 over the 32 bytes.
    pub fn commitment(&self) -> ContentHash {
        ContentHash::of_bytes(&self.0)
    }

    /// Draws `count` of the pool, or all of it where there are fewer, in the order of their ranks.
    /// `key` gives the text by which the published list names an item; keys must differ.
    pub fn draw<'pool, T>(
        &self,
        pool: &'pool [T],
        count: usize,
        key: impl Fn(&T) -> String,
    ) -> Vec<&'pool T> {
        let mut ranked: Vec<_> = pool
            .iter()
            .map(|item| (self.rank(&key(item)), item))
            .collect();
        ranked.sort_unstable_by_key(|(rank, _)| *rank);
        ranked
            .into_iter()
            .take(count)
            .map(|(_, item)| item)
            .collect()
    }

    /// SHA-256 over the 32 bytes of the seed and the key in UTF-8.
    fn rank(&self, key: &str) -> [u8; 32] {
        Sha256::new()
            .chain_update(self.0)
            .chain_update(key)
            .finalize()
            .into()
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

text_form!(Seed, SeedRejection);

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn drawn(seed: &Seed, pool: &[u32], count: usize) -> Vec<u32> {
        let drawn = seed.draw(pool, count, u32::to_string);
        drawn.into_iter().copied().collect()
    }

    /// Computed with another program, so that the definition cannot drift.
    #[test]
    fn a_draw_is_what_its_definition_says() {
        let seed = Seed::from_bytes([7; 32]);
        assert_eq!(
            seed.commitment().to_string(),
            "4bb06f8e4e3a7715d201d573d0aa423762e55dabd61a2c02278fa56cc6d294e0"
        );
        assert_eq!(drawn(&seed, &(1..=10).collect::<Vec<_>>(), 3), [7, 4, 10]);
    }

    #[test]
    fn what_is_no_seed_is_refused() {
        for text in ["", "07", &"g".repeat(64), &"0".repeat(63), &"0".repeat(65)] {
            assert_eq!(Seed::parse(text), Err(SeedRejection::Shape), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_draw_is_a_part_of_the_pool_and_depends_on_nothing_but_seed_and_keys(
            bytes: [u8; 32], size in 0_u32..500, count in 0_usize..600, turned in 0_usize..500,
        ) {
            let seed = Seed::from_bytes(bytes);
            let mut pool: Vec<u32> = (0..size).collect();
            let first = drawn(&seed, &pool, count);
            prop_assert_eq!(first.len(), count.min(pool.len()));
            prop_assert_eq!(first.iter().collect::<BTreeSet<_>>().len(), first.len());
            prop_assert!(first.iter().all(|item| pool.contains(item)));

            let by = turned.checked_rem(pool.len()).unwrap_or(0);
            pool.rotate_left(by);
            prop_assert_eq!(drawn(&seed, &pool, count), first, "the order of the pool matters");
        }

        #[test]
        fn a_seed_reads_back_as_it_is_written(bytes: [u8; 32]) {
            let seed = Seed::from_bytes(bytes);
            prop_assert_eq!(Seed::parse(&seed.to_string()), Ok(seed));
        }
    }
}
