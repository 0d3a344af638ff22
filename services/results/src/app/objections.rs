//! Objections: raised by anybody, by name; decided by the centre of the area, in writing.

use kernel::ids::{ObjectionId, PublicNoticeId, ResultId};
use kernel::public_notice::{NoticeEvent, ObjectionOutcome, RowKey};
use kernel::rejection::{FaultList, Faults};
use platform::access::{Caller, Scope};
use platform::crypto::BlindIndex;
use platform::unit::{Begun, Unit};
use platform::{Error, Result};
use proto::results::v1::{
    RaiseObjectionRequest, RaiseObjectionResponse, ResolveObjectionRequest,
    ResolveObjectionResponse,
};
use uuid::Uuid;

use super::review::own_level;
use super::{Results, lock_batch};
use crate::domain::batch::{Batch, BatchFact};
use crate::domain::objector::{of_age, once};
use crate::domain::rejection::ResultNoticeRejection;
use crate::domain::result::{CandidateResult, ResultCommand};
use kernel::written::Written;
use crate::store;
use crate::store::objection::NewObjection;
use crate::store::person::Person;
use crate::store::result::Filter;

/// What the blind indexes of objections are for: finding a person twice at one row.
const OBJECTOR: &str = "results.objector";

/// What an objection says.
pub(crate) struct Objection {
    pub(crate) notice: PublicNoticeId,
    pub(crate) row: RowKey,
    pub(crate) objector: Person,
    pub(crate) grounds: Written,
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
            grounds,
        } = objection;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let today = unit.origin().occurred_at.date();
        let batch = store::notice::batch_behind(unit.connection(), notice_id).await?;
        // A public notice is everybody's.
        let (mut locked, batch) = lock_batch(&mut unit, &Scope::Province, batch).await?;
        let notice = store::notice::of_batch(unit.connection(), &batch).await?;
        let mut notice = notice.ok_or_else(|| Error::refused(ResultNoticeRejection::NotFound))?;

        let id = ObjectionId::from_uuid(Uuid::now_v7());
        let mut faults = FaultList::default();
        let events = notice.object(id, &row, today);
        let events = events.map_err(|refused| faults.extend(refused));
        let age = of_age(&objector.citizen_id, today);
        faults.take("objector_citizen_id", age);
        faults.finish()?;
        notice.apply_all(&events.unwrap_or_default());
        let result = self.row_behind(&mut unit, &batch, &row).await?.id;
        let index = self.first_of(&mut unit, result, &objector).await?;
        let new = NewObjection {
            id,
            notice: notice_id,
            result,
            objector: &objector,
            index: &index,
            grounds: &grounds,
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

    /// The blind index by which somebody is found again who objects to a result for the first time.
    async fn first_of(
        &self,
        unit: &mut Unit,
        result: ResultId,
        objector: &Person,
    ) -> Result<BlindIndex> {
        let person = [objector.citizen_id.reveal()];
        let mut indexes = self.indexer.index(OBJECTOR, &person);
        let earlier = store::objection::earlier(unit.connection(), result, &indexes).await?;
        once(earlier).map_err(|refused| Faults::at("objector_citizen_id", &refused))?;
        // The first is the one under the key in use.
        Ok(indexes.swap_remove(0))
    }

    /// Decides an objection, which the centre does that reviews the batch first. Dismissed, the row
    /// goes on, and concludes with the next sweep if its last day is over; upheld, it is taken out.
    pub async fn resolve_objection(
        &self,
        caller: &Caller,
        request: &ResolveObjectionRequest,
        objection: ObjectionId,
        outcome: ObjectionOutcome,
        reason: &Written,
    ) -> Result<ResolveObjectionResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let today = unit.origin().occurred_at.date();
        let scope = caller.scope();
        let (batch, result) =
            store::objection::locate(unit.connection(), &scope, objection).await?;
        let (mut locked, batch) = lock_batch(&mut unit, &scope, batch).await?;
        let own = own_level(caller);
        batch.objections_lie_with(own).map_err(Error::refused)?;
        let notice = store::notice::of_batch(unit.connection(), &batch).await?;
        let mut notice = notice.ok_or_else(|| Error::refused(ResultNoticeRejection::NotFound))?;

        let events = notice.resolve(objection, outcome)?;
        notice.apply_all(&events);
        let mut changes = Vec::new();
        for event in &events {
            if let NoticeEvent::RowUpheld { row } = event {
                let row = self.row_behind(&mut unit, &batch, row).await?;
                changes.push(row.carry_out(ResultCommand::TakeOut { objection })?);
            }
        }
        store::notice::save(unit.connection(), &notice).await?;
        let (connection, vault) = (unit.connection(), self.journal.vault());
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

    /// The result that a row of the notice shows.
    async fn row_behind(
        &self,
        unit: &mut Unit,
        batch: &Batch,
        row: &RowKey,
    ) -> Result<CandidateResult> {
        let tickets = [row.as_str().to_owned()];
        let named = Filter {
            tickets: Some(&tickets),
            ..Filter::default()
        };
        let vault = self.journal.vault();
        let mut rows = store::result::select(unit.connection(), vault, batch, named).await?;
        rows.pop()
            .ok_or_else(|| anyhow::anyhow!("a row is shown that the batch does not have").into())
    }
}
