//! What an organisation has on a day, and who may be drawn from a pool.

use kernel::ids::OrganizationId;
use platform::access::Caller;
use platform::testing::{city_officer, clerk, province_officer};
use proto::common::v1::Level;
use proto::registry::v1::{CardKind, PersonRole, PoolKind, RecordCardRequest, RoleCount};
use uuid::Uuid;

use crate::people_setup::{TODAY, card, employee, in_pool, site};
use crate::setup::{QINGDAO, WEIHAI, codes, setup};

#[tokio::test]
async fn resources_are_counted_on_a_day_under_a_digest() {
    let setup = setup().await;
    let organization = setup.enrolled(1).await.organization_id;
    let clerk = clerk(
        "clerk",
        OrganizationId::parse(&organization).expect("an id"),
    );
    let review = Caller::service("review");
    let nothing = setup
        .resources(&review, &organization, TODAY)
        .await
        .expect("an answer");
    assert_eq!((nothing.people, nothing.sites.len()), (0, 0));

    let both = [PersonRole::Manager, PersonRole::Examiner];
    let mut part_time = employee(&organization, 2, &[PersonRole::Examiner]);
    part_time.engagements[0].full_time = false;
    for new in [employee(&organization, 1, &both), part_time] {
        setup.enlist(&clerk, new).await.expect("enlisted");
    }
    let registered = setup
        .register_site(&clerk, site(&organization, "一考点"))
        .await;
    registered.expect("registered");
    let resources = setup
        .resources(&review, &organization, TODAY)
        .await
        .expect("an answer");
    assert_eq!((resources.people, resources.full_time_people), (2, 1));
    let count = |role: PersonRole, people, full_time| RoleCount {
        role: role.into(),
        people,
        full_time,
    };
    assert!(
        resources.roles
            == [
                count(PersonRole::Manager, 1, 1),
                count(PersonRole::Examiner, 2, 1)
            ]
    );
    let seats: Vec<u32> = resources.sites[0]
        .rooms
        .iter()
        .map(|room| room.profile.clone().unwrap_or_default().seats)
        .collect();
    assert_eq!(seats, [40, 20]);
    assert_ne!(resources.digest, nothing.digest);
    let again = setup
        .resources(&review, &organization, TODAY)
        .await
        .expect("an answer");
    assert_eq!(again.digest, resources.digest);

    // Nobody was on post before, and the site was registered today.
    let before = setup.resources(&review, &organization, "2020-02-29").await;
    let before = before.expect("an answer");
    assert_eq!((before.people, before.sites.len()), (0, 0));
}

#[tokio::test]
async fn an_examiner_counts_once_for_a_level_whichever_cards_there_are() {
    let setup = setup().await;
    let (clerk, organization) = setup.college(1).await;
    for serial in [1, 2] {
        let examiner = employee(&organization, serial, &[PersonRole::Examiner]);
        let person = setup.enlist(&clerk, examiner).await.expect("enlisted");
        let senior = RecordCardRequest {
            kind: CardKind::SeniorExaminer.into(),
            levels: vec![Level::Four.into(), Level::Three.into()],
            ..card(&person.person_id, &format!("G3720000{serial}"))
        };
        let plain = card(&person.person_id, &format!("R3720000{serial}"));
        let cards = if serial == 1 {
            vec![plain, senior]
        } else {
            vec![senior]
        };
        for card in cards {
            setup.record_card(&clerk, card).await.expect("recorded");
        }
    }
    let resources = setup.resources(&clerk, &organization, TODAY).await;
    let counted: Vec<_> = resources
        .expect("an answer")
        .examiners
        .iter()
        .map(|count| (count.level(), count.people))
        .collect();
    let expected = [(Level::Five, 1), (Level::Four, 2), (Level::Three, 2)];
    assert_eq!(counted, expected);
}

#[tokio::test]
async fn resources_of_a_foreign_organisation_are_those_of_none() {
    let setup = setup().await;
    let organization = setup.enrolled(1).await.organization_id;
    let nobody = OrganizationId::from_uuid(Uuid::from_u128(7));
    for foreign in [city_officer("officer", QINGDAO), clerk("clerk", nobody)] {
        let refused = setup.resources(&foreign, &organization, TODAY).await;
        assert_eq!(codes(&refused.err().expect("foreign")), ["BODY_NOT_FOUND"]);
    }
    let missing = setup
        .resources(&province_officer("p"), &nobody.to_string(), TODAY)
        .await;
    assert_eq!(codes(&missing.err().expect("none")), ["BODY_NOT_FOUND"]);
    let malformed = setup
        .resources(&province_officer("p"), "org", "18.05.2020")
        .await;
    assert_eq!(
        codes(&malformed.err().expect("refused")),
        ["ID_PREFIX", "DATE_MALFORMED"]
    );
}

#[tokio::test]
async fn a_pool_tells_who_may_be_drawn_and_what_ties_them() {
    let setup = setup().await;
    let officer = city_officer("officer", WEIHAI);
    let organization = setup.enrolled(1).await.organization_id;
    let clerk = clerk(
        "clerk",
        OrganizationId::parse(&organization).expect("an id"),
    );
    for serial in [3, 1, 2] {
        let new = in_pool(WEIHAI, serial, PersonRole::Expert);
        setup.enlist(&officer, new).await.expect("enlisted");
    }
    // The second expert once examined at the college.
    let examiner = employee(&organization, 2, &[PersonRole::Examiner]);
    setup.enlist(&clerk, examiner).await.expect("enlisted");
    let mut gone = in_pool(WEIHAI, 4, PersonRole::Expert);
    gone.engagements[0].on_post_until = "2020-05-17".to_owned();
    setup.enlist(&officer, gone).await.expect("enlisted");

    let review = Caller::service("review");
    let first = setup
        .pool(&review, PoolKind::Expert, (2, ""))
        .await
        .expect("a page");
    let numbers: Vec<_> = first.members.iter().map(|member| &member.number).collect();
    assert_eq!(numbers, ["WH-ZJ-0001", "WH-ZJ-0002"]);
    assert_eq!(
        (first.total, first.next_page_token.as_str()),
        (3, "WH-ZJ-0002")
    );
    assert_eq!(first.members[0].masked_name, "示*乙");
    assert!(first.members[0].ties.is_empty());
    let tie = &first.members[1].ties[0];
    assert_eq!(
        (&tie.organization_id, tie.role()),
        (&organization, PersonRole::Examiner)
    );
    let last = setup
        .pool(&review, PoolKind::Expert, (2, "WH-ZJ-0002"))
        .await;
    let last = last.expect("a page");
    assert_eq!((last.members.len(), last.next_page_token.as_str()), (1, ""));
    assert_eq!(last.digest, first.digest);

    let other = setup
        .pool(&city_officer("o", QINGDAO), PoolKind::Expert, (0, ""))
        .await;
    assert_eq!(other.expect("an empty pool").total, 0);
    let wrong = setup
        .pool(&review, PoolKind::Unspecified, (0, "pers_1"))
        .await;
    assert_eq!(
        codes(&wrong.err().expect("refused")),
        ["POOL_KIND_UNKNOWN", "PAGE_TOKEN_MALFORMED"]
    );
}
