//! Public notices end by themselves: a sweep looks for those whose last day is over, or whose
//! organisation has lost its filing.

use std::time::Duration;

use kernel::ids::ApplicationId;
use platform::Result;
use platform::status::Chain;
use platform::telemetry::link_trace;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, info_span, warn};

use super::{App, Case};
use crate::domain::{ApplicationState, Command};
use crate::store;

/// How often the sweep looks.
const PERIOD: Duration = Duration::from_millis(300);
/// Public notices that one step ends at most.
const BATCH: i64 = 100;

/// Ends public notices whose time is over.
pub struct PublicNoticeSweep {
    app: App,
}

impl PublicNoticeSweep {
    /// A sweep that acts through the app.
    pub fn new(app: App) -> Self {
        Self { app }
    }

    /// Sweeps until told to stop. What fails is tried again with the next step.
    pub async fn run(self, stop: CancellationToken) -> Result<()> {
        while !stop.is_cancelled() {
            if let Err(error) = self.step().await {
                warn!(cause = %Chain(&error), "public notices were not looked for");
            }
            // The clock is one that tests and demonstrations move: there is no date to sleep to.
            let _ = tokio::time::timeout(PERIOD, stop.cancelled()).await;
        }
        Ok(())
    }

    /// Ends the applications of organisations that are none any more, counts anew what a changed
    /// calendar moves, and ends the public notices that can be ended now; how many these were.
    pub async fn step(&self) -> Result<usize> {
        self.app.lapse_all().await?;
        self.recount().await?;
        let today = self.app.today()?;
        let mut connection = self.app.journal.pool().acquire().await?;
        let due = store::public_notice::due(&mut connection, today, BATCH).await?;
        drop(connection);
        let mut ended = 0;
        for (application, traceparent) in due {
            let span = info_span!("public_notice.conclude", %application, trace_id = tracing::field::Empty);
            link_trace(&span, &traceparent);
            match self
                .app
                .conclude_public_notice(application)
                .instrument(span)
                .await
            {
                Ok(()) => ended += 1,
                Err(error) => {
                    warn!(%application, cause = %Chain(&error), "a public notice did not end");
                }
            }
        }
        Ok(ended)
    }

    async fn recount(&self) -> Result<()> {
        let reference = self.app.reference().await?;
        let mut connection = self.app.journal.pool().acquire().await?;
        let version = reference.calendar.version();
        let moved =
            store::public_notice::counted_otherwise(&mut connection, version, BATCH).await?;
        drop(connection);
        for application in moved {
            if let Err(error) = self.app.recount_public_notice(application).await {
                warn!(%application, cause = %Chain(&error), "a public notice was not counted anew");
            }
        }
        Ok(())
    }
}

impl App {
    async fn conclude_public_notice(&self, id: ApplicationId) -> Result<()> {
        self.go_on(id, || Command::ConcludePublicNotice).await
    }

    async fn recount_public_notice(&self, id: ApplicationId) -> Result<()> {
        self.go_on(id, || Command::RecountPublicNotice).await
    }

    /// Lets time do its work on a public notice that still runs.
    async fn go_on(&self, id: ApplicationId, command: fn() -> Command<'static>) -> Result<()> {
        let mut unit = self.journal.begin_own().await?;
        let mut case = Case::open_own(&mut unit, id).await?;
        // Another replica's sweep may have been faster.
        if case.application.state != ApplicationState::InPublicNotice {
            return Ok(());
        }
        case.act(&mut unit, command()).await?;
        unit.commit().await
    }
}
