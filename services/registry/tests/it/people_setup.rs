//! People and sites as requests write them.

use jiff::civil::date;
use kernel::citizen_id::CitizenId;
use kernel::ids::OrganizationId;
use platform::access::Caller;
use platform::testing::clerk;
use proto::common::v1::{Level, OccupationRef};
use proto::registry::v1::people_service_server::PeopleService;
use proto::registry::v1::qualification_service_server::QualificationService;
use proto::registry::v1::site_service_server::SiteService;
use proto::registry::v1::{
    Assignment, CardKind, CheckAssignmentsRequest, DescribeResourcesRequest,
    DescribeResourcesResponse, Engagement, EnlistPersonRequest, GetPersonRequest,
    ImposeSanctionRequest, ListPoolRequest, ListPoolResponse, Person, PersonRole, PoolEntry,
    PoolKind, ProofOfEmployment, RecordCardRequest, RegisterSiteRequest, RoomKind, RoomProfile,
    Site, SiteTenure,
};
use tonic::Status;

use crate::setup::{Setup, WEIHAI, from};

/// The day on which the tests begin.
pub(crate) const TODAY: &str = "2020-05-18";

/// A citizen id that nobody was given.
pub(crate) fn citizen_id(serial: u16) -> String {
    CitizenId::synthetic("370099", date(1980, 1, 1), serial)
        .reveal()
        .to_owned()
}

/// Somebody who begins in a role in spring.
pub(crate) fn engagement(role: PersonRole) -> Engagement {
    Engagement {
        role: role.into(),
        full_time: true,
        on_post_from: "2020-03-01".to_owned(),
        on_post_until: String::new(),
        position: "考务专员".to_owned(),
        proof: ProofOfEmployment::SocialInsurance.into(),
    }
}

/// Somebody of an organisation.
pub(crate) fn employee(
    organization: &str,
    serial: u16,
    roles: &[PersonRole],
) -> EnlistPersonRequest {
    EnlistPersonRequest {
        request_id: format!("enlist-{organization}-{serial}"),
        organization_id: organization.to_owned(),
        name: "示例甲".to_owned(),
        citizen_id: citizen_id(serial),
        engagements: roles.iter().copied().map(engagement).collect(),
        ..EnlistPersonRequest::default()
    }
}

/// Somebody of a centre's pool.
pub(crate) fn in_pool(division: &str, serial: u16, role: PersonRole) -> EnlistPersonRequest {
    EnlistPersonRequest {
        request_id: format!("enlist-{division}-{serial}"),
        pool_division: division.to_owned(),
        name: "示例乙".to_owned(),
        citizen_id: citizen_id(serial),
        engagements: vec![engagement(role)],
        pool_entry: Some(PoolEntry {
            number: format!("WH-ZJ-{serial:04}"),
            fields: vec!["电气".to_owned()],
            occupations: vec![electrician()],
            employer_name: "威海示例大学（示例）".to_owned(),
            employer_credit_code: kernel::credit_code::UnifiedSocialCreditCode::synthetic(
                "12", WEIHAI, 900,
            )
            .to_string(),
            rank: "高级工程师".to_owned(),
        }),
        ..EnlistPersonRequest::default()
    }
}

pub(crate) fn electrician() -> OccupationRef {
    OccupationRef {
        edition: 2015,
        code: "6-31-01-03".to_owned(),
    }
}

/// A theory room and a skill room with everything.
pub(crate) fn site(organization: &str, name: &str) -> RegisterSiteRequest {
    let equipped = RoomProfile {
        name: "机考一室".to_owned(),
        kind: RoomKind::Theory.into(),
        seats: 40,
        machines: 42,
        network: true,
        identity_check: true,
        signal_shielding: true,
        audio_monitoring: true,
        video_monitoring: true,
        ..RoomProfile::default()
    };
    let skill = RoomProfile {
        name: "电工实训场".to_owned(),
        kind: RoomKind::Skill.into(),
        seats: 20,
        machines: 0,
        equipment: "电工实训台 20 套".to_owned(),
        occupations: vec![electrician()],
        ..equipped.clone()
    };
    RegisterSiteRequest {
        request_id: format!("site-{organization}"),
        organization_id: organization.to_owned(),
        name: name.to_owned(),
        division_code: WEIHAI.to_owned(),
        address: "威海市示例路 1 号".to_owned(),
        tenure: SiteTenure::Owned.into(),
        leased_until: String::new(),
        rooms: vec![equipped, skill],
    }
}

impl Setup {
    pub(crate) async fn enlist(
        &self,
        caller: &Caller,
        request: EnlistPersonRequest,
    ) -> Result<Person, Status> {
        let reply = self.registry.enlist_person(from(caller, request)).await?;
        Ok(reply.into_inner().person.expect("a person"))
    }

    pub(crate) async fn register_site(
        &self,
        caller: &Caller,
        request: RegisterSiteRequest,
    ) -> Result<Site, Status> {
        let reply = self.registry.register_site(from(caller, request)).await?;
        Ok(reply.into_inner().site.expect("a site"))
    }

    pub(crate) async fn resources(
        &self,
        caller: &Caller,
        organization: &str,
        on: &str,
    ) -> Result<DescribeResourcesResponse, Status> {
        let request = DescribeResourcesRequest {
            organization_id: organization.to_owned(),
            on: on.to_owned(),
        };
        let reply = self
            .registry
            .describe_resources(from(caller, request))
            .await?;
        Ok(reply.into_inner())
    }

    pub(crate) async fn pool(
        &self,
        caller: &Caller,
        kind: PoolKind,
        page: (u32, &str),
    ) -> Result<ListPoolResponse, Status> {
        let request = ListPoolRequest {
            kind: kind.into(),
            division_code: WEIHAI.to_owned(),
            on: TODAY.to_owned(),
            page_size: page.0,
            page_token: page.1.to_owned(),
        };
        Ok(self
            .registry
            .list_pool(from(caller, request))
            .await?
            .into_inner())
    }

    /// Rows of a table.
    pub(crate) async fn rows(&self, table: &str) -> i64 {
        let query = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
        sqlx::query_scalar(query)
            .fetch_one(&self.platform.pool)
            .await
            .expect("count")
    }
}

/// An examiner's card for electricians of levels five and four, valid for three years.
pub(crate) fn card(person: &str, number: &str) -> RecordCardRequest {
    RecordCardRequest {
        request_id: format!("card-{person}-{number}"),
        person_id: person.to_owned(),
        number: number.to_owned(),
        kind: CardKind::Examiner.into(),
        occupations: vec![electrician()],
        levels: vec![Level::Five.into(), Level::Four.into()],
        valid_from: "2019-01-01".to_owned(),
        valid_until: "2021-12-31".to_owned(),
        issuer: "山东省示例发证机构".to_owned(),
    }
}

/// A card that says nothing of occupations.
pub(crate) fn plain_card(person: &str, number: &str, kind: CardKind) -> RecordCardRequest {
    RecordCardRequest {
        kind: kind.into(),
        occupations: Vec::new(),
        levels: Vec::new(),
        ..card(person, number)
    }
}

/// A sanction from examining, from today on for ever.
pub(crate) fn sanction(person: &str, request_id: &str) -> ImposeSanctionRequest {
    ImposeSanctionRequest {
        request_id: request_id.to_owned(),
        person_id: person.to_owned(),
        duties: vec![PersonRole::Examiner.into()],
        grounds: "示例甲泄露试题".to_owned(),
        from: TODAY.to_owned(),
        until: String::new(),
    }
}

impl Setup {
    /// A clerk of a body of their own, and its id.
    pub(crate) async fn college(&self, serial: u32) -> (Caller, String) {
        let organization = self.enrolled(serial).await.organization_id;
        let id = OrganizationId::parse(&organization).expect("an id");
        (clerk(&format!("clerk {serial}"), id), organization)
    }

    pub(crate) async fn record_card(
        &self,
        caller: &Caller,
        request: RecordCardRequest,
    ) -> Result<Person, Status> {
        let reply = self.registry.record_card(from(caller, request)).await?;
        Ok(reply.into_inner().person.expect("a person"))
    }

    pub(crate) async fn impose(
        &self,
        caller: &Caller,
        request: ImposeSanctionRequest,
    ) -> Result<Person, Status> {
        let reply = self.registry.impose_sanction(from(caller, request)).await?;
        Ok(reply.into_inner().person.expect("a person"))
    }

    pub(crate) async fn get(&self, caller: &Caller, id: &str) -> Result<Person, Status> {
        let request = GetPersonRequest {
            person_id: id.to_owned(),
        };
        let reply = self.registry.get_person(from(caller, request)).await?;
        Ok(reply.into_inner().person.expect("a person"))
    }

    /// Codes of the verdicts; empty texts for those who may be assigned.
    pub(crate) async fn verdicts(
        &self,
        caller: &Caller,
        organization: &str,
        assignments: Vec<Assignment>,
    ) -> Result<Vec<String>, Status> {
        let request = CheckAssignmentsRequest {
            organization_id: organization.to_owned(),
            assignments,
        };
        let reply = self
            .registry
            .check_assignments(from(caller, request))
            .await?;
        let verdicts = reply.into_inner().verdicts.into_iter();
        Ok(verdicts
            .map(|verdict| {
                assert_eq!(verdict.assignable, verdict.reason.is_empty());
                assert_eq!(verdict.assignable, !verdict.person_id.is_empty());
                assert_eq!(verdict.assignable, verdict.reason_zh.is_empty());
                verdict.reason
            })
            .collect())
    }
}

/// Somebody who examines electricians of level five.
pub(crate) fn examiner(card_number: &str, on: &str) -> Assignment {
    Assignment {
        card_number: card_number.to_owned(),
        duty: PersonRole::Examiner.into(),
        occupation: Some(electrician()),
        level: Level::Five.into(),
        on: on.to_owned(),
        ..Assignment::default()
    }
}
