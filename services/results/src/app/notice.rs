//! The public notice of a batch: opened once, concluded row by row by the calendar alone.

use jiff::civil::Date;
use kernel::ids::{BatchId, PublicNoticeId};
use kernel::public_notice::{NoticeEvent, PublicNotice, RowKey};
use kernel::rejection::Faults;
use platform::Result;
use platform::access::{Caller, Scope};
use platform::unit::{Begun, Unit};
use proto::results::v1::{OpenPublicNoticeRequest, OpenPublicNoticeResponse};
use uuid::Uuid;

use super::{Results, lock_batch};
use crate::domain::batch::{Batch, BatchFact};
use crate::domain::notice::Snapshot;
use crate::domain::result::{ResultCommand, ResultState, Showing};
use crate::domain::scoring;
use crate::page::Page;
use crate::show;
use crate::store;
use crate::store::result::Filter;
use kernel::written::Written;

impl Results {
    /// Ends the scoring, and shows those who passed. Where nobody did there is nothing to show, to
    /// review or to certify: then this is the end of the batch, without a notice.
    pub async fn open_public_notice(
        &self,
        caller: &Caller,
        request: &OpenPublicNoticeRequest,
        batch: BatchId,
        objection_contact: &Written,
    ) -> Result<OpenPublicNoticeResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let today = unit.origin().occurred_at.date();
        let (mut locked, batch) = lock_batch(&mut unit, &caller.scope(), batch).await?;
        let subjects = store::batch::subjects(unit.connection(), batch.id).await?;
        let (all, vault) = (Filter::default(), self.journal.vault());
        let rows = store::result::select(unit.connection(), vault, &batch, all).await?;

        let passed = scoring::passed(&rows, self.rules.pass_mark)?;
        let snapshot = Snapshot::of(&batch, &passed, &subjects, objection_contact, today);
        let notice = self.open_notice(&mut unit, &batch, &snapshot).await?;
        let fact = closed(notice.as_ref(), &snapshot, rows.len());
        let showing = notice.as_ref().map(|notice| Showing {
            notice: notice.id(),
            until: notice.period().date,
        });
        let changes = scoring::close(rows, self.rules.pass_mark, showing)?;
        self.save_rows(&mut unit, &batch, changes).await?;
        Self::record_batch(&mut unit, &mut locked, &batch, &fact).await?;
        let counts = store::batch::counts(unit.connection(), batch.id).await?;
        let first = |notice| show::public_notice(&notice, &snapshot, &Page::first(&notice.id()));
        let shown = notice.map(first).transpose()?;
        unit.finish(OpenPublicNoticeResponse {
            public_notice: shown.map(|(notice, _)| notice),
            batch: Some(show::batch(&batch, &counts)),
        })
        .await
    }

    /// Opens the notice of what is shown, if anything is.
    async fn open_notice(
        &self,
        unit: &mut Unit,
        batch: &Batch,
        snapshot: &Snapshot,
    ) -> Result<Option<PublicNotice>> {
        if snapshot.rows.is_empty() {
            return Ok(None);
        }
        let id = PublicNoticeId::from_uuid(Uuid::now_v7());
        let reference = unit.reference().await?;
        let pilot = reference.pilot_on(snapshot.opened_on);
        let notice = snapshot.open(id, &reference.calendar, &pilot)?;
        store::notice::insert(unit.connection(), batch, &notice, snapshot).await?;
        Ok(Some(notice))
    }

    /// Counts what still runs of a batch's notice by the calendar as it is now, and tells each row
    /// that has another last day. Asking again changes nothing.
    pub(super) async fn recount_notice(&self, batch: BatchId) -> Result<()> {
        let mut unit = self.journal.begin_own().await?;
        let (mut locked, batch) = lock_batch(&mut unit, &Scope::Province, batch).await?;
        let notice = store::notice::of_batch(unit.connection(), &batch).await?;
        let Some(before) = notice.filter(|notice| !notice.is_concluded()) else {
            return Ok(());
        };
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
        let rows = store::result::select(unit.connection(), vault, &batch, shown).await?;
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

    /// Concludes the rows of a batch whose last day is over and on which nothing is open. Asking
    /// again changes nothing.
    pub(super) async fn conclude_rows(&self, batch: BatchId, today: Date) -> Result<()> {
        let mut unit = self.journal.begin_own().await?;
        let (mut locked, batch) = lock_batch(&mut unit, &Scope::Province, batch).await?;
        let notice = store::notice::of_batch(unit.connection(), &batch).await?;
        let Some(mut notice) = notice else {
            return Ok(());
        };
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

/// How the scoring of so many candidates ended.
fn closed(notice: Option<&PublicNotice>, snapshot: &Snapshot, candidates: usize) -> BatchFact {
    let not_passed = candidates - snapshot.rows.len();
    match notice {
        None => BatchFact::NobodyPassed { not_passed },
        Some(notice) => BatchFact::PublicNoticeOpened {
            notice: notice.id(),
            ends_on: notice.period().date,
            calendar_version: notice.period().calendar_version.to_string(),
            snapshot_hash: notice.snapshot_hash(),
            shown: snapshot.rows.len(),
            not_passed,
        },
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
