//! Assessment, decision and public notice over gRPC.

use jiff::civil::Date;
use kernel::ids::{ApplicationId, PublicNoticeId};
use kernel::rejection::{FaultList, Faults};
use kernel::two_persons::Stated;
use platform::access::caller;
use platform::contract::{FieldRejection, date, line, text};
use platform::unit::parsed;
use platform::{Error, proposal};
use proto::common::v1 as common;
use proto::review::v1 as review;
use proto::review::v1::selection_service_server::SelectionService;
use tonic::{Request, Response, Status};

use super::{ALL_THERE, REASON, Review, rows, scopes};
use crate::domain::{
    DocumentCheckItem, ExpertOpinion, OccupationScope, Particulars, SiteVisit, judge_granted,
    judge_panel, judge_visited, judge_visitors,
};
use crate::messages;

/// Characters of a number in the expert pool, or of what a check is about.
const LINE: usize = 100;
/// Characters of a remark, an opinion, findings.
const OPINION: usize = 5_000;

#[tonic::async_trait]
impl SelectionService for Review {
    async fn record_document_check(
        &self,
        request: Request<review::RecordDocumentCheckRequest>,
    ) -> Result<Response<review::RecordDocumentCheckResponse>, Status> {
        let (id, check) = parsed(request.get_ref(), document_check(request.get_ref()))?;
        let (caller, request) = (caller(&request), request.get_ref());
        let reply = |passed| review::RecordDocumentCheckResponse { passed };
        Ok(Response::new(
            self.app
                .record_assessment(caller, request, id, &check, reply)
                .await?,
        ))
    }

    async fn record_expert_panel(
        &self,
        request: Request<review::RecordExpertPanelRequest>,
    ) -> Result<Response<review::RecordExpertPanelResponse>, Status> {
        let (id, panel) = parsed(request.get_ref(), expert_panel(request.get_ref()))?;
        let (caller, request) = (caller(&request), request.get_ref());
        let reply = |passed| review::RecordExpertPanelResponse { passed };
        Ok(Response::new(
            self.app
                .record_assessment(caller, request, id, &panel, reply)
                .await?,
        ))
    }

    async fn record_site_visit(
        &self,
        request: Request<review::RecordSiteVisitRequest>,
    ) -> Result<Response<review::RecordSiteVisitResponse>, Status> {
        let visit = site_visit(request.get_ref(), self.app.today()?);
        let (id, visit) = parsed(request.get_ref(), visit)?;
        let (caller, request) = (caller(&request), request.get_ref());
        let reply = |_| review::RecordSiteVisitResponse {};
        Ok(Response::new(
            self.app
                .record_assessment(caller, request, id, &visit, reply)
                .await?,
        ))
    }

    async fn propose_selection(
        &self,
        request: Request<review::ProposeSelectionRequest>,
    ) -> Result<Response<review::ProposeSelectionResponse>, Status> {
        let (id, granted) = parsed(request.get_ref(), granted(request.get_ref()))?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .propose_selection(caller, request, id, granted)
                .await?,
        ))
    }

    async fn confirm_selection(
        &self,
        request: Request<review::ConfirmSelectionRequest>,
    ) -> Result<Response<review::ConfirmSelectionResponse>, Status> {
        let given = request.get_ref();
        let stated = confirmation(&given.application_id, given.confirmation.as_ref());
        let (id, stated) = parsed(given, stated)?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .confirm_selection(caller, request, id, stated)
                .await?,
        ))
    }

    async fn propose_rejection(
        &self,
        request: Request<review::ProposeRejectionRequest>,
    ) -> Result<Response<review::ProposeRejectionResponse>, Status> {
        let (id, reason) = parsed(request.get_ref(), rejection(request.get_ref()))?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .propose_rejection(caller, request, id, &reason)
                .await?,
        ))
    }

    async fn confirm_rejection(
        &self,
        request: Request<review::ConfirmRejectionRequest>,
    ) -> Result<Response<review::ConfirmRejectionResponse>, Status> {
        let given = request.get_ref();
        let stated = confirmation(&given.application_id, given.confirmation.as_ref());
        let (id, stated) = parsed(given, stated)?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .confirm_rejection(caller, request, id, stated)
                .await?,
        ))
    }

    async fn get_public_notice(
        &self,
        request: Request<review::GetPublicNoticeRequest>,
    ) -> Result<Response<review::GetPublicNoticeResponse>, Status> {
        let id = PublicNoticeId::parse(&request.get_ref().public_notice_id)
            .map_err(|rejection| Error::from(Faults::at("public_notice_id", &rejection)))?;
        let (notice, shown) = self.app.public_notice(id).await?;
        let public_notice = Some(messages::public_notice(&notice, shown));
        Ok(Response::new(review::GetPublicNoticeResponse {
            public_notice,
        }))
    }
}

fn document_check(
    request: &review::RecordDocumentCheckRequest,
) -> Result<(ApplicationId, Particulars), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take(
        "application_id",
        ApplicationId::parse(&request.application_id),
    );
    faults.require(
        !request.items.is_empty(),
        "items",
        &FieldRejection::Required,
    );
    let given = rows(&request.items, "items", &mut faults);
    let mut items = Vec::with_capacity(given.len());
    for (index, item) in given.iter().enumerate() {
        let subject = faults.take(format!("items[{index}].subject"), line(&item.subject, LINE));
        // What is in order needs no remark.
        let remark = if item.in_order && item.remark.trim().is_empty() {
            Some(String::new())
        } else {
            faults.take(
                format!("items[{index}].remark"),
                text(&item.remark, OPINION),
            )
        };
        let in_order = item.in_order;
        items.extend(
            subject
                .zip(remark)
                .map(|(subject, remark)| DocumentCheckItem {
                    subject,
                    in_order,
                    remark,
                }),
        );
    }
    faults.finish()?;
    Ok((id.expect(ALL_THERE), Particulars::DocumentCheck(items)))
}

fn expert_panel(
    request: &review::RecordExpertPanelRequest,
) -> Result<(ApplicationId, Particulars), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take(
        "application_id",
        ApplicationId::parse(&request.application_id),
    );
    let given = rows(&request.opinions, "opinions", &mut faults);
    let mut opinions = Vec::with_capacity(given.len());
    for (index, opinion) in given.iter().enumerate() {
        let number = line(&opinion.expert_number, LINE);
        let number = faults.take(format!("opinions[{index}].expert_number"), number);
        let wording = text(&opinion.opinion, OPINION);
        let wording = faults.take(format!("opinions[{index}].opinion"), wording);
        // What is missing is empty beside its fault, so that the panel is judged as a whole.
        opinions.push(ExpertOpinion {
            expert_number: number.unwrap_or_default(),
            in_favour: opinion.in_favour,
            opinion: wording.unwrap_or_default(),
        });
    }
    if opinions.len() == request.opinions.len() {
        judge_panel(&opinions, &mut faults);
    }
    faults.finish()?;
    Ok((id.expect(ALL_THERE), Particulars::ExpertPanel(opinions)))
}

fn site_visit(
    request: &review::RecordSiteVisitRequest,
    today: Date,
) -> Result<(ApplicationId, Particulars), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take(
        "application_id",
        ApplicationId::parse(&request.application_id),
    );
    let visited_on = faults.take("visited_on", date(&request.visited_on));
    if let Some(visited_on) = visited_on {
        judge_visited(visited_on, today, &mut faults);
    }
    let given = rows(&request.visitor_numbers, "visitor_numbers", &mut faults);
    let mut visitor_numbers = Vec::with_capacity(given.len());
    for (index, number) in given.iter().enumerate() {
        let field = format!("visitor_numbers[{index}]");
        visitor_numbers.extend(faults.take(field, line(number, LINE)));
    }
    if visitor_numbers.len() == request.visitor_numbers.len() {
        judge_visitors(&visitor_numbers, &mut faults);
    }
    let findings = faults.take("findings", text(&request.findings, OPINION));
    faults.finish()?;
    let visit = SiteVisit {
        visited_on: visited_on.expect(ALL_THERE),
        visitor_numbers,
        findings: findings.expect(ALL_THERE),
        passed: request.passed,
    };
    Ok((id.expect(ALL_THERE), Particulars::SiteVisit(visit)))
}

fn granted(
    request: &review::ProposeSelectionRequest,
) -> Result<(ApplicationId, Vec<OccupationScope>), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take(
        "application_id",
        ApplicationId::parse(&request.application_id),
    );
    let given = rows(&request.granted, "granted", &mut faults);
    let mut granted = Vec::with_capacity(given.len());
    for (index, scope) in given.iter().enumerate() {
        let field = format!("granted[{index}]");
        granted.push(scopes::scope(Some(scope), &field, &mut faults));
    }
    if granted.len() == request.granted.len() {
        let named: Vec<_> = granted.iter().map(Option::as_ref).collect();
        judge_granted(&named, &mut faults);
    }
    faults.finish()?;
    Ok((
        id.expect(ALL_THERE),
        granted.into_iter().flatten().collect(),
    ))
}

fn rejection(request: &review::ProposeRejectionRequest) -> Result<(ApplicationId, String), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take(
        "application_id",
        ApplicationId::parse(&request.application_id),
    );
    let reason = faults.take("reason", text(&request.reason, REASON));
    faults.finish()?;
    Ok((id.expect(ALL_THERE), reason.expect(ALL_THERE)))
}

fn confirmation(
    application_id: &str,
    confirmation: Option<&common::Confirmation>,
) -> Result<(ApplicationId, Stated), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take("application_id", ApplicationId::parse(application_id));
    let stated = proposal::parse_confirmation(confirmation);
    let stated = stated.map_err(|missing| faults.extend(missing)).ok();
    faults.finish()?;
    Ok((id.expect(ALL_THERE), stated.expect(ALL_THERE)))
}
