//! `ObjectionService`.

use kernel::citizen_id::CitizenId;
use kernel::ids::{ObjectionId, PublicNoticeId};
use kernel::person_name::PersonName;
use kernel::public_notice::RowKey;
use kernel::rejection::Faults;
use platform::unit::parsed;
use proto::results::v1 as results;
use proto::results::v1::objection_service_server::ObjectionService;
use tonic::{Request, Response, Status};

use super::{Face, at, both, opened, written};
use crate::app::Objection;
use crate::convert;
use crate::domain::rejection::ResultNoticeRejection;
use crate::store::person::Person;

#[tonic::async_trait]
impl ObjectionService for Face {
    async fn raise_objection(
        &self,
        request: Request<results::RaiseObjectionRequest>,
    ) -> Result<Response<results::RaiseObjectionResponse>, Status> {
        let (caller, request) = opened(request);
        let objection = parsed(&request, objection(&request))?;
        let reply = self.0.raise_objection(&caller, &request, objection);
        Ok(Response::new(reply.await?))
    }

    async fn resolve_objection(
        &self,
        request: Request<results::ResolveObjectionRequest>,
    ) -> Result<Response<results::ResolveObjectionResponse>, Status> {
        let (caller, request) = opened(request);
        let objection = at("objection_id", ObjectionId::parse(&request.objection_id));
        let outcome = convert::outcome(request.outcome());
        let outcome = outcome.ok_or(ResultNoticeRejection::OutcomeMissing);
        let missing = &ResultNoticeRejection::ReasonMissing;
        let reason = written("reason", &request.reason, missing);
        let form = both(objection, both(at("outcome", outcome), reason));
        let (objection, (outcome, reason)) = parsed(&request, form)?;
        let reply = self
            .0
            .resolve_objection(&caller, &request, objection, outcome, &reason);
        Ok(Response::new(reply.await?))
    }
}

fn objection(request: &results::RaiseObjectionRequest) -> Result<Objection, Faults> {
    let notice = PublicNoticeId::parse(&request.public_notice_id);
    let notice = at("public_notice_id", notice);
    let row = at("row_key", RowKey::parse(&request.row_key));
    let name = at("objector_name", PersonName::parse(&request.objector_name));
    let citizen_id = CitizenId::parse(&request.objector_citizen_id);
    let citizen_id = at("objector_citizen_id", citizen_id);
    let missing = &ResultNoticeRejection::GroundsMissing;
    let grounds = written("grounds", &request.grounds, missing);
    let said = both(both(name, citizen_id), grounds);
    let ((notice, row), ((name, citizen_id), grounds)) = both(both(notice, row), said)?;
    Ok(Objection {
        notice,
        row,
        objector: Person { name, citizen_id },
        grounds,
    })
}
