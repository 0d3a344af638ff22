//! `ResultReviewService`.

use kernel::ids::{BatchId, ResultId};
use kernel::rejection::{FaultList, Faults};
use platform::Error;
use platform::access::caller;
use platform::proposal::parse_confirmation;
use proto::results::v1 as results;
use proto::results::v1::result_review_service_server::ResultReviewService;
use tonic::{Request, Response, Status};

use super::{Face, both, id};
use crate::convert;
use crate::domain::rejection::ReviewRejection;
use crate::domain::review::{GivenBack, ReviewLevel};

#[tonic::async_trait]
impl ResultReviewService for Face {
    async fn propose_review(
        &self,
        request: Request<results::ProposeReviewRequest>,
    ) -> Result<Response<results::ProposeReviewResponse>, Status> {
        let (caller, request) = (caller(&request).clone(), request.into_inner());
        let batch = id("batch_id", &request.batch_id, BatchId::parse);
        let (batch, (level, returned)) = both(batch, review(&request)).map_err(Error::from)?;
        let reply = self
            .0
            .propose_review(&caller, &request, batch, level, &returned)
            .await?;
        Ok(Response::new(reply))
    }

    async fn confirm_review(
        &self,
        request: Request<results::ConfirmReviewRequest>,
    ) -> Result<Response<results::ConfirmReviewResponse>, Status> {
        let (caller, request) = (caller(&request).clone(), request.into_inner());
        let batch = id("batch_id", &request.batch_id, BatchId::parse);
        let stated = parse_confirmation(request.confirmation.as_ref());
        let (batch, stated) = both(batch, stated).map_err(Error::from)?;
        Ok(Response::new(
            self.0
                .confirm_review(&caller, &request, batch, stated)
                .await?,
        ))
    }

    async fn resubmit_result(
        &self,
        request: Request<results::ResubmitResultRequest>,
    ) -> Result<Response<results::ResubmitResultResponse>, Status> {
        let (caller, request) = (caller(&request).clone(), request.into_inner());
        let result = id("result_id", &request.result_id, ResultId::parse).map_err(Error::from)?;
        Ok(Response::new(
            self.0.resubmit_result(&caller, &request, result).await?,
        ))
    }
}

fn review(
    request: &results::ProposeReviewRequest,
) -> Result<(ReviewLevel, Vec<GivenBack>), Faults> {
    let mut faults = FaultList::default();
    let level = convert::review_level(request.level()).ok_or(ReviewRejection::LevelMissing);
    let level = faults.take("level", level);
    let mut returned = Vec::with_capacity(request.returned.len());
    for (index, row) in request.returned.iter().enumerate() {
        let field = format!("returned[{index}].result_id");
        if let Some(result) = faults.take(field, ResultId::parse(&row.result_id)) {
            returned.push(GivenBack {
                result,
                reason: row.reason.clone(),
            });
        }
    }
    faults.finish()?;
    Ok((level.ok_or(ReviewRejection::LevelMissing)?, returned))
}
