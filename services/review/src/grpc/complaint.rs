//! Complaints over gRPC.

use jiff::civil::Date;
use kernel::ids::{ComplaintId, OrganizationId};
use kernel::inquiry::Channel;
use kernel::rejection::{FaultList, Faults};
use kernel::written::Written;
use platform::access::caller;
use platform::contract::date;
use platform::inquiry::{channel, party, written};
use platform::unit::parsed;
use proto::common::v1 as common;
use proto::review::v1 as review;
use proto::review::v1::complaint_service_server::ComplaintService;
use tonic::{Request, Response, Status};

use super::{ALL_THERE, Review};
use crate::app::Complaint;
use crate::domain::{ComplaintOutcome, ComplaintRejection};

#[tonic::async_trait]
impl ComplaintService for Review {
    async fn lodge_complaint(
        &self,
        request: Request<review::LodgeComplaintRequest>,
    ) -> Result<Response<review::LodgeComplaintResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let mut faults = FaultList::default();
        let complaint = said(
            &request.organization_id,
            request.party.as_ref(),
            &request.statement,
            &mut faults,
        );
        let complaint = parsed(request, faults.finish().map(|()| complaint))?;
        let complaint = complaint.expect(ALL_THERE);
        let reply = self.app.lodge_complaint(caller, request, complaint);
        Ok(Response::new(reply.await?))
    }

    async fn record_complaint(
        &self,
        request: Request<review::RecordComplaintRequest>,
    ) -> Result<Response<review::RecordComplaintResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let (complaint, came) = parsed(request, recorded(request))?;
        let reply = self.app.record_complaint(caller, request, complaint, came);
        Ok(Response::new(reply.await?))
    }

    async fn take_up_complaint(
        &self,
        request: Request<review::TakeUpComplaintRequest>,
    ) -> Result<Response<review::TakeUpComplaintResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let id = ComplaintId::parse(&request.complaint_id)
            .map_err(|rejection| Faults::at("complaint_id", &rejection));
        let id = parsed(request, id)?;
        let reply = self.app.take_up_complaint(caller, request, id);
        Ok(Response::new(reply.await?))
    }

    async fn decline_complaint(
        &self,
        request: Request<review::DeclineComplaintRequest>,
    ) -> Result<Response<review::DeclineComplaintResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let mut faults = FaultList::default();
        let said = closing(&request.complaint_id, &request.reason, &mut faults);
        let said = parsed(request, faults.finish().map(|()| said))?;
        let (id, reason) = said.expect(ALL_THERE);
        let reply = self.app.decline_complaint(caller, request, id, &reason);
        Ok(Response::new(reply.await?))
    }

    async fn conclude_complaint(
        &self,
        request: Request<review::ConcludeComplaintRequest>,
    ) -> Result<Response<review::ConcludeComplaintResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let mut faults = FaultList::default();
        let said = closing(&request.complaint_id, &request.reason, &mut faults);
        let outcome = faults.take("outcome", outcome(request.outcome()));
        let form = faults.finish().map(|()| said.zip(outcome));
        let ((id, reason), outcome) = parsed(request, form)?.expect(ALL_THERE);
        let reply = self
            .app
            .conclude_complaint(caller, request, id, outcome, &reason);
        Ok(Response::new(reply.await?))
    }
}

fn said(
    organization: &str,
    given: Option<&common::Party>,
    statement: &str,
    faults: &mut FaultList,
) -> Option<Complaint> {
    let organization = faults.take("organization_id", OrganizationId::parse(organization));
    // Nobody need give a name; who does, gives a whole one.
    let named = given.map(|given| party(Some(given))).transpose();
    let party = named.map_err(|refused| faults.extend(refused)).ok();
    let statement = written("statement", statement);
    let statement = statement.map_err(|refused| faults.extend(refused)).ok();
    Some(Complaint {
        organization: organization?,
        party: party?,
        statement: statement?,
    })
}

fn recorded(
    request: &review::RecordComplaintRequest,
) -> Result<(Complaint, (Channel, Date)), Faults> {
    let mut faults = FaultList::default();
    let complaint = said(
        &request.organization_id,
        request.party.as_ref(),
        &request.statement,
        &mut faults,
    );
    let channel = faults.take("channel", channel(request.channel()));
    let received_on = faults.take("received_on", date(&request.received_on));
    faults.finish()?;
    Ok((complaint.zip(channel.zip(received_on))).expect(ALL_THERE))
}

/// A complaint and what is written at its end.
fn closing(id: &str, reason: &str, faults: &mut FaultList) -> Option<(ComplaintId, Written)> {
    let id = faults.take("complaint_id", ComplaintId::parse(id));
    let reason = written("reason", reason);
    let reason = reason.map_err(|refused| faults.extend(refused)).ok();
    id.zip(reason)
}

fn outcome(given: review::ComplaintOutcome) -> Result<ComplaintOutcome, ComplaintRejection> {
    use review::ComplaintOutcome as Word;
    match given {
        Word::Substantiated => Ok(ComplaintOutcome::Substantiated),
        Word::PartlySubstantiated => Ok(ComplaintOutcome::PartlySubstantiated),
        Word::Unsubstantiated => Ok(ComplaintOutcome::Unsubstantiated),
        Word::Unspecified => Err(ComplaintRejection::OutcomeMissing),
    }
}
