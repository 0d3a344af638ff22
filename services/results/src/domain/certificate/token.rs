//! The random token of a certificate's QR code.

use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// 128 random bits. Whoever has them may see the certificate, so they print only into its QR code;
/// outside of this service only their hash is known.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct QrToken([u8; 16]);

impl QrToken {
    /// A token of these random bytes.
    pub fn new(random: [u8; 16]) -> Self {
        Self(random)
    }

    /// What the query knows it by: SHA-256.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// As it is sealed.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As the QR code and the issuer have it: 32 hexadecimal digits.
    pub fn reveal(&self) -> String {
        hex::encode(self.0)
    }
}
