//! `BatchService`.

use kernel::ids::{BatchId, PlanId, PublicNoticeId};
use kernel::rejection::Faults;
use platform::Error;
use platform::access::caller;
use proto::results::v1 as results;
use proto::results::v1::batch_service_server::BatchService;
use tonic::{Request, Response, Status};

use super::{Face, id};
use crate::app::Page;
use crate::convert;
use crate::domain::rejection::BatchRejection;
use crate::domain::scoring::ScoreEntry;

const PAGE: u16 = 100;
const LARGEST_PAGE: u16 = 500;

#[tonic::async_trait]
impl BatchService for Face {
    async fn open_batch(
        &self,
        request: Request<results::OpenBatchRequest>,
    ) -> Result<Response<results::OpenBatchResponse>, Status> {
        let (caller, request) = (caller(&request).clone(), request.into_inner());
        let plan = id("plan_id", &request.plan_id, PlanId::parse).map_err(Error::from)?;
        Ok(Response::new(
            self.0.open_batch(&caller, &request, plan).await?,
        ))
    }

    async fn record_scores(
        &self,
        request: Request<results::RecordScoresRequest>,
    ) -> Result<Response<results::RecordScoresResponse>, Status> {
        let (caller, request) = (caller(&request).clone(), request.into_inner());
        let batch = batch_id(&request.batch_id)?;
        let entry = |entry: &results::ScoreEntry| ScoreEntry {
            ticket_number: entry.ticket_number.trim().to_owned(),
            part: convert::part(entry.part()),
            score: entry.score,
        };
        let entries: Vec<_> = request.scores.iter().map(entry).collect();
        Ok(Response::new(
            self.0
                .record_scores(&caller, &request, batch, &entries)
                .await?,
        ))
    }

    async fn open_public_notice(
        &self,
        request: Request<results::OpenPublicNoticeRequest>,
    ) -> Result<Response<results::OpenPublicNoticeResponse>, Status> {
        let (caller, request) = (caller(&request).clone(), request.into_inner());
        let batch = batch_id(&request.batch_id)?;
        Ok(Response::new(
            self.0.open_public_notice(&caller, &request, batch).await?,
        ))
    }

    async fn upload_results(
        &self,
        request: Request<results::UploadResultsRequest>,
    ) -> Result<Response<results::UploadResultsResponse>, Status> {
        let (caller, request) = (caller(&request).clone(), request.into_inner());
        let batch = batch_id(&request.batch_id)?;
        Ok(Response::new(
            self.0.upload_results(&caller, &request, batch).await?,
        ))
    }

    async fn get_batch(
        &self,
        request: Request<results::GetBatchRequest>,
    ) -> Result<Response<results::GetBatchResponse>, Status> {
        let batch = batch_id(&request.get_ref().batch_id)?;
        Ok(Response::new(self.0.batch(caller(&request), batch).await?))
    }

    async fn list_results(
        &self,
        request: Request<results::ListResultsRequest>,
    ) -> Result<Response<results::ListResultsResponse>, Status> {
        let asked = request.get_ref();
        let batch = batch_id(&asked.batch_id)?;
        let page = page(asked.page_size, &asked.page_token).map_err(Error::from)?;
        Ok(Response::new(
            self.0.list_results(caller(&request), batch, &page).await?,
        ))
    }

    async fn get_public_notice(
        &self,
        request: Request<results::GetPublicNoticeRequest>,
    ) -> Result<Response<results::GetPublicNoticeResponse>, Status> {
        let notice = &request.get_ref().public_notice_id;
        let notice = id("public_notice_id", notice, PublicNoticeId::parse).map_err(Error::from)?;
        Ok(Response::new(self.0.public_notice(notice).await?))
    }
}

fn batch_id(text: &str) -> Result<BatchId, Error> {
    Ok(id("batch_id", text, BatchId::parse)?)
}

fn page(size: u32, token: &str) -> Result<Page, Faults> {
    let wrong = |field: &str| Faults::at(field, &BatchRejection::Page);
    let size = u16::try_from(size)
        .ok()
        .filter(|size| *size <= LARGEST_PAGE);
    let size = size.ok_or_else(|| wrong("page_size"))?;
    let after = hex::decode(token)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let after = after.ok_or_else(|| wrong("page_token"))?;
    Ok(Page {
        after,
        size: if size == 0 { PAGE } else { size },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_asked_for_within_limits_and_with_a_token_of_ours() {
        assert_eq!(page(0, "").expect("the first").size, PAGE);
        assert_eq!(page(500, "3031").expect("a later one").after, "01");
        for (size, token) in [(501, ""), (70_000, ""), (1, "01x"), (1, "ff")] {
            assert_eq!(
                page(size, token).err().expect("refused").codes(),
                ["PAGE_MALFORMED"]
            );
        }
    }
}
