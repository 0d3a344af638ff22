//! Assessment, decision and public notice over gRPC.

use jiff::civil::Date;
use kernel::ids::{ApplicationId, PublicNoticeId};
use kernel::pilot::Pilot;
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

use super::{ALL_THERE, REASON, Review, rows, scopes, upload};
use crate::domain::refusal::SelectionRejection;
use crate::domain::{
    DocumentCheckItem, OccupationScope, Particulars, PhotoId, SiteFinding, SiteItem, SiteVisit,
    judge_checked, judge_granted, judge_site, judge_visited, judge_visitors,
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
        Ok(Response::new(
            self.app
                .record_document_check(caller, request, id, &check)
                .await?,
        ))
    }

    async fn record_site_visit(
        &self,
        request: Request<review::RecordSiteVisitRequest>,
    ) -> Result<Response<review::RecordSiteVisitResponse>, Status> {
        let pilot = self.app.pilot().await?;
        let visit = site_visit(request.get_ref(), self.app.today()?, &pilot);
        let (id, visit, photos) = parsed(request.get_ref(), visit)?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .record_site_visit(caller, request, id, visit, &photos)
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
        items.push(checked(item, &format!("items[{index}]"), &mut faults));
    }
    judge_checked(&items, &mut faults);
    faults.finish()?;
    let items = items.into_iter().flatten().collect();
    Ok((id.expect(ALL_THERE), Particulars::DocumentCheck(items)))
}

/// An item of a document check at a field, if all of it can be read.
fn checked(
    item: &review::DocumentCheckItem,
    field: &str,
    faults: &mut FaultList,
) -> Option<DocumentCheckItem> {
    let document = match item.document() {
        review::DocumentKind::Unspecified if item.document == 0 => None,
        given => faults.take(format!("{field}.document"), upload::document(given)),
    };
    // A document says what was checked.
    let named = item.document != 0;
    let subject = if named && item.subject.trim().is_empty() {
        Some(String::new())
    } else {
        faults.take(format!("{field}.subject"), line(&item.subject, LINE))
    };
    let remark = remark(
        item.in_order,
        &item.remark,
        &format!("{field}.remark"),
        faults,
    );
    Some(DocumentCheckItem {
        document,
        subject: subject?,
        in_order: item.in_order,
        remark: remark?,
    })
}

/// What there is to say about an item; what is in order needs no word.
fn remark(in_order: bool, given: &str, field: &str, faults: &mut FaultList) -> Option<String> {
    if in_order && given.trim().is_empty() {
        Some(String::new())
    } else {
        faults.take(field, text(given, OPINION))
    }
}

/// An item of a site visit at a field, if all of it can be read.
fn site_finding(
    given: &review::SiteFinding,
    field: &str,
    faults: &mut FaultList,
) -> Option<SiteFinding> {
    let item = faults.take(format!("{field}.item"), site_item(given.item()));
    let finding = remark(
        given.in_order,
        &given.finding,
        &format!("{field}.finding"),
        faults,
    );
    Some(SiteFinding {
        item: item?,
        in_order: given.in_order,
        finding: finding?,
    })
}

pub(super) fn site_item(given: review::SiteItem) -> Result<SiteItem, SelectionRejection> {
    match given {
        review::SiteItem::TheoryRoom => Ok(SiteItem::TheoryRoom),
        review::SiteItem::Network => Ok(SiteItem::Network),
        review::SiteItem::ExamMachines => Ok(SiteItem::ExamMachines),
        review::SiteItem::SkillSite => Ok(SiteItem::SkillSite),
        review::SiteItem::Equipment => Ok(SiteItem::Equipment),
        review::SiteItem::IdentityCheck => Ok(SiteItem::IdentityCheck),
        review::SiteItem::SignalShielding => Ok(SiteItem::SignalShielding),
        review::SiteItem::Monitoring => Ok(SiteItem::Monitoring),
        review::SiteItem::Unspecified => Err(SelectionRejection::SiteItemUnknown),
    }
}

fn site_visit(
    request: &review::RecordSiteVisitRequest,
    today: Date,
    pilot: &Pilot,
) -> Result<(ApplicationId, SiteVisit, Vec<PhotoId>), Faults> {
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
        judge_visitors(&visitor_numbers, pilot, &mut faults);
    }
    let given = rows(&request.items, "items", &mut faults);
    let mut items = Vec::with_capacity(given.len());
    for (index, finding) in given.iter().enumerate() {
        items.push(site_finding(
            finding,
            &format!("items[{index}]"),
            &mut faults,
        ));
    }
    if items.iter().all(Option::is_some) {
        judge_site(&items, request.passed, &mut faults);
    }
    let findings = faults.take("findings", text(&request.findings, OPINION));
    let given = rows(&request.photo_ids, "photo_ids", &mut faults);
    let mut photos = Vec::with_capacity(given.len());
    for (index, id) in given.iter().enumerate() {
        photos.extend(faults.take(format!("photo_ids[{index}]"), PhotoId::parse(id)));
    }
    faults.finish()?;
    let visit = SiteVisit {
        photos: Vec::new(),
        visited_on: visited_on.expect(ALL_THERE),
        visitor_numbers,
        items: items.into_iter().flatten().collect(),
        findings: findings.expect(ALL_THERE),
        passed: request.passed,
    };
    Ok((id.expect(ALL_THERE), visit, photos))
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
