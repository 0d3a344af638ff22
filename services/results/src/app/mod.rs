//! The use cases: begin, lock, load, decide, save, record, finish.
//!
//! Whoever changes anything about a batch or its rows holds the batch's lock, so the rows are
//! loaded after it and stay as they were loaded. Neighbours are asked before a unit begins.
//!
//! What is done to all rows of a batch is one unit, whose statements take 500 rows each, and can
//! take longer than a call may. Such a command goes on without its caller (`to_the_end`).

mod certificates;
mod changing;
mod holdings;
mod issuance;
mod neighbours;
mod notice;
mod objections;
mod opening;
mod ordering;
mod passing_time;
mod printing;
mod publishing;
mod reading;
mod review;
mod revoking;
mod rows;
mod scoring;
mod sweep;

use std::panic;
use std::sync::Arc;

use documents::Press;
use kernel::ids::BatchId;
use platform::Result;
use platform::access::Scope;
use platform::crypto::BlindIndexer;
use platform::facts::Locked;
use platform::turns::Turns;
use platform::unit::{Journal, Unit};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

pub(crate) use changing::Wanted;
pub use neighbours::Neighbours;
pub(crate) use objections::{Entered, Lead, Objection};
pub(crate) use printing::{Format, Portion};
pub use sweep::Sweep;

use crate::config::{Config, Printing, Rules};
use crate::domain::batch::{Batch, BatchFact};
use crate::events::outgoing;
use crate::store;

/// Commands that may go on without their callers at the same time: a part of the database's
/// connections, and a bound to what people who hang up can leave behind.
const AT_ONCE: usize = 8;

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
    press: Press,
    addresses: Arc<Printing>,
    sheets: Turns,
    turns: Arc<Semaphore>,
    under_way: TaskTracker,
}

impl Results {
    /// The use cases over a journal, the keys of the blind indexes, the settings, and neighbours.
    ///
    /// # Errors
    /// When there are no fonts to print with.
    pub fn new(
        journal: Journal,
        indexer: BlindIndexer,
        config: Config,
        neighbours: Neighbours,
    ) -> Result<Self> {
        Ok(Self {
            journal,
            indexer: Arc::new(indexer),
            rules: config.rules,
            neighbours,
            press: Press::open(&config.printing.fonts)?,
            addresses: Arc::new(config.printing),
            sheets: Turns::new(platform::sheets::AT_ONCE),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            under_way: TaskTracker::new(),
        })
    }

    /// Carries a command to its end, whether or not its caller still waits. A future that is
    /// dropped at a call's deadline would undo its unit, and the next attempt would fare no better.
    /// Whoever was cut off repeats the request: under the same request id the reply is the one of
    /// this unit, after waiting for it where it is still under way.
    pub(crate) async fn to_the_end<T, F>(&self, command: impl FnOnce(Self) -> F) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(anyhow::Error::from)?;
        let command = command(self.clone()).in_current_span();
        let command = async move {
            let outcome = command.await;
            drop(turn);
            outcome
        };
        match self.under_way.spawn(command).await {
            Ok(outcome) => outcome,
            Err(stopped) => match stopped.try_into_panic() {
                Ok(panic) => panic::resume_unwind(panic),
                Err(cancelled) => Err(anyhow::Error::from(cancelled).into()),
            },
        }
    }

    /// Once told to stop, waits for the commands that are still under way.
    pub async fn finish(self, stop: CancellationToken) -> Result<()> {
        stop.cancelled().await;
        self.under_way.close();
        self.under_way.wait().await;
        Ok(())
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

/// A batch in a scope, and its lock. It is found first, so that nobody ever waits for the lock of
/// a batch that does not exist for them; what a batch is never changes.
async fn lock_batch(unit: &mut Unit, scope: &Scope, batch: BatchId) -> Result<(Locked, Batch)> {
    let batch = store::batch::find(unit.connection(), scope, batch).await?;
    let locked = unit.lock(BATCH, batch.id.uuid()).await?;
    Ok((locked, batch))
}

/// A number of rows, for a message.
fn count(rows: usize) -> Result<u32> {
    Ok(u32::try_from(rows).map_err(anyhow::Error::from)?)
}
