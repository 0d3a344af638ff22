//! `ObjectionService`.

use kernel::ids::{ObjectionId, PublicNoticeId};
use kernel::inquiry::Party;
use kernel::public_notice::RowKey;
use kernel::rejection::Faults;
use kernel::written::Written;
use platform::contract::date;
use platform::inquiry::{channel, outcome, party};
use platform::unit::parsed;
use proto::common::v1 as common;
use proto::results::v1 as results;
use proto::results::v1::objection_service_server::ObjectionService;
use tonic::{Request, Response, Status};

use super::{Face, at, both, opened, written};
use crate::app::{Entered, Lead, Objection};
use crate::domain::rejection::ResultNoticeRejection;

#[tonic::async_trait]
impl ObjectionService for Face {
    async fn raise_objection(
        &self,
        request: Request<results::RaiseObjectionRequest>,
    ) -> Result<Response<results::RaiseObjectionResponse>, Status> {
        let (caller, request) = opened(request);
        let shown = target(
            &request.public_notice_id,
            &request.row_key,
            request.whole_session,
        );
        let said = said(request.party.as_ref(), &request.grounds);
        let objection = objection(both(shown, said));
        let objection = parsed(&request, objection)?;
        let reply = self.0.raise_objection(&caller, &request, objection);
        Ok(Response::new(reply.await?))
    }

    async fn record_objection(
        &self,
        request: Request<results::RecordObjectionRequest>,
    ) -> Result<Response<results::RecordObjectionResponse>, Status> {
        let (caller, request) = opened(request);
        let shown = target(
            &request.public_notice_id,
            &request.row_key,
            request.whole_session,
        );
        let said = said(request.party.as_ref(), &request.grounds);
        let form = both(objection(both(shown, said)), entered(&request));
        let (objection, came) = parsed(&request, form)?;
        let reply = self.0.record_objection(&caller, &request, objection, came);
        Ok(Response::new(reply.await?))
    }

    async fn lodge_lead(
        &self,
        request: Request<results::LodgeLeadRequest>,
    ) -> Result<Response<results::LodgeLeadResponse>, Status> {
        let (caller, request) = opened(request);
        let shown = row(&request.public_notice_id, &request.row_key);
        let hint = written(
            "hint",
            &request.hint,
            &ResultNoticeRejection::GroundsMissing,
        );
        let ((notice, row), hint) = parsed(&request, both(shown, hint))?;
        let lead = Lead { notice, row, hint };
        let reply = self.0.lodge_lead(&caller, &request, lead);
        Ok(Response::new(reply.await?))
    }

    async fn resolve_objection(
        &self,
        request: Request<results::ResolveObjectionRequest>,
    ) -> Result<Response<results::ResolveObjectionResponse>, Status> {
        let (caller, request) = opened(request);
        let objection = at("objection_id", ObjectionId::parse(&request.objection_id));
        let outcome = at("outcome", outcome(request.outcome()));
        let missing = &ResultNoticeRejection::ReasonMissing;
        let reason = written("reason", &request.reason, missing);
        let form = both(objection, both(outcome, reason));
        let (objection, (outcome, reason)) = parsed(&request, form)?;
        let reply = self
            .0
            .resolve_objection(&caller, &request, objection, outcome, &reason);
        Ok(Response::new(reply.await?))
    }
}

/// A row of a notice.
fn row(notice: &str, row: &str) -> Result<(PublicNoticeId, RowKey), Faults> {
    let notice = at("public_notice_id", PublicNoticeId::parse(notice));
    both(notice, at("row_key", RowKey::parse(row)))
}

/// What is objected to: a row of a notice, or the session as a whole.
fn target(
    notice: &str,
    row_key: &str,
    whole_session: bool,
) -> Result<(PublicNoticeId, Option<RowKey>), Faults> {
    if !whole_session {
        return row(notice, row_key).map(|(notice, row)| (notice, Some(row)));
    }
    let either = match row_key {
        "" => Ok(None),
        _ => Err(ResultNoticeRejection::RowAndSession),
    };
    let notice = at("public_notice_id", PublicNoticeId::parse(notice));
    both(notice, at("row_key", either))
}

/// Who objects, and what.
fn said(given: Option<&common::Party>, grounds: &str) -> Result<(Party, Written), Faults> {
    let missing = &ResultNoticeRejection::GroundsMissing;
    both(party(given), written("grounds", grounds, missing))
}

type Parts = ((PublicNoticeId, Option<RowKey>), (Party, Written));

fn objection(parts: Result<Parts, Faults>) -> Result<Objection, Faults> {
    let ((notice, row), (party, grounds)) = parts?;
    Ok(Objection {
        notice,
        row,
        party,
        grounds,
    })
}

/// How and when it came in.
fn entered(request: &results::RecordObjectionRequest) -> Result<Entered, Faults> {
    both(
        at("channel", channel(request.channel())),
        at("received_on", date(&request.received_on)),
    )
}
