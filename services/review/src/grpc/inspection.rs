//! Inspections over gRPC.

use kernel::division::DivisionCode;
use kernel::ids::{InspectionId, OrganizationId, PersonId};
use kernel::rejection::{FaultList, Faults};
use platform::Error;
use platform::access::caller;
use platform::contract::{FieldRejection, date, line, page_size, page_token, text};
use platform::unit::parsed;
use proto::review::v1 as review;
use proto::review::v1::inspection_service_server::InspectionService;
use tonic::{Request, Response, Status};

use super::{ALL_THERE, Review, rows};
use crate::domain::inspection::refusal::{InspectionRejection, MatterRejection, ResultRejection};
use crate::domain::inspection::{
    Matter, MatterFinding, Outcome, Redraw, Report, Wanted, judge_codes, matter_code,
};
use crate::messages;

/// Characters of a title.
const TITLE: usize = 200;
/// Characters of a reason, a remark, findings.
const WORDS: usize = 5_000;

#[tonic::async_trait]
impl InspectionService for Review {
    async fn publish_matter_list(
        &self,
        request: Request<review::PublishMatterListRequest>,
    ) -> Result<Response<review::PublishMatterListResponse>, Status> {
        let matters = parsed(request.get_ref(), matters(&request.get_ref().matters))?;
        let (caller, request) = (caller(&request), request.get_ref());
        let answer = self
            .app
            .publish_matter_list(caller, request, matters)
            .await?;
        Ok(Response::new(answer))
    }

    async fn get_matter_list(
        &self,
        request: Request<review::GetMatterListRequest>,
    ) -> Result<Response<review::GetMatterListResponse>, Status> {
        let edition = request.get_ref().edition;
        let list = self
            .app
            .matter_list((edition > 0).then_some(edition))
            .await?;
        let list = list.ok_or_else(|| Error::refused(MatterRejection::ListNotFound))?;
        let matter_list = Some(messages::matter_list(&list));
        Ok(Response::new(review::GetMatterListResponse { matter_list }))
    }

    async fn plan_inspection(
        &self,
        request: Request<review::PlanInspectionRequest>,
    ) -> Result<Response<review::PlanInspectionResponse>, Status> {
        let wanted = parsed(request.get_ref(), wanted(request.get_ref()))?;
        let (caller, request) = (caller(&request), request.get_ref());
        let answer = self.app.plan_inspection(caller, request, wanted).await?;
        Ok(Response::new(answer))
    }

    async fn freeze_inspection(
        &self,
        request: Request<review::FreezeInspectionRequest>,
    ) -> Result<Response<review::FreezeInspectionResponse>, Status> {
        let id = parsed(
            request.get_ref(),
            inspection_id(&request.get_ref().inspection_id),
        )?;
        let (caller, request) = (caller(&request), request.get_ref());
        let answer = self.app.freeze_inspection(caller, request, id).await?;
        Ok(Response::new(answer))
    }

    async fn draw_inspection(
        &self,
        request: Request<review::DrawInspectionRequest>,
    ) -> Result<Response<review::DrawInspectionResponse>, Status> {
        let id = parsed(
            request.get_ref(),
            inspection_id(&request.get_ref().inspection_id),
        )?;
        let (caller, request) = (caller(&request), request.get_ref());
        let answer = self.app.draw_inspection(caller, request, id).await?;
        Ok(Response::new(answer))
    }

    async fn order_redraw(
        &self,
        request: Request<review::OrderRedrawRequest>,
    ) -> Result<Response<review::OrderRedrawResponse>, Status> {
        let (id, redraw) = parsed(request.get_ref(), redraw(request.get_ref()))?;
        let (caller, request) = (caller(&request), request.get_ref());
        let answer = self.app.order_redraw(caller, request, id, redraw).await?;
        Ok(Response::new(answer))
    }

    async fn cancel_inspection(
        &self,
        request: Request<review::CancelInspectionRequest>,
    ) -> Result<Response<review::CancelInspectionResponse>, Status> {
        let (id, reason) = parsed(request.get_ref(), cancellation(request.get_ref()))?;
        let (caller, request) = (caller(&request), request.get_ref());
        let answer = self
            .app
            .cancel_inspection(caller, request, id, reason)
            .await?;
        Ok(Response::new(answer))
    }

    async fn record_inspection_result(
        &self,
        request: Request<review::RecordInspectionResultRequest>,
    ) -> Result<Response<review::RecordInspectionResultResponse>, Status> {
        let (id, report) = parsed(request.get_ref(), report(request.get_ref()))?;
        let (caller, request) = (caller(&request), request.get_ref());
        let answer = self
            .app
            .record_inspection_result(caller, request, id, &report)
            .await?;
        Ok(Response::new(answer))
    }

    async fn publish_inspection(
        &self,
        request: Request<review::PublishInspectionRequest>,
    ) -> Result<Response<review::PublishInspectionResponse>, Status> {
        let id = parsed(
            request.get_ref(),
            inspection_id(&request.get_ref().inspection_id),
        )?;
        let (caller, request) = (caller(&request), request.get_ref());
        let answer = self.app.publish_inspection(caller, request, id).await?;
        Ok(Response::new(answer))
    }

    async fn get_inspection(
        &self,
        request: Request<review::GetInspectionRequest>,
    ) -> Result<Response<review::GetInspectionResponse>, Status> {
        let id = inspection_id(&request.get_ref().inspection_id).map_err(Error::from)?;
        let inspection = Some(messages::inspection(&self.app.inspection(id).await?));
        Ok(Response::new(review::GetInspectionResponse { inspection }))
    }

    async fn list_inspections(
        &self,
        request: Request<review::ListInspectionsRequest>,
    ) -> Result<Response<review::ListInspectionsResponse>, Status> {
        let (division, before) = page(request.get_ref()).map_err(Error::from)?;
        let size = page_size(request.get_ref().page_size);
        let (inspections, next) = self.app.inspections(division, before, size).await?;
        Ok(Response::new(review::ListInspectionsResponse {
            inspections: inspections.iter().map(messages::inspection_head).collect(),
            next_page_token: next.map(|id| id.to_string()).unwrap_or_default(),
        }))
    }

    async fn get_inspection_result(
        &self,
        request: Request<review::GetInspectionResultRequest>,
    ) -> Result<Response<review::GetInspectionResultResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let mut faults = FaultList::default();
        let id = take_id(&request.inspection_id, &mut faults);
        let organization = take_organization(&request.organization_id, &mut faults);
        faults.finish().map_err(Error::from)?;
        let (id, organization) = (id.expect(ALL_THERE), organization.expect(ALL_THERE));
        let (report, recorded) = self.app.inspection_result(caller, id, organization).await?;
        let result = Some(messages::inspection_result(id, &report, &recorded));
        Ok(Response::new(review::GetInspectionResultResponse {
            result,
        }))
    }
}

fn inspection_id(text: &str) -> Result<InspectionId, Faults> {
    InspectionId::parse(text).map_err(|rejection| Faults::at("inspection_id", &rejection))
}

fn take_id(text: &str, faults: &mut FaultList) -> Option<InspectionId> {
    faults.take("inspection_id", InspectionId::parse(text))
}

fn take_organization(text: &str, faults: &mut FaultList) -> Option<OrganizationId> {
    faults.take("organization_id", OrganizationId::parse(text))
}

fn matters(given: &[review::InspectionMatter]) -> Result<Vec<Matter>, Faults> {
    let mut faults = FaultList::default();
    faults.require(!given.is_empty(), "matters", &FieldRejection::Required);
    let given = rows(given, "matters", &mut faults);
    let (mut matters, mut codes) = (Vec::with_capacity(given.len()), Vec::new());
    for (index, matter) in given.iter().enumerate() {
        let field = format!("matters[{index}]");
        let code = faults.take(format!("{field}.code"), matter_code(&matter.code));
        let title = faults.take(format!("{field}.title"), line(&matter.title, TITLE));
        let legal_basis = line(&matter.legal_basis, TITLE);
        let legal_basis = faults.take(format!("{field}.legal_basis"), legal_basis);
        codes.push(code.clone());
        if let (Some(code), Some(title), Some(legal_basis)) = (code, title, legal_basis) {
            matters.push(Matter {
                code,
                title,
                legal_basis,
            });
        }
    }
    judge_codes(
        &codes,
        |index| format!("matters[{index}].code"),
        &mut faults,
    );
    faults.finish()?;
    Ok(matters)
}

fn wanted(request: &review::PlanInspectionRequest) -> Result<Wanted, Faults> {
    let mut faults = FaultList::default();
    let title = faults.take("title", line(&request.title, TITLE));
    let given = &request.matter_codes;
    faults.require(!given.is_empty(), "matter_codes", &FieldRejection::Required);
    let given = rows(given, "matter_codes", &mut faults);
    let codes: Vec<_> = given
        .iter()
        .enumerate()
        .map(|(index, code)| faults.take(format!("matter_codes[{index}]"), matter_code(code)))
        .collect();
    judge_codes(
        &codes,
        |index| format!("matter_codes[{index}]"),
        &mut faults,
    );
    let from = faults.take("from_on", date(&request.from_on));
    let until = faults.take("until_on", date(&request.until_on));
    faults.finish()?;
    Ok(Wanted {
        title: title.expect(ALL_THERE),
        matter_codes: codes.into_iter().flatten().collect(),
        from: from.expect(ALL_THERE),
        until: until.expect(ALL_THERE),
        whole_province: request.whole_province,
        share_percent: (request.share_percent > 0).then_some(request.share_percent),
    })
}

fn redraw(request: &review::OrderRedrawRequest) -> Result<(InspectionId, Redraw), Faults> {
    let mut faults = FaultList::default();
    let id = take_id(&request.inspection_id, &mut faults);
    let organization = take_organization(&request.organization_id, &mut faults);
    let person = match request.person_id.as_str() {
        "" => None,
        given => faults.take("person_id", PersonId::parse(given)),
    };
    let reason = faults.take("reason", text(&request.reason, WORDS));
    faults.finish()?;
    let redraw = Redraw {
        organization: organization.expect(ALL_THERE),
        person,
        reason: reason.expect(ALL_THERE),
    };
    Ok((id.expect(ALL_THERE), redraw))
}

fn cancellation(
    request: &review::CancelInspectionRequest,
) -> Result<(InspectionId, String), Faults> {
    let mut faults = FaultList::default();
    let id = take_id(&request.inspection_id, &mut faults);
    let reason = faults.take("reason", text(&request.reason, WORDS));
    faults.finish()?;
    Ok((id.expect(ALL_THERE), reason.expect(ALL_THERE)))
}

fn report(
    request: &review::RecordInspectionResultRequest,
) -> Result<(InspectionId, Report), Faults> {
    let mut faults = FaultList::default();
    let id = take_id(&request.inspection_id, &mut faults);
    let organization = take_organization(&request.organization_id, &mut faults);
    let inspected_on = faults.take("inspected_on", date(&request.inspected_on));
    let outcome = outcome(request.outcome()).ok_or(ResultRejection::OutcomeUnknown);
    let outcome = faults.take("outcome", outcome);
    let matters = findings(&request.matters, &mut faults);
    // Where there was no problem, there need be no words.
    let wordless = outcome == Some(Outcome::NoProblem) && request.findings.trim().is_empty();
    let words = if wordless {
        Some(String::new())
    } else {
        faults.take("findings", text(&request.findings, WORDS))
    };
    faults.finish()?;
    let report = Report {
        organization: organization.expect(ALL_THERE),
        inspected_on: inspected_on.expect(ALL_THERE),
        outcome: outcome.expect(ALL_THERE),
        matters,
        findings: words.expect(ALL_THERE),
    };
    Ok((id.expect(ALL_THERE), report))
}

fn findings(given: &[review::MatterFinding], faults: &mut FaultList) -> Vec<MatterFinding> {
    let given = rows(given, "matters", faults);
    let (mut findings, mut codes) = (Vec::with_capacity(given.len()), Vec::new());
    for (index, finding) in given.iter().enumerate() {
        let field = format!("matters[{index}]");
        let code = faults.take(format!("{field}.code"), matter_code(&finding.code));
        // What is in order needs no remark.
        let remark = if finding.in_order && finding.remark.trim().is_empty() {
            Some(String::new())
        } else {
            faults.take(format!("{field}.remark"), text(&finding.remark, WORDS))
        };
        codes.push(code.clone());
        let in_order = finding.in_order;
        findings.extend(code.zip(remark).map(|(code, remark)| MatterFinding {
            code,
            in_order,
            remark,
        }));
    }
    judge_codes(&codes, |index| format!("matters[{index}].code"), faults);
    findings
}

fn page(
    request: &review::ListInspectionsRequest,
) -> Result<(Option<DivisionCode>, Option<InspectionId>), Faults> {
    let mut faults = FaultList::default();
    let division = match request.division_code.as_str() {
        "" => None,
        given => faults.take("division_code", DivisionCode::parse(given)),
    };
    let before = page_token(
        &request.page_token,
        InspectionId::parse,
        &InspectionRejection::PageToken,
        &mut faults,
    );
    faults.finish()?;
    Ok((division, before))
}

fn outcome(given: review::InspectionOutcome) -> Option<Outcome> {
    match given {
        review::InspectionOutcome::Unspecified => None,
        review::InspectionOutcome::NoProblem => Some(Outcome::NoProblem),
        review::InspectionOutcome::NotPublished => Some(Outcome::NotPublished),
        review::InspectionOutcome::FalseData => Some(Outcome::FalseData),
        review::InspectionOutcome::Unreachable => Some(Outcome::Unreachable),
        review::InspectionOutcome::ToldToCorrect => Some(Outcome::ToldToCorrect),
        review::InspectionOutcome::Refused => Some(Outcome::Refused),
        review::InspectionOutcome::NoActivity => Some(Outcome::NoActivity),
        review::InspectionOutcome::HandedOn => Some(Outcome::HandedOn),
    }
}
