//! Fingerprint of content: what exactly was shown, proposed or confirmed.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::ascii::text_form;

crate::rejections! {
    /// Why text is not the hash of some content.
    pub enum ContentHashRejection {
        /// A hash is written as 64 hexadecimal digits.
        Shape => "CONTENT_HASH_SHAPE", InvalidArgument, "platform",
            "内容哈希应为 64 位十六进制数", "a content hash is 64 hexadecimal digits";
    }
}

/// SHA-256 of some content, written as 64 hexadecimal digits. Two persons who name the same hash
/// speak of the same content.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// The hash of these bytes. What the canonical bytes of a content are, its owner decides.
    pub fn of_bytes(content: &[u8]) -> Self {
        Self(Sha256::digest(content).into())
    }

    /// A hash that was computed elsewhere.
    pub fn from_bytes(hash: [u8; 32]) -> Self {
        Self(hash)
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Parses the written form, in either case.
    ///
    /// # Errors
    /// When it is not 64 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, ContentHashRejection> {
        let mut hash = [0; 32];
        hex::decode_to_slice(text, &mut hash).map_err(|_| ContentHashRejection::Shape)?;
        Ok(Self(hash))
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

text_form!(ContentHash, ContentHashRejection);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_hash_is_the_sha_256_everybody_computes() {
        assert_eq!(
            ContentHash::of_bytes(b"abc").to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        );
    }

    #[test]
    fn text_of_another_length_or_alphabet_is_refused() {
        for text in ["", "ba78", &"g".repeat(64), &"a".repeat(66)] {
            assert_eq!(ContentHash::parse(text), Err(ContentHashRejection::Shape));
        }
    }

    proptest! {
        #[test]
        fn a_hash_reads_back_as_it_is_written(bytes in any::<[u8; 32]>()) {
            let hash = ContentHash::from_bytes(bytes);
            prop_assert_eq!(ContentHash::parse(&hash.to_string()), Ok(hash));
            let json = serde_json::to_string(&hash).expect("a hash is text");
            prop_assert_eq!(serde_json::from_str::<ContentHash>(&json).expect("it was a hash"), hash);
        }
    }
}
