//! Complaints: anybody's, looked into by the centre with which the organisation filed. How they are
//! looked into between beginning and end is [`platform::inquiry`]'s.

use jiff::civil::Date;
use kernel::ids::{ComplaintId, OrganizationId};
use kernel::inquiry::{Channel, Party, of_age};
use kernel::rejection::{FaultList, Faults};
use kernel::working_day::DeadlineRule;
use kernel::written::Written;
use platform::Result;
use platform::access::{Caller, Scope};
use platform::contract::deadline_message;
use platform::inquiry::{self, Case, InquiryRejection, Opening};
use platform::unit::{Begun, Unit};
use proto::review::v1 as review;
use uuid::Uuid;

use super::App;
use crate::domain::{ComplaintOutcome, ComplaintRejection};
use crate::store;
use crate::store::evaluation_organization::Known;

/// What a complaint says.
pub(crate) struct Complaint {
    /// About whom.
    pub(crate) organization: OrganizationId,
    /// Who complains; nobody where it is without a name.
    pub(crate) party: Option<Party>,
    /// What of.
    pub(crate) statement: Written,
}

impl App {
    /// Takes a complaint.
    pub(crate) async fn lodge_complaint(
        &self,
        caller: &Caller,
        request: &review::LodgeComplaintRequest,
        complaint: Complaint,
    ) -> Result<review::LodgeComplaintResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let known = complained_of(&mut unit, &Scope::Province, &complaint).await?;
        let came = (Channel::Online, unit.today());
        let (id, receipt_code) = take_complaint(&mut unit, &known, complaint, came).await?;
        unit.finish(review::LodgeComplaintResponse {
            complaint_id: id.to_string(),
            receipt_code,
        })
        .await
    }

    /// Takes a complaint that a clerk of the centre enters.
    pub(crate) async fn record_complaint(
        &self,
        caller: &Caller,
        request: &review::RecordComplaintRequest,
        complaint: Complaint,
        came: (Channel, Date),
    ) -> Result<review::RecordComplaintResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let known = complained_of(&mut unit, &caller.scope(), &complaint).await?;
        inquiry::require_centre(caller, known.filing_division)?;
        let (id, receipt_code) = take_complaint(&mut unit, &known, complaint, came).await?;
        unit.finish(review::RecordComplaintResponse {
            complaint_id: id.to_string(),
            receipt_code,
        })
        .await
    }

    /// Takes a complaint up, to be answered by a day.
    pub(crate) async fn take_up_complaint(
        &self,
        caller: &Caller,
        request: &review::TakeUpComplaintRequest,
        id: ComplaintId,
    ) -> Result<review::TakeUpComplaintResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::of_centre(&mut unit, caller, id.into()).await?;
        let (today, reference) = (unit.today(), unit.reference().await?);
        let due = reference.deadline(DeadlineRule::ComplaintAnswer, today, today);
        let due = due.map_err(Faults::from)?;
        case.take_up(&mut unit, due.clone()).await?;
        unit.finish(review::TakeUpComplaintResponse {
            due: Some(deadline_message(&due)),
        })
        .await
    }

    /// Declines a complaint.
    pub(crate) async fn decline_complaint(
        &self,
        caller: &Caller,
        request: &review::DeclineComplaintRequest,
        id: ComplaintId,
        reason: &Written,
    ) -> Result<review::DeclineComplaintResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::of_centre(&mut unit, caller, id.into()).await?;
        case.decline(&mut unit, reason).await?;
        unit.finish(review::DeclineComplaintResponse {}).await
    }

    /// Closes a complaint with what came of it.
    pub(crate) async fn conclude_complaint(
        &self,
        caller: &Caller,
        request: &review::ConcludeComplaintRequest,
        id: ComplaintId,
        outcome: ComplaintOutcome,
        reason: &Written,
    ) -> Result<review::ConcludeComplaintResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::of_centre(&mut unit, caller, id.into()).await?;
        case.close(&mut unit, reason).await?;
        let today = unit.today();
        store::complaint::conclude(unit.connection(), id, outcome, today).await?;
        unit.finish(review::ConcludeComplaintResponse {}).await
    }
}

/// The organisation that is complained of.
async fn complained_of(unit: &mut Unit, scope: &Scope, complaint: &Complaint) -> Result<Known> {
    let organization = complaint.organization;
    let today = unit.today();
    let known =
        store::evaluation_organization::find(unit.connection(), organization, today).await?;
    let known = known.filter(|known| scope.covers(known.filing_division, organization));
    let unknown = || {
        let unknown = ComplaintRejection::OrganizationNotFound;
        Faults::at("organization_id", &unknown)
    };
    Ok(known.ok_or_else(unknown)?)
}

/// The complaint's id and the code by which whoever complained asks about it.
async fn take_complaint(
    unit: &mut Unit,
    known: &Known,
    complaint: Complaint,
    (channel, received_on): (Channel, Date),
) -> Result<(ComplaintId, String)> {
    let (today, reference) = (unit.today(), unit.reference().await?);
    let mut faults = FaultList::default();
    let future = InquiryRejection::ReceivedInFuture;
    faults.require(received_on <= today, "received_on", &future);
    if let Some(party) = &complaint.party {
        let of_age = of_age(&party.citizen_id, today);
        faults.take("party.citizen_id", of_age);
    }
    let due = reference.deadline(DeadlineRule::ComplaintAcceptance, received_on, today);
    let due = faults.take("received_on", due);
    faults.finish()?;
    let id = ComplaintId::from_uuid(Uuid::now_v7());
    let opening = Opening {
        id: id.into(),
        area: known.filing_division,
        organization: known.organization,
        about: known.organization.to_string(),
        party: complaint.party.as_ref(),
        channel,
        statement: &complaint.statement,
        received_on,
        due: due.expect("a missing value is a fault, and there was none"),
    };
    let receipt_code = inquiry::open(unit, opening).await?;
    store::complaint::insert(unit.connection(), id, known.organization).await?;
    Ok((id, receipt_code))
}
