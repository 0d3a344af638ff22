//! What can be read. Nothing here changes anything.

use kernel::ids::{BatchId, OrganizationId, PublicNoticeId};
use kernel::level::Level;
use platform::Result;
use platform::access::Caller;
use proto::results::v1::{
    GetBatchResponse, GetNumberLedgerResponse, GetPublicNoticeResponse, ListResultsResponse,
};

use super::Results;
use crate::show;
use crate::store;
use crate::store::result::Filter;

/// A page of rows: after this ticket number, so many.
pub(crate) struct Page {
    pub(crate) after: String,
    pub(crate) size: u16,
}

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

    /// Rows of a batch, page by page. The token is the last ticket number, made unreadable enough
    /// that nobody builds one.
    pub(crate) async fn list_results(
        &self,
        caller: &Caller,
        batch: BatchId,
        page: &Page,
    ) -> Result<ListResultsResponse> {
        let mut connection = self.journal.pool().acquire().await?;
        let batch = store::batch::find(&mut connection, &caller.scope(), batch).await?;
        let subjects = store::batch::subjects(&mut connection, batch.id).await?;
        let size = usize::from(page.size);
        let one_more = Some(i64::from(page.size) + 1);
        let wanted = Filter {
            after: &page.after,
            limit: one_more,
            ..Filter::default()
        };
        let mut rows = store::result::select(&mut connection, &batch, wanted).await?;
        let more = rows.len() > size;
        rows.truncate(size);
        let last = rows.last().filter(|_| more);
        Ok(ListResultsResponse {
            next_page_token: last
                .map(|row| hex::encode(&row.ticket_number))
                .unwrap_or_default(),
            results: rows
                .iter()
                .map(|row| show::result(row, &subjects))
                .collect(),
        })
    }

    /// A public notice as everybody is shown it.
    pub async fn public_notice(&self, notice: PublicNoticeId) -> Result<GetPublicNoticeResponse> {
        let mut connection = self.journal.pool().acquire().await?;
        let (notice, snapshot) = store::notice::shown(&mut connection, notice).await?;
        Ok(GetPublicNoticeResponse {
            public_notice: Some(show::public_notice(&notice, &snapshot)?),
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
