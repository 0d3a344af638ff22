//! What time does to public notices: rows conclude by the calendar alone, and a calendar that changes
//! moves those that still run.

use jiff::civil::Date;
use kernel::ids::PublicNoticeId;
use kernel::public_notice::{NoticeEvent, PublicNotice, RowKey};
use kernel::rejection::Faults;
use platform::Result;
use platform::access::Scope;

use super::{Results, lock_batch};
use crate::domain::batch::BatchFact;
use crate::domain::result::{ResultCommand, ResultState};
use crate::store;
use crate::store::result::Filter;

impl Results {
    /// Counts what still runs of a notice by the calendar as it is now, and tells each row that has
    /// another last day. Asking again changes nothing.
    pub(super) async fn recount_notice(&self, notice: PublicNoticeId) -> Result<()> {
        let mut unit = self.journal.begin_own().await?;
        let batch = store::notice::batch_behind(unit.connection(), notice).await?;
        let (mut locked, batch) = lock_batch(&mut unit, &Scope::Province, batch).await?;
        let before = store::notice::find(unit.connection(), notice).await?;
        if before.is_concluded() {
            return Ok(());
        }
        let calendar = &unit.reference().await?.calendar;
        let events = before.recount(calendar)?;
        if events.is_empty() {
            return Ok(());
        }
        let mut notice = before.clone();
        notice.apply_all(&events);

        let shown = Filter {
            state: Some(ResultState::InPublicNotice),
            ..Filter::default()
        };
        let vault = self.journal.vault();
        let mut rows = store::result::select(unit.connection(), vault, &batch, shown).await?;
        rows.retain(|row| row.public_notice == Some(notice.id()));
        let mut changes = Vec::new();
        for row in rows {
            let key = RowKey::parse(&row.ticket_number).map_err(Faults::from)?;
            let last_day =
                |notice: &PublicNotice| notice.row_period(&key).map(|period| period.date);
            let until = last_day(&notice).filter(|day| last_day(&before) != Some(*day));
            if let Some(until) = until {
                changes.push(row.carry_out(ResultCommand::MoveNotice { until })?);
            }
        }
        let fact = BatchFact::PublicNoticeRecounted {
            notice: notice.id(),
            ends_on: notice.period().date,
            calendar_version: notice.period().calendar_version.to_string(),
            moved: changes.len(),
        };
        let today = unit.today();
        store::notice::save(unit.connection(), &notice, &events, today).await?;
        self.save_rows(&mut unit, &batch, changes).await?;
        Self::record_batch(&mut unit, &mut locked, &batch, &fact).await?;
        unit.commit().await
    }

    /// Concludes the rows of a notice whose last day is over and on which nothing is open. Asking
    /// again changes nothing.
    pub(super) async fn conclude_rows(&self, notice: PublicNoticeId, today: Date) -> Result<()> {
        let mut unit = self.journal.begin_own().await?;
        let batch = store::notice::batch_behind(unit.connection(), notice).await?;
        let (mut locked, batch) = lock_batch(&mut unit, &Scope::Province, batch).await?;
        let mut notice = store::notice::find(unit.connection(), notice).await?;
        let events = notice.tick(today);
        let concluded = concluded(&events);
        if concluded.is_empty() {
            return Ok(());
        }
        notice.apply_all(&events);

        let named = Filter {
            tickets: Some(&concluded),
            ..Filter::default()
        };
        let vault = self.journal.vault();
        let rows = store::result::select(unit.connection(), vault, &batch, named).await?;
        let mut changes = Vec::with_capacity(rows.len());
        for row in rows {
            changes.push(row.carry_out(ResultCommand::ConcludeNotice)?);
        }
        let fact = BatchFact::NoticeRowsConcluded {
            notice: notice.id(),
            rows: changes.len(),
            notice_concluded: notice.is_concluded(),
        };
        store::notice::save(unit.connection(), &notice, &events, today).await?;
        self.save_rows(&mut unit, &batch, changes).await?;
        Self::record_batch(&mut unit, &mut locked, &batch, &fact).await?;
        unit.commit().await
    }
}

/// Ticket numbers of the rows that concluded.
fn concluded(events: &[NoticeEvent]) -> Vec<String> {
    let ticket = |row: &RowKey| row.as_str().to_owned();
    events
        .iter()
        .filter_map(|event| match event {
            NoticeEvent::RowConcluded { row } => Some(ticket(row)),
            _ => None,
        })
        .collect()
}
