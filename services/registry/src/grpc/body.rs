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
    self as contract, CorrectBodyRequest, CorrectBodyResponse, EnrollBodyRequest,
    EnrollBodyResponse, GetBodyRequest, GetBodyResponse,
};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{Registry, all_there};
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

    async fn correct_body(
        &self,
        request: Request<CorrectBodyRequest>,
    ) -> Result<Response<CorrectBodyResponse>, Status> {
        let (body, reason) = parsed(request.get_ref(), corrected(request.get_ref()))?;
        let reply = self
            .app
            .correct_body(caller(&request), request.get_ref(), body, reason.as_deref())
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
    let (body, reason) = read(request, false, &mut faults);
    Ok((all_there(faults, body)?, reason))
}

/// A body as it is to be, and the reason that is given for another credit code. One that does not
/// check may be the one that it has.
fn corrected(request: &CorrectBodyRequest) -> Result<(Body, Option<String>), Faults> {
    let mut faults = FaultList::default();
    let id = OrganizationId::parse(&request.organization_id);
    let id = faults.take("organization_id", id);
    let as_enrolled = EnrollBodyRequest {
        request_id: String::new(),
        name: request.name.clone(),
        unified_social_credit_code: request.unified_social_credit_code.clone(),
        kind: request.kind,
        affiliation: request.affiliation,
        division_code: request.division_code.clone(),
        address: request.address.clone(),
        registration_authority: request.registration_authority.clone(),
        credit_code_reason: request.credit_code_reason.clone(),
    };
    let (body, reason) = read(&as_enrolled, true, &mut faults);
    let (organization_id, body) = all_there(faults, id.zip(body))?;
    Ok((
        Body {
            organization_id,
            ..body
        },
        reason,
    ))
}

/// A body under a fresh id, and a reason for its credit code.
fn read(
    request: &EnrollBodyRequest,
    admit: bool,
    faults: &mut FaultList,
) -> (Option<Body>, Option<String>) {
    let name = faults.take("name", line(&request.name, 100));
    let reason = match request.credit_code_reason.trim() {
        "" => None,
        given => faults.take("credit_code_reason", text(given, REASON)),
    };
    let typed = &request.unified_social_credit_code;
    let credit_code = if admit || reason.is_some() {
        UnifiedSocialCreditCode::admit(typed)
    } else {
        UnifiedSocialCreditCode::parse(typed)
    };
    let credit_code = faults.take("unified_social_credit_code", credit_code);
    let kind = faults.take("kind", kind(request.kind()));
    let affiliation = faults.take("affiliation", affiliation(request.affiliation()));
    let division = faults.take("division_code", DivisionCode::parse(&request.division_code));
    let address = faults.take("address", line(&request.address, 200));
    let authority = line(&request.registration_authority, 100);
    let authority = faults.take("registration_authority", authority);
    let body = || {
        Some(Body {
            organization_id: OrganizationId::from_uuid(Uuid::now_v7()),
            name: name?,
            credit_code: credit_code?,
            kind: kind?,
            affiliation: affiliation?,
            division: division?,
            address: address?,
            registration_authority: authority?,
        })
    };
    (body(), reason)
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
