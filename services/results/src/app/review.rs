//! Upload and review: from the end of the notice to the approval of both levels.

use kernel::ids::{BatchId, ResultId};
use kernel::public_notice::RowState;
use kernel::rejection::Faults;
use kernel::two_persons::Stated;
use kernel::working_day::DeadlineRule;
use platform::access::{Caller, Role};
use platform::contract::deadline_message;
use platform::proposal;
use platform::unit::Begun;
use platform::{Error, Result};
use proto::results::v1::{
    ConfirmReviewRequest, ConfirmReviewResponse, ProposeReviewRequest, ProposeReviewResponse,
    ResubmitResultRequest, ResubmitResultResponse, UploadResultsRequest, UploadResultsResponse,
};

use super::{Results, count, lock_batch};
use crate::domain::batch::BatchFact;
use crate::domain::rejection::ReviewRejection;
use crate::domain::result::{ResultCommand, ResultState};
use crate::domain::review::{GivenBack, ReviewContent, ReviewLevel, on_own_level};
use crate::store;
use crate::store::result::Filter;
use kernel::written::Written;

/// The level on which a caller reviews.
pub(super) fn own_level(caller: &Caller) -> Option<ReviewLevel> {
    match caller.role {
        Role::CityCentre => Some(ReviewLevel::City),
        Role::ProvinceCentre => Some(ReviewLevel::Province),
        _ => None,
    }
}

fn waiting(level: ReviewLevel) -> Filter<'static> {
    Filter {
        state: Some(level.waiting()),
        ..Filter::default()
    }
}

impl Results {
    /// Uploads every row whose notice is over.
    pub async fn upload_results(
        &self,
        caller: &Caller,
        request: &UploadResultsRequest,
        batch: BatchId,
    ) -> Result<UploadResultsResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, batch) = lock_batch(&mut unit, &caller.scope(), batch).await?;
        let concluded = Filter {
            state: Some(ResultState::NoticeConcluded),
            ..Filter::default()
        };
        let vault = self.journal.vault();
        let rows = store::result::select(unit.connection(), vault, &batch, concluded).await?;
        if rows.is_empty() {
            return Err(Error::refused(ReviewRejection::NothingToUpload));
        }
        let notices = store::notice::open_of(unit.connection(), &batch).await?;
        let held = notices
            .iter()
            .map(|notice| notice.rows_in(RowState::Held).count());
        let held = held.sum();
        let today = unit.today();
        let reference = unit.reference().await?;
        let review_due = reference.deadline(DeadlineRule::ResultReview, today, today);
        let review_due = review_due.map_err(Faults::from)?;
        let route = batch.route();
        let mut changes = Vec::with_capacity(rows.len());
        for row in rows {
            changes.push(row.carry_out(ResultCommand::Upload { route })?);
        }
        let uploaded = changes.len();
        self.save_rows(&mut unit, &batch, changes).await?;
        let fact = BatchFact::ResultsUploaded {
            to: route.first(),
            uploaded,
            held,
        };
        Self::record_batch(&mut unit, &mut locked, &batch, &fact).await?;
        let (uploaded, held) = (count(uploaded)?, count(held)?);
        unit.finish(UploadResultsResponse {
            uploaded,
            held,
            review_due: Some(deadline_message(&review_due)),
        })
        .await
    }

    /// First person of a centre.
    pub async fn propose_review(
        &self,
        caller: &Caller,
        request: &ProposeReviewRequest,
        batch: BatchId,
        level: ReviewLevel,
        given_back: &[GivenBack],
    ) -> Result<ProposeReviewResponse> {
        on_own_level(own_level(caller), level).map_err(Error::refused)?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, batch) = lock_batch(&mut unit, &caller.scope(), batch).await?;
        let (connection, vault) = (unit.connection(), self.journal.vault());
        let rows = store::result::select(connection, vault, &batch, waiting(level)).await?;
        let content = ReviewContent::propose(level, &rows, given_back)?;
        let (hash, action) = (content.hash(), level.action());
        let proposal =
            proposal::propose(&mut unit, &locked, caller, action, hash, &content).await?;
        let (approved, returned) = (content.approved(), content.returned());
        let fact = BatchFact::ReviewProposed {
            level,
            content_hash: hash,
            approved,
            returned,
        };
        Self::record_batch(&mut unit, &mut locked, &batch, &fact).await?;
        let approved = count(approved)?;
        unit.finish(ProposeReviewResponse {
            proposal: Some(proposal),
            approved,
        })
        .await
    }

    /// Second person of the same centre.
    pub async fn confirm_review(
        &self,
        caller: &Caller,
        request: &ConfirmReviewRequest,
        batch: BatchId,
        stated: Stated,
    ) -> Result<ConfirmReviewResponse> {
        let level = own_level(caller);
        let level = level.ok_or_else(|| Error::refused(ReviewRejection::LevelForeign))?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, batch) = lock_batch(&mut unit, &caller.scope(), batch).await?;
        let (connection, vault) = (unit.connection(), self.journal.vault());
        let rows = store::result::select(connection, vault, &batch, waiting(level)).await?;
        let current = |content: &ReviewContent| content.over(&rows).hash();
        let confirmed =
            proposal::confirm(&mut unit, &locked, caller, level.action(), stated, current).await?;
        let content: ReviewContent = confirmed.content;
        let changes = content.carry_out(confirmed.id, rows)?;
        self.save_rows(&mut unit, &batch, changes).await?;
        let (approved, returned) = (content.approved(), content.returned());
        let review = confirmed.id;
        let fact = BatchFact::ReviewConfirmed {
            level,
            review,
            approved,
            returned,
        };
        Self::record_batch(&mut unit, &mut locked, &batch, &fact).await?;
        let (approved, returned) = (count(approved)?, count(returned)?);
        unit.finish(ConfirmReviewResponse { approved, returned })
            .await
    }

    /// The organisation answers a row that was given back; it waits again where it came from.
    pub async fn resubmit_result(
        &self,
        caller: &Caller,
        request: &ResubmitResultRequest,
        result: ResultId,
        answer: Written,
    ) -> Result<ResubmitResultResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let scope = caller.scope();
        let (batch, ticket) = store::result::locate(unit.connection(), &scope, result).await?;
        let (_, batch) = lock_batch(&mut unit, &scope, batch).await?;
        let named = Filter {
            tickets: Some(&[ticket]),
            ..Filter::default()
        };
        let vault = self.journal.vault();
        let mut rows = store::result::select(unit.connection(), vault, &batch, named).await?;
        let row = rows
            .pop()
            .ok_or_else(|| Error::refused(ReviewRejection::ResultNotFound))?;
        let change = row.carry_out(ResultCommand::Resubmit { answer })?;
        self.save_rows(&mut unit, &batch, vec![change]).await?;
        unit.finish(ResubmitResultResponse {}).await
    }
}
