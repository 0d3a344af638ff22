//! A registry that says what it is told to, over real gRPC.

use std::sync::{Arc, Mutex};

use proto::common::v1::Level;
use proto::registry::v1 as registry;
use proto::registry::v1::organization_service_server::{
    OrganizationService, OrganizationServiceServer,
};
use proto::registry::v1::qualification_service_server::{
    QualificationService, QualificationServiceServer,
};
use proto::registry::v1::site_service_server::{SiteService, SiteServiceServer};
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::samples::{ROOMS, SEATS, SITE, WEIHAI, subject};

/// What it says.
#[derive(Clone, Copy, Default)]
pub(crate) enum Register {
    #[default]
    Yes,
    No,
    /// Held, by an organisation whose code nobody can read.
    Garbled,
    /// Whoever is asked about may not be assigned.
    Barred,
    /// Every room has a seat less than the plans want, and is for something else.
    Small,
    /// Has other rooms by the same names.
    Another,
    /// Knows no room.
    Homeless,
    /// Answers fewer questions than were asked.
    Short,
    /// Refuses to answer that question.
    Refusing,
    /// Is away.
    Silent,
}

#[derive(Clone, Default)]
pub(crate) struct FakeRegistry(Arc<Mutex<Register>>);

impl FakeRegistry {
    /// Says something else from now on.
    pub(crate) fn says(&self, answer: Register) {
        *self.0.lock().expect("no test panics with it") = answer;
    }

    /// Serves on a free port until the test's runtime ends.
    pub(crate) fn serve(self) -> String {
        let any_port = "127.0.0.1:0".parse().expect("an address");
        let incoming = TcpIncoming::bind(any_port).expect("a free port");
        let address = incoming.local_addr().expect("bound");
        let server = tonic::transport::Server::builder()
            .add_service(OrganizationServiceServer::new(self.clone()))
            .add_service(QualificationServiceServer::new(self.clone()))
            .add_service(SiteServiceServer::new(self))
            .serve_with_incoming(incoming);
        tokio::spawn(server);
        format!("http://{address}")
    }
}

#[tonic::async_trait]
impl OrganizationService for FakeRegistry {
    async fn check_right(
        &self,
        request: Request<registry::CheckRightRequest>,
    ) -> Result<Response<registry::CheckRightResponse>, Status> {
        assert!(
            request.metadata().contains_key("authorization"),
            "services show their token"
        );
        assert_eq!(
            request.get_ref().purpose(),
            registry::RightPurpose::Plan,
            "rules and fees are judged with the right"
        );
        let right_id = kernel::ids::RightId::from_uuid(Uuid::from_u128(1)).to_string();
        match *self.0.lock().expect("no test panics with it") {
            Register::Silent => Err(Status::unavailable("away")),
            Register::Refusing => Err(Status::not_found("no such question")),
            Register::No => Ok(Response::new(registry::CheckRightResponse {
                reason: "RIGHT_LEVEL".to_owned(),
                reason_zh: "该等级不在评价机构的评价范围内".to_owned(),
                reason_en: "the level was not granted".to_owned(),
                ..registry::CheckRightResponse::default()
            })),
            answer => Ok(Response::new(registry::CheckRightResponse {
                held: true,
                right_id,
                organization_version: 7,
                organization_code: match answer {
                    Register::Garbled => "S0000".to_owned(),
                    _ => "S000037100001".to_owned(),
                },
                filing_division: WEIHAI.to_owned(),
                ..registry::CheckRightResponse::default()
            })),
        }
    }

    async fn import_reserved_codes(
        &self,
        _request: Request<tonic::Streaming<registry::ImportReservedCodesRequest>>,
    ) -> Result<Response<registry::ImportReservedCodesResponse>, Status> {
        Err(Status::unimplemented("not asked for by exam-scheduling"))
    }

    async fn reserve_organization_codes(
        &self,
        _: Request<registry::ReserveOrganizationCodesRequest>,
    ) -> Result<Response<registry::ReserveOrganizationCodesResponse>, Status> {
        Err(Status::unimplemented("not asked"))
    }

    async fn get_organization(
        &self,
        _: Request<registry::GetOrganizationRequest>,
    ) -> Result<Response<registry::GetOrganizationResponse>, Status> {
        Err(Status::unimplemented("not asked"))
    }
}

#[tonic::async_trait]
impl QualificationService for FakeRegistry {
    async fn check_assignments(
        &self,
        request: Request<registry::CheckAssignmentsRequest>,
    ) -> Result<Response<registry::CheckAssignmentsResponse>, Status> {
        let verdict = |_: &registry::Assignment| registry::AssignmentVerdict {
            assignable: true,
            ..registry::AssignmentVerdict::default()
        };
        let assignments = &request.get_ref().assignments;
        let mut verdicts: Vec<_> = assignments.iter().map(verdict).collect();
        match *self.0.lock().expect("no test panics with it") {
            Register::Silent => return Err(Status::unavailable("away")),
            Register::Short => drop(verdicts.pop()),
            Register::Barred => {
                verdicts.fill(registry::AssignmentVerdict {
                    reason: "PERSON_SANCTIONED".to_owned(),
                    reason_zh: "该人员被限制承担该项工作".to_owned(),
                    reason_en: "the person is barred from this duty".to_owned(),
                    ..registry::AssignmentVerdict::default()
                });
            }
            _ => {}
        }
        Ok(Response::new(registry::CheckAssignmentsResponse {
            verdicts,
        }))
    }

    async fn record_card(
        &self,
        _: Request<registry::RecordCardRequest>,
    ) -> Result<Response<registry::RecordCardResponse>, Status> {
        Err(Status::unimplemented("not asked"))
    }

    async fn revoke_card(
        &self,
        _: Request<registry::RevokeCardRequest>,
    ) -> Result<Response<registry::RevokeCardResponse>, Status> {
        Err(Status::unimplemented("not asked"))
    }

    async fn impose_sanction(
        &self,
        _: Request<registry::ImposeSanctionRequest>,
    ) -> Result<Response<registry::ImposeSanctionResponse>, Status> {
        Err(Status::unimplemented("not asked"))
    }

    async fn lift_sanction(
        &self,
        _: Request<registry::LiftSanctionRequest>,
    ) -> Result<Response<registry::LiftSanctionResponse>, Status> {
        Err(Status::unimplemented("not asked"))
    }
}

fn room(
    number: u128,
    (name, kind, _): (&str, registry::RoomKind, &str),
    seats: u32,
) -> registry::Room {
    let occupations = match kind {
        registry::RoomKind::Skill => vec![subject(Level::Five).occupation.expect("one")],
        _ => Vec::new(),
    };
    registry::Room {
        room_id: kernel::ids::RoomId::from_uuid(Uuid::from_u128(number)).to_string(),
        profile: Some(registry::RoomProfile {
            name: name.to_owned(),
            kind: kind.into(),
            seats,
            occupations,
            ..registry::RoomProfile::default()
        }),
        opened_on: "2020-05-01".to_owned(),
        closed_on: String::new(),
    }
}

/// Refuses what nobody here asks.
macro_rules! not_asked {
    ($($method:ident: $request:ident -> $reply:ident;)*) => {
        #[tonic::async_trait]
        impl SiteService for FakeRegistry {
            async fn list_sites(
                &self,
                request: Request<registry::ListSitesRequest>,
            ) -> Result<Response<registry::ListSitesResponse>, Status> {
                self.sites(request.get_ref())
            }

            $(async fn $method(
                &self,
                _: Request<registry::$request>,
            ) -> Result<Response<registry::$reply>, Status> {
                Err(Status::unimplemented("not asked"))
            })*
        }
    };
}

not_asked! {
    register_site: RegisterSiteRequest -> RegisterSiteResponse;
    get_site: GetSiteRequest -> GetSiteResponse;
    add_room: AddRoomRequest -> AddRoomResponse;
    update_room: UpdateRoomRequest -> UpdateRoomResponse;
    close_room: CloseRoomRequest -> CloseRoomResponse;
    close_site: CloseSiteRequest -> CloseSiteResponse;
}

impl FakeRegistry {
    /// One room a page, so that all pages are read.
    fn sites(
        &self,
        request: &registry::ListSitesRequest,
    ) -> Result<Response<registry::ListSitesResponse>, Status> {
        let says = *self.0.lock().expect("no test panics with it");
        let others = if matches!(says, Register::Another) {
            100
        } else {
            0
        };
        let seats = match says {
            Register::Silent => return Err(Status::unavailable("away")),
            Register::Homeless => {
                return Ok(Response::new(registry::ListSitesResponse::default()));
            }
            Register::Small => SEATS - 1,
            _ => SEATS,
        };
        let page: usize = request.page_token.parse().unwrap_or_default();
        let number = 10 + others + page as u128;
        let site = registry::Site {
            site_id: kernel::ids::SiteId::from_uuid(Uuid::from_u128(number)).to_string(),
            organization_id: request.organization_id.clone(),
            name: SITE.to_owned(),
            division_code: ROOMS[page].2.to_owned(),
            rooms: vec![room(number, ROOMS[page], seats)],
            ..registry::Site::default()
        };
        let next = page + 1;
        Ok(Response::new(registry::ListSitesResponse {
            sites: vec![site],
            next_page_token: if next < ROOMS.len() {
                next.to_string()
            } else {
                String::new()
            },
        }))
    }
}
