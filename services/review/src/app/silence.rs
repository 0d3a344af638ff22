//! A city that has not answered by the due day is silent: a sweep puts that on record. A calendar
//! that changes moves the day.

use std::time::Duration;

use kernel::ids::ConsultationId;
use platform::Result;
use platform::access::Scope;
use platform::status::Chain;
use platform::telemetry::link_trace;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, info_span, warn};

use super::App;
use super::consult::Consulted;
use crate::store;

/// How often the sweep looks.
const PERIOD: Duration = Duration::from_millis(500);
/// Consultations that one step looks at, at most.
const BATCH: i64 = 100;

/// Records the silence of cities whose time to answer is over.
pub struct SilenceSweep {
    app: App,
}

impl SilenceSweep {
    /// A sweep that acts through the app.
    pub fn new(app: App) -> Self {
        Self { app }
    }

    /// Sweeps until told to stop. What fails is tried again with the next step.
    pub async fn run(self, stop: CancellationToken) -> Result<()> {
        while !stop.is_cancelled() {
            if let Err(error) = self.step().await {
                warn!(cause = %Chain(&error), "silent cities were not looked for");
            }
            // The clock is one that tests and demonstrations move: there is no date to sleep to.
            let _ = tokio::time::timeout(PERIOD, stop.cancelled()).await;
        }
        Ok(())
    }

    /// Counts anew what a changed calendar moves, and records what silence there is now; in how many
    /// consultations.
    pub async fn step(&self) -> Result<usize> {
        self.recount().await?;
        let today = self.app.today()?;
        let mut connection = self.app.journal.pool().acquire().await?;
        let silent = store::consultation::silent(&mut connection, today, BATCH).await?;
        drop(connection);
        let mut recorded = 0;
        for (id, traceparent) in silent {
            let span = info_span!("consultation.silence", %id, trace_id = tracing::field::Empty);
            link_trace(&span, &traceparent);
            match self.app.record_silence(id).instrument(span).await {
                Ok(()) => recorded += 1,
                Err(error) => {
                    warn!(%id, cause = %Chain(&error), "silence was not recorded");
                }
            }
        }
        Ok(recorded)
    }

    async fn recount(&self) -> Result<()> {
        let reference = self.app.reference().await?;
        let mut connection = self.app.journal.pool().acquire().await?;
        let version = reference.calendar.version();
        let moved = store::consultation::counted_otherwise(&mut connection, version, BATCH).await?;
        drop(connection);
        for id in moved {
            if let Err(error) = self.app.recount_answers(id).await {
                warn!(%id, cause = %Chain(&error), "a consultation was not counted anew");
            }
        }
        Ok(())
    }
}

impl App {
    async fn recount_answers(&self, id: ConsultationId) -> Result<()> {
        let mut unit = self.journal.begin_own().await?;
        let mut consulted = Consulted::open(self, &mut unit, &Scope::Province, id).await?;
        let calendar = &unit.reference().await?.calendar;
        // Another replica's sweep may have been faster, or the last city answered.
        let fact = consulted.consultation.recount(calendar)?;
        consulted.take(&mut unit, fact.as_slice()).await?;
        unit.commit().await
    }

    async fn record_silence(&self, id: ConsultationId) -> Result<()> {
        let mut unit = self.journal.begin_own().await?;
        let mut consulted = Consulted::open(self, &mut unit, &Scope::Province, id).await?;
        // Another replica's sweep may have been faster; then there is nothing to record.
        let facts = consulted.consultation.fall_silent(unit.today());
        consulted.take(&mut unit, &facts).await?;
        unit.commit().await
    }
}
