//! Objections: raised by anybody, by name; decided by the centre of the area, in writing. How they
//! are looked into in between is [`platform::inquiry`]'s.

use jiff::civil::Date;
use kernel::ids::{LeadId, ObjectionId, PublicNoticeId};
use kernel::inquiry::{Channel, Party, of_age};
use kernel::public_notice::{NoticeEvent, NoticeRejection, ObjectionOutcome, PublicNotice, RowKey};
use kernel::rejection::{FaultList, Faults};
use kernel::working_day::DeadlineRule;
use kernel::written::Written;
use platform::access::{Caller, Scope};
use platform::facts::Locked;
use platform::inquiry::{self, Case, InquiryRejection, Opening};
use platform::unit::{Begun, Unit};
use platform::{Error, Result};
use proto::results::v1 as results;
use uuid::Uuid;

use super::{Results, lock_batch};
use crate::domain::batch::{Batch, BatchFact};
use crate::domain::rejection::ResultNoticeRejection;
use crate::domain::result::{CandidateResult, ResultCommand};
use crate::store;
use crate::store::result::Filter;

/// What an objection says.
pub(crate) struct Objection {
    pub(crate) notice: PublicNoticeId,
    /// The row; none where it is to the session as a whole.
    pub(crate) row: Option<RowKey>,
    pub(crate) party: Party,
    pub(crate) grounds: Written,
}

/// How an objection came in that a clerk enters, and when.
pub(crate) type Entered = (Channel, Date);

/// What a hint says.
pub(crate) struct Lead {
    pub(crate) notice: PublicNoticeId,
    pub(crate) row: RowKey,
    pub(crate) hint: Written,
}

/// A notice under the lock of its batch.
struct Shown {
    locked: Locked,
    batch: Batch,
    notice: PublicNotice,
}

impl Shown {
    /// A public notice is everybody's: no scope.
    async fn lock(unit: &mut Unit, notice: PublicNoticeId) -> Result<Self> {
        let batch = store::notice::batch_behind(unit.connection(), notice).await?;
        let (locked, batch) = lock_batch(unit, &Scope::Province, batch).await?;
        let notice = store::notice::find(unit.connection(), notice).await?;
        Ok(Self {
            locked,
            batch,
            notice,
        })
    }

    /// A centre acts on what lies in its area, and elsewhere finds nothing.
    fn seen_by(self, caller: &Caller) -> Result<Self> {
        let Batch {
            review_area,
            organization,
            ..
        } = self.batch;
        if caller.scope().covers(review_area, organization) {
            Ok(self)
        } else {
            Err(Error::refused(ResultNoticeRejection::NotFound))
        }
    }

    /// What is said of a row, or of the session.
    fn about(&self, row: Option<&RowKey>) -> String {
        let notice = self.notice.id();
        row.map_or_else(|| notice.to_string(), |row| format!("{notice} {row}"))
    }
}

impl Results {
    /// Takes an objection; the row is held from now on.
    pub(crate) async fn raise_objection(
        &self,
        caller: &Caller,
        request: &results::RaiseObjectionRequest,
        objection: Objection,
    ) -> Result<results::RaiseObjectionResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let today = unit.origin().occurred_at.date();
        let shown = Shown::lock(&mut unit, objection.notice).await?;
        let came = (Channel::Online, today);
        let (id, receipt_code) = self
            .take_objection(&mut unit, shown, objection, came)
            .await?;
        unit.finish(results::RaiseObjectionResponse {
            objection_id: id.to_string(),
            receipt_code,
        })
        .await
    }

    /// Takes an objection that a clerk of the centre enters, as of the day on which it came in.
    pub(crate) async fn record_objection(
        &self,
        caller: &Caller,
        request: &results::RecordObjectionRequest,
        objection: Objection,
        came: Entered,
    ) -> Result<results::RecordObjectionResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let today = unit.origin().occurred_at.date();
        let shown = Shown::lock(&mut unit, objection.notice).await?;
        let shown = shown.seen_by(caller)?;
        inquiry::require_centre(caller, shown.batch.review_area)?;
        if came.1 > today {
            let refused = InquiryRejection::ReceivedInFuture;
            return Err(Faults::at("received_on", &refused).into());
        }
        let (id, receipt_code) = self
            .take_objection(&mut unit, shown, objection, came)
            .await?;
        unit.finish(results::RecordObjectionResponse {
            objection_id: id.to_string(),
            receipt_code,
        })
        .await
    }

    /// The objection's id and the code by which whoever raised it asks about it.
    async fn take_objection(
        &self,
        unit: &mut Unit,
        mut shown: Shown,
        objection: Objection,
        (channel, received_on): Entered,
    ) -> Result<(ObjectionId, String)> {
        let Objection {
            row,
            party,
            grounds,
            ..
        } = objection;
        let today = unit.origin().occurred_at.date();
        let id = ObjectionId::from_uuid(Uuid::now_v7());
        let reference = unit.reference().await?;
        let mut faults = FaultList::default();
        let events = match &row {
            Some(row) => shown.notice.object(id, row, received_on),
            None => shown.notice.object_to_all(id, received_on),
        };
        let events = events.map_err(|refused| faults.extend(refused));
        faults.take("party.citizen_id", of_age(&party.citizen_id, today));
        let due = reference.deadline(DeadlineRule::ObjectionResolution, received_on, today);
        let due = faults.take("received_on", due);
        faults.finish()?;
        let (Ok(events), Some(due)) = (events, due) else {
            unreachable!("a missing value is a fault, and there was none");
        };
        let opening = Opening {
            id: id.into(),
            area: shown.batch.review_area,
            organization: shown.batch.organization,
            about: shown.about(row.as_ref()),
            party: Some(&party),
            channel,
            statement: &grounds,
            received_on,
            due,
        };
        let receipt_code = inquiry::open(unit, opening).await?;
        shown.notice.apply_all(&events);
        let (notice, batch) = (&shown.notice, &shown.batch);
        let result = match &row {
            Some(row) => Some(self.row_behind(unit, batch, row).await?.id),
            None => None,
        };
        store::notice::save(unit.connection(), notice, &events, today).await?;
        store::objection::insert(unit.connection(), id, notice.id(), result).await?;
        let raised = BatchFact::ObjectionRaised {
            objection: id,
            notice: notice.id(),
            result,
        };
        Self::record_batch(unit, &mut shown.locked, batch, &raised).await?;
        Ok((id, receipt_code))
    }

    /// Keeps a hint about a row. It holds nothing, so it has no time: what comes to light late is
    /// worth knowing, too.
    pub(crate) async fn lodge_lead(
        &self,
        caller: &Caller,
        request: &results::LodgeLeadRequest,
        lead: Lead,
    ) -> Result<results::LodgeLeadResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let today = unit.origin().occurred_at.date();
        let reference = unit.reference().await?;
        let due = reference.deadline(DeadlineRule::ObjectionResolution, today, today);
        let shown = Shown::lock(&mut unit, lead.notice).await?;
        if shown.notice.row_state(&lead.row).is_none() {
            return Err(Faults::at("row_key", &NoticeRejection::RowUnknown).into());
        }
        let id = LeadId::from_uuid(Uuid::now_v7());
        let opening = Opening {
            id: id.into(),
            area: shown.batch.review_area,
            organization: shown.batch.organization,
            about: shown.about(Some(&lead.row)),
            party: None,
            channel: Channel::Online,
            statement: &lead.hint,
            received_on: today,
            due: due.map_err(Faults::from)?,
        };
        let receipt_code = inquiry::open(&mut unit, opening).await?;
        unit.finish(results::LodgeLeadResponse {
            lead_id: id.to_string(),
            receipt_code,
        })
        .await
    }

    /// Decides an objection, which the centre does that reviews the batch first. Dismissed, the row
    /// goes on, and concludes with the next sweep if its last day is over; upheld, it is taken out.
    pub async fn resolve_objection(
        &self,
        caller: &Caller,
        request: &results::ResolveObjectionRequest,
        objection: ObjectionId,
        outcome: ObjectionOutcome,
        reason: &Written,
    ) -> Result<results::ResolveObjectionResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let today = unit.origin().occurred_at.date();
        let scope = caller.scope();
        let (batch, notice) =
            store::objection::locate(unit.connection(), &scope, objection).await?;
        let (mut locked, batch) = lock_batch(&mut unit, &scope, batch).await?;
        let mut notice = store::notice::find(unit.connection(), notice).await?;
        let mut case = Case::of_centre(&mut unit, caller, objection.into()).await?;
        case.close(&mut unit, reason).await?;

        let events = notice.resolve(objection, outcome)?;
        notice.apply_all(&events);
        let rows = self.rows_behind(&mut unit, &batch, upheld(&events)).await?;
        let mut changes = Vec::with_capacity(rows.len());
        for row in rows {
            changes.push(row.carry_out(ResultCommand::TakeOut { objection })?);
        }
        let taken_out = changes.len();
        store::notice::save(unit.connection(), &notice, &events, today).await?;
        store::objection::decide(unit.connection(), objection, outcome, today).await?;
        self.save_rows(&mut unit, &batch, changes).await?;
        let resolved = BatchFact::ObjectionResolved {
            objection,
            outcome,
            taken_out,
        };
        Self::record_batch(&mut unit, &mut locked, &batch, &resolved).await?;
        unit.finish(results::ResolveObjectionResponse {}).await
    }

    /// The result that a row of the notice shows.
    async fn row_behind(
        &self,
        unit: &mut Unit,
        batch: &Batch,
        row: &RowKey,
    ) -> Result<CandidateResult> {
        let tickets = vec![row.to_string()];
        let mut rows = self.rows_behind(unit, batch, tickets).await?;
        rows.pop()
            .ok_or_else(|| anyhow::anyhow!("a row is shown that the batch does not have").into())
    }

    async fn rows_behind(
        &self,
        unit: &mut Unit,
        batch: &Batch,
        tickets: Vec<String>,
    ) -> Result<Vec<CandidateResult>> {
        let named = Filter {
            tickets: Some(&tickets),
            ..Filter::default()
        };
        let vault = self.journal.vault();
        store::result::select(unit.connection(), vault, batch, named).await
    }
}

/// Ticket numbers of the rows that an objection takes out.
fn upheld(events: &[NoticeEvent]) -> Vec<String> {
    let upheld = events.iter().filter_map(|event| match event {
        NoticeEvent::RowUpheld { row } => Some(row.to_string()),
        _ => None,
    });
    upheld.collect()
}
