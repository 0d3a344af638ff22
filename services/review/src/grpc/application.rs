//! Applications over gRPC.

use futures::StreamExt;
use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, MaterialId, OrganizationId, RoundId};
use kernel::rejection::{FaultList, Faults};
use platform::Error;
use platform::access::{caller, caller_of};
use platform::contract::{FieldRejection, line, page_size, page_token, text};
use platform::download::Parts;
use platform::unit::parsed;
use proto::review::v1 as review;
use proto::review::v1::application_service_server::ApplicationService;
use tonic::{Request, Response, Status, Streaming};

use super::files::downloaded;
use super::{ALL_THERE, REASON, Review, application_id, rows, upload};
use crate::app::{Draft, Returns};
use crate::domain::refusal::{ApplicationRejection, PurposeRejection};
use crate::domain::{DocumentKind, FieldPath, Purpose, judge_returned, judge_returned_fields};
use crate::messages;

/// Characters of a path to a field.
const PATH: usize = 200;

#[tonic::async_trait]
impl ApplicationService for Review {
    async fn create_application(
        &self,
        request: Request<review::CreateApplicationRequest>,
    ) -> Result<Response<review::CreateApplicationResponse>, Status> {
        let draft = parsed(request.get_ref(), draft(request.get_ref()))?;
        let reply = self
            .app
            .create_application(caller(&request), request.get_ref(), draft)
            .await?;
        Ok(Response::new(reply))
    }

    async fn save_application(
        &self,
        request: Request<review::SaveApplicationRequest>,
    ) -> Result<Response<review::SaveApplicationResponse>, Status> {
        let (id, round) = parsed(request.get_ref(), saved(request.get_ref()))?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .save_application(caller, request, id, round)
                .await?,
        ))
    }

    async fn upload_material(
        &self,
        request: Request<Streaming<review::UploadMaterialRequest>>,
    ) -> Result<Response<review::UploadMaterialResponse>, Status> {
        let (_, extensions, parts) = request.into_parts();
        let mut parts = parts.map(|sent| sent.map(upload::part));
        let header = platform::upload::header(&mut parts).await?;
        let upload = parsed(&header, upload::parse(&header))?;
        let content = platform::upload::content(parts);
        let reply = self
            .app
            .upload_material(caller_of(&extensions), &header, upload, content)
            .await?;
        Ok(Response::new(reply))
    }

    type DownloadMaterialStream = Parts<review::DownloadMaterialResponse>;

    async fn download_material(
        &self,
        request: Request<review::DownloadMaterialRequest>,
    ) -> Result<Response<Self::DownloadMaterialStream>, Status> {
        let (application, id) = material(request.get_ref()).map_err(Error::from)?;
        let found = self
            .app
            .download_material(caller(&request), application, id);
        Ok(downloaded(found.await?, |part| {
            review::DownloadMaterialResponse { part }
        }))
    }

    async fn remove_material(
        &self,
        request: Request<review::RemoveMaterialRequest>,
    ) -> Result<Response<review::RemoveMaterialResponse>, Status> {
        let (id, document) = parsed(request.get_ref(), removed(request.get_ref()))?;
        let (caller, request) = (caller(&request), request.get_ref());
        Ok(Response::new(
            self.app
                .remove_material(caller, request, id, document)
                .await?,
        ))
    }

    async fn submit_application(
        &self,
        request: Request<review::SubmitApplicationRequest>,
    ) -> Result<Response<review::SubmitApplicationResponse>, Status> {
        let id = application_id(&request.get_ref().application_id);
        let id = parsed(request.get_ref(), id)?;
        let reply = self
            .app
            .submit_application(caller(&request), request.get_ref(), id)
            .await?;
        Ok(Response::new(reply))
    }

    async fn withdraw_application(
        &self,
        request: Request<review::WithdrawApplicationRequest>,
    ) -> Result<Response<review::WithdrawApplicationResponse>, Status> {
        let id = application_id(&request.get_ref().application_id);
        let id = parsed(request.get_ref(), id)?;
        let reply = self
            .app
            .withdraw_application(caller(&request), request.get_ref(), id)
            .await?;
        Ok(Response::new(reply))
    }

    async fn return_application(
        &self,
        request: Request<review::ReturnApplicationRequest>,
    ) -> Result<Response<review::ReturnApplicationResponse>, Status> {
        let (id, returns) = parsed(request.get_ref(), returns(request.get_ref()))?;
        let reply = self
            .app
            .return_application(caller(&request), request.get_ref(), id, returns)
            .await?;
        Ok(Response::new(reply))
    }

    async fn get_application(
        &self,
        request: Request<review::GetApplicationRequest>,
    ) -> Result<Response<review::GetApplicationResponse>, Status> {
        let id = application_id(&request.get_ref().application_id).map_err(Error::from)?;
        let view = self.app.application(caller(&request), id).await?;
        let application = Some(messages::whole_application(view));
        Ok(Response::new(review::GetApplicationResponse {
            application,
        }))
    }

    async fn list_applications(
        &self,
        request: Request<review::ListApplicationsRequest>,
    ) -> Result<Response<review::ListApplicationsResponse>, Status> {
        let (before, size) = page(request.get_ref()).map_err(Error::from)?;
        let (applications, next) = self
            .app
            .applications(caller(&request), before, size)
            .await?;
        Ok(Response::new(review::ListApplicationsResponse {
            applications: applications.iter().map(messages::application).collect(),
            next_page_token: next.map(|id| id.to_string()).unwrap_or_default(),
        }))
    }
}

fn draft(request: &review::CreateApplicationRequest) -> Result<Draft, Faults> {
    let mut faults = FaultList::default();
    let organization = OrganizationId::parse(&request.organization_id);
    let organization = faults.take("organization_id", organization);
    let filing_division = DivisionCode::parse(&request.filing_division);
    let filing_division = faults.take("filing_division", filing_division);
    let round = faults.take("round_id", RoundId::parse(&request.round_id));
    let purpose = faults.take("purpose", purpose(request.purpose()));
    faults.finish()?;
    Ok(Draft {
        organization: organization.expect(ALL_THERE),
        filing_division: filing_division.expect(ALL_THERE),
        round: round.expect(ALL_THERE),
        purpose: purpose.expect(ALL_THERE),
    })
}

fn purpose(given: review::ApplicationPurpose) -> Result<Purpose, PurposeRejection> {
    match given {
        review::ApplicationPurpose::First => Ok(Purpose::First),
        review::ApplicationPurpose::Extension => Ok(Purpose::Extension),
        review::ApplicationPurpose::Renewal => Ok(Purpose::Renewal),
        review::ApplicationPurpose::Unspecified => Err(PurposeRejection::Unknown),
    }
}

fn saved(
    request: &review::SaveApplicationRequest,
) -> Result<(ApplicationId, Option<RoundId>), Faults> {
    let mut faults = FaultList::default();
    let id = ApplicationId::parse(&request.application_id);
    let id = faults.take("application_id", id);
    // Empty for the same one.
    let round = match request.round_id.as_str() {
        "" => None,
        given => faults.take("round_id", RoundId::parse(given)),
    };
    faults.finish()?;
    Ok((id.expect(ALL_THERE), round))
}

fn removed(
    request: &review::RemoveMaterialRequest,
) -> Result<(ApplicationId, DocumentKind), Faults> {
    let mut faults = FaultList::default();
    let id = ApplicationId::parse(&request.application_id);
    let id = faults.take("application_id", id);
    let document = faults.take("document", upload::document(request.document()));
    faults.finish()?;
    Ok((id.expect(ALL_THERE), document.expect(ALL_THERE)))
}

fn returns(request: &review::ReturnApplicationRequest) -> Result<(ApplicationId, Returns), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take(
        "application_id",
        ApplicationId::parse(&request.application_id),
    );
    faults.require(
        !(request.materials.is_empty() && request.fields.is_empty()),
        "materials",
        &FieldRejection::Required,
    );
    let documents = returned_documents(&request.materials, &mut faults);
    let fields = returned_fields(&request.fields, &mut faults);
    faults.finish()?;
    Ok((id.expect(ALL_THERE), Returns { documents, fields }))
}

fn material(
    request: &review::DownloadMaterialRequest,
) -> Result<(ApplicationId, MaterialId), Faults> {
    let mut faults = FaultList::default();
    let application = ApplicationId::parse(&request.application_id);
    let application = faults.take("application_id", application);
    let id = faults.take("material_id", MaterialId::parse(&request.material_id));
    faults.finish()?;
    Ok((application.expect(ALL_THERE), id.expect(ALL_THERE)))
}

fn returned_documents(
    given: &[review::MaterialReturn],
    faults: &mut FaultList,
) -> Vec<(DocumentKind, String)> {
    let given = rows(given, "materials", faults);
    let mut documents = Vec::with_capacity(given.len());
    let mut returns = Vec::with_capacity(given.len());
    for (index, material) in given.iter().enumerate() {
        let document = upload::document(material.document());
        let document = faults.take(format!("materials[{index}].document"), document);
        let reason = text(&material.reason, REASON);
        let reason = faults.take(format!("materials[{index}].reason"), reason);
        documents.push(document);
        returns.extend(document.zip(reason));
    }
    judge_returned(&documents, faults);
    returns
}

/// Whether there is such a field, only the application can tell.
fn returned_fields(
    given: &[review::FieldReturn],
    faults: &mut FaultList,
) -> Vec<(FieldPath, String)> {
    let given = rows(given, "fields", faults);
    let mut paths = Vec::with_capacity(given.len());
    let mut returns = Vec::with_capacity(given.len());
    for (index, field) in given.iter().enumerate() {
        let path = faults.take(format!("fields[{index}].path"), line(&field.path, PATH));
        let path = path.map(FieldPath::new);
        let reason = text(&field.reason, REASON);
        let reason = faults.take(format!("fields[{index}].reason"), reason);
        returns.extend(path.clone().zip(reason));
        paths.push(path);
    }
    let paths: Vec<_> = paths.iter().map(Option::as_ref).collect();
    judge_returned_fields(&paths, faults);
    returns
}

/// Where a page begins and how long it is. The token is the last id of the page before.
fn page(request: &review::ListApplicationsRequest) -> Result<(Option<ApplicationId>, u32), Faults> {
    let mut faults = FaultList::default();
    let refused = ApplicationRejection::PageToken;
    let before = page_token(
        &request.page_token,
        ApplicationId::parse,
        &refused,
        &mut faults,
    );
    faults.finish()?;
    Ok((before, page_size(request.page_size)))
}
