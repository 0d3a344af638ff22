//! What two persons agree on: the correction of a certificate, its re-issue, the revocation of one
//! or many.
//!
//! Each is over the certificates as they stand, so a change in between voids it; and each is
//! salted, since a name could be guessed from the hash that both persons name.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::certificate_number::CertificateNumber;
use kernel::content_hash::ContentHash;
use kernel::identity_document::Document;
use kernel::ids::CertificateId;
use kernel::person_name::PersonName;
use kernel::rejection::{FaultList, Faults};
use serde::{Deserialize, Serialize};

use super::{Certificate, CertificateStatus, RevocationReason};
use crate::domain::person::Person;
use crate::domain::rejection::CertificateRejection;
use kernel::written::Written;

/// What is right, where something on a certificate is not.
pub struct Corrected {
    /// 姓名
    pub name: Option<PersonName>,
    /// 证件
    pub document: Option<Document>,
}

/// What is proposed for a correction. Not to be printed: it holds a name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    number: CertificateNumber,
    stands: (u32, CertificateStatus),
    name: String,
    document: String,
    reason: String,
    /// A name alone could be guessed from its hash.
    salt: String,
}

/// What is proposed for a re-issue (补发).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reissue {
    number: CertificateNumber,
    stands: (u32, CertificateStatus),
    reason: String,
    /// Reasons can name people.
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
    /// A correction of the holder's data.
    ///
    /// # Errors
    /// When the certificate is revoked, or what is given is what stands there.
    pub fn propose_correction(
        &self,
        current: &Person,
        corrected: &Corrected,
        reason: &Written,
        salt: String,
    ) -> Result<Correction, Faults> {
        self.in_force()?;
        let unchanged = CertificateRejection::Unchanged;
        let mut faults = FaultList::default();
        // What is one name to everybody who asks is no correction.
        let name = corrected.name.as_ref();
        if name.is_some_and(|name| name.normalised() == current.name.normalised()) {
            faults.extend(Faults::at("corrected_name", &unchanged));
        }
        let document = corrected.document.as_ref();
        if document.is_some_and(|document| *document == current.document) {
            faults.extend(Faults::at("corrected_document_number", &unchanged));
        }
        faults.finish()?;
        if name.is_none() && document.is_none() {
            Err(unchanged)?;
        }
        Ok(Correction {
            number: self.number,
            stands: (self.version, self.status),
            name: name.unwrap_or(&current.name).reveal().to_owned(),
            document: document.unwrap_or(&current.document).written().to_string(),
            reason: reason.reveal().to_owned(),
            salt,
        })
    }

    /// A re-issue.
    ///
    /// # Errors
    /// When the certificate is revoked.
    pub fn propose_reissue(&self, reason: &Written, salt: String) -> Result<Reissue, Faults> {
        self.in_force()?;
        Ok(Reissue {
            number: self.number,
            stands: (self.version, self.status),
            reason: reason.reveal().to_owned(),
            salt,
        })
    }
}

impl Reissue {
    /// What both persons name, over the certificate as it stands.
    pub fn hash_over(&self, certificate: &Certificate) -> ContentHash {
        let stands = (certificate.version, certificate.status);
        hash(&Self {
            stands,
            ..self.clone()
        })
    }
}

impl Correction {
    /// The holder as corrected.
    ///
    /// # Errors
    /// When what was proposed is not readable.
    pub fn holder(&self) -> Result<Person, Faults> {
        Ok(Person {
            name: PersonName::parse(&self.name).map_err(Faults::from)?,
            document: Document::read(&self.document).map_err(Faults::from)?,
        })
    }

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
    /// Whether certificates can be revoked: there are some, and all are in force.
    ///
    /// # Errors
    /// When there is none, or one is revoked already.
    pub fn concerns(certificates: &[Certificate]) -> Result<(), CertificateRejection> {
        if certificates.is_empty() {
            return Err(CertificateRejection::NothingToRevoke);
        }
        certificates.iter().try_for_each(Certificate::in_force)
    }

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
        Self::concerns(certificates)?;
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
