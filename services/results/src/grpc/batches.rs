//! `BatchService`.

use futures::StreamExt;
use kernel::ids::{BatchId, PlanId, PublicNoticeId};
use kernel::rejection::Faults;
use kernel::typed;
use kernel::written::Written;
use platform::Error;
use platform::access::{caller, caller_of};
use platform::unit::parsed;
use platform::upload::{Part, form};
use proto::results::v1 as results;
use proto::results::v1::batch_service_server::BatchService;
use proto::results::v1::import_scores_request::Part as Sent;
use tonic::{Request, Response, Status, Streaming};

use super::{Face, at, batch_id, both, confirmed, opened, posted, written};
use crate::app::Wanted;
use crate::convert;
use crate::domain::rejection::ResultNoticeRejection;
use crate::domain::scoring::{MOST_SCORES, ScoreEntry, Spot, check_form};
use crate::page::Page;
use crate::sheets;

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

    async fn import_scores(
        &self,
        request: Request<Streaming<results::ImportScoresRequest>>,
    ) -> Result<Response<results::ImportScoresResponse>, Status> {
        let (_, extensions, parts) = request.into_parts();
        let parts = parts.map(|sent| sent.map(part));
        let limit = sheets::LIMITS.bytes;
        let read = |header: &results::ScoresHeader| batch_id(&header.batch_id);
        let (header, batch, file) = form(parts, limit, read).await?;
        let caller = caller_of(&extensions).clone();
        let reply = self.0.to_the_end(|results| async move {
            let import = results.import_scores(&caller, &header, batch, file);
            import.await
        });
        Ok(Response::new(reply.await?))
    }

    async fn propose_public_notice(
        &self,
        request: Request<results::ProposePublicNoticeRequest>,
    ) -> Result<Response<results::ProposePublicNoticeResponse>, Status> {
        let (caller, request) = opened(request);
        let contact = contact(&request.objection_contact);
        let form = both(batch_id(&request.batch_id), contact);
        let (batch, contact) = parsed(&request, form)?;
        let reply = self
            .0
            .propose_public_notice(&caller, &request, batch, &contact);
        Ok(Response::new(reply.await?))
    }

    async fn open_public_notice(
        &self,
        request: Request<results::OpenPublicNoticeRequest>,
    ) -> Result<Response<results::OpenPublicNoticeResponse>, Status> {
        let (caller, request) = opened(request);
        let confirmed = confirmed(batch_id(&request.batch_id), request.confirmation.as_ref());
        let (batch, stated) = parsed(&request, confirmed)?;
        let reply = self.0.to_the_end(|results| async move {
            let opening = results.open_public_notice(&caller, &request, batch, stated);
            opening.await
        });
        Ok(Response::new(reply.await?))
    }

    async fn propose_score_change(
        &self,
        request: Request<results::ProposeScoreChangeRequest>,
    ) -> Result<Response<results::ProposeScoreChangeResponse>, Status> {
        let (caller, request) = opened(request);
        let (batch, wanted) = change(&request)?;
        let reply = self
            .0
            .propose_score_change(&caller, &request, batch, &wanted);
        Ok(Response::new(reply.await?))
    }

    async fn change_scores(
        &self,
        request: Request<results::ChangeScoresRequest>,
    ) -> Result<Response<results::ChangeScoresResponse>, Status> {
        let (caller, request) = opened(request);
        let confirmed = confirmed(batch_id(&request.batch_id), request.confirmation.as_ref());
        let (batch, stated) = parsed(&request, confirmed)?;
        let reply = self.0.to_the_end(|results| async move {
            let change = results.change_scores(&caller, &request, batch, stated);
            change.await
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

/// What a message brings.
fn part(request: results::ImportScoresRequest) -> Option<Part<results::ScoresHeader>> {
    Some(match request.part? {
        Sent::Header(header) => Part::Header(header),
        Sent::Content(piece) => Part::Content(piece),
    })
}

fn contact(line: &str) -> Result<Written, Faults> {
    let missing = &ResultNoticeRejection::ContactMissing;
    posted("objection_contact", line, missing)
}

/// A change of scores. Where its form is in order the domain tells what is wrong with the scores.
fn change(request: &results::ProposeScoreChangeRequest) -> platform::Result<(BatchId, Wanted)> {
    let entries = entries(&request.scores);
    let missing = &ResultNoticeRejection::ChangeReasonMissing;
    let reason = written("reason", &request.reason, missing);
    let form = both(reason, contact(&request.objection_contact));
    let form = both(batch_id(&request.batch_id), form);
    let form = form.map_err(|refused| match check_form(&entries) {
        Ok(()) => refused,
        Err(scores) => both::<(), ()>(Err(refused), Err(scores)).expect_err("both are faults"),
    });
    let (batch, (reason, objection_contact)) = parsed(request, form)?;
    let wanted = Wanted {
        entries,
        reason,
        objection_contact,
    };
    Ok((batch, wanted))
}

/// Scores for a batch. What is wrong with them the domain tells, together with what the batch has
/// against them; only where the call does not get so far is it told here.
fn scores(request: &results::RecordScoresRequest) -> platform::Result<(BatchId, Vec<ScoreEntry>)> {
    let entries = entries(&request.scores);
    let batch = parsed(request, batch_id(&request.batch_id));
    let batch = batch.or_else(|_| {
        let form = both(batch_id(&request.batch_id), check_form(&entries));
        parsed(request, form.map(|(batch, ())| batch))
    })?;
    Ok((batch, entries))
}

/// One more than a call takes tells that there are too many; all of them could be very many.
fn entries(given: &[results::ScoreEntry]) -> Vec<ScoreEntry> {
    let given = given.iter().take(MOST_SCORES + 1).enumerate();
    given.map(entry).collect()
}

fn entry((index, entry): (usize, &results::ScoreEntry)) -> ScoreEntry {
    ScoreEntry {
        spot: Spot::Listed(index),
        ticket_number: typed::normalise(&entry.ticket_number),
        part: convert::part(entry.part()),
        score: entry.score,
    }
}
