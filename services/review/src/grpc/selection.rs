//! Assessment, decision and public notice over gRPC.

use kernel::ids::{ApplicationId, PublicNoticeId};
use kernel::rejection::{FaultList, Faults};
use kernel::two_persons::Stated;
use platform::access::caller;
use platform::contract::{FieldRejection, date, text};
use platform::{Error, proposal};
use proto::review::v1 as review;
use proto::review::v1::selection_service_server::SelectionService;
use tonic::{Request, Response, Status};

use super::{ALL_THERE, Review, scopes};
use crate::domain::{DocumentCheckItem, ExpertOpinion, OccupationScope, SiteVisit};
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
        let (id, items) = document_check(request.get_ref()).map_err(Error::from)?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .record_document_check(caller, request, id, &items)
                .await?,
        ))
    }

    async fn record_expert_panel(
        &self,
        request: Request<review::RecordExpertPanelRequest>,
    ) -> Result<Response<review::RecordExpertPanelResponse>, Status> {
        let (id, opinions) = expert_panel(request.get_ref()).map_err(Error::from)?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .record_expert_panel(caller, request, id, &opinions)
                .await?,
        ))
    }

    async fn record_site_visit(
        &self,
        request: Request<review::RecordSiteVisitRequest>,
    ) -> Result<Response<review::RecordSiteVisitResponse>, Status> {
        let (id, visit) = site_visit(request.get_ref()).map_err(Error::from)?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .record_site_visit(caller, request, id, &visit)
                .await?,
        ))
    }

    async fn propose_selection(
        &self,
        request: Request<review::ProposeSelectionRequest>,
    ) -> Result<Response<review::ProposeSelectionResponse>, Status> {
        let (id, granted) = granted(request.get_ref()).map_err(Error::from)?;
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
        let (id, stated) = confirmation(request.get_ref()).map_err(Error::from)?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .confirm_selection(caller, request, id, stated)
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
) -> Result<(ApplicationId, Vec<DocumentCheckItem>), Faults> {
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
    let mut items = Vec::with_capacity(request.items.len());
    for (index, item) in request.items.iter().enumerate() {
        let subject = faults.take(format!("items[{index}].subject"), text(&item.subject, LINE));
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
    Ok((id.expect(ALL_THERE), items))
}

fn expert_panel(
    request: &review::RecordExpertPanelRequest,
) -> Result<(ApplicationId, Vec<ExpertOpinion>), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take(
        "application_id",
        ApplicationId::parse(&request.application_id),
    );
    let mut opinions = Vec::with_capacity(request.opinions.len());
    for (index, opinion) in request.opinions.iter().enumerate() {
        let number = text(&opinion.expert_number, LINE);
        let number = faults.take(format!("opinions[{index}].expert_number"), number);
        let wording = text(&opinion.opinion, OPINION);
        let wording = faults.take(format!("opinions[{index}].opinion"), wording);
        let in_favour = opinion.in_favour;
        opinions.extend(
            number
                .zip(wording)
                .map(|(expert_number, opinion)| ExpertOpinion {
                    expert_number,
                    in_favour,
                    opinion,
                }),
        );
    }
    faults.finish()?;
    Ok((id.expect(ALL_THERE), opinions))
}

fn site_visit(
    request: &review::RecordSiteVisitRequest,
) -> Result<(ApplicationId, SiteVisit), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take(
        "application_id",
        ApplicationId::parse(&request.application_id),
    );
    let visited_on = faults.take("visited_on", date(&request.visited_on));
    let visitors = request
        .visitor_numbers
        .iter()
        .enumerate()
        .filter_map(|(index, number)| {
            faults.take(format!("visitor_numbers[{index}]"), text(number, LINE))
        });
    let visitor_numbers = visitors.collect();
    let findings = faults.take("findings", text(&request.findings, OPINION));
    faults.finish()?;
    let visit = SiteVisit {
        visited_on: visited_on.expect(ALL_THERE),
        visitor_numbers,
        findings: findings.expect(ALL_THERE),
        passed: request.passed,
    };
    Ok((id.expect(ALL_THERE), visit))
}

fn granted(
    request: &review::ProposeSelectionRequest,
) -> Result<(ApplicationId, Vec<OccupationScope>), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take(
        "application_id",
        ApplicationId::parse(&request.application_id),
    );
    let scopes = request
        .granted
        .iter()
        .enumerate()
        .filter_map(|(index, scope)| {
            scopes::scope(Some(scope), &format!("granted[{index}]"), &mut faults)
        });
    let granted = scopes.collect();
    faults.finish()?;
    Ok((id.expect(ALL_THERE), granted))
}

fn confirmation(
    request: &review::ConfirmSelectionRequest,
) -> Result<(ApplicationId, Stated), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take(
        "application_id",
        ApplicationId::parse(&request.application_id),
    );
    let stated = proposal::parse_confirmation(request.confirmation.as_ref());
    let stated = stated.map_err(|missing| faults.extend(missing)).ok();
    faults.finish()?;
    Ok((id.expect(ALL_THERE), stated.expect(ALL_THERE)))
}
