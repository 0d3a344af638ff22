//! A sanction is a centre's to impose and to lift, and follows the human to every home.

use futures::future::join_all;
use kernel::ids::PersonId;
use platform::access::Caller;
use platform::testing::{city_officer, province_officer};
use proto::registry::v1::qualification_service_server::QualificationService;
use proto::registry::v1::{
    ImposeSanctionRequest, LiftSanctionRequest, Person, PersonRole, PoolKind, RoleCount,
};
use tonic::Status;
use uuid::Uuid;

use crate::people_setup::{TODAY, employee, in_pool, sanction};
use crate::setup::{QINGDAO, Setup, WEIHAI, codes, from, setup};

impl Setup {
    async fn lift(
        &self,
        caller: &Caller,
        sanction: &str,
        request_id: &str,
    ) -> Result<Person, Status> {
        let request = LiftSanctionRequest {
            request_id: request_id.to_owned(),
            sanction_id: sanction.to_owned(),
            reason: "经复核，予以解除".to_owned(),
        };
        let reply = self.registry.lift_sanction(from(caller, request)).await?;
        Ok(reply.into_inner().person.expect("a person"))
    }
}

#[tokio::test]
async fn a_sanction_follows_the_human_to_every_home() {
    let setup = setup().await;
    let (clerk_a, a) = setup.college(1).await;
    let (clerk_b, b) = setup.college(2).await;
    let centre = city_officer("officer", WEIHAI);
    let at_a = employee(&a, 1, &[PersonRole::Examiner]);
    let at_a = setup
        .enlist(&clerk_a, at_a)
        .await
        .expect("enlisted")
        .person_id;
    let at_b = employee(&b, 1, &[PersonRole::SeniorExaminer, PersonRole::Staff]);
    let at_b = setup
        .enlist(&clerk_b, at_b)
        .await
        .expect("enlisted")
        .person_id;
    let in_pool = in_pool(WEIHAI, 1, PersonRole::Expert);
    setup.enlist(&centre, in_pool).await.expect("enlisted");
    setup
        .impose(&centre, sanction(&at_a, "s"))
        .await
        .expect("imposed");

    let seen = setup.get(&clerk_b, &at_b).await.expect("their own");
    assert_eq!(seen.sanctions[0].grounds, "示例甲泄露试题");
    let resources = setup
        .resources(&clerk_b, &b, TODAY)
        .await
        .expect("an answer");
    let counted: Vec<_> = resources.roles.iter().map(RoleCount::role).collect();
    assert_eq!(counted, [PersonRole::Staff], "no senior examiner any more");
    let pool = setup
        .pool(&centre, PoolKind::Expert, (0, ""))
        .await
        .expect("a pool");
    assert_eq!(pool.total, 1, "barred from examining alone");
    let all = ImposeSanctionRequest {
        duties: Vec::new(),
        ..sanction(&at_a, "all")
    };
    setup.impose(&centre, all).await.expect("imposed");
    let pool = setup
        .pool(&centre, PoolKind::Expert, (0, ""))
        .await
        .expect("a pool");
    assert_eq!(pool.total, 0);

    // What is said about somebody is in no fact, and rests sealed.
    let facts: Vec<String> = sqlx::query_scalar("select payload::text from platform.fact")
        .fetch_all(&setup.platform.pool)
        .await
        .expect("facts");
    assert!(facts.iter().any(|fact| fact.contains("sanction_imposed")));
    assert!(facts.iter().all(|fact| !fact.contains("泄露试题")));
}

#[tokio::test]
async fn every_fault_of_a_sanction_is_told_at_once() {
    let setup = setup().await;
    let (clerk, organization) = setup.college(1).await;
    let centre = city_officer("officer", WEIHAI);
    let new = employee(&organization, 1, &[PersonRole::Examiner]);
    let id = setup.enlist(&clerk, new).await.expect("enlisted").person_id;
    let empty = setup
        .impose(&centre, ImposeSanctionRequest::default())
        .await;
    assert_eq!(
        codes(&empty.err().expect("refused")),
        [
            "REQUEST_ID_MISSING",
            "ID_PREFIX",
            "FIELD_REQUIRED",
            "DATE_MALFORMED"
        ]
    );
    let wrong = ImposeSanctionRequest {
        duties: vec![PersonRole::Examiner.into(); 2],
        from: "2020-05-17".to_owned(),
        until: "2020-05-16".to_owned(),
        ..sanction(&id, "s")
    };
    assert_eq!(
        codes(&setup.impose(&centre, wrong).await.err().expect("refused")),
        [
            "SANCTION_FROM_THE_PAST",
            "SANCTION_ENDS_TOO_EARLY",
            "SANCTION_DUTY_TWICE"
        ]
    );
    let many = ImposeSanctionRequest {
        duties: vec![99; 10],
        ..sanction(&id, "s")
    };
    let refused = setup.impose(&centre, many).await.err().expect("refused");
    assert_eq!(
        codes(&refused)[..2],
        ["SANCTION_DUTIES_TOO_MANY", "PERSON_ROLE_UNKNOWN"]
    );
    let nobody = PersonId::from_uuid(Uuid::from_u128(7)).to_string();
    for (caller, id) in [(city_officer("officer", QINGDAO), &id), (centre, &nobody)] {
        let refused = setup.impose(&caller, sanction(id, "s")).await;
        assert_eq!(
            codes(&refused.err().expect("foreign")),
            ["PERSON_NOT_FOUND"]
        );
    }
    assert_eq!(setup.rows("sanction").await, 0);
}

#[tokio::test]
async fn of_two_centres_that_bar_somebody_from_the_same_one_is_told() {
    let setup = setup().await;
    let (clerk, organization) = setup.college(1).await;
    let new = employee(&organization, 1, &[PersonRole::Examiner]);
    let id = setup.enlist(&clerk, new).await.expect("enlisted").person_id;
    let attempts = (0..8).map(|number| {
        let officer = match number % 2 {
            0 => city_officer(&format!("officer-{number}"), WEIHAI),
            _ => province_officer(&format!("officer-{number}")),
        };
        let request = sanction(&id, "s");
        let setup = &setup;
        async move { setup.impose(&officer, request).await }
    });
    let outcomes = join_all(attempts).await;
    let refused: Vec<_> = outcomes
        .iter()
        .filter_map(|one| one.as_ref().err())
        .collect();
    assert_eq!(refused.len(), 7);
    assert!(
        refused
            .iter()
            .all(|status| codes(status) == ["SANCTION_STANDS"])
    );
}

#[tokio::test]
async fn a_sanction_is_lifted_once_by_who_imposed_it_or_by_the_province() {
    let setup = setup().await;
    let (clerk, organization) = setup.college(1).await;
    let (weihai, province) = (city_officer("officer", WEIHAI), province_officer("p"));
    let new = employee(&organization, 1, &[PersonRole::Examiner]);
    let id = setup.enlist(&clerk, new).await.expect("enlisted").person_id;
    let short = ImposeSanctionRequest {
        duties: vec![PersonRole::Staff.into()],
        until: TODAY.to_owned(),
        ..sanction(&id, "short")
    };
    let person = setup
        .impose(&province, sanction(&id, "s"))
        .await
        .expect("imposed");
    let of_province = person.sanctions[0].sanction_id.clone();
    let person = setup.impose(&weihai, short).await.expect("imposed");
    let known = |one: &&proto::registry::v1::Sanction| one.sanction_id != of_province;
    let of_weihai = person.sanctions.iter().find(known).expect("the second");
    let of_weihai = of_weihai.sanction_id.clone();

    let refused = setup.lift(&weihai, &of_province, "a").await.err();
    assert_eq!(
        codes(&refused.expect("refused")),
        ["SANCTION_OF_ANOTHER_CENTRE"]
    );
    let foreign = setup
        .lift(&city_officer("o", QINGDAO), &of_province, "a")
        .await;
    assert_eq!(
        codes(&foreign.err().expect("foreign")),
        ["SANCTION_NOT_FOUND"]
    );
    let lifted = setup
        .lift(&province, &of_province, "b")
        .await
        .expect("lifted");
    assert!(lifted.sanctions.iter().any(|one| one.lifted_on == TODAY));
    let again = setup.lift(&province, &of_province, "c").await.err();
    assert_eq!(codes(&again.expect("refused")), ["SANCTION_LIFTED_ALREADY"]);
    setup
        .platform
        .clock
        .set(jiff::civil::date(2020, 5, 19).at(9, 0, 0, 0));
    let over = setup.lift(&weihai, &of_weihai, "d").await.err();
    assert_eq!(codes(&over.expect("refused")), ["SANCTION_OVER"]);
}
