//! What people print: certificates, one or all of a batch; the scores of a batch; public notices.
//! Reading and printing are two things: nothing is held open while a document is laid out.

use std::collections::VecDeque;

use documents::{Certificates, Queue};
use futures::Stream;
use futures::stream::try_unfold;
use kernel::certificate_number::CertificateNumber;
use kernel::ids::{BatchId, PublicNoticeId};
use platform::access::Caller;
use platform::crypto::{Purpose, record_accesses};
use platform::download::Sheet;
use platform::{Error, Result};
use uuid::Uuid;

use super::{Results, count};
use crate::domain::certificate::Certificate;
use crate::domain::rejection::CertificateRejection;
use crate::papers;
use crate::store;
use crate::store::certificate::Which;
use crate::store::result::Filter;

/// Certificates in one file of a batch: what is held in memory of it, and how often whoever waits
/// hears how far it is.
const IN_A_FILE: usize = 25;

/// Whoever prints the scores sees whose they are.
const PRINT_SCORES: Purpose = Purpose("print_scores");

/// A file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// To be printed.
    Pdf,
    /// To be looked at.
    Png,
}

/// The certificates of a batch on their way to the print shop.
struct Job {
    results: Results,
    caller: Caller,
    /// Those that are still to be printed, by their numbers.
    ahead: VecDeque<Uuid>,
    total: usize,
}

/// A file of a job, and how far it is.
pub(crate) struct Portion {
    pub(crate) sheet: Sheet,
    /// 证书编号 of the last one in it: where to go on after.
    pub(crate) last: CertificateNumber,
    /// How many are done with it; and of how many.
    pub(crate) printed: u32,
    pub(crate) total: u32,
}

impl Results {
    /// A certificate in force, as PDF or as a picture.
    pub(crate) async fn print_certificate(
        &self,
        caller: &Caller,
        number: CertificateNumber,
        format: Format,
    ) -> Result<Sheet> {
        let mut connection = self.journal.pool().acquire().await?;
        let scope = caller.scope();
        let certificate = store::certificate::find(&mut connection, &scope, &number).await?;
        drop(connection);
        certificate.in_force().map_err(Error::refused)?;
        let document = self.laid_open(caller, &[certificate]).await?;
        Ok(match format {
            Format::Pdf => {
                let pdf = self.press.print(Queue::Known, document).await?;
                Sheet::pdf(format!("{number}.pdf"), pdf)
            }
            Format::Png => {
                let png = self.press.draw(Queue::Known, document).await?;
                Sheet::png(format!("{number}.png"), png)
            }
        })
    }

    /// All certificates of a batch that are in force, in order of their numbers, after one of them
    /// where a job before ended: file by file.
    pub(crate) async fn print_certificates(
        &self,
        caller: &Caller,
        batch: BatchId,
        after: Option<CertificateNumber>,
    ) -> Result<impl Stream<Item = Result<Portion>> + Send + 'static> {
        let mut connection = self.journal.pool().acquire().await?;
        let batch = store::batch::find(&mut connection, &caller.scope(), batch).await?;
        let all = store::certificate::numbered(&mut connection, batch.id).await?;
        if all.is_empty() {
            return Err(Error::refused(CertificateRejection::NothingToPrint));
        }
        let total = all.len();
        let ahead = all
            .into_iter()
            .filter(|(_, number)| after.is_none_or(|after| number.as_str() > after.as_str()));
        let job = Job {
            results: self.clone(),
            caller: caller.clone(),
            ahead: ahead.map(|(id, _)| id.uuid()).collect(),
            total,
        };
        Ok(try_unfold(job, Job::next))
    }

    /// The scores of a batch, to be signed and kept.
    pub(crate) async fn print_scores(&self, caller: &Caller, batch: BatchId) -> Result<Sheet> {
        let mut transaction = self.journal.pool().begin().await?;
        let batch = store::batch::find(&mut transaction, &caller.scope(), batch).await?;
        let subjects = store::batch::subjects(&mut transaction, batch.id).await?;
        let sittings = store::batch::sittings(&mut transaction, batch.id).await?;
        let vault = self.journal.vault();
        let all = Filter::default();
        let rows = store::result::select(&mut transaction, vault, &batch, all).await?;
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let people = store::person::load(&mut transaction, vault, &ids).await?;
        let places: Vec<_> = ids
            .iter()
            .map(|id| store::person::name_place(*id))
            .collect();
        record_accesses(&mut transaction, caller, PRINT_SCORES, &places).await?;
        transaction.commit().await?;
        let sheet = papers::scores(&batch, &subjects, &sittings, &rows, &people);
        let pdf = self.press.print(Queue::Known, sheet).await?;
        Ok(Sheet::pdf(format!("scores-{}.pdf", batch.id), pdf))
    }

    /// A public notice as it was hung up, for everybody.
    pub(crate) async fn print_public_notice(&self, id: PublicNoticeId) -> Result<Sheet> {
        let mut connection = self.journal.pool().acquire().await?;
        let (notice, shown) = store::notice::shown(&mut connection, id).await?;
        drop(connection);
        let sheet = papers::public_notice(&notice, shown);
        let pdf = self.press.print(Queue::Anybody, sheet).await?;
        Ok(Sheet::pdf(format!("public-notice-{id}.pdf"), pdf))
    }

    /// Certificates as they are printed, with their holders. That somebody was shown these goes on
    /// record.
    async fn laid_open(
        &self,
        caller: &Caller,
        certificates: &[Certificate],
    ) -> Result<Certificates> {
        let vault = self.journal.vault();
        let all: Vec<_> = certificates.iter().collect();
        let mut transaction = self.journal.pool().begin().await?;
        let revealed = store::version::reveal(&mut transaction, vault, caller, &all).await?;
        transaction.commit().await?;
        let mut pages = Vec::with_capacity(certificates.len());
        for certificate in certificates {
            let revealed = revealed.get(&certificate.id);
            let (holder, token) =
                revealed.ok_or_else(|| anyhow::anyhow!("a certificate without a holder"))?;
            pages.push(papers::certificate(
                &self.addresses,
                certificate,
                holder,
                token,
            )?);
        }
        Ok(Certificates {
            certificates: pages,
        })
    }
}

impl Job {
    /// The next file. What was revoked since the job began is left out.
    async fn next(mut self) -> Result<Option<(Portion, Self)>> {
        while !self.ahead.is_empty() {
            let cut = self.ahead.len().min(IN_A_FILE);
            let ids: Vec<Uuid> = self.ahead.drain(..cut).collect();
            let mut connection = self.results.journal.pool().acquire().await?;
            let (scope, which) = (self.caller.scope(), Which::Ids(&ids));
            let mut portion = store::certificate::select(&mut connection, &scope, which).await?;
            drop(connection);
            portion.retain(|certificate| certificate.in_force().is_ok());
            portion.sort_by(|one, other| one.number.as_str().cmp(other.number.as_str()));
            if let [first, ..] = &portion[..] {
                let (first, last) = (first.number, portion[portion.len() - 1].number);
                let document = self.results.laid_open(&self.caller, &portion).await?;
                let pdf = self.results.press.print(Queue::Known, document).await?;
                let portion = Portion {
                    sheet: Sheet::pdf(format!("{first}-{last}.pdf"), pdf),
                    last,
                    printed: count(self.total - self.ahead.len())?,
                    total: count(self.total)?,
                };
                return Ok(Some((portion, self)));
            }
        }
        Ok(None)
    }
}
