//! Time: rows whose public notice is over conclude without anybody's doing, and a calendar that
//! changes moves those that are not.

use std::time::Duration;

use platform::Result;
use platform::status::Chain;
use tokio_util::sync::CancellationToken;

use super::Results;
use crate::store;

const PAUSE: Duration = Duration::from_millis(300);

/// The background task that concludes rows.
pub struct Sweep(Results);

impl Sweep {
    /// A sweep by the ordinary use cases.
    pub fn new(results: Results) -> Self {
        Self(results)
    }

    /// Sweeps until told to stop. A notice that fails is tried again in the next round.
    pub async fn run(self, stop: CancellationToken) -> Result<()> {
        while !stop.is_cancelled() {
            if let Err(error) = self.step().await {
                tracing::warn!(cause = %Chain(&error), "the sweep of public notices waits");
            }
            let _ = tokio::time::timeout(PAUSE, stop.cancelled()).await;
        }
        Ok(())
    }

    /// One round over what a changed calendar moves, and then over what is due today.
    pub async fn step(&self) -> Result<()> {
        self.recount().await?;
        let journal = &self.0.journal;
        let today = journal.clock().today()?;
        let mut connection = journal.pool().acquire().await?;
        let due = store::notice::due(&mut connection, today).await?;
        drop(connection);
        for notice in due {
            if let Err(error) = self.0.conclude_rows(notice, today).await {
                tracing::warn!(%notice, cause = %Chain(&error), "a public notice did not conclude");
            }
        }
        Ok(())
    }

    async fn recount(&self) -> Result<()> {
        let journal = &self.0.journal;
        let reference = journal.reference().await?;
        let mut connection = journal.pool().acquire().await?;
        let version = reference.calendar.version();
        let moved = store::notice::counted_otherwise(&mut connection, version).await?;
        drop(connection);
        for notice in moved {
            if let Err(error) = self.0.recount_notice(notice).await {
                tracing::warn!(%notice, cause = %Chain(&error), "a public notice was not counted anew");
            }
        }
        Ok(())
    }
}
