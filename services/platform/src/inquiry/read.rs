//! Reading inquiries. What people wrote is opened on record.

use jiff::civil::Date;
use kernel::inquiry::InquiryKind;
use proto::common::v1 as common;
use sqlx::PgConnection;
use uuid::Uuid;

use super::case::require_centre;
use super::entry::{Author, Entry, EntryKind};
use super::refusal::{EvidenceRejection, InquiryRejection};
use super::store::{self, Stored, Wanted};
use super::words::{entry_message, inquiry_message};
use super::{Inquiries, InquiryId, receipt};
use crate::access::{Caller, Role};
use crate::crypto::{Place, Purpose};
use crate::error::{Error, Result};

/// Somebody reads what was written about an inquiry.
const READ: Purpose = Purpose("read_inquiry");

/// What somebody's identity is opened for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reveal {
    Verify,
    Details,
    Outcome,
}

impl Reveal {
    fn purpose(self) -> Purpose {
        match self {
            Self::Verify => Purpose("verify_identity_of_party"),
            Self::Details => Purpose("ask_party_for_details"),
            Self::Outcome => Purpose("tell_party_the_outcome"),
        }
    }
}

/// Where a matter stands, for whoever brought it forward.
pub struct Tracked {
    pub(super) stored: Stored,
    /// The outcome in writing.
    pub(super) outcome: String,
}

impl Inquiries {
    /// The business day.
    pub(super) fn today(&self) -> Result<Date> {
        self.journal.clock().today()
    }

    /// One inquiry and what of its entries the caller may see.
    pub(super) async fn get(
        &self,
        caller: &Caller,
        id: InquiryId,
    ) -> Result<common::GetInquiryResponse> {
        let mut transaction = self.journal.pool().begin().await?;
        let stored = store::find(&mut transaction, &caller.scope(), id).await?;
        let mut entries = Vec::new();
        for entry in store::entries(&mut transaction, id.uuid()).await? {
            if !may_see(caller.role, &entry) {
                continue;
            }
            let text = self.text(&mut transaction, caller, &entry).await?;
            entries.push(entry_message(&entry, text));
        }
        transaction.commit().await?;
        Ok(common::GetInquiryResponse {
            inquiry: Some(inquiry_message(&stored, caller.role, self.today()?)),
            entries,
        })
    }

    /// The text of an entry, or the name of its file; none for an auditor, who reads everything
    /// that is not personal.
    async fn text(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        entry: &Entry,
    ) -> Result<String> {
        if caller.role == Role::Auditor {
            return Ok(String::new());
        }
        let (place, sealed) = match &entry.file {
            Some(file) => (Entry::name_place(entry.id), Some(&file.name_sealed)),
            None => (
                Entry::content_place(entry.id),
                entry.content_sealed.as_ref(),
            ),
        };
        let sealed = sealed.ok_or_else(|| anyhow::anyhow!("an entry without its text"))?;
        let plain = self.reveal(connection, caller, READ, place, sealed).await?;
        text_of(plain)
    }

    /// Opens a value for somebody, on record.
    async fn reveal(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        purpose: Purpose,
        place: Place,
        sealed: &[u8],
    ) -> Result<Vec<u8>> {
        let vault = self.journal.vault();
        let plain = vault.reveal(connection, caller, purpose, place, sealed);
        Ok(plain.await?.to_vec())
    }

    /// A page of the inquiries in scope, and where the next one begins.
    pub(super) async fn list(
        &self,
        caller: &Caller,
        kind: Option<InquiryKind>,
        open_only: bool,
        before: Option<InquiryId>,
        size: u32,
    ) -> Result<common::ListInquiriesResponse> {
        let wanted = Wanted {
            kind,
            open_only,
            before: before.map(|id| id.uuid()),
            rows: size + 1,
        };
        let mut connection = self.journal.pool().acquire().await?;
        let mut found = store::list(&mut connection, &caller.scope(), &wanted).await?;
        let more = found.len() > size as usize;
        found.truncate(size as usize);
        let last = found.last().filter(|_| more);
        let today = self.today()?;
        Ok(common::ListInquiriesResponse {
            next_page_token: last.map(|last| last.id.to_string()).unwrap_or_default(),
            inquiries: found
                .iter()
                .map(|stored| inquiry_message(stored, caller.role, today))
                .collect(),
        })
    }

    /// The content of a file that the caller may see.
    pub(super) async fn evidence(
        &self,
        caller: &Caller,
        id: InquiryId,
        entry: Uuid,
    ) -> Result<common::GetEvidenceResponse> {
        let mut transaction = self.journal.pool().begin().await?;
        store::find(&mut transaction, &caller.scope(), id).await?;
        let found = store::entry(&mut transaction, id.uuid(), entry).await?;
        let found = found.filter(|found| found.file.is_some() && may_see(caller.role, found));
        let found = found.ok_or_else(|| Error::refused(EvidenceRejection::NotFound))?;
        let name = self.text(&mut transaction, caller, &found).await?;
        let sealed = found.content_sealed.as_deref().unwrap_or_default();
        let place = Entry::content_place(found.id);
        let content = self.reveal(&mut transaction, caller, READ, place, sealed);
        let content = content.await?;
        transaction.commit().await?;
        Ok(common::GetEvidenceResponse {
            entry: Some(entry_message(&found, name)),
            content: content.into(),
        })
    }

    /// Who brought a matter forward, for the centre that looks into it.
    pub(super) async fn party(
        &self,
        caller: &Caller,
        id: InquiryId,
        reveal: Reveal,
    ) -> Result<common::Party> {
        let mut transaction = self.journal.pool().begin().await?;
        let stored = store::find(&mut transaction, &caller.scope(), id).await?;
        require_centre(caller, stored.area)?;
        let entry = store::party(&mut transaction, id.uuid()).await?;
        let entry = entry.ok_or_else(|| Error::refused(InquiryRejection::Anonymous))?;
        let sealed = entry.content_sealed.as_deref().unwrap_or_default();
        let (place, purpose) = (Entry::content_place(entry.id), reveal.purpose());
        let plain = self.reveal(&mut transaction, caller, purpose, place, sealed);
        let plain = text_of(plain.await?)?;
        transaction.commit().await?;
        let mut lines = plain.lines().map(str::to_owned);
        let mut line = || lines.next().unwrap_or_default();
        Ok(common::Party {
            name: line(),
            citizen_id: line(),
            phone: line(),
        })
    }

    /// Where a matter stands, by its receipt code. The outcome is addressed to whoever has it.
    pub(super) async fn track(&self, code: &str) -> Result<Tracked> {
        let vault = self.journal.vault();
        let digest = receipt::digest(vault, code)
            .ok_or_else(|| Error::refused(InquiryRejection::ReceiptUnknown))?;
        let mut connection = self.journal.pool().acquire().await?;
        let stored = store::find_by_receipt(&mut connection, &digest).await?;
        let entries = store::entries(&mut connection, stored.id.uuid()).await?;
        let written = entries
            .into_iter()
            .find(|entry| entry.kind == EntryKind::Outcome);
        let outcome = match written {
            Some(entry) => {
                let sealed = entry.content_sealed.as_deref().unwrap_or_default();
                let plain = vault.unseal(Entry::content_place(entry.id), sealed);
                text_of(plain.await?.to_vec())?
            }
            None => String::new(),
        };
        Ok(Tracked { stored, outcome })
    }
}

/// Whether an entry exists for a role. The person never does: that is asked for by itself. An
/// organisation knows what it was asked, what it said, and how it ended.
fn may_see(role: Role, entry: &Entry) -> bool {
    match entry.kind {
        EntryKind::Party => false,
        _ if role != Role::Organization => true,
        EntryKind::Question | EntryKind::Outcome => true,
        _ => entry.author == Author::Organization,
    }
}

fn text_of(plain: Vec<u8>) -> Result<String> {
    let text = String::from_utf8(plain);
    text.map_err(|_| anyhow::anyhow!("a stored text is not readable").into())
}
