//! What only its owner may read.
//!
//! Personal data rests in the database sealed ([`Vault`]): each service has data keys, wrapped by
//! a key-encryption key that lies in a file and never in the database. A sealed value is bound to
//! its [`Place`], so that a row copied over another does not open. People are found again by a
//! [`BlindIndexer`], whose digests nobody can compute who lacks its key. Whoever opens a value for
//! somebody's eyes goes through [`Vault::reveal`], which writes down who and what for.
//!
//! ```text
//! <keys of a service>/kek/<id>.key     wrap data keys; the greatest id is in use, all unwrap
//!                    /index/<id>.key   blind indexes; the greatest id is in use, two in a rotation
//! ```

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

mod cipher;
mod index;
mod keys;
mod personal;
pub mod secret_file;
mod vault;

use keys::KEY_LENGTH;

pub use cipher::{Place, SEALED_EXTRA};
pub use index::{BlindIndex, BlindIndexer, PurposeKeys};
pub use keys::KeyRing;
pub use personal::{Purpose, record_access, record_accesses};
pub use vault::Vault;

/// HMAC-SHA-256 over some parts, under a key derived for one usage.
fn keyed_digest(secret: &[u8; KEY_LENGTH], usage: &[&[u8]], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = derived(secret, usage);
    mac.update(&framed(parts));
    mac.finalize().into_bytes().into()
}

/// HMAC-SHA-256 under a key derived for one usage. Secrets are random and of full length, so
/// expanding is enough (RFC 5869, 3.3).
fn derived(secret: &[u8; KEY_LENGTH], usage: &[&[u8]]) -> Hmac<Sha256> {
    let mut derived = Zeroizing::new([0; KEY_LENGTH]);
    Hkdf::<Sha256>::from_prk(secret)
        .expect("32 bytes make a key")
        .expand(&framed(usage), derived.as_mut_slice())
        .expect("32 bytes are made of a key");
    Hmac::new_from_slice(derived.as_slice()).expect("HMAC takes keys of any length")
}

/// One encoding for one list of parts: each is preceded by its length, so that nothing moves
/// unseen from one part into the next.
fn framed(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(parts.iter().map(|part| part.len() + 8).sum());
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn two_lists_of_parts_never_share_an_encoding(
            one in prop::collection::vec("[ab]{0,3}", 0..4),
            other in prop::collection::vec("[ab]{0,3}", 0..4),
        ) {
            let encode = |parts: &[String]| {
                framed(&parts.iter().map(String::as_bytes).collect::<Vec<_>>())
            };
            prop_assert_eq!(encode(&one) == encode(&other), one == other);
        }
    }
}
