//! Issuance: proposed by one person of the organisation, confirmed by another; then numbers are
//! taken and certificates come into being, all in one transaction.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::certificate_number::CertificateNumber;
use kernel::ids::{BatchId, CertificateId, ProposalId};
use kernel::two_persons::Stated;
use platform::access::Caller;
use platform::proposal;
use platform::unit::{Begun, Unit};
use platform::{Error, Result};
use proto::results::v1::{
    self as results, IssueCertificatesRequest, IssueCertificatesResponse, ProposeIssuanceRequest,
    ProposeIssuanceResponse,
};
use uuid::Uuid;

use super::publishing::{Event, Issued, reply};
use super::{Results, lock_batch};
use crate::domain::batch::{Batch, BatchFact};
use crate::domain::certificate::{Certificate, NewCertificate, QrToken};
use crate::domain::exam::Subject;
use crate::domain::issuance::{IssuanceContent, Rights, assign_numbers, numbers_needed};
use crate::domain::rejection::ResultNoticeRejection;
use crate::domain::result::{CandidateResult, Change, ResultCommand, ResultState};
use crate::store;
use crate::store::CHUNK;
use crate::store::result::Filter;

const ISSUE: &str = "issue_certificates";

const APPROVED: Filter<'static> = Filter {
    state: Some(ResultState::Approved),
    tickets: None,
    after: "",
    limit: None,
};

/// A certificate in the making, with the row it certifies.
struct Made {
    issued: Issued,
    change: Change,
}

/// What all certificates of one issuance share.
struct Issuing<'a> {
    batch: &'a Batch,
    subjects: &'a [Subject],
    rights: &'a Rights,
    issuance: ProposalId,
    issued_on: Date,
}

impl Issuing<'_> {
    fn make(&self, result: CandidateResult, number: CertificateNumber) -> Result<Made> {
        let right = self.rights.of(result.subject, self.issued_on);
        let public_notice = result.public_notice;
        let public_notice =
            public_notice.ok_or_else(|| Error::refused(ResultNoticeRejection::NotFound))?;
        let token = QrToken::new(rand::random());
        let (certificate, fact) = Certificate::issue(&NewCertificate {
            id: CertificateId::from_uuid(Uuid::now_v7()),
            number,
            batch: self.batch,
            result: &result,
            subject: &self.subjects[usize::from(result.subject)],
            right: right.map_err(Error::refused)?,
            public_notice,
            issuance: self.issuance,
            issued_on: self.issued_on,
            qr_token_hash: token.hash(),
        });
        let certified = ResultCommand::Certify {
            certificate: certificate.id,
        };
        let change = result.carry_out(certified)?;
        let event = Event { certificate, fact };
        Ok(Made {
            issued: Issued { event, token },
            change,
        })
    }
}

impl Results {
    /// First person: certificates for every approved row.
    pub async fn propose_issuance(
        &self,
        caller: &Caller,
        request: &ProposeIssuanceRequest,
        batch: BatchId,
    ) -> Result<ProposeIssuanceResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, batch) = lock_batch(&mut unit, &caller.scope(), batch).await?;
        let vault = self.journal.vault();
        let rows = store::result::select(unit.connection(), vault, &batch, APPROVED).await?;
        let content = IssuanceContent::propose(&rows).map_err(Error::refused)?;
        let hash = content.hash();
        let proposal = proposal::propose(&mut unit, &locked, caller, ISSUE, hash, &content).await?;
        let fact = BatchFact::IssuanceProposed {
            content_hash: hash,
            certificates: rows.len(),
        };
        Self::record_batch(&mut unit, &mut locked, &batch, &fact).await?;
        let certificates = u32::try_from(rows.len()).map_err(anyhow::Error::from)?;
        unit.finish(ProposeIssuanceResponse {
            proposal: Some(proposal),
            certificates,
        })
        .await
    }

    /// Second person: the right is asked again, numbers are taken, certificates are issued.
    pub async fn issue_certificates(
        &self,
        caller: &Caller,
        request: &IssueCertificatesRequest,
        batch: BatchId,
        stated: Stated,
    ) -> Result<IssueCertificatesResponse> {
        // What was answered before is answered so again, whatever the register says by now.
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        let rights = self.ask_rights(caller, batch).await?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, batch) = lock_batch(&mut unit, &caller.scope(), batch).await?;
        let vault = self.journal.vault();
        let rows = store::result::select(unit.connection(), vault, &batch, APPROVED).await?;
        let current = |_: &IssuanceContent| IssuanceContent::over(&rows).hash();
        let issuance = proposal::confirm(&mut unit, &locked, caller, ISSUE, stated, current)
            .await?
            .id;

        let subjects = store::batch::subjects(unit.connection(), batch.id).await?;
        let numbered = take_numbers(&mut unit, &batch, &subjects, rows).await?;
        let issuing = Issuing {
            batch: &batch,
            subjects: &subjects,
            rights: &rights,
            issuance,
            issued_on: unit.origin().occurred_at.date(),
        };
        let mut made = Vec::with_capacity(numbered.len());
        for (result, number) in numbered {
            made.push(issuing.make(result, number)?);
        }
        let certificates = self.save_issued(&mut unit, &batch, made).await?;
        let fact = BatchFact::CertificatesIssued {
            issuance,
            certificates: certificates.len(),
        };
        Self::record_batch(&mut unit, &mut locked, &batch, &fact).await?;
        unit.finish(IssueCertificatesResponse { certificates })
            .await
    }

    /// The right behind every approved row, for the days of the exam and as of today. Asked before the
    /// unit begins; which rows are issued is decided inside it.
    async fn ask_rights(&self, caller: &Caller, batch: BatchId) -> Result<Rights> {
        let today = self.journal.clock().today()?;
        let mut connection = self.journal.pool().acquire().await?;
        let batch = store::batch::find(&mut connection, &caller.scope(), batch).await?;
        let vault = self.journal.vault();
        let rows = store::result::select(&mut connection, vault, &batch, APPROVED).await?;
        let examined: BTreeSet<u16> = rows.iter().map(|row| row.subject).collect();
        let subjects = store::batch::subjects(&mut connection, batch.id).await?;
        let sittings = store::batch::sittings(&mut connection, batch.id).await?;
        drop(connection);
        let subjects: Vec<(u16, Subject)> = (0..)
            .zip(subjects)
            .filter(|(index, _)| examined.contains(index))
            .collect();
        let answers = self.neighbours.rights(&batch, &subjects, &sittings).await?;
        Ok(Rights::judge(today, answers)?)
    }

    /// Saves and records certificates and their rows, in chunks. The reply is in order of numbers.
    async fn save_issued(
        &self,
        unit: &mut Unit,
        batch: &Batch,
        made: Vec<Made>,
    ) -> Result<Vec<results::IssuedCertificate>> {
        let replies = made
            .iter()
            .map(|made| reply(&made.issued.event.certificate, &made.issued.token))
            .collect();
        let (mut issued, changes): (Vec<Issued>, Vec<Change>) = made
            .into_iter()
            .map(|made| (made.issued, made.change))
            .unzip();
        issued.sort_by_key(|issued| issued.event.certificate.id);
        for chunk in issued.chunks(CHUNK) {
            self.publish_issued(unit, chunk).await?;
        }
        self.save_rows(unit, batch, changes).await?;
        Ok(replies)
    }
}

/// Takes a range for each level under the lock of its counter, and enters every number.
async fn take_numbers(
    unit: &mut Unit,
    batch: &Batch,
    subjects: &[Subject],
    rows: Vec<CandidateResult>,
) -> Result<Vec<(CandidateResult, CertificateNumber)>> {
    let year = unit.origin().occurred_at.year();
    let code = &batch.organization_code;
    let levels = numbers_needed(&rows, subjects).into_keys();
    let connection = unit.connection();
    let mut counters = store::ledger::lock_counters(connection, code, year, levels).await?;
    let numbered = assign_numbers(rows, subjects, code, year, &mut counters)?;
    store::ledger::save_counters(unit.connection(), code, year, &counters).await?;
    Ok(numbered)
}
