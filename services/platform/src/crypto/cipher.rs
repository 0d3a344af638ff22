//! Sealing one value: AES-256-GCM-SIV, bound to the place where the value lies.
//!
//! A sealed value is `version (1) · data key id (16) · nonce (12) · ciphertext and tag`. The mode
//! is SIV, so that a nonce drawn twice, by a machine restored from a snapshot for instance, tells
//! no more than that two values are equal.

use aes_gcm_siv::aead::{Aead, Payload};
use aes_gcm_siv::{Aes256GcmSiv, KeyInit, Nonce};
use secrecy::{ExposeSecret, SecretBox};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::keys::{KEY_LENGTH, Key};
use super::{framed, keyed_digest};

const VERSION: u8 = 1;
const NONCE_LENGTH: usize = 12;
const HEADER_LENGTH: usize = 1 + 16;
const TAG_LENGTH: usize = 16;

/// Bytes that sealing adds to a value.
pub const SEALED_EXTRA: usize = HEADER_LENGTH + NONCE_LENGTH + TAG_LENGTH;

/// Where a sealed value lies. It opens there and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The table, with its schema where it is not `public`.
    pub table: &'static str,
    /// The row's id.
    pub row: Uuid,
    /// The column.
    pub column: &'static str,
}

impl Place {
    fn associated_data(&self, key_id: Uuid) -> Vec<u8> {
        framed(&[
            b"luban sealed value",
            self.table.as_bytes(),
            self.row.as_bytes(),
            self.column.as_bytes(),
            key_id.as_bytes(),
        ])
    }
}

/// The value did not open: changed, moved, or sealed with another key. Says no more on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value does not open")]
pub(super) struct DoesNotOpen;

/// A key that values are sealed with.
pub(super) struct DataKey {
    id: Uuid,
    secret: SecretBox<[u8; KEY_LENGTH]>,
}

impl DataKey {
    pub(super) fn generate() -> Self {
        let secret = SecretBox::init_with_mut(|secret: &mut [u8; KEY_LENGTH]| rand::fill(secret));
        Self {
            id: Uuid::now_v7(),
            secret,
        }
    }

    pub(super) fn id(&self) -> Uuid {
        self.id
    }

    pub(super) fn seal(&self, place: &Place, plain: &[u8]) -> Vec<u8> {
        let mut sealed = vec![VERSION];
        sealed.extend_from_slice(self.id.as_bytes());
        let associated = place.associated_data(self.id);
        sealed.extend(encrypt(self.secret.expose_secret(), plain, &associated));
        sealed
    }

    pub(super) fn unseal(
        &self,
        place: &Place,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
        if key_id(sealed)? != self.id {
            return Err(DoesNotOpen);
        }
        let associated = place.associated_data(self.id);
        decrypt(
            self.secret.expose_secret(),
            &sealed[HEADER_LENGTH..],
            &associated,
        )
    }

    /// A digest that only holders of this key can compute.
    pub(super) fn digest(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let usage: [&[u8]; 2] = [b"luban digest", purpose.as_bytes()];
        keyed_digest(self.secret.expose_secret(), &usage, parts)
    }

    /// The key as the database keeps it, sealed in turn by a key that is not there.
    pub(super) fn wrap(&self, kek: &Key) -> Vec<u8> {
        encrypt(
            kek.secret(),
            self.secret.expose_secret(),
            &wrapping_data(self.id, kek),
        )
    }

    pub(super) fn unwrap(id: Uuid, wrapped: &[u8], kek: &Key) -> Result<Self, DoesNotOpen> {
        let plain = decrypt(kek.secret(), wrapped, &wrapping_data(id, kek))?;
        if plain.len() != KEY_LENGTH {
            return Err(DoesNotOpen);
        }
        // Copied into its box, so that no copy stays on the stack.
        let copy = |secret: &mut [u8; KEY_LENGTH]| secret.copy_from_slice(&plain);
        Ok(Self {
            id,
            secret: SecretBox::init_with_mut(copy),
        })
    }
}

/// The data key that a value was sealed with.
pub(super) fn key_id(sealed: &[u8]) -> Result<Uuid, DoesNotOpen> {
    match sealed.get(..HEADER_LENGTH) {
        Some([VERSION, id @ ..]) => Uuid::from_slice(id).map_err(|_| DoesNotOpen),
        _ => Err(DoesNotOpen),
    }
}

fn wrapping_data(id: Uuid, kek: &Key) -> Vec<u8> {
    framed(&[b"luban data key", id.as_bytes(), kek.id.as_bytes()])
}

/// Nonce and ciphertext.
fn encrypt(key: &[u8; KEY_LENGTH], plain: &[u8], associated: &[u8]) -> Vec<u8> {
    let mut nonce = [0; NONCE_LENGTH];
    rand::fill(&mut nonce);
    let payload = Payload {
        msg: plain,
        aad: associated,
    };
    let ciphertext = Aes256GcmSiv::new(key.into())
        .encrypt(&Nonce::from(nonce), payload)
        .expect("what fits in memory is below the 64 GiB of the mode");
    [nonce.as_slice(), &ciphertext].concat()
}

fn decrypt(
    key: &[u8; KEY_LENGTH],
    sealed: &[u8],
    associated: &[u8],
) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
    let (nonce, ciphertext) = sealed
        .split_first_chunk::<NONCE_LENGTH>()
        .ok_or(DoesNotOpen)?;
    let payload = Payload {
        msg: ciphertext,
        aad: associated,
    };
    Aes256GcmSiv::new(key.into())
        .decrypt(&Nonce::from(*nonce), payload)
        .map(Zeroizing::new)
        .map_err(|_| DoesNotOpen)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLACE: Place = Place {
        table: "person",
        row: Uuid::from_u128(7),
        column: "citizen_id",
    };

    proptest! {
        #[test]
        fn a_value_opens_in_its_place(plain in prop::collection::vec(any::<u8>(), 0..200)) {
            let key = DataKey::generate();
            let sealed = key.seal(&PLACE, &plain);
            prop_assert_eq!(key_id(&sealed), Ok(key.id()));
            prop_assert_eq!(key.unseal(&PLACE, &sealed).map(|open| open.to_vec()), Ok(plain));
        }

        #[test]
        fn no_changed_bit_goes_unnoticed(
            plain in prop::collection::vec(any::<u8>(), 0..60),
            position in any::<prop::sample::Index>(),
            bit in 0..8_u8,
        ) {
            let key = DataKey::generate();
            let mut sealed = key.seal(&PLACE, &plain);
            let position = position.index(sealed.len());
            sealed[position] ^= 1 << bit;
            prop_assert_eq!(key.unseal(&PLACE, &sealed), Err(DoesNotOpen));
        }

        #[test]
        fn no_cut_goes_unnoticed(plain in prop::collection::vec(any::<u8>(), 0..60), kept in any::<prop::sample::Index>()) {
            let key = DataKey::generate();
            let sealed = key.seal(&PLACE, &plain);
            let kept = kept.index(sealed.len());
            prop_assert_eq!(key.unseal(&PLACE, &sealed[..kept]), Err(DoesNotOpen));
        }

        #[test]
        fn a_value_opens_nowhere_else(plain in prop::collection::vec(any::<u8>(), 0..60), row in any::<u128>()) {
            let key = DataKey::generate();
            let sealed = key.seal(&PLACE, &plain);
            for elsewhere in [
                Place { row: Uuid::from_u128(row), ..PLACE },
                Place { column: "name", ..PLACE },
                Place { table: "candidate", ..PLACE },
                Place { table: "per", column: "soncitizen_id", ..PLACE },
            ] {
                prop_assert_eq!(key.unseal(&elsewhere, &sealed).is_ok(), elsewhere == PLACE);
            }
        }
    }

    #[test]
    fn another_key_does_not_open_even_under_the_same_id() {
        let key = DataKey::generate();
        let sealed = key.seal(&PLACE, b"value");
        let other = DataKey::generate();
        assert_eq!(other.unseal(&PLACE, &sealed), Err(DoesNotOpen));

        let namesake = DataKey {
            id: key.id,
            ..DataKey::generate()
        };
        assert_eq!(namesake.unseal(&PLACE, &sealed), Err(DoesNotOpen));

        // The id in the header is bound too: renaming the key does not help.
        let renamed = DataKey {
            id: other.id,
            secret: SecretBox::new(Box::new(*key.secret.expose_secret())),
        };
        let mut relabelled = sealed;
        relabelled[1..HEADER_LENGTH].copy_from_slice(other.id.as_bytes());
        assert_eq!(renamed.unseal(&PLACE, &relabelled), Err(DoesNotOpen));
    }

    #[test]
    fn equal_values_look_different_sealed() {
        let key = DataKey::generate();
        assert_ne!(key.seal(&PLACE, b"value"), key.seal(&PLACE, b"value"));
    }
}
