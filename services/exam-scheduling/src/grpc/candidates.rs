//! Candidates in numbers, over gRPC.

use futures::StreamExt;
use kernel::rejection::Faults;
use platform::Error;
use platform::access::{caller, caller_of};
use platform::unit::parsed;
use platform::upload::{Part, form};
use proto::exam::v1::candidate_service_server::CandidateService;
use proto::exam::v1::import_candidates_request as sent;
use proto::exam::v1::{
    AssignSeatsRequest, AssignSeatsResponse, CandidatesHeader, ImportCandidatesRequest,
    ImportCandidatesResponse, ListAdmissionTicketsRequest, ListAdmissionTicketsResponse,
};
use tonic::{Request, Response, Status, Streaming};

use super::roster::{Page, roster_page};
use super::{ExamScheduling, plan_id};
use crate::domain::seating::SeatingRejection;
use crate::sheets::candidates::LIMITS;

#[tonic::async_trait]
impl CandidateService for ExamScheduling {
    async fn import_candidates(
        &self,
        request: Request<Streaming<ImportCandidatesRequest>>,
    ) -> Result<Response<ImportCandidatesResponse>, Status> {
        let (_, extensions, parts) = request.into_parts();
        let parts = parts.map(|sent| sent.map(part));
        let plan = |header: &CandidatesHeader| plan_id(&header.plan_id);
        let (header, plan, file) = form(parts, LIMITS.bytes, plan).await?;
        let caller = caller_of(&extensions);
        let reply = self.app.import_candidates(caller, &header, plan, file);
        Ok(Response::new(reply.await?))
    }

    async fn assign_seats(
        &self,
        request: Request<AssignSeatsRequest>,
    ) -> Result<Response<AssignSeatsResponse>, Status> {
        let given = request.get_ref();
        let id = parsed(given, plan_id(&given.plan_id))?;
        let reply = self.app.assign_seats(caller(&request), given, id).await?;
        Ok(Response::new(reply))
    }

    async fn list_admission_tickets(
        &self,
        request: Request<ListAdmissionTicketsRequest>,
    ) -> Result<Response<ListAdmissionTicketsResponse>, Status> {
        let Page { id, after, size } = tickets(request.get_ref()).map_err(Error::from)?;
        let caller = caller(&request);
        let reply = self.app.admission_tickets(caller, id, after, size).await?;
        Ok(Response::new(reply))
    }
}

fn tickets(request: &ListAdmissionTicketsRequest) -> Result<Page, Faults> {
    let (plan, token) = (&request.plan_id, &request.page_token);
    let unreadable = SeatingRejection::PageToken;
    roster_page(plan, (token, request.page_size), &unreadable)
}

fn part(request: ImportCandidatesRequest) -> Option<Part<CandidatesHeader>> {
    Some(match request.part? {
        sent::Part::Header(header) => Part::Header(header),
        sent::Part::Content(piece) => Part::Content(piece),
    })
}
