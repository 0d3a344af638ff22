//! From the tables into memory: all at the start, then every change.
//!
//! The sequence of changes has no gaps and is committed in order, so that following it misses
//! nothing: each look reads what came after the last change that is in. A look sees one snapshot,
//! the moment up to which the tables are complete among it; once its changes are in, that moment
//! holds for memory.

use std::sync::Arc;
use std::time::{Duration, Instant};

use platform::Result;
use platform::status::{self, Chain};
use sqlx::{PgConnection, PgPool};
use tokio_util::sync::CancellationToken;

use super::Index;
use super::catalog::Catalog;
use super::store::age::{self, Head};
use super::store::{candidate, certificate};

/// Pause after a failure.
const AGAIN: Duration = Duration::from_secs(1);
/// Before the first of all changes.
const BEGINNING: i64 = 0;
/// After so many versions the log says how far the start is.
const TOLD_EVERY: usize = 1_000_000;

/// Keeps the index of a replica up with the tables.
pub struct Follower {
    pool: PgPool,
    index: Arc<Index>,
    every: Duration,
}

impl Follower {
    /// What keeps an index up, looking so often.
    pub fn new(pool: PgPool, index: Arc<Index>, every: Duration) -> Self {
        Self { pool, index, every }
    }

    /// Reads all there is. Waits for a database that is away.
    ///
    /// # Errors
    /// When what is there cannot be read.
    pub async fn load(&self) -> Result<()> {
        loop {
            match self.load_now().await {
                Err(failure) if status::is_passing(&failure) => {
                    tracing::warn!(cause = %Chain(&failure), "the index waits to be loaded");
                    tokio::time::sleep(AGAIN).await;
                }
                done => return done,
            }
        }
    }

    /// Follows until told to stop. Whatever fails is tried again, and the age of the data tells.
    ///
    /// # Errors
    /// When the database was put back to before what is in memory: only a new start helps then.
    pub async fn run(self, stop: CancellationToken) -> Result<()> {
        let mut pause = self.every;
        while let Some(()) = stop.run_until_cancelled(tokio::time::sleep(pause)).await {
            pause = match self.follow().await {
                Ok(Followed::UpToDate) => self.every,
                Ok(Followed::PutBack) => {
                    return Err(anyhow::anyhow!("the database is older than the index").into());
                }
                Err(failure) => {
                    tracing::warn!(cause = %Chain(&failure), "the index is not kept up");
                    AGAIN
                }
            };
        }
        Ok(())
    }

    /// Takes over what changed since the last look.
    async fn follow(&self) -> Result<Followed> {
        let head = age::head(&self.pool).await?;
        let applied = self.index.read().applied.unwrap_or(BEGINNING);
        if head.sequence < applied {
            return Ok(Followed::PutBack);
        }
        if head.sequence > applied {
            let mut snapshot = self.snapshot().await?;
            // Later than the look before, and as of the same moment as the changes.
            let head = age::head(&mut *snapshot).await?;
            self.take_over(&mut snapshot, applied, head).await?;
            snapshot.commit().await?;
        } else {
            self.arrive(head);
        }
        Ok(Followed::UpToDate)
    }

    async fn load_now(&self) -> Result<()> {
        let began = Instant::now();
        let mut snapshot = self.snapshot().await?;
        let head = age::head(&mut *snapshot).await?;
        let expected = certificate::about_how_many(&mut snapshot).await?;
        {
            let keys = self.index.indexer.key_ids().map(str::to_owned).collect();
            let room = usize::try_from(expected).unwrap_or_default();
            let mut held = self.index.write();
            held.catalog = Catalog::with_room_for(room, keys);
            held.expected = expected;
        }
        self.take_over(&mut snapshot, BEGINNING, head).await?;
        snapshot.commit().await?;
        let state = self.index.state();
        let (versions, seconds) = (state.versions, began.elapsed().as_secs_f64());
        tracing::info!(
            versions,
            seconds,
            bytes = state.bytes,
            "the index is loaded"
        );
        Ok(())
    }

    async fn take_over(&self, snapshot: &mut PgConnection, after: i64, head: Head) -> Result<()> {
        let up_to = head.sequence;
        certificate::changed(snapshot, after, up_to, |entry| {
            let mut held = self.index.write();
            held.catalog.put(entry)?;
            let (versions, expected) = (held.catalog.versions(), held.expected);
            drop(held);
            if versions % TOLD_EVERY == 0 {
                tracing::info!(versions, expected, "the index is being loaded");
            }
            Ok(())
        })
        .await?;
        candidate::changed(snapshot, after, up_to, |entry| {
            self.index.write().catalog.put_stage(entry)
        })
        .await?;
        self.arrive(head);
        Ok(())
    }

    fn arrive(&self, head: Head) {
        let mut held = self.index.write();
        held.applied = Some(head.sequence);
        held.as_of = head.as_of.max(held.as_of);
    }

    /// A transaction in which all looks see the same, for as long as the reading takes.
    async fn snapshot(&self) -> Result<sqlx::Transaction<'static, sqlx::Postgres>> {
        let mut snapshot = self
            .pool
            .begin_with("begin isolation level repeatable read read only")
            .await?;
        sqlx::query!("set local statement_timeout = 0")
            .execute(&mut *snapshot)
            .await?;
        Ok(snapshot)
    }
}

/// What a look came to.
enum Followed {
    /// All changes are in.
    UpToDate,
    /// The tables have fewer changes than memory.
    PutBack,
}
