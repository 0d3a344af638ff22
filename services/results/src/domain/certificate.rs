//! A certificate: issued once, corrected by a new version, revoked for good. The number stays.

use jiff::civil::Date;
use kernel::certificate_number::CertificateNumber;
use kernel::division::DivisionCode;
use kernel::ids::{
    BatchId, CertificateId, OrganizationId, PlanId, ProposalId, PublicNoticeId, ResultId, RightId,
};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejection::Faults;
use serde::Serialize;

use super::batch::Batch;
use super::exam::Subject;
use super::issuance::GrantedRight;
use super::person::Person;
use super::rejection::CertificateRejection;
use super::result::CandidateResult;
use super::words::words;

mod fact;
mod proposal;
mod token;

pub use fact::{CertificateFact, OrderFact, RevocationFact};
pub use proposal::{Corrected, Correction, Reissue, Revocation};
pub use token::QrToken;

words! {
    /// Where a certificate stands.
    pub enum CertificateStatus {
        /// In force.
        Valid = "valid",
        /// Revoked for good.
        Revoked = "revoked",
    }
}

words! {
    /// Category of a revocation, which the public is told.
    pub enum RevocationReason {
        /// False materials or identity.
        FalseMaterials = "false_materials",
        /// Cheating found afterwards.
        Cheating = "cheating",
        /// Issued by mistake.
        IssuedInError = "issued_in_error",
        /// The organisation broke the rules of the evaluation.
        OrganizationBreach = "organization_breach",
    }
}

/// From the certificate back to the organisation's right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lineage {
    /// Whose.
    pub organization: OrganizationId,
    /// 机构代码
    pub organization_code: EvaluationOrganizationCode,
    /// The right, checked again at issue.
    pub right: RightId,
    /// Version of the organisation that answered.
    pub organization_version: u64,
    /// The plan.
    pub plan: PlanId,
    /// The batch.
    pub batch: BatchId,
    /// The result.
    pub result: ResultId,
    /// The public notice.
    pub public_notice: PublicNoticeId,
    /// Proposal by which the city approved; none where the province reviewed alone.
    pub city_review: Option<ProposalId>,
    /// Proposal by which the province approved.
    pub province_review: Option<ProposalId>,
    /// Proposal by which it was issued.
    pub issuance: ProposalId,
}

/// A certificate (职业技能等级证书) in its newest version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Which one.
    pub id: CertificateId,
    /// 证书编号
    pub number: CertificateNumber,
    /// 准考证号 of the result.
    pub ticket_number: String,
    /// What was certified.
    pub subject: Subject,
    /// 评价机构, on the day of issue.
    pub organization_name: String,
    /// Where it comes from.
    pub lineage: Lineage,
    /// Divisions whose feeds carry its facts.
    pub areas: Vec<DivisionCode>,
    /// 发证日期
    pub issued_on: Date,
    /// From 1; a correction makes the next one, and so does a re-issue.
    pub version: u32,
    /// Where it stands.
    pub status: CertificateStatus,
    /// Since when.
    pub status_since: Date,
    /// Why it is not in force.
    pub public_reason: Option<RevocationReason>,
    /// The holder's name, masked.
    pub masked_name: String,
    /// The holder's document number, masked.
    pub masked_document_number: String,
    /// SHA-256 over the token of the QR code.
    pub qr_token_hash: [u8; 32],
}

/// What a certificate is made of at its issue.
pub struct NewCertificate<'a> {
    /// Identifies it.
    pub id: CertificateId,
    /// Its number.
    pub number: CertificateNumber,
    /// The batch it comes from.
    pub batch: &'a Batch,
    /// The result it certifies.
    pub result: &'a CandidateResult,
    /// What was examined.
    pub subject: &'a Subject,
    /// The right, as the register just answered.
    pub right: &'a GrantedRight,
    /// The public notice it came through.
    pub public_notice: PublicNoticeId,
    /// Proposal by which it is issued.
    pub issuance: ProposalId,
    /// The day.
    pub issued_on: Date,
    /// SHA-256 over the token of the QR code.
    pub qr_token_hash: [u8; 32],
}

impl Certificate {
    /// A certificate that comes into being, with the fact that says so.
    pub fn issue(new: &NewCertificate<'_>) -> (Self, CertificateFact) {
        let NewCertificate {
            batch,
            result,
            right,
            ..
        } = *new;
        let lineage = Lineage {
            organization: batch.organization,
            organization_code: batch.organization_code,
            right: right.right,
            organization_version: right.organization_version,
            plan: batch.plan,
            batch: batch.id,
            result: result.id,
            public_notice: new.public_notice,
            city_review: result.city_review,
            province_review: result.province_review,
            issuance: new.issuance,
        };
        let fact = CertificateFact::CertificateIssued {
            number: new.number,
            issued_on: new.issued_on,
            lineage: lineage.clone(),
        };
        let certificate = Self {
            id: new.id,
            number: new.number,
            ticket_number: result.ticket_number.clone(),
            subject: new.subject.clone(),
            organization_name: right.organization_name.clone(),
            lineage,
            areas: batch.areas(),
            issued_on: new.issued_on,
            version: 1,
            status: CertificateStatus::Valid,
            status_since: new.issued_on,
            public_reason: None,
            masked_name: result.masked_name.clone(),
            masked_document_number: result.masked_document_number.clone(),
            qr_token_hash: new.qr_token_hash,
        };
        (certificate, fact)
    }

    /// A confirmed correction.
    ///
    /// # Errors
    /// When the certificate is revoked.
    pub fn correct(
        &self,
        correction: ProposalId,
        holder: &Person,
        qr_token_hash: [u8; 32],
    ) -> Result<CertificateFact, Faults> {
        self.in_force()?;
        Ok(CertificateFact::CertificateCorrected {
            version: self.version + 1,
            supersedes: self.version,
            correction,
            masked_name: holder.name.masked(),
            masked_document_number: holder.document.masked(),
            qr_token_hash,
        })
    }

    /// A confirmed re-issue (补发): a version with a new token, and nothing else new.
    ///
    /// # Errors
    /// When the certificate is revoked.
    pub fn reissue(
        &self,
        reissue: ProposalId,
        qr_token_hash: [u8; 32],
    ) -> Result<CertificateFact, Faults> {
        self.in_force()?;
        Ok(CertificateFact::CertificateReissued {
            version: self.version + 1,
            supersedes: self.version,
            reissue,
            qr_token_hash,
        })
    }

    /// A confirmed revocation.
    ///
    /// # Errors
    /// When the certificate is revoked already.
    pub fn revoke(
        &self,
        revocation: ProposalId,
        reason: RevocationReason,
        today: Date,
    ) -> Result<CertificateFact, Faults> {
        self.in_force()?;
        Ok(CertificateFact::CertificateRevoked {
            reason,
            revoked_on: today,
            revocation,
        })
    }

    /// Changes the certificate by what happened.
    pub fn apply(&mut self, fact: &CertificateFact) {
        match fact {
            CertificateFact::CertificateIssued { .. }
            | CertificateFact::CorrectionProposed { .. }
            | CertificateFact::ReissueProposed { .. } => {}
            CertificateFact::CertificateCorrected {
                version,
                masked_name,
                masked_document_number,
                qr_token_hash,
                ..
            } => {
                self.version = *version;
                self.masked_name.clone_from(masked_name);
                self.masked_document_number
                    .clone_from(masked_document_number);
                self.qr_token_hash = *qr_token_hash;
            }
            CertificateFact::CertificateReissued {
                version,
                qr_token_hash,
                ..
            } => {
                self.version = *version;
                self.qr_token_hash = *qr_token_hash;
            }
            CertificateFact::CertificateRevoked {
                reason, revoked_on, ..
            } => {
                self.status = CertificateStatus::Revoked;
                self.status_since = *revoked_on;
                self.public_reason = Some(*reason);
            }
        }
    }

    /// Whether it is in force.
    ///
    /// # Errors
    /// When it is revoked.
    pub fn in_force(&self) -> Result<(), CertificateRejection> {
        match self.status {
            CertificateStatus::Valid => Ok(()),
            CertificateStatus::Revoked => Err(CertificateRejection::Revoked),
        }
    }
}

#[cfg(test)]
mod tests;
