//! The public notice of a batch: opened once, concluded row by row by the calendar alone.

use jiff::civil::Date;
use kernel::ids::{BatchId, PublicNoticeId};
use kernel::public_notice::{NoticeEvent, RowKey};
use kernel::working_day::Calendar;
use platform::Result;
use platform::access::{Caller, Scope};
use platform::unit::Begun;
use proto::results::v1::{OpenPublicNoticeRequest, OpenPublicNoticeResponse};
use uuid::Uuid;

use super::{BATCH, Results};
use crate::domain::batch::BatchFact;
use crate::domain::notice::Snapshot;
use crate::domain::result::ResultCommand;
use crate::domain::scoring;
use crate::show;
use crate::store;
use crate::store::result::Filter;

impl Results {
    /// Ends the scoring, and shows those who passed.
    pub async fn open_public_notice(
        &self,
        caller: &Caller,
        request: &OpenPublicNoticeRequest,
        batch: BatchId,
    ) -> Result<OpenPublicNoticeResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let today = unit.origin().occurred_at.date();
        let mut locked = unit.lock(BATCH, batch.uuid()).await?;
        let batch = store::batch::find(unit.connection(), &caller.scope(), batch).await?;
        let subjects = store::batch::subjects(unit.connection(), batch.id).await?;
        let rows = store::result::select(unit.connection(), &batch, Filter::default()).await?;

        let passed = scoring::passed(&rows, self.rules.pass_mark)?;
        let shown = passed.len();
        let contact = &request.objection_contact;
        let snapshot = Snapshot::of(&batch, &passed, &subjects, contact, today)?;
        let id = PublicNoticeId::from_uuid(Uuid::now_v7());
        let days = self.rules.notice_working_days;
        let notice = snapshot.open(id, days, Calendar::supplied())?;
        let opened = BatchFact::PublicNoticeOpened {
            notice: id,
            ends_on: notice.period().date,
            calendar_version: notice.period().calendar_version.to_string(),
            snapshot_hash: notice.snapshot_hash(),
            shown,
            not_passed: rows.len() - shown,
        };
        let changes = scoring::close(rows, self.rules.pass_mark, id, notice.period().date)?;

        store::notice::insert(unit.connection(), &batch, &notice, &snapshot).await?;
        self.save_rows(&mut unit, &batch, changes).await?;
        Self::record_batch(&mut unit, &mut locked, &batch, &opened).await?;
        let counts = store::batch::counts(unit.connection(), batch.id).await?;
        unit.finish(OpenPublicNoticeResponse {
            public_notice: Some(show::public_notice(&notice, &snapshot)?),
            batch: Some(show::batch(&batch, &counts)),
        })
        .await
    }

    /// Concludes the rows of a batch whose last day is over and on which nothing is open. Asking
    /// again changes nothing.
    pub(super) async fn conclude_rows(&self, batch: BatchId, today: Date) -> Result<()> {
        let mut unit = self.journal.begin_own().await?;
        let mut locked = unit.lock(BATCH, batch.uuid()).await?;
        let batch = store::batch::find(unit.connection(), &Scope::Province, batch).await?;
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
        let rows = store::result::select(unit.connection(), &batch, named).await?;
        let mut changes = Vec::with_capacity(rows.len());
        for row in rows {
            changes.push(row.carry_out(ResultCommand::ConcludeNotice)?);
        }
        let fact = BatchFact::NoticeRowsConcluded {
            notice: notice.id(),
            rows: changes.len(),
            notice_concluded: notice.is_concluded(),
        };
        store::notice::save(unit.connection(), &notice).await?;
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
