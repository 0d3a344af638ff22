//! Bodies over gRPC.

use kernel::credit_code::UnifiedSocialCreditCode;
use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use kernel::rejection::{FaultList, Faults};
use platform::Error;
use platform::access::caller;
use platform::contract::{line, text};
use platform::unit::parsed;
use proto::registry::v1::body_service_server::BodyService;
use proto::registry::v1::{
    self as contract, EnrollBodyRequest, EnrollBodyResponse, GetBodyRequest, GetBodyResponse,
};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::Registry;
use crate::domain::body::{Affiliation, Body, BodyKind, BodyRejection};
use crate::messages;

/// Characters of a reason.
const REASON: usize = 2_000;

#[tonic::async_trait]
impl BodyService for Registry {
    async fn enroll_body(
        &self,
        request: Request<EnrollBodyRequest>,
    ) -> Result<Response<EnrollBodyResponse>, Status> {
        let (body, reason) = parsed(request.get_ref(), parse(request.get_ref()))?;
        let reply = self
            .app
            .enroll_body(caller(&request), request.get_ref(), body, reason.as_deref())
            .await?;
        Ok(Response::new(reply))
    }

    async fn get_body(
        &self,
        request: Request<GetBodyRequest>,
    ) -> Result<Response<GetBodyResponse>, Status> {
        let id = OrganizationId::parse(&request.get_ref().organization_id)
            .map_err(|rejection| Error::from(Faults::at("organization_id", &rejection)))?;
        let (body, reason) = self.app.body(caller(&request), id).await?;
        Ok(Response::new(GetBodyResponse {
            body: Some(messages::body(&body)),
            credit_code_reason: reason.unwrap_or_default(),
        }))
    }
}

/// The body, and the reason that is given for a credit code that does not check.
fn parse(request: &EnrollBodyRequest) -> Result<(Body, Option<String>), Faults> {
    let mut faults = FaultList::default();
    let name = faults.take("name", line(&request.name, 100));
    let reason = match request.credit_code_reason.trim() {
        "" => None,
        given => faults.take("credit_code_reason", text(given, REASON)),
    };
    let typed = &request.unified_social_credit_code;
    let credit_code = match reason {
        None => UnifiedSocialCreditCode::parse(typed),
        Some(_) => UnifiedSocialCreditCode::admit(typed),
    };
    let credit_code = faults.take("unified_social_credit_code", credit_code);
    let kind = faults.take("kind", kind(request.kind()));
    let affiliation = faults.take("affiliation", affiliation(request.affiliation()));
    let division = faults.take("division_code", DivisionCode::parse(&request.division_code));
    let address = faults.take("address", line(&request.address, 200));
    let authority = faults.take(
        "registration_authority",
        line(&request.registration_authority, 100),
    );
    faults.finish()?;
    let all = (
        name,
        credit_code,
        kind,
        affiliation,
        division,
        address,
        authority,
    );
    let (
        Some(name),
        Some(credit_code),
        Some(kind),
        Some(affiliation),
        Some(division),
        Some(address),
        Some(registration_authority),
    ) = all
    else {
        unreachable!("a missing value is a fault, and there was none")
    };
    let body = Body {
        organization_id: OrganizationId::from_uuid(Uuid::now_v7()),
        name,
        credit_code,
        kind,
        affiliation,
        division,
        address,
        registration_authority,
    };
    Ok((body, reason))
}

fn kind(given: contract::BodyKind) -> Result<BodyKind, BodyRejection> {
    match given {
        contract::BodyKind::Unspecified => Err(BodyRejection::BodyKindUnknown),
        contract::BodyKind::Enterprise => Ok(BodyKind::Enterprise),
        contract::BodyKind::IndustryAssociation => Ok(BodyKind::IndustryAssociation),
        contract::BodyKind::HigherEducation => Ok(BodyKind::HigherEducation),
        contract::BodyKind::TechnicianCollege => Ok(BodyKind::TechnicianCollege),
        contract::BodyKind::PrivateTraining => Ok(BodyKind::PrivateTraining),
    }
}

fn affiliation(given: contract::Affiliation) -> Result<Affiliation, BodyRejection> {
    match given {
        contract::Affiliation::Unspecified => Err(BodyRejection::AffiliationUnknown),
        contract::Affiliation::Provincial => Ok(Affiliation::Provincial),
        contract::Affiliation::City => Ok(Affiliation::City),
        contract::Affiliation::Private => Ok(Affiliation::Private),
    }
}
