//! Measures on organisations over gRPC.

use jiff::civil::Date;
use kernel::ids::{MeasureId, OrganizationId};
use kernel::rejection::{FaultList, Faults};
use kernel::two_persons::Stated;
use platform::access::caller;
use platform::contract::{GivenMeasure, page_size, page_token, text};
use platform::unit::parsed;
use platform::{Error, proposal};
use proto::review::v1 as review;
use proto::review::v1::measure_service_server::MeasureService;
use tonic::{Request, Response, Status};

use super::{ALL_THERE, Review};
use crate::app::ProposedMeasure;
use crate::domain::{MeasuringRejection, Origin};
use crate::messages;

/// Characters of a reason.
const REASON: usize = 5_000;

#[tonic::async_trait]
impl MeasureService for Review {
    async fn propose_measure(
        &self,
        request: Request<review::ProposeMeasureRequest>,
    ) -> Result<Response<review::ProposeMeasureResponse>, Status> {
        let proposed = proposed(request.get_ref(), self.app.today()?);
        let proposed = parsed(request.get_ref(), proposed)?;
        let (caller, request) = (caller(&request), request.get_ref());
        let answer = self.app.propose_measure(caller, request, proposed).await?;
        Ok(Response::new(answer))
    }

    async fn confirm_measure(
        &self,
        request: Request<review::ConfirmMeasureRequest>,
    ) -> Result<Response<review::ConfirmMeasureResponse>, Status> {
        let (id, stated) = parsed(request.get_ref(), confirmation(request.get_ref()))?;
        let (caller, request) = (caller(&request), request.get_ref());
        let answer = self
            .app
            .confirm_measure(caller, request, id, stated)
            .await?;
        Ok(Response::new(answer))
    }

    async fn get_measure(
        &self,
        request: Request<review::GetMeasureRequest>,
    ) -> Result<Response<review::GetMeasureResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let id = MeasureId::parse(&request.measure_id)
            .map_err(|rejection| Error::from(Faults::at("measure_id", &rejection)))?;
        let (measure, reason) = self.app.measure(caller, id).await?;
        let measure = Some(messages::measure(&measure, reason));
        Ok(Response::new(review::GetMeasureResponse { measure }))
    }

    async fn list_measures(
        &self,
        request: Request<review::ListMeasuresRequest>,
    ) -> Result<Response<review::ListMeasuresResponse>, Status> {
        let (caller, request) = (caller(&request), request.get_ref());
        let (organization, before) = page(request).map_err(Error::from)?;
        let size = page_size(request.page_size);
        let (measures, next) = self
            .app
            .measures(caller, organization, before, size)
            .await?;
        let measures = measures.iter();
        Ok(Response::new(review::ListMeasuresResponse {
            measures: measures
                .map(|measure| messages::measure(measure, String::new()))
                .collect(),
            next_page_token: next.map(|id| id.to_string()).unwrap_or_default(),
        }))
    }
}

fn proposed(
    request: &review::ProposeMeasureRequest,
    today: Date,
) -> Result<ProposedMeasure, Faults> {
    let mut faults = FaultList::default();
    let organization = OrganizationId::parse(&request.organization_id);
    let organization = faults.take("organization_id", organization);
    let origin = faults.take("origin_id", Origin::parse(&request.origin_id));
    let given = GivenMeasure {
        kind: request.kind,
        grounds: &request.grounds,
        effective_on: &request.effective_on,
        due_on: &request.due_on,
        right_ids: &request.right_ids,
        ongoing_batches: request.ongoing_batches,
    };
    let order = given.read(today, &mut faults);
    let reason = faults.take("reason", text(&request.reason, REASON));
    faults.finish()?;
    Ok(ProposedMeasure {
        organization: organization.expect(ALL_THERE),
        origin: origin.expect(ALL_THERE),
        order: order.expect(ALL_THERE),
        reason: reason.expect(ALL_THERE),
    })
}

fn confirmation(request: &review::ConfirmMeasureRequest) -> Result<(MeasureId, Stated), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take("measure_id", MeasureId::parse(&request.measure_id));
    let stated = proposal::parse_confirmation(request.confirmation.as_ref());
    let stated = stated.map_err(|missing| faults.extend(missing)).ok();
    faults.finish()?;
    Ok((id.expect(ALL_THERE), stated.expect(ALL_THERE)))
}

fn page(
    request: &review::ListMeasuresRequest,
) -> Result<(Option<OrganizationId>, Option<MeasureId>), Faults> {
    let mut faults = FaultList::default();
    let organization = match request.organization_id.as_str() {
        "" => None,
        given => faults.take("organization_id", OrganizationId::parse(given)),
    };
    let before = page_token(
        &request.page_token,
        MeasureId::parse,
        &MeasuringRejection::PageToken,
        &mut faults,
    );
    faults.finish()?;
    Ok((organization, before))
}
