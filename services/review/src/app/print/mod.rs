//! What people print of their records. Reading and printing are two things: nothing is held open
//! while a document is laid out.

use documents::Queue;
use kernel::ids::{ApplicationId, InspectionId, PublicNoticeId};
use platform::access::{Caller, Scope};
use platform::download::Sheet;
use platform::{Error, Result};

use super::App;
use super::read::readable;
use crate::{sheets, store};

mod press;

pub use press::Press;

impl App {
    /// Annex 1, to be signed and sealed: as it was handed in, or as far as it is written, with the
    /// occupations that the catalogue vouches for. That somebody was shown the people goes on record.
    pub(crate) async fn print_basic_form(
        &self,
        caller: &Caller,
        id: ApplicationId,
    ) -> Result<Sheet> {
        let mut connection = self.journal.pool().acquire().await?;
        let application = readable(&mut connection, caller, id).await?;
        drop(connection);
        let (applicant, occupations) = if application.is_in_the_applicants_hands() {
            let (ascertained, unheard) = self.ascertain(&application).await?;
            unheard.map_or(Ok(()), Err)?;
            let occupations = ascertained.vouched_for();
            (ascertained.applicant, occupations)
        } else {
            (application.applicant, application.occupations)
        };
        let applicant = applicant.ok_or_else(|| anyhow::anyhow!("handed in by nobody"))?;
        let (vault, form) = (self.journal.vault(), application.form);
        let mut transaction = self.journal.pool().begin().await?;
        let annexes = store::annexes::without_contact(&mut transaction, vault, form).await?;
        let contact = store::annexes::reveal_contact(&mut transaction, vault, caller, form).await?;
        transaction.commit().await?;
        let form = annexes.with_contact(contact).basic_form;
        let sheet = sheets::basic_form(id, applicant, &occupations, form);
        let pdf = self.press.documents.print(Queue::Known, sheet).await?;
        Ok(Sheet::pdf(format!("basic-form-{id}.pdf"), pdf))
    }

    /// A public notice, for everybody.
    pub(crate) async fn print_public_notice(&self, id: PublicNoticeId) -> Result<Sheet> {
        let mut connection = self.journal.pool().acquire().await?;
        let application = store::public_notice::application(&mut connection, id).await?;
        let (_, shown) = store::public_notice::find(&mut connection, id).await?;
        let scope = Scope::Province;
        let application = store::application::find(&mut connection, &scope, application).await?;
        drop(connection);
        let centre = self.press.centre(application.filing_division)?;
        let sheet = sheets::public_notice(shown, centre);
        let pdf = self.press.documents.print(Queue::Anybody, sheet).await?;
        Ok(Sheet::pdf(format!("public-notice-{id}.pdf"), pdf))
    }

    /// The receipt of an application.
    pub(crate) async fn print_filing_receipt(
        &self,
        caller: &Caller,
        id: ApplicationId,
    ) -> Result<Sheet> {
        let (application, receipt) = self.filing_receipt(caller, id).await?;
        let selection = application.selection.as_ref();
        let notice = selection.map(|selection| selection.notice.id());
        let notice = notice.ok_or_else(|| anyhow::anyhow!("a receipt without a selection"))?;
        let (_, shown) = self.public_notice(notice).await?;
        let centre = self.press.centre(application.filing_division)?;
        let sheet = sheets::filing_receipt(&application, &receipt, shown.area(), centre);
        let pdf = self.press.documents.print(Queue::Known, sheet).await?;
        Ok(Sheet::pdf(format!("filing-receipt-{id}.pdf"), pdf))
    }

    /// The record of what was assessed of an application.
    pub(crate) async fn print_assessment_record(
        &self,
        caller: &Caller,
        id: ApplicationId,
    ) -> Result<Sheet> {
        let assessed = self.assessments(caller, id).await?;
        let (_, judgements) = self.judgements(caller, id).await?;
        let centre = self.press.centre(assessed.application.filing_division)?;
        let sheet = sheets::assessment_record(assessed, &judgements, centre);
        let pdf = self.press.documents.print(Queue::Known, sheet).await?;
        Ok(Sheet::pdf(format!("assessment-record-{id}.pdf"), pdf))
    }

    /// The announcement of an inspection, for everybody, once it is drawn.
    pub(crate) async fn print_inspection_announcement(&self, id: InspectionId) -> Result<Sheet> {
        let inspection = self.inspection(id).await?;
        let centre = self.press.centre(inspection.division)?;
        let sheet = sheets::inspection_announcement(&inspection, centre);
        let sheet = sheet.ok_or_else(|| Error::refused(inspection.wrong_state()))?;
        let pdf = self.press.documents.print(Queue::Anybody, sheet).await?;
        Ok(Sheet::pdf(format!("inspection-{id}.pdf"), pdf))
    }
}
