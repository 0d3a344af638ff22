//! The desk of the register: what waits for organisations, their centres and the department.

use jiff::civil::{Date, date};
use platform::desk::Desk;
use platform::testing::{city_officer, clerk, province_officer, waiting};
use proto::common::v1::{Level, MeasureGround, MeasureKind};
use proto::registry::v1::directory_service_server::DirectoryService;
use proto::registry::v1::keeping_service_server::KeepingService;
use proto::registry::v1::{
    ChangeContactRequest, GiveUpRightsRequest, ImposeMeasureRequest, OrganizationContact,
    PersonRole, PublishDirectoryRequest, RecordCardRequest, ReportRectificationRequest,
    RightToGiveUp,
};
use proto::review::v1::ApplicationPurpose;

use crate::keeping::selected_again;
use crate::measures::suspension;
use crate::people_setup::{card, employee};
use crate::settings::{department, lifting};
use crate::setup::{QINGDAO, Setup, WEIHAI, from, reported, setup};

fn item(kind: &str, subject: &impl ToString, due_on: &str) -> (String, String, String) {
    (kind.to_owned(), subject.to_string(), due_on.to_owned())
}

impl Setup {
    fn desk(&self) -> Desk {
        registry::desk(self.platform.journal.clone())
    }
}

#[tokio::test]
async fn before_its_first_plan_an_organisation_has_a_contact_and_rules() {
    let setup = setup().await;
    let enrolled = setup.enrolled(2).await;
    let id = setup.registered(1).await;
    let (desk, clerk) = (setup.desk(), clerk("clerk", id));
    let rules = item("rules_to_publish", &id, "");
    assert_eq!(
        waiting(&desk, &clerk).await,
        [item("contact_to_give", &id, ""), rules.clone()]
    );
    let contact = OrganizationContact {
        office: "认定办公室".to_owned(),
        phone: "0631-5190000".to_owned(),
        email: String::new(),
    };
    let contact = ChangeContactRequest {
        request_id: "c".to_owned(),
        organization_id: id.to_string(),
        contact: Some(contact),
    };
    let changed = setup.registry.change_contact(from(&clerk, contact)).await;
    changed.expect("an office");
    assert_eq!(waiting(&desk, &clerk).await, [rules]);
    setup.publish_all(id).await;
    assert!(waiting(&desk, &clerk).await.is_empty());

    // Who is not selected publishes nothing yet.
    let enrolled = kernel::ids::OrganizationId::parse(&enrolled.organization_id);
    let other = platform::testing::clerk("clerk", enrolled.expect("an id"));
    assert!(waiting(&desk, &other).await.is_empty());
}

#[tokio::test]
async fn a_rectification_waits_for_the_organisation_and_then_for_its_centre() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let (desk, clerk, officer) = (setup.desk(), clerk("clerk", id), city_officer("o", WEIHAI));
    let request = ImposeMeasureRequest {
        request_id: "i".to_owned(),
        organization_id: id.to_string(),
        kind: MeasureKind::Rectification.into(),
        grounds: vec![MeasureGround::RulesNotPublished.into()],
        effective_on: "2020-05-18".to_owned(),
        due_on: "2020-06-01".to_owned(),
        statement: "收费标准未公开（示例）".to_owned(),
    };
    let imposed = setup.registry.impose_measure(from(&officer, request)).await;
    let measure_id = imposed.expect("imposed").into_inner().measure.expect("it");
    let measure_id = measure_id.measure_id;
    let to_report = item("rectification_to_report", &measure_id, "2020-06-01");
    assert_eq!(waiting(&desk, &clerk).await[0], to_report);
    assert!(waiting(&desk, &officer).await.is_empty());

    let report = ReportRectificationRequest {
        request_id: "r".to_owned(),
        organization_id: id.to_string(),
        measure_id: measure_id.clone(),
        report: "已公开（示例）".to_owned(),
    };
    let reported = setup.registry.report_rectification(from(&clerk, report));
    reported.await.expect("reported");
    assert!(!waiting(&desk, &clerk).await.contains(&to_report));
    let to_accept = item("rectification_to_accept", &measure_id, "");
    assert_eq!(waiting(&desk, &officer).await, [to_accept]);
    for foreign in [city_officer("o", QINGDAO), province_officer("p")] {
        assert!(waiting(&desk, &foreign).await.is_empty());
    }
}

#[tokio::test]
async fn changes_and_hard_measures_wait_for_the_filing_centre() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let desk = setup.desk();
    let name = |change: &mut proto::registry::v1::RequestChangeRequest| {
        change.name = "威海示例高级技师学院（示例）".to_owned();
    };
    let change = setup.request_change(id, "c", name).await.expect("a change");
    let first = city_officer("first", WEIHAI);
    // Five working days after the request, as the setting says.
    let to_decide = &waiting(&desk, &first).await[0];
    assert_eq!(
        (&*to_decide.0, &to_decide.1),
        ("change_to_decide", &change.change_id)
    );
    assert!(to_decide.2.as_str() > "2020-05-18");

    let proposed = setup.propose(&first, suspension(id, "p")).await;
    proposed.expect("proposed");
    let to_confirm = item("measure_to_confirm", &id, "");
    assert!(!waiting(&desk, &first).await.contains(&to_confirm));
    let second = city_officer("second", WEIHAI);
    assert!(waiting(&desk, &second).await.contains(&to_confirm));
}

#[tokio::test]
async fn the_department_publishes_who_was_reported_and_confirms_parameters() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let (desk, department) = (setup.desk(), department("second"));
    assert!(waiting(&desk, &department).await.is_empty());
    setup.inbox.take(&[reported(id, 1)]).await;
    let to_publish = item("organization_to_publish", &id, "");
    assert_eq!(waiting(&desk, &department).await, [to_publish]);
    let request = PublishDirectoryRequest {
        request_id: "d".to_owned(),
    };
    let published = setup.registry.publish_directory(from(&department, request));
    published.await.expect("one to publish");
    assert!(waiting(&desk, &department).await.is_empty());

    let proposal = setup.propose_change(lifting("q")).await.expect("proposed");
    let to_confirm = item("parameter_to_confirm", &proposal.proposal_id, "");
    assert_eq!(waiting(&desk, &department).await, [to_confirm]);
    let first = crate::settings::department("first");
    assert!(waiting(&desk, &first).await.is_empty());
}

#[tokio::test]
async fn a_card_waits_for_its_renewal_as_long_as_it_is_needed() {
    let setup = setup().await;
    let (clerk, organization) = setup.college(1).await;
    let desk = setup.desk();
    let examiner = employee(&organization, 1, &[PersonRole::Examiner]);
    let examiner = setup.enlist(&clerk, examiner).await.expect("enlisted");
    let ending = card(&examiner.person_id, "R37200001");
    let recorded = setup.record_card(&clerk, ending).await.expect("recorded");
    let card_id = &recorded.cards[0].card_id;
    let to_renew = item("card_to_renew", card_id, "2021-12-31");
    let day = |day: Date| setup.platform.clock.set(day.at(9, 0, 0, 0));
    day(date(2021, 10, 31));
    assert!(waiting(&desk, &clerk).await.is_empty());
    day(date(2021, 11, 1));
    assert_eq!(
        waiting(&desk, &clerk).await,
        std::slice::from_ref(&to_renew)
    );
    let (_, foreign) = setup.college(2).await;
    let foreign = kernel::ids::OrganizationId::parse(&foreign).expect("an id");
    let foreign = platform::testing::clerk("clerk", foreign);
    assert!(waiting(&desk, &foreign).await.is_empty());
    day(date(2022, 2, 1));
    assert_eq!(waiting(&desk, &clerk).await, [to_renew], "late");

    let renewed = RecordCardRequest {
        request_id: "renewed".to_owned(),
        valid_from: "2022-01-01".to_owned(),
        valid_until: "2024-12-31".to_owned(),
        ..card(&examiner.person_id, "R37200001")
    };
    setup.record_card(&clerk, renewed).await.expect("renewed");
    assert!(waiting(&desk, &clerk).await.is_empty());
}

#[tokio::test]
async fn a_right_waits_for_its_renewal_until_it_ends() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let (desk, clerk) = (setup.desk(), clerk("clerk", id));
    let right = sqlx::query_scalar::<_, uuid::Uuid>(
        "update organization_right set valid_until = '2023-05-17' returning right_id",
    );
    let right = right.fetch_one(&setup.platform.pool).await.expect("a term");
    let to_renew = item(
        "right_to_renew",
        &kernel::ids::RightId::from_uuid(right),
        "2023-05-17",
    );
    let waits = async |day: Date| {
        setup.platform.clock.set(day.at(9, 0, 0, 0));
        waiting(&desk, &clerk).await.contains(&to_renew)
    };
    assert!(!waits(date(2023, 2, 15)).await);
    assert!(waits(date(2023, 2, 16)).await);
    assert!(waits(date(2023, 5, 17)).await, "its last day");
    assert!(!waits(date(2023, 5, 18)).await, "nothing is left to renew");
}

#[tokio::test]
async fn a_right_waits_for_its_renewal_level_by_level() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let (desk, clerk) = (setup.desk(), clerk("clerk", id));
    sqlx::query("update organization_right set valid_until = '2023-05-17'")
        .execute(&setup.platform.pool)
        .await
        .expect("a term");
    setup.platform.clock.set(date(2023, 3, 1).at(9, 0, 0, 0));
    let ending = async || {
        let waiting = waiting(&desk, &clerk).await.into_iter();
        let ending = waiting.filter(|item| item.0 == "right_to_renew");
        ending.map(|item| item.2).collect::<Vec<_>>()
    };
    assert_eq!(ending().await, ["2023-05-17"]);
    for (number, level, left) in [(1, Level::Four, 1), (2, Level::Five, 0)] {
        let renewed = selected_again(id, 900 + number, ApplicationPurpose::Renewal, &[level]);
        setup.inbox.take(&[renewed]).await;
        assert_eq!(ending().await.len(), left, "{level:?} goes on");
    }
}

#[tokio::test]
async fn what_is_given_up_is_not_renewed_and_what_is_renewed_is_told_again() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let (desk, clerk) = (setup.desk(), clerk("clerk", id));
    let right: uuid::Uuid = sqlx::query_scalar("select right_id from organization_right")
        .fetch_one(&setup.platform.pool)
        .await
        .expect("one");
    let request = GiveUpRightsRequest {
        request_id: "g".to_owned(),
        organization_id: id.to_string(),
        rights: vec![RightToGiveUp {
            right_id: kernel::ids::RightId::from_uuid(right).to_string(),
            levels: Vec::new(),
        }],
        from: "2020-06-01".to_owned(),
        reason: "不再开展（示例）".to_owned(),
    };
    let given_up = setup.registry.give_up_rights(from(&clerk, request)).await;
    given_up.expect("its own");
    let ending = async || {
        let waiting = waiting(&desk, &clerk).await;
        waiting.iter().any(|item| item.0 == "right_to_renew")
    };
    assert!(!ending().await);
    let levels = [Level::Five, Level::Four];
    let renewed = selected_again(id, 901, ApplicationPurpose::Renewal, &levels);
    setup.inbox.take(&[renewed]).await;
    let until = "update organization_right set valid_until = '2023-05-17' where right_id <> $1";
    let until = sqlx::query(until).bind(right);
    until.execute(&setup.platform.pool).await.expect("a term");
    assert!(!ending().await);
    setup.platform.clock.set(date(2023, 3, 1).at(9, 0, 0, 0));
    assert!(ending().await);
}
