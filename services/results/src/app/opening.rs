//! Opening a batch: the locked roster becomes one row a candidate.

use kernel::content_hash::ContentHash;
use kernel::ids::{BatchId, PlanId, ResultId};
use platform::access::Caller;
use platform::unit::{Begun, Unit};
use platform::{Error, Result};
use proto::results::v1::{OpenBatchRequest, OpenBatchResponse};
use uuid::Uuid;

use super::neighbours::{Entrant, HeldPlan};
use super::rows::lock_rows;
use super::{BATCH, Results};
use crate::domain::batch::{Batch, BatchFact};
use crate::domain::rejection::BatchRejection;
use crate::domain::result::{CandidateResult, Change, ResultFact, ResultState};
use crate::show;
use crate::store;
use crate::store::CHUNK;
use crate::store::person::Person;

impl Results {
    /// Opens the batch of a plan.
    pub async fn open_batch(
        &self,
        caller: &Caller,
        request: &OpenBatchRequest,
        plan: PlanId,
    ) -> Result<OpenBatchResponse> {
        // What was answered before is answered so again, whether or not the neighbours are there.
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        let mut connection = self.journal.pool().acquire().await?;
        let (organization, locked_roster) =
            store::plan::find(&mut connection, &caller.scope(), plan).await?;
        drop(connection);
        let HeldPlan { subjects, sittings } = self.neighbours.plan(plan).await?;
        let (entrants, roster) = self.neighbours.roster(plan).await?;
        locked_roster.matches(&roster).map_err(Error::refused)?;
        if entrants
            .iter()
            .any(|entrant| usize::from(entrant.subject) >= subjects.len())
        {
            return Err(Error::refused(BatchRejection::RosterMismatch));
        }
        let evaluator = self.neighbours.organization(organization).await?;

        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let setting = self.rules.province_filed_review;
        let batch = Batch {
            id: BatchId::from_uuid(Uuid::now_v7()),
            plan,
            organization,
            organization_code: evaluator.code,
            organization_name: evaluator.name,
            filing_division: evaluator.filing_division,
            review_area: setting.area(evaluator.filing_division, &sittings),
        };
        let mut locked = unit.lock(BATCH, batch.id.uuid()).await?;
        store::batch::insert(unit.connection(), &batch, &subjects, &sittings).await?;
        self.open_rows(&mut unit, &batch, entrants).await?;
        let opened = BatchFact::BatchOpened {
            plan,
            organization,
            organization_code: batch.organization_code,
            filing_division: batch.filing_division,
            review_area: batch.review_area,
            entries: roster.entries,
            roster_digest: ContentHash::from_bytes(roster.digest),
        };
        Self::record_batch(&mut unit, &mut locked, &batch, &opened).await?;
        let counts = store::batch::counts(unit.connection(), batch.id).await?;
        unit.finish(OpenBatchResponse {
            batch: Some(show::batch(&batch, &counts)),
        })
        .await
    }

    async fn open_rows(
        &self,
        unit: &mut Unit,
        batch: &Batch,
        entrants: Vec<Entrant>,
    ) -> Result<()> {
        let mut rows: Vec<_> = entrants.into_iter().map(row).collect();
        rows.sort_by_key(|(row, _)| row.id);
        for chunk in rows.chunks(CHUNK) {
            store::result::insert(unit.connection(), self.journal.vault(), batch, chunk).await?;
            let opened = |(row, _): &(CandidateResult, Person)| Change {
                result: row.clone(),
                fact: ResultFact::ResultOpened {
                    candidate: row.candidate,
                },
            };
            let changes: Vec<Change> = chunk.iter().map(opened).collect();
            let mut locked = lock_rows(unit, &changes).await?;
            self.record_rows(unit, batch, &mut locked, &changes).await?;
        }
        Ok(())
    }
}

fn row(entrant: Entrant) -> (CandidateResult, Person) {
    let row = CandidateResult {
        id: ResultId::from_uuid(Uuid::now_v7()),
        candidate: entrant.candidate,
        ticket_number: entrant.ticket_number,
        subject: entrant.subject,
        masked_name: entrant.person.name.masked(),
        masked_document_number: entrant.person.citizen_id.masked(),
        salt: rand::random(),
        state: ResultState::Scoring,
        parts: entrant.parts,
        returned_reason: None,
        answer: None,
        city_review: None,
        province_review: None,
    };
    (row, entrant.person)
}
