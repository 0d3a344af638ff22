//! What two persons agree on: the correction of a certificate, the revocation of one or many.
//!
//! Both are over the certificates as they stand, so a change in between voids them; and both are
//! salted, since a name could be guessed from the hash that both persons name.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::certificate_number::CertificateNumber;
use kernel::content_hash::ContentHash;
use kernel::ids::CertificateId;
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

/// What is proposed for a revocation: certificates as they stand.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    certificates: BTreeMap<CertificateId, (u32, CertificateStatus)>,
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
    /// A revocation of certificates, all of which are in force.
    ///
    /// # Errors
    /// When there is none, or one is revoked already.
    pub fn propose(
        certificates: &[Certificate],
        reason: RevocationReason,
        grounds: &Written,
        salt: String,
    ) -> Result<Self, CertificateRejection> {
        if certificates.is_empty() {
            return Err(CertificateRejection::NothingToRevoke);
        }
        certificates.iter().try_for_each(Certificate::in_force)?;
        Ok(Self {
            certificates: standing(certificates),
            reason,
            grounds: grounds.reveal().to_owned(),
            salt,
        })
    }

    /// The certificates that it is about.
    pub fn certificates(&self) -> impl Iterator<Item = CertificateId> {
        self.certificates.keys().copied()
    }

    /// What both persons name, over the certificates as they stand.
    pub fn hash_over(&self, certificates: &[Certificate]) -> ContentHash {
        hash(&Self {
            certificates: standing(certificates),
            ..self.clone()
        })
    }

    /// Whether the holders were heard: each of them, or their time is over.
    ///
    /// # Errors
    /// When somebody still has time.
    pub fn heard(until: Date, waiting: u32, today: Date) -> Result<(), CertificateRejection> {
        if waiting == 0 || today > until {
            Ok(())
        } else {
            Err(CertificateRejection::HearingOpen { until })
        }
    }
}

fn standing(certificates: &[Certificate]) -> BTreeMap<CertificateId, (u32, CertificateStatus)> {
    let stands = |it: &Certificate| (it.id, (it.version, it.status));
    certificates.iter().map(stands).collect()
}

fn hash(content: &impl Serialize) -> ContentHash {
    ContentHash::of_bytes(&serde_json::to_vec(content).expect("plain values are JSON"))
}
