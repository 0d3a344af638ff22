//! Opening a batch: the locked roster becomes one row a candidate.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::ids::{BatchId, PlanId, ResultId};
use platform::access::Caller;
use platform::unit::{Begun, Unit};
use platform::{Error, Result};
use proto::results::v1::{OpenBatchRequest, OpenBatchResponse};
use uuid::Uuid;

use super::neighbours::{Entrant, HeldPlan};
use super::rows::lock_rows;
use super::{BATCH, RESULT, Results};
use crate::domain::batch::{Batch, BatchFact};
use crate::domain::exam::{Passing, Subject};
use crate::domain::person::Person;
use crate::domain::rejection::BatchRejection;
use crate::domain::resit;
use crate::domain::result::{CandidateResult, Change, ResultFact, ResultState};
use crate::show;
use crate::store;
use crate::store::CHUNK;
use crate::store::resit::Examined;

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
        let exam = Exam {
            batch: &batch,
            subjects: &subjects,
            begins_on: sittings.iter().map(|sitting| sitting.held_on).min(),
        };
        self.open_rows(&mut unit, &exam, entrants).await?;
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
        exam: &Exam<'_>,
        entrants: Vec<Entrant>,
    ) -> Result<()> {
        let mut rows: Vec<_> = entrants.into_iter().map(row).collect();
        rows.sort_by_key(|(row, _)| row.id);
        for chunk in rows.chunks_mut(CHUNK) {
            self.keep_passed_parts(unit, exam, chunk).await?;
            store::result::insert(unit.connection(), self.journal.vault(), exam.batch, chunk)
                .await?;
            let opened = |(row, _): &(CandidateResult, Person)| Change {
                result: row.clone(),
                fact: ResultFact::ResultOpened {
                    candidate: row.candidate,
                },
            };
            let changes: Vec<Change> = chunk.iter().map(opened).collect();
            let mut locked = lock_rows(unit, &changes).await?;
            self.record_rows(unit, exam.batch, &mut locked, &changes)
                .await?;
        }
        Ok(())
    }

    /// Adds to each row what its candidate passed before and keeps. The earlier results are locked
    /// while it is counted how often each was kept, so that no two batches keep one too often.
    async fn keep_passed_parts(
        &self,
        unit: &mut Unit,
        exam: &Exam<'_>,
        rows: &mut [(CandidateResult, Person)],
    ) -> Result<()> {
        let Some(begins_on) = exam.begins_on else {
            return Ok(());
        };
        let (vault, mark) = (self.journal.vault(), self.rules.pass_mark);
        let subject = |row: &CandidateResult| &exam.subjects[usize::from(row.subject)];
        let people: Vec<_> = rows
            .iter()
            .map(|(row, person)| Examined {
                person,
                subject: subject(row),
            })
            .collect();
        let connection = unit.connection();
        let mut earlier =
            store::resit::earlier(connection, vault, exam.batch, mark, &people).await?;
        let results = earlier.iter().flatten().map(|pass| pass.result.uuid());
        let results: Vec<Uuid> = results.collect::<BTreeSet<_>>().into_iter().collect();
        if results.is_empty() {
            return Ok(());
        }
        unit.lock_all(RESULT, &results).await?;
        let kept = store::resit::count_kept(unit.connection(), &results).await?;
        for pass in earlier.iter_mut().flatten() {
            let times = kept.get(&(pass.result, pass.part));
            pass.kept = times.copied().unwrap_or_default();
        }
        let pilot = unit.reference().await?.pilot_on(unit.today());
        for ((row, _), passes) in rows.iter_mut().zip(&earlier) {
            let passing = Passing::of(subject(row).level, mark);
            resit::keep(&mut row.parts, passing, passes, begins_on, &pilot);
        }
        Ok(())
    }
}

/// What the rows of a batch come from.
struct Exam<'a> {
    batch: &'a Batch,
    subjects: &'a [Subject],
    begins_on: Option<Date>,
}

fn row(entrant: Entrant) -> (CandidateResult, Person) {
    let row = CandidateResult {
        id: ResultId::from_uuid(Uuid::now_v7()),
        candidate: entrant.candidate,
        ticket_number: entrant.ticket_number,
        subject: entrant.subject,
        masked_name: entrant.person.name.masked(),
        masked_document_number: entrant.person.document.masked(),
        salt: rand::random(),
        state: ResultState::Scoring,
        parts: entrant.parts,
        returned_reason: None,
        answer: None,
        city_review: None,
        province_review: None,
        public_notice: None,
    };
    (row, entrant.person)
}
