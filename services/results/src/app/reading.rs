//! What can be read. Nothing here changes anything.

use kernel::ids::{BatchId, OrganizationId, PublicNoticeId};
use kernel::level::Level;
use platform::Result;
use platform::access::Caller;
use platform::crypto::{Purpose, record_access};
use proto::results::v1::{
    GetBatchResponse, GetNumberLedgerResponse, GetPublicNoticeResponse, ListResultsResponse,
};

use super::Results;
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
