//! `BatchService`.

use kernel::ids::{BatchId, PlanId, PublicNoticeId};
use kernel::typed;
use platform::Error;
use platform::access::caller;
use platform::unit::parsed;
use proto::results::v1 as results;
use proto::results::v1::batch_service_server::BatchService;
use tonic::{Request, Response, Status};

use super::{Face, at, batch_id, both, opened, posted};
use crate::convert;
use crate::domain::rejection::ResultNoticeRejection;
use crate::domain::scoring::{MOST_SCORES, ScoreEntry, check_form};
use crate::page::Page;

#[tonic::async_trait]
impl BatchService for Face {
    async fn open_batch(
        &self,
        request: Request<results::OpenBatchRequest>,
    ) -> Result<Response<results::OpenBatchResponse>, Status> {
        let (caller, request) = opened(request);
        let plan = at("plan_id", PlanId::parse(&request.plan_id));
        let plan = parsed(&request, plan)?;
        let reply = self
            .0
            .to_the_end(|results| async move { results.open_batch(&caller, &request, plan).await });
        Ok(Response::new(reply.await?))
    }

    async fn record_scores(
        &self,
        request: Request<results::RecordScoresRequest>,
    ) -> Result<Response<results::RecordScoresResponse>, Status> {
        let (caller, request) = opened(request);
        let (batch, entries) = scores(&request)?;
        let reply = self.0.record_scores(&caller, &request, batch, &entries);
        Ok(Response::new(reply.await?))
    }

    async fn open_public_notice(
        &self,
        request: Request<results::OpenPublicNoticeRequest>,
    ) -> Result<Response<results::OpenPublicNoticeResponse>, Status> {
        let (caller, request) = opened(request);
        let missing = &ResultNoticeRejection::ContactMissing;
        let contact = posted("objection_contact", &request.objection_contact, missing);
        let form = both(batch_id(&request.batch_id), contact);
        let (batch, contact) = parsed(&request, form)?;
        let reply = self.0.to_the_end(|results| async move {
            let opening = results.open_public_notice(&caller, &request, batch, &contact);
            opening.await
        });
        Ok(Response::new(reply.await?))
    }

    async fn upload_results(
        &self,
        request: Request<results::UploadResultsRequest>,
    ) -> Result<Response<results::UploadResultsResponse>, Status> {
        let (caller, request) = opened(request);
        let batch = parsed(&request, batch_id(&request.batch_id))?;
        let reply = self.0.to_the_end(|results| async move {
            results.upload_results(&caller, &request, batch).await
        });
        Ok(Response::new(reply.await?))
    }

    async fn get_batch(
        &self,
        request: Request<results::GetBatchRequest>,
    ) -> Result<Response<results::GetBatchResponse>, Status> {
        let batch = batch_id(&request.get_ref().batch_id).map_err(Error::from)?;
        Ok(Response::new(self.0.batch(caller(&request), batch).await?))
    }

    async fn list_results(
        &self,
        request: Request<results::ListResultsRequest>,
    ) -> Result<Response<results::ListResultsResponse>, Status> {
        let asked = request.get_ref();
        let page = Page::parse(&asked.batch_id, asked.page_size, &asked.page_token);
        let (batch, page) = both(batch_id(&asked.batch_id), page).map_err(Error::from)?;
        let reply = self.0.list_results(caller(&request), batch, &page);
        Ok(Response::new(reply.await?))
    }

    async fn get_public_notice(
        &self,
        request: Request<results::GetPublicNoticeRequest>,
    ) -> Result<Response<results::GetPublicNoticeResponse>, Status> {
        let asked = request.get_ref();
        let notice = PublicNoticeId::parse(&asked.public_notice_id);
        let notice = at("public_notice_id", notice);
        let page = Page::parse(&asked.public_notice_id, asked.page_size, &asked.page_token);
        let (notice, page) = both(notice, page).map_err(Error::from)?;
        Ok(Response::new(self.0.public_notice(notice, &page).await?))
    }
}

/// Scores for a batch. What is wrong with them the domain tells, together with what the batch has
/// against them; only where the call does not get so far is it told here.
fn scores(request: &results::RecordScoresRequest) -> platform::Result<(BatchId, Vec<ScoreEntry>)> {
    // One more than a call takes tells that there are too many; all of them could be very many.
    let given = request.scores.iter().take(MOST_SCORES + 1);
    let entries: Vec<_> = given.map(entry).collect();
    let batch = parsed(request, batch_id(&request.batch_id));
    let batch = batch.or_else(|_| {
        let form = both(batch_id(&request.batch_id), check_form(&entries));
        parsed(request, form.map(|(batch, ())| batch))
    })?;
    Ok((batch, entries))
}

fn entry(entry: &results::ScoreEntry) -> ScoreEntry {
    ScoreEntry {
        ticket_number: typed::normalise(&entry.ticket_number),
        part: convert::part(entry.part()),
        score: entry.score,
    }
}
