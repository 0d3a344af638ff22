//! What two persons agree on about one certificate: its correction, its revocation.
//!
//! Both are over the certificate as it stands, so a change in between voids them; and both are
//! salted, since a name could be guessed from the hash that both persons name.

use kernel::certificate_number::CertificateNumber;
use kernel::content_hash::ContentHash;
use kernel::person_name::PersonName;
use kernel::rejection::Faults;
use serde::{Deserialize, Serialize};

use super::{Certificate, CertificateStatus, RevocationReason};
use crate::domain::rejection::CertificateRejection;
use kernel::written::Written;

/// What is proposed for a correction. Not to be printed: it holds a name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    number: CertificateNumber,
    stands: (u32, CertificateStatus),
    /// The right name.
    pub name: String,
    reason: String,
    /// A name alone could be guessed from its hash.
    salt: String,
}

/// What is proposed for a revocation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    number: CertificateNumber,
    stands: (u32, CertificateStatus),
    /// The category.
    pub reason: RevocationReason,
    grounds: String,
    /// Grounds can name people.
    salt: String,
}

impl Certificate {
    /// A correction of the holder's name.
    ///
    /// # Errors
    /// When the certificate is revoked, or the name is the same.
    pub fn propose_correction(
        &self,
        current: &PersonName,
        corrected: &PersonName,
        reason: &Written,
        salt: String,
    ) -> Result<Correction, Faults> {
        self.in_force()?;
        // What is one name to everybody who asks is no correction.
        if current.normalised() == corrected.normalised() {
            let unchanged = CertificateRejection::Unchanged;
            return Err(Faults::at("corrected_name", &unchanged));
        }
        Ok(Correction {
            number: self.number,
            stands: (self.version, self.status),
            name: corrected.reveal().to_owned(),
            reason: reason.reveal().to_owned(),
            salt,
        })
    }

    /// A revocation.
    ///
    /// # Errors
    /// When the certificate is revoked already.
    pub fn propose_revocation(
        &self,
        reason: RevocationReason,
        grounds: &Written,
        salt: String,
    ) -> Result<Revocation, Faults> {
        self.in_force()?;
        let stands = (self.version, self.status);
        Ok(Revocation {
            number: self.number,
            stands,
            reason,
            grounds: grounds.reveal().to_owned(),
            salt,
        })
    }
}

impl Correction {
    /// What both persons name, over the certificate as it stands.
    pub fn hash_over(&self, certificate: &Certificate) -> ContentHash {
        let stands = (certificate.version, certificate.status);
        hash(&Self {
            stands,
            ..self.clone()
        })
    }
}

impl Revocation {
    /// What both persons name, over the certificate as it stands.
    pub fn hash_over(&self, certificate: &Certificate) -> ContentHash {
        let stands = (certificate.version, certificate.status);
        hash(&Self {
            stands,
            ..self.clone()
        })
    }
}

fn hash(content: &impl Serialize) -> ContentHash {
    ContentHash::of_bytes(&serde_json::to_vec(content).expect("plain values are JSON"))
}
