//! A rectification is due on a day that its centre set. Where the calendar says that nobody works on
//! it, when it is set or once the calendar changes, it is due on the next working day.

use std::time::Duration;

use kernel::ids::{MeasureId, OrganizationId};
use platform::Result;
use platform::status::Chain;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::App;
use super::held::Held;
use super::messages::record;
use crate::domain::organization::OrganizationFact;
use crate::store;

/// How often the sweep looks. Nobody waits for it.
const PERIOD: Duration = Duration::from_mins(1);
/// Rectifications that are postponed in one step, at most.
const BATCH: i64 = 100;

/// Postpones rectifications that are due on a day off.
pub struct RectificationSweep {
    app: App,
}

impl RectificationSweep {
    /// A sweep that acts through the app.
    pub fn new(app: App) -> Self {
        Self { app }
    }

    /// Sweeps until told to stop. What fails is tried again with the next step.
    pub async fn run(self, stop: CancellationToken) -> Result<()> {
        while !stop.is_cancelled() {
            if let Err(error) = self.step().await {
                warn!(cause = %Chain(&error), "rectifications were not looked for");
            }
            let _ = tokio::time::timeout(PERIOD, stop.cancelled()).await;
        }
        Ok(())
    }

    /// One step over what is due on a day off; how many rectifications these were.
    pub async fn step(&self) -> Result<usize> {
        let journal = &self.app.journal;
        let (today, reference) = (journal.clock().today()?, journal.reference().await?);
        let mut connection = journal.pool().acquire().await?;
        let mut days = store::measure::due_days(&mut connection, today).await?;
        let calendar = &reference.calendar;
        // A year without a calendar has no days off yet, and none that another day moves to.
        days.retain(|day| {
            let works = calendar.is_working_day(*day).unwrap_or(true);
            !works && calendar.add_working_days(*day, 1).is_ok()
        });
        if days.is_empty() {
            return Ok(0);
        }
        let due = store::measure::due_on(&mut connection, &days, BATCH).await?;
        drop(connection);
        let mut postponed = 0;
        for (organization, measure) in due {
            match self.app.postpone(organization, measure).await {
                Ok(moved) => postponed += usize::from(moved),
                Err(error) => {
                    warn!(cause = %Chain(&error), "a rectification was not postponed");
                }
            }
        }
        Ok(postponed)
    }
}

impl App {
    /// Postpones a rectification; not one that another replica's sweep, or its centre, was faster with.
    async fn postpone(&self, id: OrganizationId, measure_id: MeasureId) -> Result<bool> {
        let mut unit = self.journal.begin_own().await?;
        let mut held = Held::lock(&mut unit, id).await?;
        let reference = unit.reference().await?;
        let organization = held.organization();
        let fact = organization.postpone_rectification(measure_id, &reference.calendar)?;
        let Some(OrganizationFact::RectificationPostponed { due_on, .. }) = fact else {
            return Ok(false);
        };
        store::measure::save_move(unit.connection(), measure_id, due_on).await?;
        record(&mut unit, &mut held.locked, fact.as_slice()).await?;
        unit.commit().await?;
        Ok(true)
    }
}
