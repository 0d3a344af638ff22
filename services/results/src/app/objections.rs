//! Objections: raised by anybody, by name; decided by the centre of the area, in writing.

use kernel::ids::{ObjectionId, PublicNoticeId};
use kernel::public_notice::{NoticeEvent, ObjectionOutcome, RowKey};
use kernel::rejection::Faults;
use platform::access::{Caller, Scope};
use platform::unit::{Begun, Unit};
use platform::{Error, Result};
use proto::results::v1::{
    RaiseObjectionRequest, RaiseObjectionResponse, ResolveObjectionRequest,
    ResolveObjectionResponse,
};
use uuid::Uuid;

use super::{BATCH, Results};
use crate::domain::batch::{Batch, BatchFact};
use crate::domain::notice::{check_grounds, check_reason};
use crate::domain::rejection::ResultNoticeRejection;
use crate::domain::result::{CandidateResult, ResultCommand};
use crate::store;
use crate::store::objection::NewObjection;
use crate::store::person::Person;
use crate::store::result::Filter;

/// What an objection says.
pub(crate) struct Objection {
    pub(crate) notice: PublicNoticeId,
    pub(crate) row: RowKey,
    pub(crate) objector: Person,
}

impl Results {
    /// Takes an objection; the row is held from now on.
    pub(crate) async fn raise_objection(
        &self,
        caller: &Caller,
        request: &RaiseObjectionRequest,
        objection: Objection,
    ) -> Result<RaiseObjectionResponse> {
        let Objection {
            notice: notice_id,
            row,
            objector,
        } = objection;
        check_grounds(&request.grounds).map_err(|refused| Faults::at("grounds", &refused))?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let today = unit.origin().occurred_at.date();
        let batch = store::notice::batch_behind(unit.connection(), notice_id).await?;
        let mut locked = unit.lock(BATCH, batch.uuid()).await?;
        // A public notice is everybody's.
        let batch = store::batch::find(unit.connection(), &Scope::Province, batch).await?;
        let notice = store::notice::of_batch(unit.connection(), &batch).await?;
        let mut notice = notice.ok_or_else(|| Error::refused(ResultNoticeRejection::NotFound))?;

        let id = ObjectionId::from_uuid(Uuid::now_v7());
        let events = notice.object(id, &row, today)?;
        notice.apply_all(&events);
        let result = row_behind(&mut unit, &batch, &row).await?.id;
        let new = NewObjection {
            id,
            notice: notice_id,
            result,
            objector: &objector,
            grounds: &request.grounds,
            raised_on: today,
        };
        store::notice::save(unit.connection(), &notice).await?;
        store::objection::insert(unit.connection(), self.journal.vault(), &new).await?;
        let raised = BatchFact::ObjectionRaised {
            objection: id,
            notice: notice_id,
            result,
        };
        Self::record_batch(&mut unit, &mut locked, &batch, &raised).await?;
        unit.finish(RaiseObjectionResponse {
            objection_id: id.to_string(),
        })
        .await
    }

    /// Decides an objection. Dismissed, the row goes on, and concludes with the next sweep if its
    /// last day is over; upheld, it is taken out.
    pub async fn resolve_objection(
        &self,
        caller: &Caller,
        request: &ResolveObjectionRequest,
        objection: ObjectionId,
        outcome: ObjectionOutcome,
    ) -> Result<ResolveObjectionResponse> {
        check_reason(&request.reason).map_err(|refused| Faults::at("reason", &refused))?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let today = unit.origin().occurred_at.date();
        let scope = caller.scope();
        let (batch, result) =
            store::objection::locate(unit.connection(), &scope, objection).await?;
        let mut locked = unit.lock(BATCH, batch.uuid()).await?;
        let batch = store::batch::find(unit.connection(), &scope, batch).await?;
        let notice = store::notice::of_batch(unit.connection(), &batch).await?;
        let mut notice = notice.ok_or_else(|| Error::refused(ResultNoticeRejection::NotFound))?;

        let events = notice.resolve(objection, outcome)?;
        notice.apply_all(&events);
        let mut changes = Vec::new();
        for event in &events {
            if let NoticeEvent::RowUpheld { row } = event {
                let row = row_behind(&mut unit, &batch, row).await?;
                changes.push(row.carry_out(ResultCommand::TakeOut { objection })?);
            }
        }
        store::notice::save(unit.connection(), &notice).await?;
        let (connection, vault) = (unit.connection(), self.journal.vault());
        let reason = &request.reason;
        store::objection::decide(connection, vault, objection, outcome, reason, today).await?;
        self.save_rows(&mut unit, &batch, changes).await?;
        let resolved = BatchFact::ObjectionResolved {
            objection,
            result,
            outcome,
        };
        Self::record_batch(&mut unit, &mut locked, &batch, &resolved).await?;
        unit.finish(ResolveObjectionResponse {}).await
    }
}

/// The result that a row of the notice shows.
async fn row_behind(unit: &mut Unit, batch: &Batch, row: &RowKey) -> Result<CandidateResult> {
    let tickets = [row.as_str().to_owned()];
    let named = Filter {
        tickets: Some(&tickets),
        ..Filter::default()
    };
    let mut rows = store::result::select(unit.connection(), batch, named).await?;
    rows.pop()
        .ok_or_else(|| anyhow::anyhow!("a row is shown that the batch does not have").into())
}
