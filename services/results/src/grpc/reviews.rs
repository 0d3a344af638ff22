//! `ResultReviewService`.

use kernel::ids::ResultId;
use kernel::rejection::{FaultList, Faults};
use platform::unit::parsed;
use proto::results::v1 as results;
use proto::results::v1::result_review_service_server::ResultReviewService;
use tonic::{Request, Response, Status};

use super::{Face, at, batch_id, both, confirmed, opened, written};
use crate::convert;
use crate::domain::rejection::ReviewRejection;
use crate::domain::review::{GivenBack, MOST_RETURNED, ReviewLevel};

#[tonic::async_trait]
impl ResultReviewService for Face {
    async fn propose_review(
        &self,
        request: Request<results::ProposeReviewRequest>,
    ) -> Result<Response<results::ProposeReviewResponse>, Status> {
        let (caller, request) = opened(request);
        let level = convert::review_level(request.level()).ok_or(ReviewRejection::LevelMissing);
        let review = both(at("level", level), given_back(&request.returned));
        let form = both(batch_id(&request.batch_id), review);
        let (batch, (level, returned)): (_, (ReviewLevel, _)) = parsed(&request, form)?;
        let reply = self
            .0
            .propose_review(&caller, &request, batch, level, &returned);
        Ok(Response::new(reply.await?))
    }

    async fn confirm_review(
        &self,
        request: Request<results::ConfirmReviewRequest>,
    ) -> Result<Response<results::ConfirmReviewResponse>, Status> {
        let (caller, request) = opened(request);
        let confirmed = confirmed(batch_id(&request.batch_id), request.confirmation.as_ref());
        let (batch, stated) = parsed(&request, confirmed)?;
        let reply = self.0.to_the_end(|results| async move {
            let review = results.confirm_review(&caller, &request, batch, stated);
            review.await
        });
        Ok(Response::new(reply.await?))
    }

    async fn resubmit_result(
        &self,
        request: Request<results::ResubmitResultRequest>,
    ) -> Result<Response<results::ResubmitResultResponse>, Status> {
        let (caller, request) = opened(request);
        let result = at("result_id", ResultId::parse(&request.result_id));
        let answer = written("answer", &request.answer, &ReviewRejection::AnswerMissing);
        let (result, answer) = parsed(&request, both(result, answer))?;
        let reply = self.0.resubmit_result(&caller, &request, result, answer);
        Ok(Response::new(reply.await?))
    }
}

fn given_back(returned: &[results::ReturnedResult]) -> Result<Vec<GivenBack>, Faults> {
    let limit = MOST_RETURNED;
    let mut faults = FaultList::default();
    let too_many = ReviewRejection::TooManyReturned { limit };
    faults.require(returned.len() <= limit, "returned", &too_many);
    let mut rows = Vec::new();
    for (index, row) in returned.iter().take(limit).enumerate() {
        let path = |field: &str| format!("returned[{index}].{field}");
        let result = at(&path("result_id"), ResultId::parse(&row.result_id));
        let missing = &ReviewRejection::ReturnReasonMissing;
        let reason = written(&path("reason"), &row.reason, missing);
        match both(result, reason) {
            Ok((result, reason)) => rows.push(GivenBack { result, reason }),
            Err(refused) => faults.extend(refused),
        }
    }
    faults.finish()?;
    Ok(rows)
}
