//! Evaluation organisations over gRPC.

use futures::StreamExt;
use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejection::{FaultList, Faults};
use platform::Error;
use platform::access::{caller, caller_of};
use platform::contract::{date, level, occupation, text};
use platform::unit::parsed;
use platform::upload::{Part, form};
use proto::registry::v1::import_reserved_codes_request as sent;
use proto::registry::v1::organization_service_server::OrganizationService;
use proto::registry::v1::{
    self as contract, CheckRightRequest, CheckRightResponse, GetOrganizationRequest,
    GetOrganizationResponse, ImportReservedCodesRequest, ImportReservedCodesResponse,
    ReserveOrganizationCodesRequest, ReserveOrganizationCodesResponse, ReservedCodesHeader,
};
use tonic::{Request, Response, Status, Streaming};

use super::Registry;
use crate::app::RightAnswer;
use crate::domain::code::{self, Listed};
use crate::domain::divisions::Divisions;
use crate::domain::right::{RightVerdict, Use, Wanted};
use crate::sheets;
use crate::store::organization::Found;

/// Characters of where codes are in use.
const REASON: usize = 200;

#[tonic::async_trait]
impl OrganizationService for Registry {
    async fn check_right(
        &self,
        request: Request<CheckRightRequest>,
    ) -> Result<Response<CheckRightResponse>, Status> {
        let (id, wanted) = parse_wanted(request.get_ref()).map_err(Error::from)?;
        let answer = self.app.check_right(caller(&request), id, &wanted).await?;
        Ok(Response::new(right_answer(answer)))
    }

    async fn reserve_organization_codes(
        &self,
        request: Request<ReserveOrganizationCodesRequest>,
    ) -> Result<Response<ReserveOrganizationCodesResponse>, Status> {
        let form = parse_codes(request.get_ref(), self.app.divisions());
        let (codes, reason) = parsed(request.get_ref(), form)?;
        let caller = caller(&request);
        let reply = self
            .app
            .reserve_codes(caller, request.get_ref(), &codes, &reason)
            .await?;
        Ok(Response::new(reply))
    }

    async fn import_reserved_codes(
        &self,
        request: Request<Streaming<ImportReservedCodesRequest>>,
    ) -> Result<Response<ImportReservedCodesResponse>, Status> {
        let (_, extensions, parts) = request.into_parts();
        let parts = parts.map(|sent| sent.map(part));
        let (header, reason, file) = form(parts, sheets::codes::LIMITS.bytes, parse_header).await?;
        let caller = caller_of(&extensions);
        let reply = self
            .app
            .import_reserved_codes(caller, &header, &reason, file)
            .await?;
        Ok(Response::new(reply))
    }

    async fn get_organization(
        &self,
        request: Request<GetOrganizationRequest>,
    ) -> Result<Response<GetOrganizationResponse>, Status> {
        let id = OrganizationId::parse(&request.get_ref().organization_id)
            .map_err(|rejection| Error::from(Faults::at("organization_id", &rejection)))?;
        let reply = self.app.organization(caller(&request), id).await?;
        Ok(Response::new(reply))
    }
}

fn parse_wanted(request: &CheckRightRequest) -> Result<(OrganizationId, Wanted), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take(
        "organization_id",
        OrganizationId::parse(&request.organization_id),
    );
    let key = faults.take("occupation", occupation(request.occupation.as_ref()));
    let level = faults.take("level", level(request.level));
    let division = faults.take("division_code", DivisionCode::parse(&request.division_code));
    let on = faults.take("on", date(&request.on));
    let purpose = faults.take("purpose", purpose(request.purpose()));
    faults.finish()?;
    let (Some(id), Some(occupation), Some(level), Some(division), Some(on), Some(purpose)) =
        (id, key, level, division, on, purpose)
    else {
        unreachable!("a missing value is a fault, and there was none")
    };
    Ok((
        id,
        Wanted {
            occupation,
            trade: request.trade.clone(),
            level,
            division,
            on,
            purpose,
        },
    ))
}

fn purpose(given: contract::RightPurpose) -> Result<Use, RightVerdict> {
    match given {
        contract::RightPurpose::Unspecified => Err(RightVerdict::RightPurposeUnknown),
        contract::RightPurpose::Plan => Ok(Use::Plan),
        contract::RightPurpose::Issue => Ok(Use::Issue),
    }
}

/// What a message brings.
fn part(request: ImportReservedCodesRequest) -> Option<Part<ReservedCodesHeader>> {
    Some(match request.part? {
        sent::Part::Header(header) => Part::Header(header),
        sent::Part::Content(piece) => Part::Content(piece),
    })
}

fn parse_header(header: &ReservedCodesHeader) -> Result<String, Faults> {
    let reason = text(&header.reason, REASON);
    reason.map_err(|refused| Faults::at("reason", &refused))
}

fn parse_codes(
    request: &ReserveOrganizationCodesRequest,
    divisions: &Divisions,
) -> Result<(Vec<Listed>, String), Faults> {
    let given = &request.organization_codes;
    let mut faults = FaultList::default();
    let mut codes = Vec::new();
    let within = faults.take("organization_codes", code::within_bounds(given.len()));
    // Of more codes than a call may name none is looked at, or the answer would be as long.
    if within.is_some() {
        for (index, given) in given.iter().enumerate() {
            let field = format!("organization_codes[{index}]");
            match EvaluationOrganizationCode::parse(given) {
                Ok(code) => {
                    let code = faults.take(field.as_str(), code::ours(code, divisions));
                    codes.extend(code.map(|code| Listed { field, code }));
                }
                Err(rejection) => faults.add(field, &rejection),
            }
        }
    }
    let reason = faults.take("reason", text(&request.reason, REASON));
    faults.finish()?;
    Ok((codes, reason.unwrap_or_default()))
}

fn right_answer(answer: RightAnswer) -> CheckRightResponse {
    let mut response = CheckRightResponse {
        held: answer.right.is_ok(),
        occupation_name: answer.occupation_name,
        ..CheckRightResponse::default()
    };
    match answer.right {
        Ok(right) => response.right_id = right.right_id.to_string(),
        Err(refused) => {
            let reason = refused.leading();
            reason.code.clone_into(&mut response.reason);
            response.reason_zh.clone_from(&reason.chinese);
            response.reason_en.clone_from(&reason.english);
        }
    }
    if let Some(Found {
        organization,
        name,
        version,
        ..
    }) = answer.found
    {
        response.organization_version = version;
        response.organization_code = organization.code.to_string();
        response.organization_name = name;
        response.filing_division = organization.filing_division.to_string();
    }
    response
}
