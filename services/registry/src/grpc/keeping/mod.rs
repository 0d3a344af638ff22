//! What happens to organisations, over gRPC.

use kernel::ids::{ChangeId, MeasureId, OrganizationId};
use kernel::rejection::{FaultList, Faults};
use platform::access::caller;
use platform::contract::{GivenMeasure, date, page_size, text};
use platform::proposal::parse_confirmation;
use platform::unit::parsed;
use proto::common::v1::MeasureKind;
use proto::registry::v1::keeping_service_server::KeepingService;
use proto::registry::v1::{
    AcceptRectificationRequest, AcceptRectificationResponse, ChangeContactRequest,
    ChangeContactResponse, ConfirmMeasureRequest, ConfirmMeasureResponse, DecideChangeRequest,
    DecideChangeResponse, GiveUpRightsRequest, GiveUpRightsResponse, ImposeMeasureRequest,
    ImposeMeasureResponse, ListChangesRequest, ListChangesResponse, ListMeasuresRequest,
    ListMeasuresResponse, ProposeMeasureRequest, ProposeMeasureResponse,
    ReportRectificationRequest, ReportRectificationResponse, RequestChangeRequest,
    RequestChangeResponse, ResumeRightsRequest, ResumeRightsResponse, ReturnRectificationRequest,
    ReturnRectificationResponse,
};
use tonic::{Request, Response, Status};

use super::{Registry, all_there};
use crate::domain::organization::measure::MeasureRejection;
use crate::messages::keeping;

mod form;

/// Characters of a reason, a finding or a report.
const MOST_WORDS: usize = 2000;

#[tonic::async_trait]
impl KeepingService for Registry {
    async fn change_contact(
        &self,
        request: Request<ChangeContactRequest>,
    ) -> Result<Response<ChangeContactResponse>, Status> {
        let (id, contact) = parsed(request.get_ref(), form::contact(request.get_ref()))?;
        let reply = self
            .app
            .change_contact(caller(&request), request.get_ref(), id, &contact)
            .await?;
        Ok(Response::new(reply))
    }

    async fn request_change(
        &self,
        request: Request<RequestChangeRequest>,
    ) -> Result<Response<RequestChangeResponse>, Status> {
        let (id, entry, reason) = parsed(request.get_ref(), form::change(request.get_ref()))?;
        let reply = self
            .app
            .request_change(caller(&request), request.get_ref(), id, entry, reason)
            .await?;
        Ok(Response::new(reply))
    }

    async fn decide_change(
        &self,
        request: Request<DecideChangeRequest>,
    ) -> Result<Response<DecideChangeResponse>, Status> {
        let form = form::decision(request.get_ref());
        let (id, change, declined_because) = parsed(request.get_ref(), form)?;
        let caller = caller(&request);
        let reply = self
            .app
            .decide_change(caller, request.get_ref(), id, change, declined_because)
            .await?;
        Ok(Response::new(reply))
    }

    async fn list_changes(
        &self,
        request: Request<ListChangesRequest>,
    ) -> Result<Response<ListChangesResponse>, Status> {
        let asked = request.get_ref();
        let (id, before) = form::page(&asked.organization_id, &asked.page_token, ChangeId::parse)?;
        let size = page_size(asked.page_size);
        let (changes, more) = self.app.changes(caller(&request), id, before, size).await?;
        let next_page_token = match changes.last() {
            Some(last) if more => last.change.id.to_string(),
            _ => String::new(),
        };
        let changes = changes.into_iter();
        Ok(Response::new(ListChangesResponse {
            changes: changes
                .map(|shown| keeping::change(&shown.change, shown.legal_representative))
                .collect(),
            next_page_token,
        }))
    }

    async fn give_up_rights(
        &self,
        request: Request<GiveUpRightsRequest>,
    ) -> Result<Response<GiveUpRightsResponse>, Status> {
        let (id, giving_up) = parsed(request.get_ref(), form::giving_up(request.get_ref()))?;
        let caller = caller(&request);
        let reply = self
            .app
            .give_up_rights(caller, request.get_ref(), id, &giving_up)
            .await?;
        Ok(Response::new(reply))
    }

    async fn impose_measure(
        &self,
        request: Request<ImposeMeasureRequest>,
    ) -> Result<Response<ImposeMeasureResponse>, Status> {
        let asked = request.get_ref();
        let given = GivenMeasure {
            kind: asked.kind,
            grounds: &asked.grounds,
            effective_on: &asked.effective_on,
            due_on: &asked.due_on,
            right_ids: &[],
            ongoing_batches: 0,
        };
        let today = self.app.today()?;
        let form = match asked.kind() {
            MeasureKind::Suspension | MeasureKind::Withdrawal => {
                Err(Faults::at("kind", &MeasureRejection::TakesTwoPersons))
            }
            _ => form::measure(&asked.organization_id, &given, &asked.statement, today),
        };
        let (id, proposed) = parsed(asked, form)?;
        let reply = self
            .app
            .impose_measure(caller(&request), asked, id, proposed)
            .await?;
        Ok(Response::new(reply))
    }

    async fn report_rectification(
        &self,
        request: Request<ReportRectificationRequest>,
    ) -> Result<Response<ReportRectificationResponse>, Status> {
        let asked = request.get_ref();
        let mut faults = FaultList::default();
        let of = form::measure_ids(&asked.organization_id, &asked.measure_id, &mut faults);
        let report = faults.take("report", text(&asked.report, MOST_WORDS));
        let (of, report) = parsed(asked, all_there(faults, of.zip(report)))?;
        let reply = self
            .app
            .report_rectification(caller(&request), asked, of, &report)
            .await?;
        Ok(Response::new(reply))
    }

    async fn accept_rectification(
        &self,
        request: Request<AcceptRectificationRequest>,
    ) -> Result<Response<AcceptRectificationResponse>, Status> {
        let asked = request.get_ref();
        let mut faults = FaultList::default();
        let of = form::measure_ids(&asked.organization_id, &asked.measure_id, &mut faults);
        let of = parsed(asked, all_there(faults, of))?;
        let reply = self
            .app
            .accept_rectification(caller(&request), asked, of)
            .await?;
        Ok(Response::new(reply))
    }

    async fn return_rectification(
        &self,
        request: Request<ReturnRectificationRequest>,
    ) -> Result<Response<ReturnRectificationResponse>, Status> {
        let asked = request.get_ref();
        let mut faults = FaultList::default();
        let of = form::measure_ids(&asked.organization_id, &asked.measure_id, &mut faults);
        let due_on = faults.take("due_on", date(&asked.due_on));
        let reason = faults.take("reason", text(&asked.reason, MOST_WORDS));
        let (of, again) = parsed(asked, all_there(faults, of.zip(due_on.zip(reason))))?;
        let reply = self
            .app
            .return_rectification(caller(&request), asked, of, again)
            .await?;
        Ok(Response::new(reply))
    }

    async fn propose_measure(
        &self,
        request: Request<ProposeMeasureRequest>,
    ) -> Result<Response<ProposeMeasureResponse>, Status> {
        let asked = request.get_ref();
        let given = GivenMeasure {
            kind: asked.kind,
            grounds: &asked.grounds,
            effective_on: &asked.effective_on,
            due_on: &asked.due_on,
            right_ids: &asked.right_ids,
            ongoing_batches: asked.ongoing_batches,
        };
        let today = self.app.today()?;
        let form = form::measure(&asked.organization_id, &given, &asked.statement, today);
        let (id, proposed) = parsed(asked, form)?;
        let reply = self
            .app
            .propose_measure(caller(&request), asked, id, proposed)
            .await?;
        Ok(Response::new(reply))
    }

    async fn confirm_measure(
        &self,
        request: Request<ConfirmMeasureRequest>,
    ) -> Result<Response<ConfirmMeasureResponse>, Status> {
        let asked = request.get_ref();
        let mut faults = FaultList::default();
        let id = OrganizationId::parse(&asked.organization_id);
        let id = faults.take("organization_id", id);
        let stated = parse_confirmation(asked.confirmation.as_ref());
        let stated = stated.map_err(|refused| faults.extend(refused)).ok();
        let (id, stated) = parsed(asked, all_there(faults, id.zip(stated)))?;
        let reply = self
            .app
            .confirm_measure(caller(&request), asked, id, stated)
            .await?;
        Ok(Response::new(reply))
    }

    async fn resume_rights(
        &self,
        request: Request<ResumeRightsRequest>,
    ) -> Result<Response<ResumeRightsResponse>, Status> {
        let asked = request.get_ref();
        let mut faults = FaultList::default();
        let of = form::measure_ids(&asked.organization_id, &asked.measure_id, &mut faults);
        let resumes_on = faults.take("resumes_on", date(&asked.resumes_on));
        let reason = faults.take("reason", text(&asked.reason, MOST_WORDS));
        let (of, resumption) = parsed(asked, all_there(faults, of.zip(resumes_on.zip(reason))))?;
        let reply = self
            .app
            .resume_rights(caller(&request), asked, of, resumption)
            .await?;
        Ok(Response::new(reply))
    }

    async fn list_measures(
        &self,
        request: Request<ListMeasuresRequest>,
    ) -> Result<Response<ListMeasuresResponse>, Status> {
        let asked = request.get_ref();
        let (id, before) = form::page(&asked.organization_id, &asked.page_token, MeasureId::parse)?;
        let size = page_size(asked.page_size);
        let (measures, more, today) = self
            .app
            .measures(caller(&request), id, before, size)
            .await?;
        let next_page_token = match measures.last() {
            Some(last) if more => last.measure.measure_id.to_string(),
            _ => String::new(),
        };
        let measures = measures.iter();
        Ok(Response::new(ListMeasuresResponse {
            measures: measures
                .map(|measure| keeping::measure(measure, today))
                .collect(),
            next_page_token,
        }))
    }
}
