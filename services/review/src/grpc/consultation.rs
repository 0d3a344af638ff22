//! Consultations about work elsewhere, over gRPC.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{ConsultationId, OrganizationId};
use kernel::rejection::{FaultList, Faults};
use kernel::two_persons::Stated;
use platform::access::{Caller, caller};
use platform::contract::{FieldRejection, date, page_size, page_token, text};
use platform::unit::parsed;
use platform::{Error, proposal};
use proto::common::v1 as common;
use proto::review::v1 as review;
use proto::review::v1::consultation_service_server::ConsultationService;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{ALL_THERE, Review, rows, scopes};
use crate::domain::OccupationScope;
use crate::domain::consultation::refusal::ConsultationRejection;
use crate::domain::consultation::{
    AreaDecision, Ending, Recommendation, Texts, judge_areas, judge_decisions, judge_end,
    judge_scopes,
};
use crate::messages;

/// Characters of anybody's reasons.
const REASONS: usize = 5_000;

#[tonic::async_trait]
impl ConsultationService for Review {
    async fn recommend_organization(
        &self,
        request: Request<review::RecommendOrganizationRequest>,
    ) -> Result<Response<review::RecommendOrganizationResponse>, Status> {
        let recommended = recommendation(request.get_ref(), caller(&request));
        let (recommendation, reasons) = parsed(request.get_ref(), recommended)?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .recommend_organization(caller, request, recommendation, reasons)
                .await?,
        ))
    }

    async fn answer_consultation(
        &self,
        request: Request<review::AnswerConsultationRequest>,
    ) -> Result<Response<review::AnswerConsultationResponse>, Status> {
        let (id, answer) = parsed(request.get_ref(), answer(request.get_ref()))?;
        let (caller, request) = (caller(&request), request.get_ref());
        let city = caller
            .division
            .ok_or_else(|| Error::refused(ConsultationRejection::NotFound))?;
        Ok(Response::new(
            self.app
                .answer_consultation(caller, request, id, city, answer)
                .await?,
        ))
    }

    async fn propose_cross_area_decision(
        &self,
        request: Request<review::ProposeCrossAreaDecisionRequest>,
    ) -> Result<Response<review::ProposeCrossAreaDecisionResponse>, Status> {
        let decisions = decisions(request.get_ref(), self.app.today()?);
        let (id, decisions) = parsed(request.get_ref(), decisions)?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .propose_cross_area_decision(caller, request, id, decisions)
                .await?,
        ))
    }

    async fn confirm_cross_area_decision(
        &self,
        request: Request<review::ConfirmCrossAreaDecisionRequest>,
    ) -> Result<Response<review::ConfirmCrossAreaDecisionResponse>, Status> {
        let given = request.get_ref();
        let stated = confirmation(&given.consultation_id, given.confirmation.as_ref());
        let (id, stated) = parsed(given, stated)?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .confirm_cross_area_decision(caller, request, id, stated)
                .await?,
        ))
    }

    async fn propose_cross_area_ending(
        &self,
        request: Request<review::ProposeCrossAreaEndingRequest>,
    ) -> Result<Response<review::ProposeCrossAreaEndingResponse>, Status> {
        let ending = ending(request.get_ref(), self.app.today()?);
        let (id, ending) = parsed(request.get_ref(), ending)?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .propose_cross_area_ending(caller, request, id, ending)
                .await?,
        ))
    }

    async fn confirm_cross_area_ending(
        &self,
        request: Request<review::ConfirmCrossAreaEndingRequest>,
    ) -> Result<Response<review::ConfirmCrossAreaEndingResponse>, Status> {
        let given = request.get_ref();
        let stated = confirmation(&given.consultation_id, given.confirmation.as_ref());
        let (id, stated) = parsed(given, stated)?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .confirm_cross_area_ending(caller, request, id, stated)
                .await?,
        ))
    }

    async fn get_consultation(
        &self,
        request: Request<review::GetConsultationRequest>,
    ) -> Result<Response<review::GetConsultationResponse>, Status> {
        let id = ConsultationId::parse(&request.get_ref().consultation_id)
            .map_err(|rejection| Error::from(Faults::at("consultation_id", &rejection)))?;
        let (consultation, texts) = self.app.consultation(caller(&request), id).await?;
        let consultation = Some(messages::consultation(&consultation, texts));
        Ok(Response::new(review::GetConsultationResponse {
            consultation,
        }))
    }

    async fn list_consultations(
        &self,
        request: Request<review::ListConsultationsRequest>,
    ) -> Result<Response<review::ListConsultationsResponse>, Status> {
        let mut faults = FaultList::default();
        let token = &request.get_ref().page_token;
        let refused = ConsultationRejection::PageToken;
        let before = page_token(token, ConsultationId::parse, &refused, &mut faults);
        faults.finish().map_err(Error::from)?;
        let size = page_size(request.get_ref().page_size);
        let (consultations, next) = self
            .app
            .consultations(caller(&request), before, size)
            .await?;
        let listed = consultations
            .iter()
            .map(|consultation| messages::consultation(consultation, Texts::default()));
        Ok(Response::new(review::ListConsultationsResponse {
            consultations: listed.collect(),
            next_page_token: next.map(|id| id.to_string()).unwrap_or_default(),
        }))
    }
}

fn recommendation(
    request: &review::RecommendOrganizationRequest,
    caller: &Caller,
) -> Result<(Recommendation, String), Faults> {
    let mut faults = FaultList::default();
    let organization = OrganizationId::parse(&request.organization_id);
    let organization = faults.take("organization_id", organization);
    let scopes = granted_elsewhere(request, &mut faults);
    let areas = areas(request, caller, &mut faults);
    let reasons = faults.take("reasons", text(&request.reasons, REASONS));
    faults.finish()?;
    let recommendation = Recommendation {
        id: ConsultationId::from_uuid(Uuid::now_v7()),
        organization: organization.expect(ALL_THERE),
        scopes,
        areas,
    };
    Ok((recommendation, reasons.expect(ALL_THERE)))
}

fn granted_elsewhere(
    request: &review::RecommendOrganizationRequest,
    faults: &mut FaultList,
) -> Vec<OccupationScope> {
    let field = "scopes";
    faults.require(!request.scopes.is_empty(), field, &FieldRejection::Required);
    let given = rows(&request.scopes, field, faults);
    let mut scopes = Vec::with_capacity(given.len());
    for (index, scope) in given.iter().enumerate() {
        scopes.push(scopes::scope(
            Some(scope),
            &format!("{field}[{index}]"),
            faults,
        ));
    }
    let named: Vec<_> = scopes.iter().map(Option::as_ref).collect();
    judge_scopes(&named, faults);
    scopes.into_iter().flatten().collect()
}

fn areas(
    request: &review::RecommendOrganizationRequest,
    caller: &Caller,
    faults: &mut FaultList,
) -> Vec<DivisionCode> {
    let (given, field) = (&request.division_codes, "division_codes");
    faults.require(!given.is_empty(), field, &FieldRejection::Required);
    let given = rows(given, field, faults);
    let mut areas = Vec::with_capacity(given.len());
    for (index, code) in given.iter().enumerate() {
        areas.push(faults.take(format!("{field}[{index}]"), DivisionCode::parse(code)));
    }
    judge_areas(&areas, caller.division, faults);
    areas.into_iter().flatten().collect()
}

fn answer(
    request: &review::AnswerConsultationRequest,
) -> Result<(ConsultationId, (bool, String)), Faults> {
    let mut faults = FaultList::default();
    let id = ConsultationId::parse(&request.consultation_id);
    let id = faults.take("consultation_id", id);
    let agrees = match request.answer() {
        review::ConsultationAnswer::Agreed => Ok(true),
        review::ConsultationAnswer::Disagreed => Ok(false),
        review::ConsultationAnswer::Silent | review::ConsultationAnswer::Unspecified => {
            Err(ConsultationRejection::AnswerUnknown)
        }
    };
    let agrees = faults.take("answer", agrees);
    let reasons = faults.take("reasons", text(&request.reasons, REASONS));
    faults.finish()?;
    let answer = (agrees.expect(ALL_THERE), reasons.expect(ALL_THERE));
    Ok((id.expect(ALL_THERE), answer))
}

fn decisions(
    request: &review::ProposeCrossAreaDecisionRequest,
    today: Date,
) -> Result<(ConsultationId, Vec<AreaDecision>), Faults> {
    let (mut faults, field) = (FaultList::default(), "decisions");
    let id = ConsultationId::parse(&request.consultation_id);
    let id = faults.take("consultation_id", id);
    let given = &request.decisions;
    faults.require(!given.is_empty(), field, &FieldRejection::Required);
    let given = rows(given, field, &mut faults);
    let mut decisions = Vec::with_capacity(given.len());
    for (index, decision) in given.iter().enumerate() {
        let field = format!("{field}[{index}]");
        decisions.push(area_decision(decision, &field, &mut faults));
    }
    let named: Vec<_> = decisions.iter().map(Option::as_ref).collect();
    judge_decisions(&named, today, &mut faults);
    faults.finish()?;
    let decisions = decisions.into_iter().flatten().collect();
    Ok((id.expect(ALL_THERE), decisions))
}

/// A decision at a field, if all of it can be read.
fn area_decision(
    given: &review::CrossAreaDecision,
    field: &str,
    faults: &mut FaultList,
) -> Option<AreaDecision> {
    let division = DivisionCode::parse(&given.division_code);
    let division = faults.take(format!("{field}.division_code"), division);
    let valid_until = match given.valid_until.as_str() {
        "" => Some(None),
        day => faults
            .take(format!("{field}.valid_until"), date(day))
            .map(Some),
    };
    // Where reasons are required is a rule, and told as one.
    let reasons = match given.reasons.trim() {
        "" => Some(String::new()),
        reasons => faults.take(format!("{field}.reasons"), text(reasons, REASONS)),
    };
    Some(AreaDecision {
        division: division?,
        granted: given.granted,
        valid_until: valid_until?,
        reasons: reasons?,
    })
}

fn ending(
    request: &review::ProposeCrossAreaEndingRequest,
    today: Date,
) -> Result<(ConsultationId, Ending), Faults> {
    let mut faults = FaultList::default();
    let id = ConsultationId::parse(&request.consultation_id);
    let id = faults.take("consultation_id", id);
    let division = DivisionCode::parse(&request.division_code);
    let division = faults.take("division_code", division);
    let ends_on = faults.take("ends_on", date(&request.ends_on));
    if let Some(ends_on) = ends_on {
        judge_end(ends_on, today, "ends_on", &mut faults);
    }
    let reasons = faults.take("reasons", text(&request.reasons, REASONS));
    faults.finish()?;
    let ending = Ending {
        division: division.expect(ALL_THERE),
        ends_on: ends_on.expect(ALL_THERE),
        reasons: reasons.expect(ALL_THERE),
    };
    Ok((id.expect(ALL_THERE), ending))
}

fn confirmation(
    id: &str,
    confirmation: Option<&common::Confirmation>,
) -> Result<(ConsultationId, Stated), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take("consultation_id", ConsultationId::parse(id));
    let stated = proposal::parse_confirmation(confirmation);
    let stated = stated.map_err(|missing| faults.extend(missing)).ok();
    faults.finish()?;
    Ok((id.expect(ALL_THERE), stated.expect(ALL_THERE)))
}
