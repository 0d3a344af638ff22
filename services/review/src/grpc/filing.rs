//! Receipts and reports over gRPC.

use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, CityReportId};
use kernel::rejection::{FaultList, Faults};
use platform::Error;
use platform::access::{Caller, Scope, caller};
use platform::unit::parsed;
use proto::review::v1 as review;
use proto::review::v1::filing_service_server::FilingService;
use tonic::{Request, Response, Status};

use super::{Review, application_id};
use crate::domain::judge_listed;
use crate::domain::refusal::{ApplicationRejection, FilingRejection};
use crate::messages;

/// Applications that one report can list.
const LARGEST_REPORT: usize = 500;

#[tonic::async_trait]
impl FilingService for Review {
    async fn get_filing_receipt(
        &self,
        request: Request<review::GetFilingReceiptRequest>,
    ) -> Result<Response<review::GetFilingReceiptResponse>, Status> {
        let id = application_id(&request.get_ref().application_id).map_err(Error::from)?;
        let (application, receipt) = self.app.filing_receipt(caller(&request), id).await?;
        let receipt = Some(messages::receipt(&application, &receipt));
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
        let id = CityReportId::parse(&request.get_ref().city_report_id)
            .map_err(|rejection| Faults::at("city_report_id", &rejection));
        let id = parsed(request.get_ref(), id)?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app.record_city_report(caller, request, id).await?,
        ))
    }
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
