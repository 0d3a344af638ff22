//! Exam-scheduling and registry, played: a plan with five candidates, and a register whose
//! answers a test can change.

use std::sync::{Arc, Mutex, MutexGuard};

use jiff::civil::date;
use kernel::citizen_id::CitizenId;
use kernel::ids::{CandidateId, OrganizationId, PlanId, RightId};
use proto::common::v1 as common;
use proto::exam::v1 as exam;
use proto::exam::v1::plan_service_server::{PlanService, PlanServiceServer};
use proto::registry::v1 as registry;
use proto::registry::v1::catalogue_service_server::{CatalogueService, CatalogueServiceServer};
use proto::registry::v1::organization_service_server::{
    OrganizationService, OrganizationServiceServer,
};
use results::domain::exam::{Attendance, ExamPart};
use results::domain::result::PartResult;
use results::domain::roster::{RosterSeal, SealedEntry, commitment, seal};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};
use uuid::Uuid;

/// Names of the candidates, who do not exist.
pub(crate) const NAMES: [&str; 5] = ["示例甲一", "示例乙二", "示例丙三", "示例丁四", "示例戊五"];

/// What the neighbours know, and how they answer.
pub(crate) struct World {
    pub(crate) filing_division: &'static str,
    /// Whether the organisation is one no longer.
    pub(crate) withdrawn: bool,
    /// The day of the exam.
    pub(crate) held_on: &'static str,
    /// The district of the exam.
    pub(crate) held_in: &'static str,
    /// The day from which the register says no; none says it always.
    pub(crate) right_ends: Option<String>,
    /// The register does not answer at all.
    pub(crate) registry_away: bool,
    /// Every question about a right, as level, division and day.
    pub(crate) rights_asked: Vec<(i32, String, String)>,
    pub(crate) roster: Vec<exam::RosterEntry>,
    /// What the pages say the roster is sealed with; the true seal unless a test lies.
    pub(crate) stated: RosterSeal,
}

/// The played neighbours.
#[derive(Clone)]
pub(crate) struct Played(Arc<Mutex<World>>);

/// The first plan.
pub(crate) fn plan_id() -> PlanId {
    plan_number(0)
}

/// All plans are alike but for their ids.
pub(crate) fn plan_number(number: u32) -> PlanId {
    PlanId::from_uuid(Uuid::from_u128(0x91a2 + u128::from(number)))
}

pub(crate) fn organization() -> OrganizationId {
    OrganizationId::from_uuid(Uuid::from_u128(0x0f9))
}

pub(crate) fn ticket(number: usize) -> String {
    format!("20200000000{number:02}")
}

pub(crate) fn citizen_id(number: usize) -> CitizenId {
    let sequence = u16::try_from(number).expect("a few");
    CitizenId::synthetic("370099", date(1990, 3, 7), sequence)
}

/// Who the candidates are: by citizen number, and the last by passport.
pub(crate) fn person(number: usize) -> common::PersonRef {
    if number + 1 == NAMES.len() {
        let passport = common::IdentityDocument {
            r#type: common::DocumentType::Passport.into(),
            number: "E12345678".to_owned(),
            born_on: "1990-03-07".to_owned(),
        };
        return common::PersonRef {
            citizen_id: String::new(),
            document: Some(passport),
        };
    }
    common::PersonRef {
        citizen_id: citizen_id(number).reveal().to_owned(),
        document: None,
    }
}

/// Candidates 0 to 2 for level five, 3 and 4 for level four; number 3 was absent from the skill part.
fn roster() -> Vec<exam::RosterEntry> {
    let entry = |(number, name): (usize, &&str)| {
        let attended = |part: exam::ExamPart, there: bool| {
            let attendance = if there {
                exam::Attendance::Present
            } else {
                exam::Attendance::Absent
            };
            exam::PartAttendance {
                part: part.into(),
                attendance: attendance.into(),
            }
        };
        let candidate = CandidateId::from_uuid(Uuid::from_u128(0xca0 + number as u128));
        let person = person(number);
        exam::RosterEntry {
            candidate_id: candidate.to_string(),
            ticket_number: ticket(number),
            name: (*name).to_owned(),
            citizen_id: person.citizen_id,
            document: person.document,
            subject: u32::from(number > 2),
            attendance: vec![
                attended(exam::ExamPart::Theory, true),
                attended(exam::ExamPart::Skill, number != 3),
            ],
            salt: vec![7; 16].into(),
        }
    };
    NAMES.iter().enumerate().map(entry).collect()
}

/// The seal as the contract describes it.
pub(crate) fn seal_of(roster: &[exam::RosterEntry]) -> RosterSeal {
    let parts: Vec<Vec<PartResult>> = roster.iter().map(parts_of).collect();
    let entries = roster.iter().zip(&parts).map(|(entry, parts)| SealedEntry {
        candidate: CandidateId::parse(&entry.candidate_id).expect("an id"),
        ticket_number: &entry.ticket_number,
        subject: u16::try_from(entry.subject).expect("a few"),
        commitment: commitment(&entry.salt, &key(entry), &entry.name),
        parts,
    });
    seal(entries)
}

/// What stands for a document in a commitment, as the contract describes it.
fn key(entry: &exam::RosterEntry) -> String {
    let passport = entry.document.as_ref();
    let passport = passport.map(|document| format!("passport:{}", document.number));
    passport.unwrap_or_else(|| entry.citizen_id.clone())
}

fn parts_of(entry: &exam::RosterEntry) -> Vec<PartResult> {
    let part = |attended: &exam::PartAttendance| {
        let part = match attended.part() {
            exam::ExamPart::Theory => ExamPart::Theory,
            _ => ExamPart::Skill,
        };
        let attendance = match attended.attendance() {
            exam::Attendance::Present => Attendance::Present,
            _ => Attendance::Absent,
        };
        PartResult::examined(part, attendance)
    };
    entry.attendance.iter().map(part).collect()
}

impl Played {
    /// Starts both neighbours on one address.
    pub(crate) async fn start() -> (Self, String) {
        let roster = roster();
        let stated = seal_of(&roster);
        let played = Self(Arc::new(Mutex::new(World {
            filing_division: "371000",
            withdrawn: false,
            held_on: "2020-07-04",
            held_in: "371002",
            right_ends: None,
            registry_away: false,
            rights_asked: Vec::new(),
            roster,
            stated,
        })));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("bound"));
        let server = tonic::transport::Server::builder()
            .add_service(PlanServiceServer::new(played.clone()))
            .add_service(OrganizationServiceServer::new(played.clone()))
            .add_service(CatalogueServiceServer::new(played.clone()));
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        (played, address)
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.0
            .lock()
            .expect("no test panics while it holds the world")
    }

    fn registry(&self) -> Result<MutexGuard<'_, World>, Status> {
        let world = self.world();
        if world.registry_away {
            Err(Status::unavailable("away"))
        } else {
            Ok(world)
        }
    }
}

fn not_played<T>() -> Result<Response<T>, Status> {
    Err(Status::unimplemented("nobody asks this here"))
}

#[tonic::async_trait]
impl PlanService for Played {
    async fn get_plan(
        &self,
        _: Request<exam::GetPlanRequest>,
    ) -> Result<Response<exam::GetPlanResponse>, Status> {
        let subject = |level: common::Level| exam::PlanSubject {
            occupation: Some(common::OccupationRef {
                edition: 2015,
                code: "6-31-01-03".to_owned(),
            }),
            trade: String::new(),
            level: level.into(),
        };
        let world = self.world();
        let session = exam::ExamSession {
            held_on: world.held_on.to_owned(),
            division_code: world.held_in.to_owned(),
            ..exam::ExamSession::default()
        };
        let plan = exam::ExamPlan {
            plan_id: plan_id().to_string(),
            organization_id: organization().to_string(),
            state: exam::PlanState::Held.into(),
            subjects: vec![subject(common::Level::Five), subject(common::Level::Four)],
            sessions: vec![session; 2],
            ..exam::ExamPlan::default()
        };
        Ok(Response::new(exam::GetPlanResponse {
            plan: Some(plan),
            ..exam::GetPlanResponse::default()
        }))
    }

    /// Two entries a page, whatever is asked for.
    async fn list_roster(
        &self,
        request: Request<exam::ListRosterRequest>,
    ) -> Result<Response<exam::ListRosterResponse>, Status> {
        let world = self.world();
        let from: usize = request.get_ref().page_token.parse().unwrap_or(0);
        let to = (from + 2).min(world.roster.len());
        let next = if to < world.roster.len() {
            to.to_string()
        } else {
            String::new()
        };
        Ok(Response::new(exam::ListRosterResponse {
            entries: world.roster[from..to].to_vec(),
            next_page_token: next,
            roster_digest: world.stated.digest.to_vec().into(),
            total: u32::try_from(world.stated.entries).expect("a few"),
        }))
    }

    async fn create_plan(
        &self,
        _: Request<exam::CreatePlanRequest>,
    ) -> Result<Response<exam::CreatePlanResponse>, Status> {
        not_played()
    }

    async fn update_plan(
        &self,
        _: Request<exam::UpdatePlanRequest>,
    ) -> Result<Response<exam::UpdatePlanResponse>, Status> {
        not_played()
    }

    async fn import_roster(
        &self,
        _: Request<exam::ImportRosterRequest>,
    ) -> Result<Response<exam::ImportRosterResponse>, Status> {
        not_played()
    }

    async fn remove_candidate(
        &self,
        _: Request<exam::RemoveCandidateRequest>,
    ) -> Result<Response<exam::RemoveCandidateResponse>, Status> {
        not_played()
    }

    async fn list_plans(
        &self,
        _: Request<exam::ListPlansRequest>,
    ) -> Result<Response<exam::ListPlansResponse>, Status> {
        not_played()
    }

    async fn report_plan(
        &self,
        _: Request<exam::ReportPlanRequest>,
    ) -> Result<Response<exam::ReportPlanResponse>, Status> {
        not_played()
    }
}

#[tonic::async_trait]
impl OrganizationService for Played {
    async fn get_organization(
        &self,
        _: Request<registry::GetOrganizationRequest>,
    ) -> Result<Response<registry::GetOrganizationResponse>, Status> {
        let world = self.registry()?;
        let organization = registry::Organization {
            organization_id: organization().to_string(),
            organization_code: "S000037100001".to_owned(),
            name: "威海示例技师学院".to_owned(),
            filing_division: world.filing_division.to_owned(),
            standing: if world.withdrawn {
                registry::OrganizationStanding::Withdrawn.into()
            } else {
                registry::OrganizationStanding::Active.into()
            },
            ..registry::Organization::default()
        };
        Ok(Response::new(registry::GetOrganizationResponse {
            organization: Some(organization),
            ..registry::GetOrganizationResponse::default()
        }))
    }

    async fn check_right(
        &self,
        request: Request<registry::CheckRightRequest>,
    ) -> Result<Response<registry::CheckRightResponse>, Status> {
        let mut world = self.registry()?;
        let asked = request.into_inner();
        assert_eq!(asked.purpose(), registry::RightPurpose::Issue);
        let held = world
            .right_ends
            .as_ref()
            .is_none_or(|ends| asked.on < *ends);
        world
            .rights_asked
            .push((asked.level, asked.division_code, asked.on));
        let reason = if held { "" } else { "RIGHT_DATES" };
        Ok(Response::new(registry::CheckRightResponse {
            held,
            reason: reason.to_owned(),
            reason_zh: "该日期不在评价资格的有效期内".to_owned(),
            reason_en: "the right does not hold on this day".to_owned(),
            right_id: RightId::from_uuid(Uuid::from_u128(0x417)).to_string(),
            organization_version: 7,
            organization_name: "威海示例技师学院".to_owned(),
            ..registry::CheckRightResponse::default()
        }))
    }

    async fn import_reserved_codes(
        &self,
        _: Request<tonic::Streaming<registry::ImportReservedCodesRequest>>,
    ) -> Result<Response<registry::ImportReservedCodesResponse>, Status> {
        not_played()
    }

    async fn reserve_organization_codes(
        &self,
        _: Request<registry::ReserveOrganizationCodesRequest>,
    ) -> Result<Response<registry::ReserveOrganizationCodesResponse>, Status> {
        not_played()
    }
}

#[tonic::async_trait]
impl CatalogueService for Played {
    async fn import_catalogue_edition(
        &self,
        _: Request<tonic::Streaming<registry::ImportCatalogueEditionRequest>>,
    ) -> Result<Response<registry::ImportCatalogueEditionResponse>, Status> {
        not_played()
    }

    async fn list_catalogue_editions(
        &self,
        _: Request<registry::ListCatalogueEditionsRequest>,
    ) -> Result<Response<registry::ListCatalogueEditionsResponse>, Status> {
        not_played()
    }

    async fn check_occupation(
        &self,
        request: Request<registry::CheckOccupationRequest>,
    ) -> Result<Response<registry::CheckOccupationResponse>, Status> {
        let _world = self.registry()?;
        let occupation = registry::Occupation {
            occupation: request.into_inner().occupation,
            name: "电工".to_owned(),
            ..registry::Occupation::default()
        };
        Ok(Response::new(registry::CheckOccupationResponse {
            occupation: Some(occupation),
            evaluable: true,
            ..registry::CheckOccupationResponse::default()
        }))
    }

    async fn list_occupations(
        &self,
        _: Request<registry::ListOccupationsRequest>,
    ) -> Result<Response<registry::ListOccupationsResponse>, Status> {
        not_played()
    }

    async fn list_divisions(
        &self,
        _: Request<registry::ListDivisionsRequest>,
    ) -> Result<Response<registry::ListDivisionsResponse>, Status> {
        not_played()
    }

    async fn explain_deadline(
        &self,
        _: Request<registry::ExplainDeadlineRequest>,
    ) -> Result<Response<registry::ExplainDeadlineResponse>, Status> {
        not_played()
    }
}
