//! Saving and recording rows: any number of them, in chunks, with a fixed number of statements.

use std::collections::HashMap;

use kernel::ids::ResultId;
use platform::Result;
use platform::facts::Locked;
use platform::unit::Unit;
use uuid::Uuid;

use super::{RESULT, Results};
use crate::domain::batch::Batch;
use crate::domain::person::Person;
use crate::domain::result::Change;
use crate::events::outgoing;
use crate::store;
use crate::store::CHUNK;

impl Results {
    /// Saves what was decided about rows of a batch, and records it.
    pub(super) async fn save_rows(
        &self,
        unit: &mut Unit,
        batch: &Batch,
        mut changes: Vec<Change>,
    ) -> Result<()> {
        changes.sort_by_key(|change| change.result.id);
        for chunk in changes.chunks(CHUNK) {
            let mut locked = lock_rows(unit, chunk).await?;
            let rows: Vec<_> = chunk.iter().map(|change| &change.result).collect();
            store::result::save(unit.connection(), self.journal.vault(), &rows).await?;
            self.record_rows(unit, batch, &mut locked, chunk).await?;
        }
        Ok(())
    }

    /// Records what happened to rows whose locks are given in the same order.
    pub(super) async fn record_rows(
        &self,
        unit: &mut Unit,
        batch: &Batch,
        locked: &mut [Locked],
        changes: &[Change],
    ) -> Result<()> {
        let people = self.people_of_stages(unit, changes).await?;
        let today = unit.origin().occurred_at.date();
        let record = |change: &Change| {
            let candidate = people.get(&change.result.id);
            outgoing::of_result(batch, change, candidate, &self.indexer, today)
        };
        let records = locked.iter_mut().zip(changes.iter().map(record));
        unit.record_all(records.collect()).await
    }

    /// Names are opened only where the public query is told a stage.
    async fn people_of_stages(
        &self,
        unit: &mut Unit,
        changes: &[Change],
    ) -> Result<HashMap<ResultId, Person>> {
        let told = changes
            .iter()
            .filter(|change| outgoing::stage(&change.fact).is_some());
        let ids: Vec<ResultId> = told.map(|change| change.result.id).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        store::person::load(unit.connection(), self.journal.vault(), &ids).await
    }
}

/// Locks rows, which have to be in the order of their ids.
pub(super) async fn lock_rows(unit: &mut Unit, changes: &[Change]) -> Result<Vec<Locked>> {
    let ids: Vec<Uuid> = changes
        .iter()
        .map(|change| change.result.id.uuid())
        .collect();
    unit.lock_all(RESULT, &ids).await
}
