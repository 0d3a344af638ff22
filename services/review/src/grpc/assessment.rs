//! Expert panels and the record of an assessment, over gRPC.

use futures::StreamExt;
use kernel::ids::{ApplicationId, PanelId};
use kernel::pilot::Pilot;
use kernel::rejection::{FaultList, Faults};
use platform::Error;
use platform::access::{caller, caller_of};
use platform::contract::{line, text};
use platform::download::Parts;
use platform::unit::parsed;
use proto::review::v1 as review;
use proto::review::v1::assessment_service_server::AssessmentService;
use tonic::{Request, Response, Status, Streaming};

use super::files::downloaded;
use super::{ALL_THERE, REASON, Review, application_id, rows, upload};
use crate::app::Pools;
use crate::domain::PhotoId;
use crate::domain::panel::{judge_named, judge_size};
use crate::messages;

/// Characters of a number in the expert pool.
const NUMBER: usize = 100;
/// Characters of an opinion.
const OPINION: usize = 5_000;

#[tonic::async_trait]
impl AssessmentService for Review {
    async fn plan_panel(
        &self,
        request: Request<review::PlanPanelRequest>,
    ) -> Result<Response<review::PlanPanelResponse>, Status> {
        let planned = planned(request.get_ref(), &self.app.pilot().await?);
        let (id, size, pools) = parsed(request.get_ref(), planned)?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .plan_panel(caller, request, id, size, pools)
                .await?,
        ))
    }

    async fn draw_panel(
        &self,
        request: Request<review::DrawPanelRequest>,
    ) -> Result<Response<review::DrawPanelResponse>, Status> {
        let id = panel_id(&request.get_ref().panel_id);
        let id = parsed(request.get_ref(), id)?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app.draw_panel(caller, request, id).await?,
        ))
    }

    async fn convene_panel(
        &self,
        request: Request<review::ConvenePanelRequest>,
    ) -> Result<Response<review::ConvenePanelResponse>, Status> {
        let convened = convened(request.get_ref(), &self.app.pilot().await?);
        let (id, named, pools) = parsed(request.get_ref(), convened)?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .convene_panel(caller, request, id, &named, pools)
                .await?,
        ))
    }

    async fn excuse_expert(
        &self,
        request: Request<review::ExcuseExpertRequest>,
    ) -> Result<Response<review::ExcuseExpertResponse>, Status> {
        let excused = parsed(request.get_ref(), excused(request.get_ref()))?;
        let (id, number, reason, named) = excused;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .excuse_expert(caller, request, id, &number, reason, named.as_deref())
                .await?,
        ))
    }

    async fn record_opinion(
        &self,
        request: Request<review::RecordOpinionRequest>,
    ) -> Result<Response<review::RecordOpinionResponse>, Status> {
        let (id, number, opinion) = parsed(request.get_ref(), opinion(request.get_ref()))?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .record_opinion(caller, request, id, &number, opinion)
                .await?,
        ))
    }

    async fn dissolve_panel(
        &self,
        request: Request<review::DissolvePanelRequest>,
    ) -> Result<Response<review::DissolvePanelResponse>, Status> {
        let (id, reason) = parsed(request.get_ref(), dissolved(request.get_ref()))?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app.dissolve_panel(caller, request, id, reason).await?,
        ))
    }

    async fn get_panel(
        &self,
        request: Request<review::GetPanelRequest>,
    ) -> Result<Response<review::GetPanelResponse>, Status> {
        let id = panel_id(&request.get_ref().panel_id).map_err(Error::from)?;
        let panel = Some(self.app.panel(caller(&request), id).await?);
        Ok(Response::new(review::GetPanelResponse { panel }))
    }

    type DownloadSitePhotoStream = Parts<review::DownloadSitePhotoResponse>;

    async fn upload_site_photo(
        &self,
        request: Request<Streaming<review::UploadSitePhotoRequest>>,
    ) -> Result<Response<review::UploadSitePhotoResponse>, Status> {
        let (_, extensions, parts) = request.into_parts();
        let mut parts = parts.map(|sent| sent.map(upload::photo_part));
        let header = platform::upload::header(&mut parts).await?;
        let upload = parsed(&header, upload::photo(&header))?;
        let content = platform::upload::content(parts);
        let reply = self
            .app
            .upload_site_photo(caller_of(&extensions), &header, upload, content)
            .await?;
        Ok(Response::new(reply))
    }

    async fn download_site_photo(
        &self,
        request: Request<review::DownloadSitePhotoRequest>,
    ) -> Result<Response<Self::DownloadSitePhotoStream>, Status> {
        let (application, id) = photo(request.get_ref()).map_err(Error::from)?;
        let found = self
            .app
            .download_site_photo(caller(&request), application, id);
        Ok(downloaded(found.await?, |part| {
            review::DownloadSitePhotoResponse { part }
        }))
    }

    async fn get_assessment_record(
        &self,
        request: Request<review::GetAssessmentRecordRequest>,
    ) -> Result<Response<review::GetAssessmentRecordResponse>, Status> {
        let id = application_id(&request.get_ref().application_id).map_err(Error::from)?;
        let assessed = self.app.assessments(caller(&request), id).await?;
        Ok(Response::new(messages::assessment_record(assessed)))
    }
}

fn panel_id(text: &str) -> Result<PanelId, Faults> {
    PanelId::parse(text).map_err(|rejection| Faults::at("panel_id", &rejection))
}

fn photo(request: &review::DownloadSitePhotoRequest) -> Result<(ApplicationId, PhotoId), Faults> {
    let mut faults = FaultList::default();
    let application = ApplicationId::parse(&request.application_id);
    let application = faults.take("application_id", application);
    let id = faults.take("photo_id", PhotoId::parse(&request.photo_id));
    faults.finish()?;
    Ok((application.expect(ALL_THERE), id.expect(ALL_THERE)))
}

fn planned(
    request: &review::PlanPanelRequest,
    pilot: &Pilot,
) -> Result<(ApplicationId, usize, Pools), Faults> {
    let mut faults = FaultList::default();
    let id = ApplicationId::parse(&request.application_id);
    let id = faults.take("application_id", id);
    let size = usize::try_from(request.size).unwrap_or(usize::MAX);
    judge_size(size, "size", pilot, &mut faults);
    let pools = pools(
        &request.declared_conflicts,
        request.with_province_pool,
        &mut faults,
    );
    faults.finish()?;
    Ok((id.expect(ALL_THERE), size, pools))
}

fn convened(
    request: &review::ConvenePanelRequest,
    pilot: &Pilot,
) -> Result<(ApplicationId, Vec<String>, Pools), Faults> {
    let mut faults = FaultList::default();
    let id = ApplicationId::parse(&request.application_id);
    let id = faults.take("application_id", id);
    let given = rows(&request.expert_numbers, "expert_numbers", &mut faults);
    let mut named = Vec::with_capacity(given.len());
    for (index, number) in given.iter().enumerate() {
        let field = format!("expert_numbers[{index}]");
        named.push(faults.take(field, line(number, NUMBER)));
    }
    if named.len() == request.expert_numbers.len() {
        let known: Vec<_> = named.iter().map(Option::as_ref).collect();
        judge_named(&known, pilot, &mut faults);
    }
    let pools = pools(
        &request.declared_conflicts,
        request.with_province_pool,
        &mut faults,
    );
    faults.finish()?;
    let named = named.into_iter().flatten().collect();
    Ok((id.expect(ALL_THERE), named, pools))
}

fn pools(
    declared: &[review::DeclaredConflict],
    with_province: bool,
    faults: &mut FaultList,
) -> Pools {
    let field = "declared_conflicts";
    let given = rows(declared, field, faults);
    let mut declared = Vec::with_capacity(given.len());
    for (index, conflict) in given.iter().enumerate() {
        let number = line(&conflict.expert_number, NUMBER);
        let number = faults.take(format!("{field}[{index}].expert_number"), number);
        let note = text(&conflict.note, REASON);
        let note = faults.take(format!("{field}[{index}].note"), note);
        declared.extend(number.zip(note));
    }
    Pools {
        with_province,
        declared,
    }
}

type Excused = (PanelId, String, String, Option<String>);

fn excused(request: &review::ExcuseExpertRequest) -> Result<Excused, Faults> {
    let mut faults = FaultList::default();
    let id = faults.take("panel_id", PanelId::parse(&request.panel_id));
    let number = faults.take("expert_number", line(&request.expert_number, NUMBER));
    let reason = faults.take("reason", text(&request.reason, REASON));
    let named = match request.replacement_number.trim() {
        "" => None,
        named => faults.take("replacement_number", line(named, NUMBER)),
    };
    faults.finish()?;
    Ok((
        id.expect(ALL_THERE),
        number.expect(ALL_THERE),
        reason.expect(ALL_THERE),
        named,
    ))
}

fn opinion(request: &review::RecordOpinionRequest) -> Result<(PanelId, String, String), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take("panel_id", PanelId::parse(&request.panel_id));
    let number = faults.take("expert_number", line(&request.expert_number, NUMBER));
    let opinion = faults.take("opinion", text(&request.opinion, OPINION));
    faults.finish()?;
    Ok((
        id.expect(ALL_THERE),
        number.expect(ALL_THERE),
        opinion.expect(ALL_THERE),
    ))
}

fn dissolved(request: &review::DissolvePanelRequest) -> Result<(PanelId, String), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take("panel_id", PanelId::parse(&request.panel_id));
    let reason = faults.take("reason", text(&request.reason, REASON));
    faults.finish()?;
    Ok((id.expect(ALL_THERE), reason.expect(ALL_THERE)))
}
