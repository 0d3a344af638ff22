//! Objections against selections over gRPC.

use jiff::civil::Date;
use kernel::ids::{ObjectionId, PublicNoticeId};
use kernel::inquiry::Channel;
use kernel::public_notice::RowKey;
use kernel::rejection::{FaultList, Faults};
use platform::access::caller;
use platform::contract::date;
use platform::inquiry::{channel, outcome, party, written};
use platform::unit::parsed;
use proto::common::v1 as common;
use proto::review::v1 as review;
use proto::review::v1::objection_service_server::ObjectionService;
use tonic::{Request, Response, Status};

use super::{ALL_THERE, Review};
use crate::app::{Lead, Objection};

#[tonic::async_trait]
impl ObjectionService for Review {
    async fn raise_objection(
        &self,
        request: Request<review::RaiseObjectionRequest>,
    ) -> Result<Response<review::RaiseObjectionResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let mut faults = FaultList::default();
        let row = row(&request.public_notice_id, &request.row_key, &mut faults);
        let objection = said(row, request.party.as_ref(), &request.grounds, &mut faults);
        let objection = parsed(request, faults.finish().map(|()| objection))?;
        let objection = objection.expect(ALL_THERE);
        let reply = self.app.raise_objection(caller, request, objection);
        Ok(Response::new(reply.await?))
    }

    async fn record_objection(
        &self,
        request: Request<review::RecordObjectionRequest>,
    ) -> Result<Response<review::RecordObjectionResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let (objection, came) = parsed(request, recorded(request))?;
        let reply = self.app.record_objection(caller, request, objection, came);
        Ok(Response::new(reply.await?))
    }

    async fn lodge_lead(
        &self,
        request: Request<review::LodgeLeadRequest>,
    ) -> Result<Response<review::LodgeLeadResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let mut faults = FaultList::default();
        let row = row(&request.public_notice_id, &request.row_key, &mut faults);
        let hint = written("hint", &request.hint);
        let hint = hint.map_err(|refused| faults.extend(refused)).ok();
        let form = faults.finish().map(|()| row.zip(hint));
        let ((notice, row), hint) = parsed(request, form)?.expect(ALL_THERE);
        let lead = Lead { notice, row, hint };
        let reply = self.app.lodge_lead(caller, request, lead);
        Ok(Response::new(reply.await?))
    }

    async fn resolve_objection(
        &self,
        request: Request<review::ResolveObjectionRequest>,
    ) -> Result<Response<review::ResolveObjectionResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let mut faults = FaultList::default();
        let id = faults.take("objection_id", ObjectionId::parse(&request.objection_id));
        let outcome = faults.take("outcome", outcome(request.outcome()));
        let reason = written("reason", &request.reason);
        let reason = reason.map_err(|refused| faults.extend(refused)).ok();
        let form = faults.finish().map(|()| id.zip(outcome).zip(reason));
        let ((id, outcome), reason) = parsed(request, form)?.expect(ALL_THERE);
        let reply = self
            .app
            .resolve_objection(caller, request, id, outcome, &reason);
        Ok(Response::new(reply.await?))
    }
}

/// A row of a notice.
fn row(notice: &str, row: &str, faults: &mut FaultList) -> Option<(PublicNoticeId, RowKey)> {
    let notice = faults.take("public_notice_id", PublicNoticeId::parse(notice));
    notice.zip(faults.take("row_key", RowKey::parse(row)))
}

/// Who objects to it, and why.
fn said(
    row: Option<(PublicNoticeId, RowKey)>,
    given: Option<&common::Party>,
    grounds: &str,
    faults: &mut FaultList,
) -> Option<Objection> {
    let party = party(given).map_err(|refused| faults.extend(refused)).ok();
    let grounds = written("grounds", grounds);
    let grounds = grounds.map_err(|refused| faults.extend(refused)).ok();
    let (notice, row) = row?;
    Some(Objection {
        notice,
        row,
        party: party?,
        grounds: grounds?,
    })
}

fn recorded(
    request: &review::RecordObjectionRequest,
) -> Result<(Objection, (Channel, Date)), Faults> {
    let mut faults = FaultList::default();
    let row = row(&request.public_notice_id, &request.row_key, &mut faults);
    let objection = said(row, request.party.as_ref(), &request.grounds, &mut faults);
    let channel = faults.take("channel", channel(request.channel()));
    let received_on = faults.take("received_on", date(&request.received_on));
    faults.finish()?;
    Ok(objection.zip(channel.zip(received_on)).expect(ALL_THERE))
}
