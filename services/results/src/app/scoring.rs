//! Recording scores.

use kernel::ids::BatchId;
use platform::access::Caller;
use platform::unit::Begun;
use platform::{Error, Result};
use proto::results::v1::{RecordScoresRequest, RecordScoresResponse};

use super::{BATCH, Results};
use crate::domain::batch::BatchFact;
use crate::domain::scoring::{ScoreEntry, check_count, record_scores};
use crate::store;
use crate::store::result::Filter;

impl Results {
    /// Records scores: all of the call or none.
    pub async fn record_scores(
        &self,
        caller: &Caller,
        request: &RecordScoresRequest,
        batch: BatchId,
        entries: &[ScoreEntry],
    ) -> Result<RecordScoresResponse> {
        check_count(entries.len()).map_err(Error::refused)?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut locked = unit.lock(BATCH, batch.uuid()).await?;
        let batch = store::batch::find(unit.connection(), &caller.scope(), batch).await?;
        let tickets: Vec<String> = entries
            .iter()
            .map(|entry| entry.ticket_number.clone())
            .collect();
        let named = Filter {
            tickets: Some(&tickets),
            ..Filter::default()
        };
        let rows = store::result::select(unit.connection(), &batch, named).await?;
        let changes = record_scores(rows, entries)?;
        self.save_rows(&mut unit, &batch, changes).await?;
        let recorded = BatchFact::ScoresRecorded {
            scores: entries.len(),
        };
        Self::record_batch(&mut unit, &mut locked, &batch, &recorded).await?;
        let recorded = u32::try_from(entries.len()).map_err(anyhow::Error::from)?;
        unit.finish(RecordScoresResponse { recorded }).await
    }
}
