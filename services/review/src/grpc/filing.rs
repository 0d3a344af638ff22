//! Receipts and reports over gRPC.

use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, CityReportId};
use kernel::rejection::{FaultList, Faults};
use platform::Error;
use platform::access::{Caller, Scope, caller};
use proto::review::v1 as review;
use proto::review::v1::filing_service_server::FilingService;
use tonic::{Request, Response, Status};

use super::{Review, application_id};
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
        let id = application_id(&request.get_ref().application_id)?;
        let (application, receipt) = self.app.filing_receipt(caller(&request), id).await?;
        let receipt = Some(messages::receipt(&application, &receipt));
        Ok(Response::new(review::GetFilingReceiptResponse { receipt }))
    }

    async fn submit_city_report(
        &self,
        request: Request<review::SubmitCityReportRequest>,
    ) -> Result<Response<review::SubmitCityReportResponse>, Status> {
        let listed = listed(request.get_ref()).map_err(Error::from)?;
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
            .map_err(|rejection| Error::from(Faults::at("city_report_id", &rejection)))?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app.record_city_report(caller, request, id).await?,
        ))
    }
}

fn listed(request: &review::SubmitCityReportRequest) -> Result<Vec<ApplicationId>, Faults> {
    let mut faults = FaultList::default();
    let given = &request.application_ids;
    let limit = LARGEST_REPORT;
    let fits = given.len() <= limit;
    faults.require(
        fits,
        "application_ids",
        &FilingRejection::ReportTooLarge { limit },
    );
    let ids = given
        .iter()
        .take(limit)
        .enumerate()
        .filter_map(|(index, id)| {
            faults.take(
                format!("application_ids[{index}]"),
                ApplicationId::parse(id),
            )
        });
    let ids = ids.collect();
    faults.finish()?;
    Ok(ids)
}

/// The city whose centre calls. Without one there is no application that it could report.
fn city_of(caller: &Caller) -> Result<DivisionCode, Error> {
    match caller.scope() {
        Scope::Area(division) => Ok(division),
        _ => Err(Error::refused(ApplicationRejection::NotFound)),
    }
}
