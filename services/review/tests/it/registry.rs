//! A registry that answers as it is told.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use kernel::ids::OrganizationId;
use platform::status::refuse;
use proto::common::v1::{BasisKind, OccupationScope};
use proto::registry::v1::body_service_server::{BodyService, BodyServiceServer};
use proto::registry::v1::catalogue_service_server::{CatalogueService, CatalogueServiceServer};
use proto::registry::v1::organization_service_server::{
    OrganizationService, OrganizationServiceServer,
};
use proto::registry::v1::people_service_server::PeopleServiceServer;
use proto::registry::v1::*;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

use crate::resources::Described;

kernel::rejections! {
    /// The registry's own.
    pub enum RegistryRejection {
        /// Not enrolled.
        BodyNotFound => "BODY_NOT_FOUND", NotFound, "platform", "未找到", "not found";
        /// No evaluation organisation.
        OrganizationNotFound => "ORGANIZATION_NOT_FOUND", NotFound, "platform", "未找到", "not found";
    }
}

/// The credit code of every body: it does not check, and an officer has vouched for it.
pub(crate) const CREDIT_CODE: &str = "12371000000000017X";

/// The right of every organisation that is registered.
pub(crate) const RIGHT: &str = "right_00000000000000000000000001";

/// The registry, and what it knows.
#[derive(Clone, Default)]
pub(crate) struct FakeRegistry {
    bodies: Arc<Mutex<HashMap<String, Body>>>,
    organizations: Arc<Mutex<HashMap<String, Organization>>>,
    pub(crate) pool: Arc<Mutex<Vec<(PoolKind, String, PoolMember)>>>,
    pub(crate) resources: Described,
    pub(crate) resources_asked: Arc<Notify>,
    pub(crate) resources_door: Arc<tokio::sync::Mutex<()>>,
    pub(crate) away: Arc<AtomicBool>,
    pub(crate) access_type: Arc<AtomicBool>,
}

impl FakeRegistry {
    /// Serves on a port of its own; where.
    pub(crate) async fn serve(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("just bound"));
        let router = Server::builder()
            .add_service(BodyServiceServer::new(self.clone()))
            .add_service(CatalogueServiceServer::new(self.clone()))
            .add_service(OrganizationServiceServer::new(self.clone()))
            .add_service(PeopleServiceServer::new(self.clone()));
        tokio::spawn(router.serve_with_incoming(TcpIncoming::from(listener)));
        address
    }

    /// From now on it says neither what a division is called nor who an organisation is nor what it has.
    pub(crate) fn go_away(&self) {
        self.away.store(true, Ordering::Relaxed);
    }

    /// Enrols a body.
    pub(crate) fn enroll(
        &self,
        id: OrganizationId,
        kind: BodyKind,
        affiliation: Affiliation,
        seat: &str,
    ) {
        let body = Body {
            organization_id: id.to_string(),
            name: "威海示例技师学院".to_owned(),
            kind: kind.into(),
            affiliation: affiliation.into(),
            division_code: seat.to_owned(),
            unified_social_credit_code: CREDIT_CODE.to_owned(),
            ..Body::default()
        };
        self.bodies
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id.to_string(), body);
    }
}

impl FakeRegistry {
    /// Gives an organisation its code and a right where it is filed, from the first morning on.
    pub(crate) fn register(&self, id: OrganizationId, scope: OccupationScope, filed: &str) {
        let right = Right {
            right_id: RIGHT.to_owned(),
            scope: Some(scope),
            division_code: filed.to_owned(),
            valid_from: "2020-05-18".to_owned(),
            ..Right::default()
        };
        let organization = Organization {
            organization_id: id.to_string(),
            organization_code: "S000037100002".to_owned(),
            name: "威海示例技师学院".to_owned(),
            filing_division: filed.to_owned(),
            rights: vec![right],
            standing: OrganizationStanding::Active.into(),
            ..Organization::default()
        };
        self.organizations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id.to_string(), organization);
    }

    /// From now on its right has this last day.
    pub(crate) fn end(&self, id: OrganizationId, until: &str) {
        let mut organizations = self
            .organizations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(organization) = organizations.get_mut(&id.to_string()) {
            for right in &mut organization.rights {
                until.clone_into(&mut right.valid_until);
            }
        }
    }

    /// From now on its right is suspended, and so it is of this standing.
    pub(crate) fn suspend(&self, id: OrganizationId, standing: OrganizationStanding) {
        let mut organizations = self
            .organizations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(organization) = organizations.get_mut(&id.to_string()) {
            organization.set_standing(standing);
            organization.suspended_right_ids = vec![RIGHT.to_owned()];
        }
    }
}

#[tonic::async_trait]
impl OrganizationService for FakeRegistry {
    async fn get_organization(
        &self,
        request: Request<GetOrganizationRequest>,
    ) -> Result<Response<GetOrganizationResponse>, Status> {
        if self.away.load(Ordering::Relaxed) {
            return Err(Status::unavailable("away"));
        }
        let known = self
            .organizations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let organization = known.get(&request.get_ref().organization_id).cloned();
        let missing = || refuse(&RegistryRejection::OrganizationNotFound.into());
        let organization = Some(organization.ok_or_else(missing)?);
        Ok(Response::new(GetOrganizationResponse {
            organization,
            ..GetOrganizationResponse::default()
        }))
    }

    async fn check_right(
        &self,
        _request: Request<CheckRightRequest>,
    ) -> Result<Response<CheckRightResponse>, Status> {
        Err(Status::unimplemented("not asked for by review"))
    }

    async fn import_reserved_codes(
        &self,
        _request: Request<tonic::Streaming<ImportReservedCodesRequest>>,
    ) -> Result<Response<ImportReservedCodesResponse>, Status> {
        Err(Status::unimplemented("not asked for by review"))
    }

    async fn reserve_organization_codes(
        &self,
        _request: Request<ReserveOrganizationCodesRequest>,
    ) -> Result<Response<ReserveOrganizationCodesResponse>, Status> {
        Err(Status::unimplemented("not asked for by review"))
    }
}

#[tonic::async_trait]
impl BodyService for FakeRegistry {
    async fn enroll_body(
        &self,
        _request: Request<EnrollBodyRequest>,
    ) -> Result<Response<EnrollBodyResponse>, Status> {
        Err(Status::unimplemented("nobody enrols here"))
    }

    async fn get_body(
        &self,
        request: Request<GetBodyRequest>,
    ) -> Result<Response<GetBodyResponse>, Status> {
        if self.away.load(Ordering::Relaxed) {
            return Err(Status::unavailable("away"));
        }
        let bodies = self.bodies.lock().unwrap_or_else(PoisonError::into_inner);
        let body = bodies.get(&request.get_ref().organization_id).cloned();
        let body = body.ok_or_else(|| refuse(&RegistryRejection::BodyNotFound.into()))?;
        Ok(Response::new(GetBodyResponse {
            body: Some(body),
            ..GetBodyResponse::default()
        }))
    }

    async fn correct_body(
        &self,
        _request: Request<CorrectBodyRequest>,
    ) -> Result<Response<CorrectBodyResponse>, Status> {
        Err(Status::unimplemented("not asked for by review"))
    }
}

#[tonic::async_trait]
impl CatalogueService for FakeRegistry {
    async fn import_catalogue_edition(
        &self,
        _request: Request<tonic::Streaming<ImportCatalogueEditionRequest>>,
    ) -> Result<Response<ImportCatalogueEditionResponse>, Status> {
        Err(Status::unimplemented("not asked for by review"))
    }

    async fn list_catalogue_editions(
        &self,
        _request: Request<ListCatalogueEditionsRequest>,
    ) -> Result<Response<ListCatalogueEditionsResponse>, Status> {
        Err(Status::unimplemented("not asked for by review"))
    }

    /// Of major group 7 all are access-type, of major group 8 none is known; the edition of 1999
    /// is in force no more.
    async fn check_occupation(
        &self,
        request: Request<CheckOccupationRequest>,
    ) -> Result<Response<CheckOccupationResponse>, Status> {
        let occupation = request.into_inner().occupation.unwrap_or_default();
        let refused = match occupation.code.as_str() {
            code if code.starts_with('7') => Some("OCCUPATION_ACCESS_TYPE"),
            _ if self.access_type.load(Ordering::Relaxed) => Some("OCCUPATION_ACCESS_TYPE"),
            code if code.starts_with('8') => Some("OCCUPATION_UNKNOWN"),
            _ => None,
        };
        let superseded = occupation.edition == 1999;
        let known = Occupation {
            occupation: Some(occupation),
            name: "电工".to_owned(),
            ..Occupation::default()
        };
        Ok(Response::new(CheckOccupationResponse {
            occupation: Some(known),
            evaluable: refused.is_none(),
            reason: refused.unwrap_or_default().to_owned(),
            basis: BasisKind::NationalStandard.into(),
            superseded,
            ..CheckOccupationResponse::default()
        }))
    }

    async fn list_occupations(
        &self,
        _request: Request<ListOccupationsRequest>,
    ) -> Result<Response<ListOccupationsResponse>, Status> {
        Err(Status::unimplemented("not asked for by review"))
    }

    async fn list_divisions(
        &self,
        _request: Request<ListDivisionsRequest>,
    ) -> Result<Response<ListDivisionsResponse>, Status> {
        if self.away.load(Ordering::Relaxed) {
            return Err(Status::unavailable("away"));
        }
        let division = |(code, name): (&str, &str)| Division {
            code: code.to_owned(),
            name: name.to_owned(),
            current: true,
            ..Division::default()
        };
        let divisions = [
            ("370000", "山东省"),
            ("370100", "济南市"),
            ("370200", "青岛市"),
            ("370600", "烟台市"),
            ("371000", "威海市"),
        ]
        .map(division)
        .to_vec();
        Ok(Response::new(ListDivisionsResponse { divisions }))
    }

    async fn explain_deadline(
        &self,
        _request: Request<ExplainDeadlineRequest>,
    ) -> Result<Response<ExplainDeadlineResponse>, Status> {
        Err(Status::unimplemented("not asked for by review"))
    }
}
