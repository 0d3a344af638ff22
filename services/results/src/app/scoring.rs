//! Recording scores: those of a call, or those of a file.

use std::collections::HashMap;

use bytes::Bytes;
use kernel::content_hash::ContentHash;
use kernel::ids::BatchId;
use kernel::rejection::FaultList;
use platform::Result;
use platform::access::Caller;
use platform::sheets::{faults as told, tried};
use platform::unit::{Begun, Unit};
use platform::upload::body;
use proto::results::v1::{
    ImportScoresResponse, RecordScoresRequest, RecordScoresResponse, ScoresHeader,
};

use super::{Results, count, lock_batch};
use crate::domain::batch::BatchFact;
use crate::domain::rejection::ScoreRejection;
use crate::domain::result::CandidateResult;
use crate::domain::scoring::{ScoreEntry, record_scores};
use crate::sheets::{self, Named, ScoreSheet};
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
        let recorded = self.record(&mut unit, caller, batch, entries, &[]).await?;
        unit.finish(RecordScoresResponse { recorded }).await
    }

    /// Records the scores of a file, all or none, unless that is only tried.
    pub(crate) async fn import_scores(
        &self,
        caller: &Caller,
        header: &ScoresHeader,
        batch: BatchId,
        file: Bytes,
    ) -> Result<ImportScoresResponse> {
        // Whose batch it is not, for them nothing is read.
        let mut connection = self.journal.pool().acquire().await?;
        store::batch::find(&mut connection, &caller.scope(), batch).await?;
        drop(connection);
        let hash = ContentHash::of_bytes(&file);
        let read = self.sheets.take(move || sheets::read(&file)).await?;
        if header.dry_run {
            // All is done, and nothing of it stays: the unit ends with this call.
            let mut unit = self.journal.begin_own().await?;
            let tried = match read {
                Ok(ScoreSheet { entries, named }) => {
                    let recorded = self.record(&mut unit, caller, batch, &entries, &named);
                    tried(recorded.await)?
                }
                Err(refused) => Err(refused),
            };
            return Ok(match tried {
                Ok(recorded) => reply(recorded),
                Err(faults) => ImportScoresResponse {
                    recorded: 0,
                    faults: told(&faults),
                },
            });
        }
        let ScoreSheet { entries, named } = read?;
        let body = body(header, hash);
        let mut unit = match self.journal.begin_hashed(caller, header, body).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let recorded = self
            .record(&mut unit, caller, batch, &entries, &named)
            .await?;
        unit.finish(reply(recorded)).await
    }

    async fn record(
        &self,
        unit: &mut Unit,
        caller: &Caller,
        batch: BatchId,
        entries: &[ScoreEntry],
        named: &[Named],
    ) -> Result<u32> {
        let (mut locked, batch) = lock_batch(unit, &caller.scope(), batch).await?;
        let tickets = tickets(entries);
        let wanted = Filter {
            tickets: Some(&tickets),
            ..Filter::default()
        };
        let vault = self.journal.vault();
        let rows = store::result::select(unit.connection(), vault, &batch, wanted).await?;
        let mut faults = FaultList::default();
        self.compare_names(unit, &rows, named, &mut faults).await?;
        let changes = record_scores(rows, entries).map_err(|refused| faults.extend(refused));
        faults.finish()?;
        let changes = changes.expect("what is refused is a fault, and there was none");
        self.save_rows(unit, &batch, changes).await?;
        let scores = entries.len();
        let fact = BatchFact::ScoresRecorded { scores };
        Self::record_batch(unit, &mut locked, &batch, &fact).await?;
        count(scores)
    }

    /// Notes names that are not those of the roster: rows that slipped.
    async fn compare_names(
        &self,
        unit: &mut Unit,
        rows: &[CandidateResult],
        named: &[Named],
        faults: &mut FaultList,
    ) -> Result<()> {
        if named.is_empty() {
            return Ok(());
        }
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let vault = self.journal.vault();
        let people = store::person::load(unit.connection(), vault, &ids).await?;
        let by_ticket: HashMap<_, _> = rows
            .iter()
            .filter_map(|row| Some((row.ticket_number.as_str(), people.get(&row.id)?)))
            .collect();
        for Named {
            field,
            ticket_number,
            name,
        } in named
        {
            let person = by_ticket.get(ticket_number.as_str());
            let same = person.is_none_or(|person| person.name.normalised() == name.normalised());
            faults.require(same, field, &ScoreRejection::NameDiffers);
        }
        Ok(())
    }
}

fn reply(recorded: u32) -> ImportScoresResponse {
    ImportScoresResponse {
        recorded,
        faults: Vec::new(),
    }
}

/// The tickets that scores name, as far as somebody could have them: no ticket has a NUL, and the
/// database does not take one even in a question.
pub(super) fn tickets(entries: &[ScoreEntry]) -> Vec<String> {
    let tickets = entries.iter().map(|entry| entry.ticket_number.clone());
    tickets.filter(|ticket| !ticket.contains('\0')).collect()
}
