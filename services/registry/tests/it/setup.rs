//! A register on a fresh database, and the facts of review as they would come in.

use jiff::civil::date;
use kernel::ids::{ApplicationId, CityReportId, FactId, OrganizationId, SelectionId};
use platform::access::Caller;
use platform::inbox::Inbox;
use platform::testing::TestPlatform;
use prost::Message;
use proto::common::v1::{Fact, Level, OccupationRef, OccupationScope};
use proto::registry::v1::body_service_server::BodyService;
use proto::registry::v1::{Affiliation, Body, BodyKind, EnrollBodyRequest};
use proto::review::v1::{
    ApplicationMoved, ApplicationPurpose, CityReportRecorded, OrganizationSelected,
};
use registry::{App, Registry, ReviewFacts};
use tonic::{Request, Status};
use uuid::Uuid;

pub(crate) const WEIHAI: &str = "371000";
pub(crate) const QINGDAO: &str = "370200";

/// The register under test.
pub(crate) struct Setup {
    pub(crate) platform: TestPlatform,
    pub(crate) app: App,
    pub(crate) registry: Registry,
    pub(crate) inbox: Inbox<ReviewFacts>,
}

pub(crate) async fn setup() -> Setup {
    let now = date(2020, 5, 18).at(9, 0, 0, 0);
    let platform = TestPlatform::start("registry", &registry::MIGRATIONS, now).await;
    let app = App::new(platform.journal.clone(), platform.indexer());
    let inbox = Inbox::new(
        platform.journal.clone(),
        "registry".to_owned(),
        ReviewFacts::new(app.clone()),
    );
    Setup {
        platform,
        registry: Registry::new(app.clone()),
        app,
        inbox,
    }
}

/// A request as the access layer hands it on.
pub(crate) fn from<T>(caller: &Caller, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.extensions_mut().insert(caller.clone());
    request
}

/// Codes of every fault in a refusal.
pub(crate) fn codes(status: &Status) -> Vec<String> {
    use tonic_types::StatusExt;
    let details = status.get_error_details();
    let info = details.error_info().expect("a refusal names its reason");
    info.metadata.get("codes").map_or_else(
        || vec![info.reason.clone()],
        |codes| {
            codes
                .split(',')
                .map(|code| code.trim().to_owned())
                .collect()
        },
    )
}

/// What is wrong with which field.
pub(crate) fn violations(status: &Status) -> Vec<(String, String)> {
    use tonic_types::StatusExt;
    let details = status.get_details_bad_request();
    let violations = details.map_or_else(Vec::new, |details| details.field_violations);
    violations
        .into_iter()
        .map(|violation| (violation.field, violation.reason))
        .collect()
}

pub(crate) fn enrollment(request_id: &str, serial: u32) -> EnrollBodyRequest {
    let code = kernel::credit_code::UnifiedSocialCreditCode::synthetic("12", WEIHAI, serial);
    EnrollBodyRequest {
        request_id: request_id.to_owned(),
        name: format!("威海示例技师学院{serial}（示例）"),
        unified_social_credit_code: code.to_string(),
        kind: BodyKind::TechnicianCollege.into(),
        affiliation: Affiliation::City.into(),
        division_code: WEIHAI.to_owned(),
        address: "威海市示例路 1 号".to_owned(),
        registration_authority: "威海市示例登记机关".to_owned(),
        credit_code_reason: String::new(),
    }
}

impl Setup {
    /// Enrols a body.
    pub(crate) async fn enrolled(&self, serial: u32) -> Body {
        let officer = platform::testing::city_officer("officer", WEIHAI);
        let request = from(&officer, enrollment(&format!("enrol-{serial}"), serial));
        let reply = self.registry.enroll_body(request).await.expect("enrolled");
        reply.into_inner().body.expect("a body")
    }

    /// Enrols a body and lets review select it.
    pub(crate) async fn registered(&self, serial: u32) -> OrganizationId {
        let body = self.enrolled(serial).await;
        let id = OrganizationId::parse(&body.organization_id).expect("an id");
        self.inbox.take(&[selected(id, serial.into())]).await;
        id
    }
}

/// Review's fact that an organisation is selected for electrician, levels 5 and 4.
pub(crate) fn selected(organization_id: OrganizationId, application: u128) -> Fact {
    selected_by(WEIHAI, organization_id, application)
}

/// The same, of a division's centre.
pub(crate) fn selected_by(
    filing_division: &str,
    organization_id: OrganizationId,
    application: u128,
) -> Fact {
    let application_id = ApplicationId::from_uuid(Uuid::from_u128(application));
    let message = OrganizationSelected {
        application_id: application_id.to_string(),
        selection_id: SelectionId::from_uuid(Uuid::from_u128(application)).to_string(),
        organization_id: organization_id.to_string(),
        filing_division: filing_division.to_owned(),
        granted: vec![OccupationScope {
            occupation: Some(OccupationRef {
                edition: 2015,
                code: "6-31-01-03".to_owned(),
            }),
            trade: String::new(),
            levels: vec![Level::Five.into(), Level::Four.into()],
        }],
        purpose: ApplicationPurpose::First.into(),
        ..OrganizationSelected::default()
    };
    fact(
        application_id,
        1,
        "organization_selected",
        message.encode_to_vec(),
    )
}

/// Review's fact that an application was handed in, given back, or is over.
pub(crate) fn moved(
    organization_id: OrganizationId,
    application: u128,
    (version, kind): (u64, &str),
) -> Fact {
    let application_id = ApplicationId::from_uuid(Uuid::from_u128(application));
    let message = ApplicationMoved {
        application_id: application_id.to_string(),
        organization_id: organization_id.to_string(),
    };
    fact(application_id, version, kind, message.encode_to_vec())
}

/// Review's fact that the province recorded a city's report.
pub(crate) fn reported(organization_id: OrganizationId, application: u128) -> Fact {
    let application_id = ApplicationId::from_uuid(Uuid::from_u128(application));
    let message = CityReportRecorded {
        application_id: application_id.to_string(),
        city_report_id: CityReportId::from_uuid(Uuid::from_u128(application)).to_string(),
        organization_id: organization_id.to_string(),
    };
    fact(
        application_id,
        2,
        "city_report_recorded",
        message.encode_to_vec(),
    )
}

fn fact(application: ApplicationId, version: u64, kind: &str, payload: Vec<u8>) -> Fact {
    fact_of(("application", application.uuid()), version, kind, payload)
}

/// A fact of any of review's aggregates.
pub(crate) fn fact_of(
    (aggregate_kind, id): (&str, Uuid),
    version: u64,
    kind: &str,
    payload: Vec<u8>,
) -> Fact {
    let unique = id.as_u128() * 10 + u128::from(version);
    let mut fact = Fact {
        fact_id: FactId::from_uuid(Uuid::from_u128(unique)).to_string(),
        aggregate_kind: aggregate_kind.to_owned(),
        aggregate_id: id.to_string(),
        version,
        published_version: version,
        kind: kind.to_owned(),
        schema_version: 1,
        epoch: 1,
        payload: payload.into(),
        ..Fact::default()
    };
    fact.hash = platform::facts::hash(&fact).to_vec().into();
    fact
}
