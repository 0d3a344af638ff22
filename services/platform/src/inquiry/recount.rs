//! A calendar that changes moves what is still due of an inquiry: the day by which it is to be
//! closed, and the day by which the organisation is to answer.

use std::time::Duration;

use kernel::rejection::Faults;
use tokio_util::sync::CancellationToken;
use tracing::warn;
use uuid::Uuid;

use super::case::Case;
use super::fact::InquiryFact;
use super::store;
use crate::error::Result;
use crate::status::Chain;
use crate::unit::Journal;

/// How often the sweep looks. Nobody waits for it.
const PERIOD: Duration = Duration::from_secs(1);
/// Inquiries that one step counts anew at most.
const BATCH: i64 = 100;

/// Counts inquiries anew when the calendar changed.
pub struct InquirySweep {
    journal: Journal,
}

impl InquirySweep {
    /// A sweep over the inquiries of a service.
    pub fn new(journal: Journal) -> Self {
        Self { journal }
    }

    /// Sweeps until told to stop. What fails is tried again with the next step.
    pub async fn run(self, stop: CancellationToken) -> Result<()> {
        while !stop.is_cancelled() {
            if let Err(error) = self.step().await {
                warn!(cause = %Chain(&error), "inquiries were not looked for");
            }
            let _ = tokio::time::timeout(PERIOD, stop.cancelled()).await;
        }
        Ok(())
    }

    /// One step over what was counted with another calendar; how many inquiries these were.
    pub async fn step(&self) -> Result<usize> {
        let reference = self.journal.reference().await?;
        let mut connection = self.journal.pool().acquire().await?;
        let version = reference.calendar.version();
        let moved = store::counted_otherwise(&mut connection, version, BATCH).await?;
        drop(connection);
        let mut recounted = 0;
        for inquiry in moved {
            match self.recount(inquiry).await {
                Ok(()) => recounted += 1,
                Err(error) => {
                    warn!(%inquiry, cause = %Chain(&error), "an inquiry was not counted anew");
                }
            }
        }
        Ok(recounted)
    }

    async fn recount(&self, id: Uuid) -> Result<()> {
        let mut unit = self.journal.begin_own().await?;
        let mut case = Case::of_time(&mut unit, id).await?;
        let calendar = &unit.reference().await?.calendar;
        let next = case.inquiry().recount(calendar).map_err(Faults::from)?;
        // Another replica's sweep may have been faster, or somebody closed it.
        if next == *case.inquiry() {
            return Ok(());
        }
        let fact = InquiryFact::DeadlinesRecounted {
            due: next.due.date,
            answer_due: next.open_question().map(|asked| asked.due.date),
            calendar_version: calendar.version().to_string(),
        };
        case.go_on(&mut unit, next, &fact).await?;
        unit.commit().await
    }
}
