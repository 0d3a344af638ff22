//! `ObjectionService`.

use kernel::citizen_id::CitizenId;
use kernel::ids::{ObjectionId, PublicNoticeId};
use kernel::person_name::PersonName;
use kernel::public_notice::RowKey;
use kernel::rejection::{FaultList, Faults};
use platform::Error;
use platform::access::caller;
use proto::results::v1 as results;
use proto::results::v1::objection_service_server::ObjectionService;
use tonic::{Request, Response, Status};

use super::{Face, both, id};
use crate::app::Objection;
use crate::convert;
use crate::domain::notice::check_grounds;
use crate::domain::rejection::ResultNoticeRejection;
use crate::store::person::Person;

#[tonic::async_trait]
impl ObjectionService for Face {
    async fn raise_objection(
        &self,
        request: Request<results::RaiseObjectionRequest>,
    ) -> Result<Response<results::RaiseObjectionResponse>, Status> {
        let (caller, request) = (caller(&request).clone(), request.into_inner());
        let objection = objection(&request).map_err(Error::from)?;
        Ok(Response::new(
            self.0.raise_objection(&caller, &request, objection).await?,
        ))
    }

    async fn resolve_objection(
        &self,
        request: Request<results::ResolveObjectionRequest>,
    ) -> Result<Response<results::ResolveObjectionResponse>, Status> {
        let (caller, request) = (caller(&request).clone(), request.into_inner());
        let objection = id("objection_id", &request.objection_id, ObjectionId::parse);
        let outcome = convert::outcome(request.outcome());
        let missing = || Faults::at("outcome", &ResultNoticeRejection::OutcomeMissing);
        let parsed = both(objection, outcome.ok_or_else(missing));
        let (objection, outcome) = parsed.map_err(Error::from)?;
        let reply = self
            .0
            .resolve_objection(&caller, &request, objection, outcome)
            .await?;
        Ok(Response::new(reply))
    }
}

fn objection(request: &results::RaiseObjectionRequest) -> Result<Objection, Faults> {
    let mut faults = FaultList::default();
    let notice = faults.take(
        "public_notice_id",
        PublicNoticeId::parse(&request.public_notice_id),
    );
    let row = faults.take("row_key", RowKey::parse(&request.row_key));
    let name = faults.take("objector_name", PersonName::parse(&request.objector_name));
    let citizen_id = CitizenId::parse(&request.objector_citizen_id);
    let citizen_id = faults.take("objector_citizen_id", citizen_id);
    faults.take("grounds", check_grounds(&request.grounds));
    faults.finish()?;
    match (notice, row, name, citizen_id) {
        (Some(notice), Some(row), Some(name), Some(citizen_id)) => Ok(Objection {
            notice,
            row,
            objector: Person { name, citizen_id },
        }),
        _ => unreachable!("what is missing is a fault, and there was none"),
    }
}
