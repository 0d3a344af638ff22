//! What happens to a certificate.

use jiff::civil::Date;
use kernel::certificate_number::CertificateNumber;
use kernel::content_hash::ContentHash;
use kernel::ids::{CertificateId, OrganizationId, ProposalId};
use serde::Serialize;

use super::{Lineage, RevocationReason};

/// What happened to a certificate.
#[expect(missing_docs, reason = "each field is named for what it holds")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum CertificateFact {
    /// Issued.
    CertificateIssued {
        number: CertificateNumber,
        issued_on: Date,
        lineage: Lineage,
    },
    /// A correction was proposed.
    CorrectionProposed { content_hash: ContentHash },
    /// Corrected: a new version supersedes the old one.
    CertificateCorrected {
        version: u32,
        supersedes: u32,
        correction: ProposalId,
        #[serde(skip)]
        masked_name: String,
        #[serde(skip)]
        masked_document_number: String,
        #[serde(skip)]
        qr_token_hash: [u8; 32],
    },
    /// A re-issue was proposed.
    ReissueProposed { content_hash: ContentHash },
    /// Issued anew, since the one before was lost or damaged: a new version supersedes the old one.
    CertificateReissued {
        version: u32,
        supersedes: u32,
        reissue: ProposalId,
        #[serde(skip)]
        qr_token_hash: [u8; 32],
    },
    /// Revoked.
    CertificateRevoked {
        reason: RevocationReason,
        revoked_on: Date,
        revocation: ProposalId,
    },
}

/// What happened to a revocation, from its proposal to its end.
#[expect(missing_docs, reason = "each field is named for what it holds")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum RevocationFact {
    /// Proposed; the holders have time to be heard.
    RevocationProposed {
        content_hash: ContentHash,
        reason: RevocationReason,
        certificates: usize,
        hearing_until: Date,
    },
    /// A holder was heard.
    HolderHeard {
        certificate: CertificateId,
        waived: bool,
    },
    /// Given up.
    RevocationAbandoned {},
    /// Carried out.
    CertificatesRevoked {
        revocation: ProposalId,
        certificates: usize,
    },
}

/// What happened to a centre's order to revoke.
#[expect(missing_docs, reason = "each field is named for what it holds")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum OrderFact {
    /// Given; the organisation has time to carry it out.
    RevocationOrdered {
        organization: OrganizationId,
        reason: RevocationReason,
        certificates: usize,
        due_on: Date,
    },
    /// The centre thought better of it.
    RevocationOrderLifted {},
}
