//! What is done between the beginning of an inquiry and its end: asked, answered, found.

use kernel::inquiry::InquiryKind;
use kernel::rejection::Faults;
use kernel::working_day::DeadlineRule;
use kernel::written::Written;
use proto::common::v1 as common;

use super::case::Case;
use super::entry::{Author, EntryKind};
use super::evidence::Evidence;
use super::fact::InquiryFact;
use super::refusal::InquiryRejection;
use super::{Inquiries, InquiryId, store};
use crate::access::{Caller, Role};
use crate::contract::deadline_message;
use crate::error::{Error, Result};
use crate::unit::Begun;

impl Inquiries {
    /// Asks the organisation.
    pub(super) async fn ask(
        &self,
        caller: &Caller,
        request: &common::AskOrganizationRequest,
        id: InquiryId,
        question: &Written,
    ) -> Result<common::AskOrganizationResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::of_centre(&mut unit, caller, id).await?;
        let today = unit.today();
        let due = unit
            .reference()
            .await?
            .deadline(DeadlineRule::ObjectionAnswer, today, today)
            .map_err(Faults::from)?;
        let next = case.inquiry().ask(due.clone()).map_err(Error::refused)?;
        let fact = InquiryFact::OrganizationAsked { due: due.date };
        case.go_on(&mut unit, next, &fact).await?;
        case.write(&mut unit, EntryKind::Question, Author::Centre, question)
            .await?;
        unit.finish(common::AskOrganizationResponse {
            answer_due: Some(deadline_message(&due)),
        })
        .await
    }

    /// Takes the organisation's answer.
    pub(super) async fn answer(
        &self,
        caller: &Caller,
        request: &common::AnswerInquiryRequest,
        id: InquiryId,
        answer: &Written,
    ) -> Result<common::AnswerInquiryResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::of(&mut unit, caller, id).await?;
        if store::is_involved(unit.connection(), id, &caller.subject).await? {
            return Err(Error::refused(InquiryRejection::Involved));
        }
        let today = unit.today();
        let next = case.inquiry().answer(today).map_err(Error::refused)?;
        case.go_on(&mut unit, next, &InquiryFact::OrganizationAnswered)
            .await?;
        case.write(&mut unit, EntryKind::Answer, Author::Organization, answer)
            .await?;
        unit.finish(common::AnswerInquiryResponse {}).await
    }

    /// Takes a finding on record.
    pub(super) async fn find(
        &self,
        caller: &Caller,
        request: &common::RecordFindingRequest,
        id: InquiryId,
        finding: &Written,
    ) -> Result<common::RecordFindingResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::of_centre(&mut unit, caller, id).await?;
        let next = case.inquiry().find().map_err(Error::refused)?;
        let findings = next.findings;
        let fact = InquiryFact::FindingRecorded { findings };
        case.go_on(&mut unit, next, &fact).await?;
        case.write(&mut unit, EntryKind::Finding, Author::Centre, finding)
            .await?;
        unit.finish(common::RecordFindingResponse { findings })
            .await
    }

    /// Closes a lead, which nothing else waits for.
    pub(super) async fn close_lead(
        &self,
        caller: &Caller,
        request: &common::CloseLeadRequest,
        id: InquiryId,
        note: &Written,
    ) -> Result<common::CloseLeadResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::of_centre(&mut unit, caller, id).await?;
        if id.kind() != InquiryKind::Lead {
            return Err(Error::refused(InquiryRejection::NotALead));
        }
        case.close(&mut unit, note).await?;
        unit.finish(common::CloseLeadResponse {}).await
    }

    /// Takes a file of the centre or of the organisation.
    pub(super) async fn add_evidence(
        &self,
        caller: &Caller,
        request: &common::AddEvidenceRequest,
        id: InquiryId,
        file: Evidence,
    ) -> Result<common::AddEvidenceResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut case, author) = if caller.role == Role::Organization {
            (Case::of(&mut unit, caller, id).await?, Author::Organization)
        } else {
            let case = Case::of_centre(&mut unit, caller, id).await?;
            (case, Author::Centre)
        };
        let entry = case.keep(&mut unit, author, file).await?;
        unit.finish(common::AddEvidenceResponse { entry: Some(entry) })
            .await
    }

    /// Takes a file of whoever brought the matter forward.
    pub(super) async fn hand_in_evidence(
        &self,
        caller: &Caller,
        request: &common::HandInEvidenceRequest,
        file: Evidence,
    ) -> Result<common::HandInEvidenceResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::of_receipt(&mut unit, &request.receipt_code).await?;
        let entry = case.keep(&mut unit, Author::Party, file).await?;
        unit.finish(common::HandInEvidenceResponse { entry: Some(entry) })
            .await
    }
}
