//! What may be asked for above a soft limit: a little work, or a little patience.
//!
//! A challenge is a signed text that says until when it is good, how much work it wants, and from
//! when on it is taken without any. Programs do the work (find a number so that SHA-256 over the
//! challenge, a dot and the number begins with so many zero bits); whoever cannot, or has no
//! script, waits and sends it as it is. It is bound to the network that it was given to, and good
//! once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// How long a challenge is good, in microseconds.
const GOOD_FOR: u64 = 5 * 60 * 1_000_000;
/// Bytes of the random part, of the whole text in front of the signature, and of the signature.
const RANDOM: usize = 8;
const TEXT: usize = RANDOM + 8 + 8 + 1;
const SIGNATURE: usize = 16;

/// A challenge for whoever is over a soft limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// What to send back: as it is after the wait, or with a dot and the number that was found.
    pub text: String,
    /// Zero bits that the digest begins with.
    pub difficulty: u8,
    /// Seconds after which it is taken without work.
    pub wait_seconds: u64,
}

/// Gives challenges and takes proofs.
pub(super) struct Proofs {
    key: Hmac<Sha256>,
    /// Challenges that were used, with the moment after which they are worth nothing anyway.
    used: Mutex<HashMap<[u8; RANDOM], u64>>,
}

impl Proofs {
    /// Replicas with the same secret take each other's challenges.
    pub(super) fn new(secret: &[u8]) -> Self {
        Self {
            key: Hmac::new_from_slice(secret).expect("HMAC takes keys of any length"),
            used: Mutex::default(),
        }
    }

    /// A challenge for somebody.
    pub(super) fn challenge(
        &self,
        whom: u64,
        difficulty: u8,
        wait_seconds: u64,
        now: u64,
    ) -> Challenge {
        let mut text = [0; TEXT];
        text[..RANDOM].copy_from_slice(&rand::random::<[u8; RANDOM]>());
        text[RANDOM..RANDOM + 8].copy_from_slice(&(now + GOOD_FOR).to_be_bytes());
        let patient = now + wait_seconds * 1_000_000;
        text[RANDOM + 8..RANDOM + 16].copy_from_slice(&patient.to_be_bytes());
        text[TEXT - 1] = difficulty;
        let signed = [&text[..], &self.signature(&text, whom)].concat();
        Challenge {
            text: URL_SAFE_NO_PAD.encode(signed),
            difficulty,
            wait_seconds,
        }
    }

    /// Whether a proof is good: for somebody, now, for the first time.
    pub(super) fn take(&self, proof: &str, whom: u64, now: u64) -> bool {
        let challenge = proof.split_once('.').map_or(proof, |(text, _)| text);
        let Some(text) = self.genuine(challenge, whom) else {
            return false;
        };
        let moment = |from: usize| {
            let bytes = text[from..].first_chunk().expect("eight bytes");
            u64::from_be_bytes(*bytes)
        };
        let (good_until, patient) = (moment(RANDOM), moment(RANDOM + 8));
        let worked = zero_bits(&Sha256::digest(proof)) >= u32::from(text[TEXT - 1]);
        if now > good_until || (now < patient && !worked) {
            return false;
        }
        let random = *text.first_chunk().expect("the random part");
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.retain(|_, until| *until >= now);
        used.insert(random, good_until).is_none()
    }

    fn genuine(&self, challenge: &str, whom: u64) -> Option<[u8; TEXT]> {
        let signed = URL_SAFE_NO_PAD.decode(challenge).ok()?;
        let (text, signature) = signed.split_first_chunk::<TEXT>()?;
        (signature == self.signature(text, whom)).then_some(*text)
    }

    fn signature(&self, text: &[u8; TEXT], whom: u64) -> [u8; SIGNATURE] {
        let mut mac = self.key.clone();
        mac.update(text);
        mac.update(&whom.to_be_bytes());
        let whole = mac.finalize().into_bytes();
        *whole.first_chunk().expect("half of 32 bytes")
    }
}

/// How many zero bits bytes begin with.
fn zero_bits(bytes: &[u8]) -> u32 {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let rest = bytes.get(zeros).map_or(0, |byte| byte.leading_zeros());
    u32::try_from(zeros * 8).unwrap_or(u32::MAX) + rest
}

/// Does the work of a challenge, as a client does.
pub fn work(challenge: &Challenge) -> String {
    (0..=u64::MAX)
        .map(|number| format!("{}.{number}", challenge.text))
        .find(|proof| zero_bits(&Sha256::digest(proof)) >= u32::from(challenge.difficulty))
        .expect("there are enough numbers")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000;

    #[test]
    fn work_is_taken_at_once_and_once_and_from_whom_it_was_asked() {
        let proofs = Proofs::new(b"secret");
        let challenge = proofs.challenge(7, 8, 30, 0);
        let proof = work(&challenge);
        assert!(!proofs.take(&proof, 8, SECOND), "somebody else's");
        assert!(!Proofs::new(b"other").take(&proof, 7, SECOND), "forged");
        assert!(proofs.take(&proof, 7, SECOND));
        assert!(!proofs.take(&proof, 7, SECOND), "again");
        assert!(
            !proofs.take(&challenge.text, 7, 40 * SECOND),
            "in another form"
        );
    }

    #[test]
    fn patience_is_taken_instead_of_work_after_a_while_and_not_for_ever() {
        let proofs = Proofs::new(b"secret");
        let challenge = proofs.challenge(7, 60, 30, 0).text;
        assert!(!proofs.take(&challenge, 7, 29 * SECOND), "too soon");
        assert!(proofs.take(&challenge, 7, 30 * SECOND));
        let late = proofs.challenge(7, 60, 30, 0).text;
        assert!(!proofs.take(&late, 7, GOOD_FOR + 1), "too late");
        for nonsense in ["", ".", "é", "AAAA", &"A".repeat(55)] {
            assert!(!proofs.take(nonsense, 7, 0), "{nonsense}");
        }
    }
}
