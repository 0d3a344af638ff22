//! What comes in by spreadsheets, over the wire: an edition of the catalogue, codes in use elsewhere,
//! a year of the calendar, people of an organisation. Each is tried, imported while everything runs,
//! and there afterwards; the calendar at the other services, too, which keep one of their own.

use bytes::Bytes;
use futures::stream;
use jiff::civil::date;
use kernel::citizen_id::CitizenId;
use kernel::credit_code::UnifiedSocialCreditCode;
use kernel::ids::OrganizationId;
use platform::access::{Caller, Role};
use platform::testing::{clerk, eventually, province_officer};
use proto::common::v1::OccupationRef;
use proto::registry::v1::body_service_client::BodyServiceClient;
use proto::registry::v1::catalogue_service_client::CatalogueServiceClient;
use proto::registry::v1::engagement_service_client::EngagementServiceClient;
use proto::registry::v1::organization_service_client::OrganizationServiceClient;
use proto::registry::v1::people_service_client::PeopleServiceClient;
use proto::registry::v1::settings_service_client::SettingsServiceClient;
use proto::registry::v1::{
    Affiliation, BodyKind, CatalogueEditionHeader, CheckOccupationRequest, DeadlineRule,
    EnrollBodyRequest, ExplainDeadlineRequest, ImportCalendarYearRequest,
    ImportCatalogueEditionRequest, ImportPeopleRequest, ImportReservedCodesRequest,
    ListPeopleRequest, PeopleHeader, PersonRole, ReservedCodesHeader,
    import_catalogue_edition_request, import_people_request, import_reserved_codes_request,
};
use tests::harness::{Options, Platform, Service};
use tonic::Status;

use crate::doors::reason_of;
use crate::wire::{Wire, request_id};

/// Bytes of a piece: a file comes in many.
const PIECE: usize = 4096;
/// People that are imported at once.
const PEOPLE: u16 = 300;

fn department() -> Caller {
    Caller {
        subject: "importer".to_owned(),
        role: Role::Department,
        division: None,
        organization: None,
    }
}

fn pieces(file: &str) -> Vec<Bytes> {
    let file = Bytes::copy_from_slice(file.as_bytes());
    let pieces = file.chunks(PIECE).map(|piece| file.slice_ref(piece));
    pieces.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_in_by_spreadsheets_holds_everywhere_while_everything_runs() {
    let platform = Platform::start(Options::default()).await;
    let platform = platform.expect("start a platform");
    let wire = Wire::to(&platform);
    wire.import_calendar().await;
    wire.import_catalogue().await;
    wire.import_codes().await;
    wire.import_people().await;
}

impl Wire<'_> {
    /// The deadline of a notice opened in the last days of 2026 ends in 2027.
    async fn explains_2026(&self) -> Result<String, Status> {
        let mut catalogue = CatalogueServiceClient::new(self.at(Service::Registry));
        let request = ExplainDeadlineRequest {
            rule: DeadlineRule::ResultNotice.into(),
            from: "2026-12-30".to_owned(),
            as_of: String::new(),
        };
        let explained = catalogue.explain_deadline(request).await?.into_inner();
        Ok(explained.deadline.unwrap_or_default().date)
    }

    async fn import_calendar(&self) {
        let refused = self.explains_2026().await.expect_err("nobody knows 2027");
        assert_eq!(reason_of(&refused), "CALENDAR_YEAR_MISSING");
        let mut settings = SettingsServiceClient::new(self.at(Service::Registry));
        let mut import = async |dry_run| {
            let request = ImportCalendarYearRequest {
                request_id: request_id(),
                year: 2027,
                file: "date,kind\n2027-01-01,off\n".as_bytes().into(),
                source: "示例文号〔2026〕1号".to_owned(),
                dry_run,
            };
            let imported = self.from(&department(), request);
            let imported = settings.import_calendar_year(imported).await;
            imported.expect("a year").into_inner().calendar_version
        };
        let version = import(true).await;
        self.explains_2026().await.expect_err("only tried");
        assert_eq!(import(false).await, version);
        let ends = self.explains_2026().await;
        assert_eq!(ends.expect("2027 is known"), "2027-01-07");
        for service in [Service::Review, Service::ExamScheduling, Service::Results] {
            let records = self.platform.records(service);
            eventually("the year at every service", || async {
                let mut connection = records.connect().await.expect("a database");
                sqlx::query_scalar::<_, i32>(
                    "select 1 from platform.reference where name = 'calendar'
                     and content @> '[{\"year\": 2027}]'",
                )
                .fetch_optional(&mut connection)
                .await
                .expect("read")
            })
            .await;
        }
    }

    /// Whether the registry has an occupation of 2022: what review asks it about one applied for.
    async fn knows_2022(&self) -> bool {
        let mut catalogue = CatalogueServiceClient::new(self.at(Service::Registry));
        let request = CheckOccupationRequest {
            occupation: Some(OccupationRef {
                edition: 2022,
                code: "6-31-01-03".to_owned(),
            }),
            trade: String::new(),
            on: "2020-06-01".to_owned(),
        };
        let checked = catalogue.check_occupation(request).await;
        let checked = checked.expect("an answer").into_inner();
        checked.occupation.is_some()
    }

    async fn import_catalogue(&self) {
        use import_catalogue_edition_request::Part;
        let file = "code,name,standard_year,trades,access_type,levels,succeeds\n\
                    6-31-01-03,电工,2018,,,5;4;3;2;1,2015:6-31-01-03\n";
        let mut catalogue = CatalogueServiceClient::new(self.at(Service::Registry));
        let mut import = async |file: &str, dry_run| {
            let header = CatalogueEditionHeader {
                request_id: request_id(),
                edition: 2022,
                in_force_from: "2020-06-01".to_owned(),
                source: "示例文号〔2020〕2号".to_owned(),
                dry_run,
            };
            let content = pieces(file).into_iter().map(Part::Content);
            let parts = [Part::Header(header)].into_iter().chain(content);
            let parts = parts.map(|part| ImportCatalogueEditionRequest { part: Some(part) });
            let parts = stream::iter(parts.collect::<Vec<_>>());
            let imported = self.from(&department(), parts);
            let imported = catalogue.import_catalogue_edition(imported).await;
            imported.map(tonic::Response::into_inner)
        };
        assert!(!self.knows_2022().await);
        let wrong = format!("{file}6-31-01-99x,电工,2018,,,5,\n");
        let tried = import(&wrong, true).await.expect("told");
        assert_eq!(tried.faults.len(), 1);
        assert_eq!((tried.faults[0].row, &*tried.faults[0].column), (3, "code"));
        let refused = import(&wrong, false).await.err().expect("refused");
        assert_eq!(reason_of(&refused), tried.faults[0].code);
        assert!(!self.knows_2022().await, "all or nothing");
        let imported = import(file, false).await.expect("an edition");
        assert_eq!((imported.added, imported.faults.len()), (1, 0));
        assert!(self.knows_2022().await);
    }

    async fn import_codes(&self) {
        use import_reserved_codes_request::Part;
        let mut organizations = OrganizationServiceClient::new(self.at(Service::Registry));
        let mut import = async |file: &str| {
            let header = ReservedCodesHeader {
                request_id: request_id(),
                reason: "此前系统已赋码（示例）".to_owned(),
                dry_run: false,
            };
            let content = pieces(file).into_iter().map(Part::Content);
            let parts = [Part::Header(header)].into_iter().chain(content);
            let parts = parts.map(|part| ImportReservedCodesRequest { part: Some(part) });
            let parts = stream::iter(parts.collect::<Vec<_>>());
            let imported = self.from(&province_officer("importer"), parts);
            let imported = organizations.import_reserved_codes(imported).await;
            imported.expect("codes").into_inner().reserved
        };
        let codes = (1..=2000).map(|number| format!("S00003710{number:04}\n"));
        let file = format!("organization_code\n{}", codes.collect::<String>());
        assert_eq!(import(&file).await, 2000);
        assert_eq!(import(&file).await, 0, "they are reserved already");
    }

    async fn enrol(&self) -> OrganizationId {
        let code = UnifiedSocialCreditCode::synthetic("12", "371000", 77);
        let request = EnrollBodyRequest {
            request_id: request_id(),
            name: "威海示例技师学院（示例）".to_owned(),
            unified_social_credit_code: code.to_string(),
            kind: BodyKind::TechnicianCollege.into(),
            affiliation: Affiliation::City.into(),
            division_code: "371000".to_owned(),
            address: "威海市示例路 1 号".to_owned(),
            registration_authority: "威海市示例登记机关".to_owned(),
            credit_code_reason: String::new(),
        };
        let newcomer = Caller {
            organization: None,
            role: Role::Organization,
            ..department()
        };
        let enrolled = self.from(&newcomer, request);
        let mut bodies = BodyServiceClient::new(self.at(Service::Registry));
        let enrolled = bodies.enroll_body(enrolled).await.expect("enrolled");
        let body = enrolled.into_inner().body.expect("it");
        OrganizationId::parse(&body.organization_id).expect("an id")
    }

    async fn import_people(&self) {
        use import_people_request::Part;
        let organization = self.enrol().await;
        let clerk = clerk("importer", organization);
        let organization_id = organization.to_string();
        let mut engagements = EngagementServiceClient::new(self.at(Service::Registry));
        let mut import = async |file: &str, dry_run| {
            let header = PeopleHeader {
                request_id: request_id(),
                organization_id: organization_id.clone(),
                dry_run,
            };
            let content = pieces(file).into_iter().map(Part::Content);
            let parts = [Part::Header(header)].into_iter().chain(content);
            let parts = parts.map(|part| ImportPeopleRequest { part: Some(part) });
            let parts = stream::iter(parts.collect::<Vec<_>>());
            let imported = self.from(&clerk, parts);
            let imported = engagements.import_people(imported).await;
            imported.map(tonic::Response::into_inner)
        };
        let file = people();
        let twice = format!("{file}{}", file.lines().last().unwrap_or_default());
        let tried = import(&twice, true).await.expect("told");
        let codes: Vec<_> = tried.faults.iter().map(|fault| &*fault.code).collect();
        assert_eq!(codes, ["PERSON_ENLISTED_ALREADY"]);
        let imported = import(&file, false).await.expect("people");
        assert_eq!(imported.people.len(), usize::from(PEOPLE));
        assert_eq!(imported.cards, u32::from(PEOPLE));

        let request = ListPeopleRequest {
            organization_id: organization_id.clone(),
            role: PersonRole::Examiner.into(),
            page_size: 500,
            ..ListPeopleRequest::default()
        };
        let mut people = PeopleServiceClient::new(self.at(Service::Registry));
        let listed = people.list_people(self.from(&clerk, request)).await;
        let listed = listed.expect("a list").into_inner().people;
        let listed: Vec<_> = listed.into_iter().map(|person| person.person_id).collect();
        let in_order = imported.people.into_iter().map(|person| person.person_id);
        assert_eq!(listed, in_order.collect::<Vec<_>>());
    }
}

/// Examiners with a card each.
fn people() -> String {
    let columns = "name,citizen_id,role,full_time,on_post_from,proof,position,card_kind,\
                   card_number,card_occupations,card_levels,card_valid_from,card_valid_until,\
                   card_issuer\n";
    let person = |serial: u16| {
        let citizen_id = CitizenId::synthetic("371002", date(1985, 1, 1), serial);
        format!(
            "示例甲,{},考评员,是,2020-03-01,社保材料,,考评员证,K3720{serial:04},2015:6-31-01-03,\
             5;4,2020-01-01,2022-12-31,山东省示例发证机构\n",
            citizen_id.reveal()
        )
    };
    let people = (1..=PEOPLE).map(person);
    format!("{columns}{}", people.collect::<String>())
}
