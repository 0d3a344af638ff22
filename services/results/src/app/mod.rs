//! The use cases: begin, lock, load, decide, save, record, finish.
//!
//! Whoever changes anything about a batch or its rows holds the batch's lock, so the rows are
//! loaded after it and stay as they were loaded. Neighbours are asked before a unit begins.

mod certificates;
mod issuance;
mod neighbours;
mod notice;
mod objections;
mod opening;
mod publishing;
mod reading;
mod review;
mod rows;
mod scoring;
mod sweep;

use std::sync::Arc;

use platform::Result;
use platform::crypto::BlindIndexer;
use platform::facts::Locked;
use platform::unit::{Journal, Unit};

pub use neighbours::Neighbours;
pub(crate) use objections::Objection;
pub(crate) use reading::Page;
pub use sweep::Sweep;

use crate::config::Rules;
use crate::domain::batch::{Batch, BatchFact};
use crate::events::outgoing;

/// Aggregate kinds of this service.
const BATCH: &str = "batch";
const RESULT: &str = "result";
const CERTIFICATE: &str = "certificate";

/// What this service can do.
#[derive(Clone)]
pub struct Results {
    journal: Journal,
    indexer: Arc<BlindIndexer>,
    rules: Rules,
    neighbours: Neighbours,
}

impl Results {
    /// The use cases over a journal, the keys of the blind indexes, the rules, and neighbours.
    pub fn new(
        journal: Journal,
        indexer: BlindIndexer,
        rules: Rules,
        neighbours: Neighbours,
    ) -> Self {
        Self {
            journal,
            indexer: Arc::new(indexer),
            rules,
            neighbours,
        }
    }

    /// Records what happened to a batch.
    async fn record_batch(
        unit: &mut Unit,
        locked: &mut Locked,
        batch: &Batch,
        fact: &BatchFact,
    ) -> Result<()> {
        unit.record_all(vec![(locked, outgoing::of_batch(batch, fact))])
            .await
    }
}
