//! A calendar that changes moves what officers have still to do by a day: the correction of a city's
//! report, the handling of a risk alert, the results of an inspection and their publication. A risk
//! alert that has no such day, because the calendar did not reach so far, is given one once it does.

use std::time::Duration;

use kernel::ids::{AlertId, CityReportId, InspectionId};
use platform::Result;
use platform::access::Scope;
use platform::status::Chain;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::{ALERT, App, CITY_REPORT, INSPECTION};
use crate::domain::risk::Alert;
use crate::events::InspectionRecord;
use crate::store;

/// How often the sweep looks. Nobody waits for it.
const PERIOD: Duration = Duration::from_secs(1);
/// Records of each kind that one step counts anew at most.
const BATCH: i64 = 100;

/// Counts anew what is due when the calendar changed.
pub struct DueSweep {
    app: App,
}

impl DueSweep {
    /// A sweep that acts through the app.
    pub fn new(app: App) -> Self {
        Self { app }
    }

    /// Sweeps until told to stop. What fails is tried again with the next step.
    pub async fn run(self, stop: CancellationToken) -> Result<()> {
        while !stop.is_cancelled() {
            if let Err(error) = self.step().await {
                warn!(cause = %Chain(&error), "what is due was not looked for");
            }
            let _ = tokio::time::timeout(PERIOD, stop.cancelled()).await;
        }
        Ok(())
    }

    /// One step over what was counted with another calendar; how many records these were.
    pub async fn step(&self) -> Result<usize> {
        let app = &self.app;
        let reference = app.reference().await?;
        let version = reference.calendar.version();
        let mut connection = app.journal.pool().acquire().await?;
        let reports =
            store::city_report::counted_otherwise(&mut connection, version, BATCH).await?;
        let mut alerts = store::alert::counted_otherwise(&mut connection, version, BATCH).await?;
        let undated = store::alert::undated(&mut connection, BATCH).await?;
        let reached = undated
            .into_iter()
            .filter(|(_, opened_on)| Alert::due(&reference, *opened_on).is_ok());
        alerts.extend(reached.map(|(id, _)| id));
        let inspections =
            store::inspection::counted_otherwise(&mut connection, version, BATCH).await?;
        drop(connection);
        let mut recounted = 0;
        for id in reports {
            recounted += counted(app.recount_report(id).await);
        }
        for id in alerts {
            recounted += counted(app.recount_alert(id).await);
        }
        for id in inspections {
            recounted += counted(app.recount_inspection(id).await);
        }
        Ok(recounted)
    }
}

fn counted(recounted: Result<()>) -> usize {
    match recounted {
        Ok(()) => 1,
        Err(error) => {
            warn!(cause = %Chain(&error), "what is due was not counted anew");
            0
        }
    }
}

// Under its lock, each may be found counted or done with: another replica's sweep, or an officer, may
// have been faster. Then nothing is due that moves.
impl App {
    async fn recount_report(&self, id: CityReportId) -> Result<()> {
        let mut unit = self.journal.begin_own().await?;
        let mut locked = unit.lock(CITY_REPORT, id.uuid()).await?;
        let mut report = store::city_report::find(unit.connection(), &Scope::Province, id).await?;
        let reference = unit.reference().await?;
        let Some(fact) = report.recount(&reference.calendar)? else {
            return Ok(());
        };
        report.apply(&fact);
        store::city_report::save(unit.connection(), &report).await?;
        unit.record(&mut locked, &[fact]).await?;
        unit.commit().await
    }

    async fn recount_alert(&self, id: AlertId) -> Result<()> {
        let mut unit = self.journal.begin_own().await?;
        let mut locked = unit.lock(ALERT, id.uuid()).await?;
        let (vault, scope) = (self.journal.vault(), Scope::Province);
        let (mut alert, _) = store::alert::find(unit.connection(), vault, &scope, id).await?;
        let reference = unit.reference().await?;
        let Some(fact) = alert.recount(&reference)? else {
            return Ok(());
        };
        alert.apply(&fact);
        store::alert::set_due(unit.connection(), &alert).await?;
        unit.record(&mut locked, &[fact]).await?;
        unit.commit().await
    }

    async fn recount_inspection(&self, id: InspectionId) -> Result<()> {
        let mut unit = self.journal.begin_own().await?;
        let mut locked = unit.lock(INSPECTION, id.uuid()).await?;
        let found = store::inspection::find(unit.connection(), &Scope::Province, id).await;
        let mut inspection = found?;
        let reference = unit.reference().await?;
        let Some(fact) = inspection.recount(&reference.calendar)? else {
            return Ok(());
        };
        inspection.apply(&fact);
        // Something is due once it is drawn, and then no draw waits for its seed.
        store::inspection::save(unit.connection(), &inspection, None).await?;
        let record = InspectionRecord {
            division: inspection.division,
            fact: &fact,
        };
        unit.record(&mut locked, &[record]).await?;
        unit.commit().await
    }
}
