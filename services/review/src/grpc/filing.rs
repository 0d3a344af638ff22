//! Receipts and reports over gRPC.

use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, CityReportId};
use kernel::rejection::{FaultList, Faults};
use platform::Error;
use platform::access::{Caller, Scope, caller};
use platform::contract::{FieldRejection, page_size, page_token, text};
use platform::unit::parsed;
use proto::review::v1 as review;
use proto::review::v1::filing_service_server::FilingService;
use tonic::{Request, Response, Status};

use super::{ALL_THERE, Review, application_id, rows};
use crate::app::Found;
use crate::domain::refusal::{ApplicationRejection, FilingRejection};
use crate::domain::{judge_listed, judge_once};
use crate::messages;

/// Applications that one report can list.
const LARGEST_REPORT: usize = 500;
/// Characters of a formal fault, and of what was put right.
const FAULT: usize = 2_000;

#[tonic::async_trait]
impl FilingService for Review {
    async fn get_filing_receipt(
        &self,
        request: Request<review::GetFilingReceiptRequest>,
    ) -> Result<Response<review::GetFilingReceiptResponse>, Status> {
        let id = application_id(&request.get_ref().application_id).map_err(Error::from)?;
        let (application, receipt) = self.app.filing_receipt(caller(&request), id).await?;
        let reference = self.app.reference().await?;
        let receipt = messages::receipt(&application, &receipt, &reference);
        let receipt = Some(receipt.map_err(Error::from)?);
        Ok(Response::new(review::GetFilingReceiptResponse { receipt }))
    }

    async fn submit_city_report(
        &self,
        request: Request<review::SubmitCityReportRequest>,
    ) -> Result<Response<review::SubmitCityReportResponse>, Status> {
        let listed = parsed(request.get_ref(), listed(request.get_ref()))?;
        let (caller, request) = (caller(&request), request.get_ref());
        let city = city_of(caller)?;
        Ok(Response::new(
            self.app
                .submit_city_report(caller, request, city, listed)
                .await?,
        ))
    }

    async fn record_city_report(
        &self,
        request: Request<review::RecordCityReportRequest>,
    ) -> Result<Response<review::RecordCityReportResponse>, Status> {
        let id = city_report_id(&request.get_ref().city_report_id);
        let id = parsed(request.get_ref(), id)?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app.record_city_report(caller, request, id).await?,
        ))
    }

    async fn return_city_report(
        &self,
        request: Request<review::ReturnCityReportRequest>,
    ) -> Result<Response<review::ReturnCityReportResponse>, Status> {
        let (id, found) = parsed(request.get_ref(), found(request.get_ref()))?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .return_city_report(caller, request, id, found)
                .await?,
        ))
    }

    async fn correct_city_report(
        &self,
        request: Request<review::CorrectCityReportRequest>,
    ) -> Result<Response<review::CorrectCityReportResponse>, Status> {
        let corrected = parsed(request.get_ref(), corrected(request.get_ref()))?;
        let (id, corrections, taken_off) = corrected;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .correct_city_report(caller, request, id, corrections, taken_off)
                .await?,
        ))
    }

    async fn get_city_report(
        &self,
        request: Request<review::GetCityReportRequest>,
    ) -> Result<Response<review::GetCityReportResponse>, Status> {
        let id = city_report_id(&request.get_ref().city_report_id).map_err(Error::from)?;
        let (report, rows) = self.app.city_report(caller(&request), id).await?;
        let reference = self.app.reference().await?;
        let report = messages::whole_city_report(&report, rows, &reference);
        let city_report = Some(report.map_err(Error::from)?);
        Ok(Response::new(review::GetCityReportResponse { city_report }))
    }

    async fn list_city_reports(
        &self,
        request: Request<review::ListCityReportsRequest>,
    ) -> Result<Response<review::ListCityReportsResponse>, Status> {
        let mut faults = FaultList::default();
        let token = &request.get_ref().page_token;
        let refused = FilingRejection::ReportPageToken;
        let before = page_token(token, CityReportId::parse, &refused, &mut faults);
        faults.finish().map_err(Error::from)?;
        let size = page_size(request.get_ref().page_size);
        let reports = self.app.city_reports(caller(&request), before, size);
        let (reports, next) = reports.await?;
        Ok(Response::new(review::ListCityReportsResponse {
            city_reports: reports.iter().map(messages::city_report).collect(),
            next_page_token: next.map(|id| id.to_string()).unwrap_or_default(),
        }))
    }
}

/// Texts about applications in a list of a request, and the applications as far as they can be
/// read.
fn texts<'a>(
    given: impl Iterator<Item = (&'a str, &'a str)>,
    (list, name): (&str, &str),
    faults: &mut FaultList,
) -> (Vec<Option<ApplicationId>>, Found) {
    let (mut ids, mut found) = (Vec::new(), Found::new());
    for (index, (id, given)) in given.enumerate() {
        let id = ApplicationId::parse(id);
        let id = faults.take(format!("{list}[{index}].application_id"), id);
        let text = faults.take(format!("{list}[{index}].{name}"), text(given, FAULT));
        ids.push(id);
        found.extend(id.zip(text));
    }
    (ids, found)
}

fn found(request: &review::ReturnCityReportRequest) -> Result<(CityReportId, Found), Faults> {
    let mut faults = FaultList::default();
    let id = CityReportId::parse(&request.city_report_id);
    let id = faults.take("city_report_id", id);
    let given = &request.faults;
    faults.require(!given.is_empty(), "faults", &FieldRejection::Required);
    let given = rows(given, "faults", &mut faults).iter();
    let given = given.map(|fault| (&*fault.application_id, &*fault.fault));
    let (ids, found) = texts(given, ("faults", "fault"), &mut faults);
    let path = |index| format!("faults[{index}].application_id");
    judge_once(&ids, path, &mut faults);
    faults.finish()?;
    Ok((id.expect(ALL_THERE), found))
}

type Corrected = (CityReportId, Found, Vec<ApplicationId>);

fn corrected(request: &review::CorrectCityReportRequest) -> Result<Corrected, Faults> {
    const TAKEN_OFF: &str = "taken_off_application_ids";
    let mut faults = FaultList::default();
    let id = CityReportId::parse(&request.city_report_id);
    let id = faults.take("city_report_id", id);
    let given = rows(&request.corrections, "corrections", &mut faults).iter();
    let given = given.map(|given| (&*given.application_id, &*given.correction));
    let (mut ids, corrections) = texts(given, ("corrections", "correction"), &mut faults);
    let corrected = ids.len();
    let taken_off = rows(&request.taken_off_application_ids, TAKEN_OFF, &mut faults);
    for (index, id) in taken_off.iter().enumerate() {
        let id = ApplicationId::parse(id);
        ids.push(faults.take(format!("{TAKEN_OFF}[{index}]"), id));
    }
    // What is put right stays on the report: it is not taken off, too.
    let path = |index: usize| match index.checked_sub(corrected) {
        Some(index) => format!("{TAKEN_OFF}[{index}]"),
        None => format!("corrections[{index}].application_id"),
    };
    judge_once(&ids, path, &mut faults);
    faults.finish()?;
    let taken_off = ids.into_iter().skip(corrected).flatten().collect();
    Ok((id.expect(ALL_THERE), corrections, taken_off))
}

fn city_report_id(text: &str) -> Result<CityReportId, Faults> {
    CityReportId::parse(text).map_err(|rejection| Faults::at("city_report_id", &rejection))
}

fn listed(request: &review::SubmitCityReportRequest) -> Result<Vec<ApplicationId>, Faults> {
    let (given, limit) = (&request.application_ids, LARGEST_REPORT);
    if given.len() > limit {
        let too_large = FilingRejection::ReportTooLarge { limit };
        return Err(Faults::at("application_ids", &too_large));
    }
    let mut faults = FaultList::default();
    let mut ids = Vec::with_capacity(given.len());
    for (index, id) in given.iter().enumerate() {
        let field = format!("application_ids[{index}]");
        ids.push(faults.take(field, ApplicationId::parse(id)));
    }
    judge_listed(&ids, &mut faults);
    faults.finish()?;
    Ok(ids.into_iter().flatten().collect())
}

/// The city whose centre calls. Without one there is no application that it could report.
fn city_of(caller: &Caller) -> Result<DivisionCode, Error> {
    match caller.scope() {
        Scope::Area(division) => Ok(division),
        _ => Err(Error::refused(ApplicationRejection::NotFound)),
    }
}
