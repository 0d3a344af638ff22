//! What can be read. Nothing here changes anything.

use jiff::civil::Date;
use kernel::ids::{BatchId, OrganizationId, PublicNoticeId};
use kernel::level::Level;
use platform::access::Caller;
use platform::crypto::{Purpose, record_access};
use platform::public_notice::{self, Listing};
use platform::{Error, Result};
use proto::common::v1::{GetPublicNoticeOnResponse, ListPublicNoticesResponse};
use proto::results::v1::{
    GetBatchResponse, GetNumberLedgerResponse, GetPublicNoticeResponse, ListResultsResponse,
};

use super::Results;
use crate::domain::notice::Snapshot;
use crate::domain::rejection::ResultNoticeRejection;
use crate::page::Page;
use crate::show;
use crate::store;
use crate::store::result::Filter;

/// Why a row was given back and what was answered are shown to those whose row it is.
const READ_RETURN: Purpose = Purpose("read_return_of_result");

impl Results {
    /// A batch with its counts.
    pub async fn batch(&self, caller: &Caller, batch: BatchId) -> Result<GetBatchResponse> {
        let mut connection = self.journal.pool().acquire().await?;
        let batch = store::batch::find(&mut connection, &caller.scope(), batch).await?;
        let counts = store::batch::counts(&mut connection, batch.id).await?;
        Ok(GetBatchResponse {
            batch: Some(show::batch(&batch, &counts)),
        })
    }

    /// Rows of a batch, page by page. Texts that may name people are opened on record.
    pub(crate) async fn list_results(
        &self,
        caller: &Caller,
        batch: BatchId,
        page: &Page,
    ) -> Result<ListResultsResponse> {
        let mut transaction = self.journal.pool().begin().await?;
        let batch = store::batch::find(&mut transaction, &caller.scope(), batch).await?;
        let subjects = store::batch::subjects(&mut transaction, batch.id).await?;
        let one_more = i64::try_from(page.size + 1).map_err(anyhow::Error::from)?;
        let wanted = Filter {
            after: &page.after,
            limit: Some(one_more),
            ..Filter::default()
        };
        let vault = self.journal.vault();
        let mut rows = store::result::select(&mut transaction, vault, &batch, wanted).await?;
        let next_page_token = page.cut(&mut rows, |row| &row.ticket_number);
        for place in rows.iter().flat_map(store::returned::places) {
            record_access(&mut transaction, caller, READ_RETURN, place).await?;
        }
        transaction.commit().await?;
        Ok(ListResultsResponse {
            next_page_token,
            results: rows
                .iter()
                .map(|row| show::result(row, &subjects))
                .collect(),
        })
    }

    /// A public notice as everybody is shown it, page by page.
    pub(crate) async fn public_notice(
        &self,
        notice: PublicNoticeId,
        page: &Page,
    ) -> Result<GetPublicNoticeResponse> {
        let mut connection = self.journal.pool().acquire().await?;
        let (notice, snapshot) = store::notice::shown(&mut connection, notice).await?;
        let (notice, next_page_token) = show::public_notice(&notice, &snapshot, page)?;
        Ok(GetPublicNoticeResponse {
            public_notice: Some(notice),
            next_page_token,
        })
    }

    /// Notices in a list, the newest first.
    pub(crate) async fn public_notices(
        &self,
        wanted: &Listing,
    ) -> Result<ListPublicNoticesResponse> {
        let mut connection = self.journal.pool().acquire().await?;
        let mut listed = store::notice::list(&mut connection, wanted).await?;
        let size = wanted.size as usize;
        let more = listed.len() > size;
        listed.truncate(size);
        let last = listed.last().filter(|_| more);
        Ok(ListPublicNoticesResponse {
            next_page_token: last
                .map(|last| last.notice.id().to_string())
                .unwrap_or_default(),
            public_notices: listed.iter().map(show::listed).collect(),
        })
    }

    /// A notice as everybody saw it at the end of a day, page by page.
    pub(crate) async fn public_notice_on(
        &self,
        id: PublicNoticeId,
        on: Date,
        page: &Page,
    ) -> Result<GetPublicNoticeOnResponse> {
        let today = self.journal.clock().today()?;
        let mut connection = self.journal.pool().acquire().await?;
        let notice = public_notice::as_of(&mut connection, id, on, today).await?;
        let notice = notice.ok_or_else(|| Error::refused(ResultNoticeRejection::NotFound))?;
        let text = store::notice::snapshot(&mut connection, id).await?;
        public_notice::verify(&notice, &text)?;
        let snapshot: Snapshot = serde_json::from_str(&text).map_err(anyhow::Error::from)?;
        let (shown, next_page_token) = show::public_notice(&notice, &snapshot, page)?;
        Ok(GetPublicNoticeOnResponse {
            public_notice: Some(shown),
            snapshot: if page.after.is_empty() {
                text
            } else {
                String::new()
            },
            next_page_token,
        })
    }

    /// The sums of a ledger of numbers.
    pub async fn number_ledger(
        &self,
        caller: &Caller,
        organization: OrganizationId,
        year: i16,
        level: Level,
    ) -> Result<GetNumberLedgerResponse> {
        let mut connection = self.journal.pool().acquire().await?;
        let scope = caller.scope();
        let sums = store::ledger::sums(&mut connection, &scope, organization, year, level).await?;
        Ok(GetNumberLedgerResponse {
            allocated: sums.allocated,
            issued: sums.issued,
            voided: sums.voided,
            reserved: sums.reserved,
        })
    }
}
