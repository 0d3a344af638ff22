//! A review of one's own, and callers with tokens.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::SignedDuration;
use jiff::civil::DateTime;
use kernel::ids::OrganizationId;
use platform::access::{
    AccessLayer, Caller, DEVELOPMENT_AUDIENCE, DEVELOPMENT_ISSUER, DevIssuer, ServiceToken,
};
use platform::config::{self, Mode, Settings};
use platform::crypto::secret_file;
use platform::inquiry::Inquiries;
use platform::server::Server;
use platform::testing::TestPlatform;
use platform::unit::Journal;
use proto::common::v1::desk_service_client::DeskServiceClient;
use proto::common::v1::inquiry_service_client::InquiryServiceClient;
use proto::common::v1::public_notice_service_client::PublicNoticeServiceClient;
use proto::registry::v1::{Affiliation, BodyKind};
use proto::review::v1::application_service_client::ApplicationServiceClient;
use proto::review::v1::assessment_service_client::AssessmentServiceClient;
use proto::review::v1::complaint_service_client::ComplaintServiceClient;
use proto::review::v1::consultation_service_client::ConsultationServiceClient;
use proto::review::v1::filing_service_client::FilingServiceClient;
use proto::review::v1::inspection_service_client::InspectionServiceClient;
use proto::review::v1::judgement_service_client::JudgementServiceClient;
use proto::review::v1::measure_service_client::MeasureServiceClient;
use proto::review::v1::objection_service_client::ObjectionServiceClient;
use proto::review::v1::print_service_client::PrintServiceClient;
use proto::review::v1::risk_service_client::RiskServiceClient;
use proto::review::v1::round_service_client::RoundServiceClient;
use proto::review::v1::selection_service_client::SelectionServiceClient;
use review::{App, Materials, Press, Registry, Review, Sections};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};
use tonic_types::StatusExt;
use uuid::Uuid;

use crate::registry::FakeRegistry;

/// A review that serves, on a database of its own.
pub(crate) struct World {
    /// Database, journal and clock.
    pub(crate) platform: TestPlatform,
    /// What the server works with.
    pub(crate) app: App,
    /// The neighbour.
    pub(crate) registry: FakeRegistry,
    /// Where the content of files lies.
    pub(crate) materials: TempDir,
    issuer: DevIssuer,
    channel: Channel,
    _secrets: TempDir,
    _stop: tokio_util::sync::DropGuard,
}

/// Adds a caller's token to each call; none for the public.
#[derive(Clone)]
pub(crate) struct Token(Option<MetadataValue<Ascii>>);

impl tonic::service::Interceptor for Token {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(token) = &self.0 {
            request
                .metadata_mut()
                .insert("authorization", token.clone());
        }
        Ok(request)
    }
}

type Called = InterceptedService<Channel, Token>;

impl World {
    /// A review on the first morning of the pilot.
    pub(crate) async fn start() -> Self {
        let registry = FakeRegistry::default();
        let address = registry.serve().await;
        Self::with_registry(registry, &address).await
    }

    /// A review whose registry is somewhere else, perhaps nowhere.
    pub(crate) async fn with_registry(registry: FakeRegistry, address: &str) -> Self {
        let morning: DateTime = "2020-05-18T09:00:00".parse().expect("a time");
        let platform = TestPlatform::start("review", &review::MIGRATIONS, morning).await;
        let materials = tempfile::tempdir().expect("a folder");
        let secrets = tempfile::tempdir().expect("a folder");
        let issuer = DevIssuer::open(secrets.path(), Mode::Test).expect("an issuer");
        let (settings, sections) = settings(&secrets, address);
        let token = issuer.mint(&Caller::service("review"), SignedDuration::from_hours(1));
        let token_file = secrets.path().join("token");
        secret_file::write(&token_file, token.expect("a token").as_bytes()).expect("written");
        let token = Arc::new(ServiceToken::from_file(token_file));
        let neighbour = platform::client::connect(&settings, "registry", token).expect("a channel");
        let app = App::new(
            platform.journal.clone(),
            Registry::new(neighbour),
            Materials::in_folder(materials.path()).expect("a folder"),
            Press::open(&sections.printing.fonts, sections.printing.centres).expect("fonts"),
            sections.public_notice.objection_contacts,
        );
        for number in ["V1", "V2"] {
            registry.enlist_visitor("371000", number);
        }
        let stop = CancellationToken::new();
        let channel = serve(&settings, &app, &platform.journal, stop.clone()).await;
        Self {
            platform,
            app,
            registry,
            materials,
            issuer,
            channel,
            _secrets: secrets,
            _stop: stop.drop_guard(),
        }
    }

    /// Calls about applications.
    pub(crate) fn applications(&self, caller: &Caller) -> ApplicationServiceClient<Called> {
        ApplicationServiceClient::with_interceptor(self.channel.clone(), self.token(caller))
    }

    /// Calls about judgements.
    pub(crate) fn judgements(&self, caller: &Caller) -> JudgementServiceClient<Called> {
        JudgementServiceClient::with_interceptor(self.channel.clone(), self.token(caller))
    }

    /// Calls about selections.
    pub(crate) fn selections(&self, caller: &Caller) -> SelectionServiceClient<Called> {
        SelectionServiceClient::with_interceptor(self.channel.clone(), self.token(caller))
    }

    /// Calls about rounds.
    pub(crate) fn rounds(&self, caller: &Caller) -> RoundServiceClient<Called> {
        RoundServiceClient::with_interceptor(self.channel.clone(), self.token(caller))
    }

    /// Calls about expert panels.
    pub(crate) fn assessments(&self, caller: &Caller) -> AssessmentServiceClient<Called> {
        AssessmentServiceClient::with_interceptor(self.channel.clone(), self.token(caller))
    }

    /// Calls about receipts and reports.
    pub(crate) fn filings(&self, caller: &Caller) -> FilingServiceClient<Called> {
        FilingServiceClient::with_interceptor(self.channel.clone(), self.token(caller))
    }

    /// Calls about objections.
    pub(crate) fn objections(&self, caller: &Caller) -> ObjectionServiceClient<Called> {
        ObjectionServiceClient::with_interceptor(self.channel.clone(), self.token(caller))
    }

    /// Calls about complaints.
    pub(crate) fn complaints(&self, caller: &Caller) -> ComplaintServiceClient<Called> {
        ComplaintServiceClient::with_interceptor(self.channel.clone(), self.token(caller))
    }

    /// Calls about how what was brought forward is looked into.
    pub(crate) fn inquiries(&self, caller: &Caller) -> InquiryServiceClient<Called> {
        InquiryServiceClient::with_interceptor(self.channel.clone(), self.token(caller))
    }

    /// Calls about what waits.
    pub(crate) fn desk(&self, caller: &Caller) -> DeskServiceClient<Called> {
        DeskServiceClient::with_interceptor(self.channel.clone(), self.token(caller))
    }

    /// Anybody's calls about public notices.
    pub(crate) fn notices(&self) -> PublicNoticeServiceClient<Called> {
        let anybody = self.token(&Caller::public());
        PublicNoticeServiceClient::with_interceptor(self.channel.clone(), anybody)
    }

    /// Calls about work elsewhere.
    pub(crate) fn consultations(&self, caller: &Caller) -> ConsultationServiceClient<Called> {
        ConsultationServiceClient::with_interceptor(self.channel.clone(), self.token(caller))
    }

    /// Calls about inspections.
    pub(crate) fn inspections(&self, caller: &Caller) -> InspectionServiceClient<Called> {
        InspectionServiceClient::with_interceptor(self.channel.clone(), self.token(caller))
    }

    /// Calls about measures.
    pub(crate) fn measures(&self, caller: &Caller) -> MeasureServiceClient<Called> {
        MeasureServiceClient::with_interceptor(self.channel.clone(), self.token(caller))
    }

    /// Calls for documents to print.
    pub(crate) fn prints(&self, caller: &Caller) -> PrintServiceClient<Called> {
        PrintServiceClient::with_interceptor(self.channel.clone(), self.token(caller))
    }

    /// Calls about risk alerts.
    pub(crate) fn risks(&self, caller: &Caller) -> RiskServiceClient<Called> {
        RiskServiceClient::with_interceptor(self.channel.clone(), self.token(caller))
    }

    /// An enrolled municipal technician college in Weihai.
    pub(crate) fn college(&self) -> OrganizationId {
        let id = OrganizationId::from_uuid(Uuid::now_v7());
        self.registry
            .enroll(id, BodyKind::TechnicianCollege, Affiliation::City, "371000");
        id
    }

    /// Moves the business clock to a morning.
    pub(crate) fn set_day(&self, day: &str) {
        self.platform
            .clock
            .set(format!("{day}T09:00:00").parse().expect("a day"));
    }

    /// Kinds of the facts of aggregates of a kind, in the order of their versions.
    pub(crate) async fn facts(&self, aggregate_kind: &str) -> Vec<String> {
        sqlx::query_scalar(
            "select kind from platform.fact where aggregate_kind = $1 order by recorded_at, version",
        )
        .bind(aggregate_kind)
        .fetch_all(&self.platform.pool)
        .await
        .expect("facts")
    }

    /// Rows that commands leave behind, in all tables they write to.
    pub(crate) async fn traces(&self) -> i64 {
        sqlx::query_scalar(
            "select (select count(*) from application) + (select count(*) from form)
                 + (select count(*) from material) + (select count(*) from site_photo)
                 + (select count(*) from returned_field) + (select count(*) from rejection)
                 + (select count(*) from applicant)
                 + (select count(*) from assessment) + (select count(*) from public_notice)
                 + (select count(*) from city_report) + (select count(*) from panel)
                 + (select count(*) from inspection) + (select count(*) from matter_list)
                 + (select count(*) from measure) + (select count(*) from consultation)
                 + (select count(*) from judgement)
                 + (select count(*) from platform.fact)
                 + (select count(*) from platform.aggregate)
                 + (select count(*) from platform.proposal)
                 + (select count(*) from platform.request_log)",
        )
        .fetch_one(&self.platform.pool)
        .await
        .expect("counts")
    }

    /// Paths of all files in the folder for materials.
    pub(crate) fn files(&self) -> Vec<std::path::PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![self.materials.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push(path);
                }
            }
        }
        files
    }

    fn token(&self, caller: &Caller) -> Token {
        if caller.role == platform::access::Role::Public {
            return Token(None);
        }
        let token = self
            .issuer
            .mint(caller, SignedDuration::from_hours(1))
            .expect("a token");
        Token(Some(format!("Bearer {token}").parse().expect("ascii")))
    }
}

fn settings(secrets: &TempDir, registry: &str) -> (Settings, Sections) {
    let jwks = DevIssuer::jwks_file(secrets.path()).display().to_string();
    let variables: HashMap<String, String> = [
        ("LUBAN__SERVICE__MODE", "test"),
        ("LUBAN__SERVER__LISTEN", "127.0.0.1:0"),
        ("LUBAN__ACCESS__ISSUER", DEVELOPMENT_ISSUER),
        ("LUBAN__ACCESS__AUDIENCE", DEVELOPMENT_AUDIENCE),
        ("LUBAN__ACCESS__JWKS_FILE", &jwks),
        ("LUBAN__NEIGHBOURS__REGISTRY", registry),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    config::load(review::definition().defaults, None, &variables).expect("usable settings")
}

async fn serve(
    settings: &Settings,
    app: &App,
    journal: &Journal,
    stop: CancellationToken,
) -> Channel {
    let access = AccessLayer::new(&settings.access).expect("keys and rules");
    let server = Server::bind(settings, access, stop).await.expect("a port");
    let address = format!("http://{}", server.address().expect("bound"));
    let (review, most_bytes) = (Review::new(app.clone()), settings.server.max_message_bytes);
    let server = server
        .add_service(review.applications(most_bytes))
        .add_service(review.judgements(most_bytes))
        .add_service(review.selections(most_bytes))
        .add_service(review.rounds(most_bytes))
        .add_service(review.assessments(most_bytes))
        .add_service(review.filings(most_bytes))
        .add_service(review.consultations(most_bytes))
        .add_service(review.inspections(most_bytes))
        .add_service(review.measures(most_bytes))
        .add_service(review.risks(most_bytes))
        .add_service(review.objections(most_bytes))
        .add_service(review.complaints(most_bytes))
        .add_service(review.notices(most_bytes))
        .add_service(review.prints(most_bytes))
        .add_service(Inquiries::new(journal.clone()).service(most_bytes))
        .add_service(review::desk(journal.clone()).service(most_bytes))
        .add_pages(review.pages(settings.server.request_timeout));
    tokio::spawn(server.run());
    Endpoint::from_shared(address)
        .expect("an address")
        .connect_lazy()
}

/// The codes of a refusal, in order.
pub(crate) fn codes(status: &Status) -> Vec<String> {
    let info = status
        .get_details_error_info()
        .expect("a refusal names itself");
    info.metadata["codes"]
        .split(',')
        .map(str::to_owned)
        .collect()
}

/// The codes of the refusal that an answer is.
pub(crate) fn refused<T>(answer: Result<T, Status>) -> Vec<String> {
    codes(&answer.err().expect("to be refused"))
}

/// The fields that a refusal names, in order.
pub(crate) fn fields(status: &Status) -> Vec<String> {
    let request = status
        .get_details_bad_request()
        .expect("a refusal with fields");
    request
        .field_violations
        .into_iter()
        .map(|violation| violation.field)
        .collect()
}

/// A request id that was never used.
pub(crate) fn request_id() -> String {
    Uuid::now_v7().to_string()
}
