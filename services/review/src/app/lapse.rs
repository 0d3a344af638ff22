//! Applications end with the filing of their organisation (取消备案), on the day from which that is
//! withdrawn: without it there is nothing to extend or renew. What is handed in afterwards is refused.

use kernel::ids::ApplicationId;
use platform::Result;
use platform::status::Chain;
use tracing::warn;

use super::{App, Case};
use crate::domain::Command;
use crate::store;

/// Applications that one step ends at most.
const BATCH: i64 = 100;

impl App {
    /// Ends what is handed in and still to come of organisations that are none any more.
    pub(super) async fn lapse_all(&self) -> Result<()> {
        let today = self.today()?;
        let mut connection = self.journal.pool().acquire().await?;
        let open = store::application::open_of_withdrawn(&mut connection, today, BATCH).await?;
        drop(connection);
        for id in open {
            if let Err(error) = self.lapse(id).await {
                warn!(application = %id, cause = %Chain(&error), "an application did not lapse");
            }
        }
        Ok(())
    }

    async fn lapse(&self, id: ApplicationId) -> Result<()> {
        let mut unit = self.journal.begin_own().await?;
        let mut case = Case::open_own(&mut unit, id).await?;
        // It may have come to its end while the lock was waited for.
        if !case.application.state.is_open() {
            return Ok(());
        }
        case.act(&mut unit, Command::Lapse).await?;
        unit.commit().await
    }
}
