//! Recording scores.

use kernel::ids::BatchId;
use platform::Result;
use platform::access::Caller;
use platform::unit::Begun;
use proto::results::v1::{RecordScoresRequest, RecordScoresResponse};

use super::{Results, lock_batch};
use crate::domain::batch::BatchFact;
use crate::domain::scoring::{ScoreEntry, record_scores};
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
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, batch) = lock_batch(&mut unit, &caller.scope(), batch).await?;
        let tickets = tickets(entries);
        let named = Filter {
            tickets: Some(&tickets),
            ..Filter::default()
        };
        let vault = self.journal.vault();
        let rows = store::result::select(unit.connection(), vault, &batch, named).await?;
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

/// The tickets that scores name, as far as somebody could have them: no ticket has a NUL, and the
/// database does not take one even in a question.
pub(super) fn tickets(entries: &[ScoreEntry]) -> Vec<String> {
    let tickets = entries.iter().map(|entry| entry.ticket_number.clone());
    tickets.filter(|ticket| !ticket.contains('\0')).collect()
}
