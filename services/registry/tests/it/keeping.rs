//! What becomes of an organisation's entry and its rights.

use kernel::ids::{ApplicationId, ConsultationId, OrganizationId, SelectionId};
use platform::access::{Caller, Role};
use platform::testing::{city_officer, clerk, province_officer};
use prost::Message;
use proto::common::v1::{Fact, Level, OccupationScope};
use proto::registry::v1::keeping_service_server::KeepingService;
use proto::registry::v1::organization_service_server::OrganizationService;
use proto::registry::v1::people_service_server::PeopleService;
use proto::registry::v1::site_service_server::SiteService;
use proto::registry::v1::{
    ChangeContactRequest, DecideChangeRequest, GetOrganizationRequest, GiveUpRightsRequest,
    ListChangesRequest, ListPeopleRequest, ListSitesRequest, Organization, OrganizationChange,
    OrganizationContact, PersonRole, RequestChangeRequest, RightPurpose, RightToGiveUp,
};
use proto::review::v1::{
    ApplicationPurpose, CrossAreaEnded, CrossAreaGranted, OrganizationSelected,
};
use tonic::Status;
use uuid::Uuid;

use crate::people_setup::employee;
use crate::published_rules::electrician;
use crate::setup::{QINGDAO, Setup, WEIHAI, codes, fact_of, from, setup, violations};

impl Setup {
    async fn organization(&self, id: OrganizationId) -> Organization {
        let request = GetOrganizationRequest {
            organization_id: id.to_string(),
        };
        let asked = from(&clerk("clerk", id), request);
        let reply = self.registry.get_organization(asked).await.expect("found");
        reply.into_inner().organization.expect("it")
    }

    pub(crate) async fn request_change(
        &self,
        id: OrganizationId,
        request_id: &str,
        change: impl FnOnce(&mut RequestChangeRequest),
    ) -> Result<OrganizationChange, Status> {
        let mut request = RequestChangeRequest {
            request_id: request_id.to_owned(),
            organization_id: id.to_string(),
            reason: "名称变更登记通知书（示例）".to_owned(),
            ..RequestChangeRequest::default()
        };
        change(&mut request);
        let asked = from(&clerk("clerk", id), request);
        let reply = self.registry.request_change(asked).await?;
        Ok(reply.into_inner().change.expect("a change"))
    }

    pub(crate) async fn decide(
        &self,
        officer: &Caller,
        id: OrganizationId,
        change_id: &str,
        approve: bool,
    ) -> Result<OrganizationChange, Status> {
        let request = DecideChangeRequest {
            request_id: format!("decide-{}-{change_id}", officer.subject),
            organization_id: id.to_string(),
            change_id: change_id.to_owned(),
            approve,
            reason: if approve {
                ""
            } else {
                "证明不全（示例）"
            }
            .to_owned(),
        };
        let reply = self.registry.decide_change(from(officer, request)).await?;
        Ok(reply.into_inner().change.expect("a change"))
    }
}

fn officer(name: &str) -> Caller {
    city_officer(name, WEIHAI)
}

#[tokio::test]
async fn a_contact_holds_at_once_and_is_an_office() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let request = |contact| ChangeContactRequest {
        request_id: "c1".to_owned(),
        organization_id: id.to_string(),
        contact,
    };
    let contact = OrganizationContact {
        office: "考务办公室（示例）".to_owned(),
        phone: "0631-0000000".to_owned(),
        email: "office@example.cn".to_owned(),
    };
    let wrong = OrganizationContact {
        office: "\u{200b}".to_owned(),
        phone: "请来电".to_owned(),
        email: "office".to_owned(),
    };
    let asked = from(&clerk("clerk", id), request(Some(wrong)));
    let refused = setup.registry.change_contact(asked).await.err();
    let told = violations(&refused.expect("three faults"));
    assert_eq!(
        told,
        [
            ("contact.office", "FIELD_REQUIRED"),
            ("contact.phone", "PHONE_MALFORMED"),
            ("contact.email", "EMAIL_MALFORMED"),
        ]
        .map(|(field, code)| (field.to_owned(), code.to_owned()))
    );
    let asked = from(&clerk("clerk", id), request(None));
    let refused = setup.registry.change_contact(asked).await.err();
    assert_eq!(codes(&refused.expect("nothing")), ["CONTACT_MISSING"]);

    let asked = from(&clerk("clerk", id), request(Some(contact.clone())));
    setup.registry.change_contact(asked).await.expect("changed");
    assert!(setup.organization(id).await.contact == Some(contact));
}

#[tokio::test]
async fn a_change_holds_when_the_filing_centre_has_approved_it() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let before = setup.organization(id).await.name;
    let rename = |request: &mut RequestChangeRequest| {
        request.name = "威海新名技师学院（示例）".to_owned();
        request.legal_representative = "示例人".to_owned();
    };
    let change = setup.request_change(id, "q1", rename).await.expect("asked");
    assert!(change.legal_representative.is_empty());
    assert_eq!(setup.organization(id).await.name, before);
    let second = setup
        .request_change(id, "q2", |request| {
            request.address = "新址（示例）".to_owned();
        })
        .await;
    assert_eq!(
        codes(&second.err().expect("one at a time")),
        ["CHANGE_PENDING"]
    );

    let province = setup
        .decide(&province_officer("p"), id, &change.change_id, true)
        .await;
    assert_eq!(
        codes(&province.err().expect("not theirs")),
        ["NOT_FILING_CENTRE"]
    );
    let (first, other) = (officer("first"), officer("second"));
    let (one, two) = tokio::join!(
        setup.decide(&first, id, &change.change_id, true),
        setup.decide(&other, id, &change.change_id, false),
    );
    let ((Ok(decided), Err(refused)) | (Err(refused), Ok(decided))) = (one, two) else {
        panic!("one of two is told that the other was first");
    };
    assert_eq!(codes(&refused), ["CHANGE_DECIDED"]);
    let approved = decided.decided_on == "2020-05-18" && decided.decision_reason.is_empty();
    let now = setup.organization(id).await.name;
    assert_eq!(now != before, approved);

    let list = async |caller: &Caller| {
        let request = ListChangesRequest {
            organization_id: id.to_string(),
            ..ListChangesRequest::default()
        };
        let page = setup.registry.list_changes(from(caller, request)).await;
        page.expect("a page").into_inner().changes.remove(0)
    };
    assert_eq!(
        list(&clerk("clerk", id)).await.legal_representative,
        "示例人"
    );
    let auditor = Caller {
        role: Role::Auditor,
        ..province_officer("auditor")
    };
    let audited = list(&auditor).await;
    assert!(audited.changes_legal_representative && audited.legal_representative.is_empty());
    let seen: i64 = sqlx::query_scalar(
        "select count(*) from platform.access_record where purpose = 'show_organization_change'",
    )
    .fetch_one(&setup.platform.pool)
    .await
    .expect("counted");
    assert_eq!(seen, 1);
    let leaked: i64 = sqlx::query_scalar(
        "select count(*) from platform.fact where payload::text like '%示例人%'",
    )
    .fetch_one(&setup.platform.pool)
    .await
    .expect("counted");
    assert_eq!(leaked, 0);
}

#[tokio::test]
async fn a_change_that_is_none_is_refused_and_leaves_nothing() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let name = setup.organization(id).await.name;
    let refused = setup.request_change(id, "q1", |_| {}).await;
    assert_eq!(codes(&refused.err().expect("nothing")), ["CHANGE_EMPTY"]);
    let same = |request: &mut RequestChangeRequest| request.name.clone_from(&name);
    let refused = setup.request_change(id, "q1", same).await;
    assert_eq!(
        codes(&refused.err().expect("the same")),
        ["CHANGE_OF_NOTHING"]
    );
    let wrong = |request: &mut RequestChangeRequest| {
        request.name = "名".repeat(101);
        request.legal_representative = "7".to_owned();
        request.reason = String::new();
    };
    let refused = setup.request_change(id, "q1", wrong).await;
    let fields: Vec<_> = violations(&refused.err().expect("three faults"))
        .into_iter()
        .map(|(field, _)| field)
        .collect();
    assert_eq!(fields, ["name", "legal_representative", "reason"]);
    let unknown = kernel::ids::ChangeId::from_uuid(Uuid::nil()).to_string();
    let refused = setup.decide(&officer("first"), id, &unknown, true).await;
    assert_eq!(codes(&refused.err().expect("none")), ["CHANGE_NOT_FOUND"]);
    let changes: i64 = sqlx::query_scalar("select count(*) from organization_change")
        .fetch_one(&setup.platform.pool)
        .await
        .expect("counted");
    assert_eq!(changes, 0);
}

#[tokio::test]
async fn rights_are_given_up_from_a_day_on() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let right = setup.organization(id).await.rights.remove(0).right_id;
    let give_up = async |rights: &[&str], from_day: &str, request_id: &str| {
        let request = GiveUpRightsRequest {
            request_id: request_id.to_owned(),
            organization_id: id.to_string(),
            rights: rights.iter().map(|right| all_of(right)).collect(),
            from: from_day.to_owned(),
            reason: "不再开展（示例）".to_owned(),
        };
        let asked = from(&clerk("clerk", id), request);
        setup.registry.give_up_rights(asked).await
    };
    let foreign = kernel::ids::RightId::from_uuid(Uuid::nil()).to_string();
    let refused = give_up(&[&right, &right, &foreign], "2020-05-18", "g1").await;
    assert_eq!(
        codes(&refused.err().expect("three faults")),
        ["DAY_OUT_OF_RANGE", "RIGHT_TWICE", "RIGHT_UNKNOWN"]
    );
    let refused = give_up(&[], "2020-07-01", "g1").await;
    assert_eq!(codes(&refused.err().expect("none")), ["RIGHTS_MISSING"]);
    let given_up = give_up(&[&right], "2020-07-01", "g1").await;
    let rights = given_up.expect("given up").into_inner().rights;
    assert_eq!(rights[0].valid_until, "2020-06-30");
    let refused = give_up(&[&right], "2020-07-01", "g2").await;
    assert_eq!(codes(&refused.err().expect("gone")), ["RIGHT_ENDED"]);
    let asked = GetOrganizationRequest {
        organization_id: id.to_string(),
    };
    let asked = from(&officer("first"), asked);
    let shown = setup.registry.get_organization(asked).await;
    let given_up = shown.expect("its centre reads it").into_inner().given_up;
    assert_eq!(given_up.len(), 1);
    assert_eq!(
        (given_up[0].right_id.as_str(), given_up[0].reason.as_str()),
        (right.as_str(), "不再开展（示例）")
    );
    assert_eq!(given_up[0].last_day, "2020-06-30");
    for (on, reason) in [("2020-06-30", ""), ("2020-07-01", "RIGHT_DATES")] {
        let issue = RightPurpose::Issue;
        assert_eq!(setup.against(id, on, WEIHAI, issue).await, reason);
    }
}

fn all_of(right_id: &str) -> RightToGiveUp {
    RightToGiveUp {
        right_id: right_id.to_owned(),
        levels: Vec::new(),
    }
}

#[tokio::test]
async fn a_level_is_given_up_alone() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let right = setup.organization(id).await.rights.remove(0);
    let give_up = async |level: Level| {
        let request = GiveUpRightsRequest {
            request_id: format!("g{level:?}"),
            organization_id: id.to_string(),
            rights: vec![RightToGiveUp {
                right_id: right.right_id.clone(),
                levels: vec![level.into()],
            }],
            from: "2020-07-01".to_owned(),
            reason: "不再开展（示例）".to_owned(),
        };
        let asked = from(&clerk("clerk", id), request);
        setup.registry.give_up_rights(asked).await
    };
    let refused = give_up(Level::Two).await;
    assert_eq!(
        codes(&refused.err().expect("not its level")),
        ["RIGHT_WITHOUT_LEVEL"]
    );
    let given_up = give_up(Level::Five).await.expect("its own").into_inner();
    assert_eq!(given_up.rights[0].ended_levels[0].last_day, "2020-06-30");
    assert_eq!(given_up.rights[0].valid_until, right.valid_until);
    // It is asked about level five.
    for (on, reason) in [("2020-06-30", ""), ("2020-07-01", "RIGHT_DATES")] {
        let issue = RightPurpose::Issue;
        assert_eq!(setup.against(id, on, WEIHAI, issue).await, reason);
    }
    let left = setup.organization(id).await.rights.remove(0);
    assert!(left.ended_levels == given_up.rights[0].ended_levels);
}

fn scope(levels: &[Level]) -> OccupationScope {
    OccupationScope {
        occupation: Some(electrician()),
        trade: String::new(),
        levels: levels.iter().map(|level| (*level).into()).collect(),
    }
}

/// Review's fact that an organisation is selected once more, as an electrician.
pub(crate) fn selected_again(
    id: OrganizationId,
    number: u128,
    purpose: ApplicationPurpose,
    levels: &[Level],
) -> Fact {
    let application = Uuid::from_u128(number);
    let message = OrganizationSelected {
        application_id: ApplicationId::from_uuid(application).to_string(),
        selection_id: SelectionId::from_uuid(application).to_string(),
        organization_id: id.to_string(),
        filing_division: WEIHAI.to_owned(),
        granted: vec![scope(levels)],
        purpose: purpose.into(),
        ..OrganizationSelected::default()
    };
    fact_of(
        ("application", application),
        1,
        "organization_selected",
        message.encode_to_vec(),
    )
}

#[tokio::test]
async fn what_is_given_up_and_renewed_goes_on_as_a_right_of_its_own() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let right = setup.organization(id).await.rights.remove(0).right_id;
    let request = GiveUpRightsRequest {
        request_id: "g".to_owned(),
        organization_id: id.to_string(),
        rights: vec![all_of(&right)],
        from: "2020-07-01".to_owned(),
        reason: "不再开展（示例）".to_owned(),
    };
    let asked = from(&clerk("clerk", id), request);
    setup.registry.give_up_rights(asked).await.expect("its own");
    let levels = [Level::Five, Level::Four];
    let renewed = selected_again(id, 501, ApplicationPurpose::Renewal, &levels);
    setup.inbox.take(&[renewed]).await;
    let rights = setup.organization(id).await.rights;
    let dates = |right: &proto::registry::v1::Right| {
        (
            right.right_id.clone(),
            right.valid_from.clone(),
            right.valid_until.clone(),
        )
    };
    let [old, new] = &rights[..] else {
        panic!("two rights")
    };
    let given_up = (right, "2020-05-18".to_owned(), "2020-06-30".to_owned());
    assert_eq!(dates(old), given_up);
    assert_eq!(new.valid_from, "2020-07-01");
    for on in ["2020-06-30", "2020-07-01"] {
        let issue = RightPurpose::Issue;
        assert_eq!(setup.against(id, on, WEIHAI, issue).await, "", "{on}");
    }
}

#[tokio::test]
async fn an_extension_adds_rights_to_those_that_are_there() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let extended = selected_again(id, 500, ApplicationPurpose::Extension, &[Level::Three]);
    setup.inbox.take(&[extended]).await;
    let organization = setup.organization(id).await;
    assert_eq!(organization.rights.len(), 2);
    assert_eq!(organization.organization_code, "S000037100001");
}

#[tokio::test]
async fn work_in_another_city_begins_and_ends_as_the_province_decided() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let consultation = Uuid::from_u128(600);
    let granted = CrossAreaGranted {
        consultation_id: ConsultationId::from_uuid(consultation).to_string(),
        organization_id: id.to_string(),
        division_code: QINGDAO.to_owned(),
        scopes: vec![scope(&[Level::Five])],
        valid_from: "2020-06-01".to_owned(),
        valid_until: String::new(),
    };
    let ended = CrossAreaEnded {
        consultation_id: granted.consultation_id.clone(),
        organization_id: id.to_string(),
        division_code: QINGDAO.to_owned(),
        ends_on: "2020-09-30".to_owned(),
    };
    let of = ("consultation", consultation);
    let granted = fact_of(of, 1, "cross_area_granted", granted.encode_to_vec());
    let ended = fact_of(of, 2, "cross_area_ended", ended.encode_to_vec());
    let issue = RightPurpose::Issue;
    let asked = ["2020-05-31", "2020-06-01", "2020-09-30", "2020-10-01"];
    setup.inbox.take(std::slice::from_ref(&granted)).await;
    setup.inbox.take(&[granted]).await;
    assert_eq!(setup.organization(id).await.rights.len(), 2);
    sqlx::query(
        "update organization_right set valid_until = '2023-06-07' where division_code = $1",
    )
    .bind(WEIHAI)
    .execute(&setup.platform.pool)
    .await
    .expect("a term at home");
    let rights = setup.organization(id).await.rights;
    let there = rights.iter().find(|right| right.division_code == QINGDAO);
    let until = &there.expect("a right").valid_until;
    assert_eq!(until, "2023-06-07", "no longer than at home");
    assert_eq!(setup.against(id, asked[3], QINGDAO, issue).await, "");
    setup.inbox.take(&[ended]).await;
    let expected = ["RIGHT_DATES", "", "", "RIGHT_DATES"];
    for (on, expected) in asked.into_iter().zip(expected) {
        assert_eq!(
            setup.against(id, on, QINGDAO, issue).await,
            expected,
            "{on}"
        );
        assert_eq!(setup.against(id, on, WEIHAI, issue).await, "", "{on}");
    }
    let areas: Vec<Vec<String>> =
        sqlx::query_scalar("select areas from platform.fact where kind = 'rights_granted'")
            .fetch_all(&setup.platform.pool)
            .await
            .expect("facts");
    assert_eq!(areas, [[WEIHAI, QINGDAO]]);
}

#[tokio::test]
async fn the_centre_of_a_city_reads_of_whoever_works_there() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let consultation = Uuid::from_u128(601);
    let granted = CrossAreaGranted {
        consultation_id: ConsultationId::from_uuid(consultation).to_string(),
        organization_id: id.to_string(),
        division_code: QINGDAO.to_owned(),
        scopes: vec![scope(&[Level::Five])],
        valid_from: "2020-05-18".to_owned(),
        valid_until: "2020-05-31".to_owned(),
    };
    let host = city_officer("qingdao-1", QINGDAO);
    let read = async || {
        let request = GetOrganizationRequest {
            organization_id: id.to_string(),
        };
        let organization = setup.registry.get_organization(from(&host, request)).await;
        let request = ListSitesRequest {
            organization_id: id.to_string(),
            ..ListSitesRequest::default()
        };
        let sites = setup.registry.list_sites(from(&host, request)).await;
        let refused = [organization.err(), sites.err()].into_iter().flatten();
        refused
            .flat_map(|status| codes(&status))
            .collect::<Vec<_>>()
    };
    let unseen = ["ORGANIZATION_NOT_FOUND", "BODY_NOT_FOUND"];
    assert_eq!(read().await, unseen);
    let examiner = employee(&id.to_string(), 1, &[PersonRole::Examiner]);
    let enlisted = setup.enlist(&clerk("clerk", id), examiner).await;
    enlisted.expect("its own");
    let people = async || {
        let request = ListPeopleRequest {
            organization_id: id.to_string(),
            ..ListPeopleRequest::default()
        };
        let people = setup.registry.list_people(from(&host, request)).await;
        people.expect("a page").into_inner().people.len()
    };
    assert_eq!(people().await, 0);
    let of = ("consultation", consultation);
    let granted = fact_of(of, 1, "cross_area_granted", granted.encode_to_vec());
    setup.inbox.take(&[granted]).await;
    assert!(read().await.is_empty());
    assert_eq!(people().await, 1);
    let change = GiveUpRightsRequest {
        request_id: "h1".to_owned(),
        organization_id: id.to_string(),
        rights: vec![all_of(&setup.organization(id).await.rights[0].right_id)],
        from: "2020-07-01".to_owned(),
        reason: "不再开展（示例）".to_owned(),
    };
    let clerk_of_another = city_officer("qingdao-2", QINGDAO);
    let foreign = setup
        .registry
        .give_up_rights(from(&clerk_of_another, change));
    let foreign = foreign.await.err().expect("it reads and no more");
    assert_eq!(codes(&foreign), ["ORGANIZATION_NOT_FOUND"]);
    let after = jiff::civil::date(2020, 6, 1).at(9, 0, 0, 0);
    setup.platform.clock.set(after);
    assert_eq!(read().await, unseen);
    assert_eq!(people().await, 0);
}
