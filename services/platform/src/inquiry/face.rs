//! `InquiryService`.

use kernel::ids::IdRejection;
use kernel::rejection::{FaultList, Faults};
use kernel::written::Written;
use proto::common::v1 as common;
use proto::common::v1::inquiry_service_server::{InquiryService, InquiryServiceServer};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::evidence::Evidence;
use super::read::Reveal;
use super::refusal::{EvidenceRejection, InquiryRejection};
use super::words::{closed_on, kind_message, state_message, wanted_kind, written};
use super::{Inquiries, InquiryId};
use crate::access::caller;
use crate::contract::{deadline_message, page_size, page_token};
use crate::error::Error;
use crate::unit::parsed;

const ID: &str = "inquiry_id";

impl Inquiries {
    /// The service, with messages of at most so many bytes.
    pub fn service(self, most_bytes: usize) -> InquiryServiceServer<Self> {
        InquiryServiceServer::new(self).max_decoding_message_size(most_bytes)
    }
}

#[tonic::async_trait]
impl InquiryService for Inquiries {
    async fn ask_organization(
        &self,
        request: Request<common::AskOrganizationRequest>,
    ) -> Result<Response<common::AskOrganizationResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let said = said(&request.inquiry_id, ("question", &request.question));
        let (id, question) = parsed(request, said)?;
        let reply = self.ask(caller, request, id, &question).await?;
        Ok(Response::new(reply))
    }

    async fn answer_inquiry(
        &self,
        request: Request<common::AnswerInquiryRequest>,
    ) -> Result<Response<common::AnswerInquiryResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let said = said(&request.inquiry_id, ("answer", &request.answer));
        let (id, answer) = parsed(request, said)?;
        let reply = self.answer(caller, request, id, &answer).await?;
        Ok(Response::new(reply))
    }

    async fn record_finding(
        &self,
        request: Request<common::RecordFindingRequest>,
    ) -> Result<Response<common::RecordFindingResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let said = said(&request.inquiry_id, ("finding", &request.finding));
        let (id, finding) = parsed(request, said)?;
        let reply = self.find(caller, request, id, &finding).await?;
        Ok(Response::new(reply))
    }

    async fn close_lead(
        &self,
        request: Request<common::CloseLeadRequest>,
    ) -> Result<Response<common::CloseLeadResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let said = said(&request.inquiry_id, ("note", &request.note));
        let (id, note) = parsed(request, said)?;
        let reply = self.close_lead(caller, request, id, &note).await?;
        Ok(Response::new(reply))
    }

    async fn add_evidence(
        &self,
        request: Request<common::AddEvidenceRequest>,
    ) -> Result<Response<common::AddEvidenceResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let mut faults = FaultList::default();
        let id = faults.take(ID, InquiryId::parse(&request.inquiry_id));
        let file = Evidence::parse(request.file.as_ref());
        let file = file.map_err(|refused| faults.extend(refused)).ok();
        let form = faults.finish().map(|()| id.zip(file));
        let Some((id, file)) = parsed(request, form)? else {
            unreachable!("a missing value is a fault, and there was none");
        };
        let reply = self.add_evidence(caller, request, id, file).await?;
        Ok(Response::new(reply))
    }

    async fn hand_in_evidence(
        &self,
        request: Request<common::HandInEvidenceRequest>,
    ) -> Result<Response<common::HandInEvidenceResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let file = parsed(request, Evidence::parse(request.file.as_ref()))?;
        let reply = self.hand_in_evidence(caller, request, file).await?;
        Ok(Response::new(reply))
    }

    async fn track_inquiry(
        &self,
        request: Request<common::TrackInquiryRequest>,
    ) -> Result<Response<common::TrackInquiryResponse>, Status> {
        let tracked = self.track(&request.get_ref().receipt_code).await?;
        let inquiry = &tracked.stored.inquiry;
        Ok(Response::new(common::TrackInquiryResponse {
            kind: kind_message(inquiry.kind).into(),
            received_on: inquiry.received_on.to_string(),
            due: Some(deadline_message(&inquiry.due)),
            state: state_message(inquiry.state()).into(),
            closed_on: closed_on(&tracked.stored),
            outcome: tracked.outcome,
        }))
    }

    async fn get_inquiry(
        &self,
        request: Request<common::GetInquiryRequest>,
    ) -> Result<Response<common::GetInquiryResponse>, Status> {
        let id = id(&request.get_ref().inquiry_id).map_err(Error::from)?;
        let reply = self.get(caller(&request), id).await?;
        Ok(Response::new(reply))
    }

    async fn list_inquiries(
        &self,
        request: Request<common::ListInquiriesRequest>,
    ) -> Result<Response<common::ListInquiriesResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let mut faults = FaultList::default();
        let kind = faults.take("kind", wanted_kind(request.kind));
        let before = page_token(
            &request.page_token,
            InquiryId::parse,
            &InquiryRejection::PageToken,
            &mut faults,
        );
        faults.finish().map_err(Error::from)?;
        let (kind, size) = (kind.flatten(), page_size(request.page_size));
        let page = self.list(caller, kind, request.open_only, before, size);
        Ok(Response::new(page.await?))
    }

    async fn get_evidence(
        &self,
        request: Request<common::GetEvidenceRequest>,
    ) -> Result<Response<common::GetEvidenceResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let id = id(&request.inquiry_id).map_err(Error::from)?;
        // What is no id is the id of nothing.
        let entry = Uuid::try_parse(&request.entry_id)
            .map_err(|_| Error::refused(EvidenceRejection::NotFound))?;
        let reply = self.evidence(caller, id, entry).await?;
        Ok(Response::new(reply))
    }

    async fn reveal_party(
        &self,
        request: Request<common::RevealPartyRequest>,
    ) -> Result<Response<common::RevealPartyResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let mut faults = FaultList::default();
        let id = faults.take(ID, InquiryId::parse(&request.inquiry_id));
        let reveal = match request.purpose() {
            common::RevealPurpose::VerifyIdentity => Ok(Reveal::Verify),
            common::RevealPurpose::AskForDetails => Ok(Reveal::Details),
            common::RevealPurpose::TellOutcome => Ok(Reveal::Outcome),
            common::RevealPurpose::Unspecified => Err(InquiryRejection::PurposeMissing),
        };
        let reveal = faults.take("purpose", reveal);
        faults.finish().map_err(Error::from)?;
        let Some((id, reveal)) = id.zip(reveal) else {
            unreachable!("a missing value is a fault, and there was none");
        };
        let party = Some(self.party(caller, id, reveal).await?);
        Ok(Response::new(common::RevealPartyResponse { party }))
    }
}

fn id(text: &str) -> Result<InquiryId, Faults> {
    InquiryId::parse(text).map_err(|refused: IdRejection| Faults::at(ID, &refused))
}

/// An id and a text, or the faults of both.
fn said(given: &str, (field, text): (&str, &str)) -> Result<(InquiryId, Written), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take(ID, InquiryId::parse(given));
    let text = written(field, text);
    let text = text.map_err(|refused| faults.extend(refused)).ok();
    faults.finish()?;
    Ok(id
        .zip(text)
        .expect("a missing value is a fault, and there was none"))
}
