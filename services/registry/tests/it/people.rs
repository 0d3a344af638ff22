//! People are enlisted once at each home, shown whole to the home alone, and named by nothing.

use futures::future::join_all;
use kernel::ids::{OrganizationId, PersonId};
use platform::access::Caller;
use platform::testing::{city_officer, province_officer};
use proto::registry::v1::people_service_server::PeopleService;
use proto::registry::v1::{
    EnlistPersonRequest, ListPeopleRequest, ListPeopleResponse, PersonRole, PoolEntry,
};
use tonic::Status;
use uuid::Uuid;

use crate::people_setup::{citizen_id, employee, in_pool};
use crate::setup::{QINGDAO, Setup, WEIHAI, codes, from, setup, violations};

impl Setup {
    async fn list(
        &self,
        caller: &Caller,
        request: ListPeopleRequest,
    ) -> Result<ListPeopleResponse, Status> {
        Ok(self
            .registry
            .list_people(from(caller, request))
            .await?
            .into_inner())
    }
}

#[tokio::test]
async fn the_home_sees_a_person_whole_on_record_and_a_centre_masked() {
    let setup = setup().await;
    let (clerk, organization) = setup.college(1).await;
    let new = employee(
        &organization,
        1,
        &[PersonRole::Manager, PersonRole::Examiner],
    );
    let enlisted = setup.enlist(&clerk, new).await.expect("enlisted");
    assert_eq!(enlisted.name, "示*甲");

    let own = setup
        .get(&clerk, &enlisted.person_id)
        .await
        .expect("their own");
    assert_eq!(
        (own.name.as_str(), own.citizen_id),
        ("示例甲", citizen_id(1))
    );
    assert_eq!(own.engagements.len(), 2);
    assert_eq!(setup.rows("platform.access_record").await, 2);

    let officer = city_officer("officer", WEIHAI);
    let seen = setup
        .get(&officer, &enlisted.person_id)
        .await
        .expect("their area");
    assert_eq!(seen.name, "示*甲");
    assert!(!seen.citizen_id.contains("19800101"), "masked");
    assert_eq!(setup.rows("platform.access_record").await, 2);
}

#[tokio::test]
async fn nothing_of_a_person_rests_in_plain_or_goes_into_a_fact() {
    let setup = setup().await;
    let (clerk, organization) = setup.college(1).await;
    let new = employee(&organization, 1, &[PersonRole::Examiner]);
    setup.enlist(&clerk, new).await.expect("enlisted");
    for table in [
        "human",
        "person",
        "engagement",
        "platform.fact",
        "platform.request_log",
    ] {
        let query = sqlx::AssertSqlSafe(format!("select t::text from {table} t"));
        let rows: Vec<String> = sqlx::query_scalar(query)
            .fetch_all(&setup.platform.pool)
            .await
            .expect("rows");
        assert!(!rows.is_empty(), "{table}");
        for row in rows {
            assert!(
                !row.contains("示例甲") && !row.contains(&citizen_id(1)),
                "{table}"
            );
            let hidden = |text: &str| row.contains(&to_hex(text));
            assert!(!hidden("示例甲") && !hidden(&citizen_id(1)), "{table}");
        }
    }
}

fn to_hex(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("writing to a string");
        hex
    })
}

#[tokio::test]
async fn a_human_is_enlisted_once_at_a_home_and_found_across_homes() {
    let setup = setup().await;
    let (clerk_a, a) = setup.college(1).await;
    let (clerk_b, b) = setup.college(2).await;
    let attempts = (0..8).map(|number| {
        let new = EnlistPersonRequest {
            request_id: format!("racing-{number}"),
            ..employee(&a, 1, &[PersonRole::Examiner])
        };
        setup.enlist(&clerk_a, new)
    });
    let outcomes = join_all(attempts).await;
    let refused: Vec<_> = outcomes
        .iter()
        .filter_map(|one| one.as_ref().err())
        .collect();
    assert_eq!(refused.len(), 7);
    for status in refused {
        let once = (
            "citizen_id".to_owned(),
            "PERSON_ENLISTED_ALREADY".to_owned(),
        );
        assert_eq!(violations(status), [once]);
    }
    let elsewhere = employee(&b, 1, &[PersonRole::Examiner]);
    setup
        .enlist(&clerk_b, elsewhere)
        .await
        .expect("another home");
    assert_eq!(
        (setup.rows("human").await, setup.rows("person").await),
        (1, 2)
    );
}

#[tokio::test]
async fn a_refused_enlisting_tells_every_fault_and_leaves_nothing() {
    let setup = setup().await;
    let (clerk, organization) = setup.college(1).await;
    let before = setup.rows("platform.fact").await;
    let empty = setup.enlist(&clerk, EnlistPersonRequest::default()).await;
    assert_eq!(
        codes(&empty.err().expect("refused")),
        [
            "REQUEST_ID_MISSING",
            "PERSON_HOME_UNCLEAR",
            "PERSON_NAME_EMPTY",
            "CITIZEN_ID_LENGTH"
        ]
    );
    let mut wrong = employee(
        &organization,
        1,
        &[
            PersonRole::Inspector,
            PersonRole::Examiner,
            PersonRole::Examiner,
            PersonRole::Staff,
            PersonRole::Manager,
        ],
    );
    wrong.engagements[1].on_post_from = "1990-01-01".to_owned();
    wrong.engagements[3].on_post_until = "2020-02-29".to_owned();
    wrong.engagements[4].on_post_from = "9999-12-31".to_owned();
    wrong.pool_entry = in_pool(WEIHAI, 1, PersonRole::Expert).pool_entry;
    let refused = setup.enlist(&clerk, wrong).await;
    assert_eq!(
        codes(&refused.err().expect("refused")),
        [
            "POOL_ENTRY_OF_ORGANIZATION",
            "PERSON_ROLE_OF_ANOTHER_HOME",
            "PERSON_UNDER_AGE",
            "ENGAGEMENT_OVERLAPS",
            "ENGAGEMENT_ENDS_TOO_EARLY",
            "ENGAGEMENT_BEGINS_TOO_LATE",
        ]
    );
    let mut unknown = employee(&organization, 1, &[PersonRole::Staff; 11]);
    unknown.engagements[0].role = 99;
    unknown.engagements[0].proof = -1;
    let refused = setup.enlist(&clerk, unknown).await.err().expect("refused");
    assert_eq!(
        codes(&refused),
        ["PERSON_ROLE_UNKNOWN", "EMPLOYMENT_PROOF_UNKNOWN"]
    );
    let nothing = employee(&organization, 1, &[]);
    let refused = setup.enlist(&clerk, nothing).await.err().expect("refused");
    assert_eq!(codes(&refused), ["ENGAGEMENTS_MISSING"]);
    let many = employee(&organization, 1, &[PersonRole::Staff; 11]);
    let refused = setup.enlist(&clerk, many).await.err().expect("refused");
    assert!(codes(&refused).contains(&"ENGAGEMENTS_TOO_MANY".to_owned()));
    assert_eq!(setup.rows("platform.fact").await, before);
    assert_eq!(
        (setup.rows("human").await, setup.rows("person").await),
        (0, 0)
    );
}

#[tokio::test]
async fn everybody_enlists_at_home_alone() {
    let setup = setup().await;
    let (clerk, organization) = setup.college(1).await;
    let (_, other) = setup.college(2).await;
    let officer = city_officer("officer", WEIHAI);
    let province = province_officer("officer");
    for (caller, request) in [
        (&clerk, employee(&other, 1, &[PersonRole::Staff])),
        (&clerk, in_pool(WEIHAI, 1, PersonRole::Expert)),
        (&officer, employee(&organization, 1, &[PersonRole::Staff])),
        (&officer, in_pool(QINGDAO, 1, PersonRole::Expert)),
        (&province, in_pool(WEIHAI, 1, PersonRole::Expert)),
    ] {
        let refused = setup.enlist(caller, request).await.err().expect("refused");
        assert_eq!(codes(&refused), ["PERSON_HOME_OF_ANOTHER"]);
    }
    let newcomer = Caller {
        organization: Some(OrganizationId::from_uuid(Uuid::from_u128(7))),
        ..clerk
    };
    let nowhere = OrganizationId::from_uuid(Uuid::from_u128(7)).to_string();
    let request = employee(&nowhere, 1, &[PersonRole::Staff]);
    let refused = setup
        .enlist(&newcomer, request)
        .await
        .err()
        .expect("refused");
    assert_eq!(codes(&refused), ["BODY_NOT_FOUND"]);
}

#[tokio::test]
async fn somebody_in_a_pool_has_a_number_and_a_field() {
    let setup = setup().await;
    let officer = city_officer("officer", WEIHAI);
    let with = |change: &dyn Fn(&mut PoolEntry)| {
        let mut request = in_pool(WEIHAI, 2, PersonRole::Expert);
        change(request.pool_entry.as_mut().expect("an entry"));
        setup.enlist(&officer, request)
    };
    let missing = EnlistPersonRequest {
        pool_entry: None,
        ..in_pool(WEIHAI, 2, PersonRole::Expert)
    };
    let refused = setup
        .enlist(&officer, missing)
        .await
        .err()
        .expect("refused");
    assert_eq!(codes(&refused), ["POOL_ENTRY_MISSING"]);
    let empty = with(&|entry| *entry = PoolEntry::default()).await;
    assert_eq!(
        codes(&empty.err().expect("refused")),
        ["POOL_NUMBER_SHAPE", "POOL_FIELDS_MISSING"]
    );
    let long = with(&|entry| entry.fields = vec!["电气".to_owned(); 21]).await;
    assert_eq!(codes(&long.err().expect("refused")), ["POOL_LIST_TOO_LONG"]);

    let first = in_pool(WEIHAI, 1, PersonRole::Expert);
    setup.enlist(&officer, first).await.expect("enlisted");
    let full_width = with(&|entry| entry.number = "ｗｈ－ＺＪ－０００１".to_owned()).await;
    let taken = (
        "pool_entry.number".to_owned(),
        "POOL_NUMBER_TAKEN".to_owned(),
    );
    assert_eq!(violations(&full_width.err().expect("refused")), [taken]);
}

#[tokio::test]
async fn a_foreign_person_is_answered_like_one_that_does_not_exist() {
    let setup = setup().await;
    let (clerk_a, a) = setup.college(1).await;
    let (clerk_b, _) = setup.college(2).await;
    let new = employee(&a, 1, &[PersonRole::Staff]);
    let person = setup.enlist(&clerk_a, new).await.expect("enlisted");
    let nobody = PersonId::from_uuid(Uuid::from_u128(7)).to_string();
    let missing = setup
        .get(&clerk_a, &nobody)
        .await
        .err()
        .expect("there is none");
    for foreign in [clerk_b, city_officer("officer", QINGDAO)] {
        let refused = setup.get(&foreign, &person.person_id).await;
        let refused = refused.err().expect("foreign");
        assert_eq!(refused.message(), missing.message());
        assert_eq!(codes(&refused), ["PERSON_NOT_FOUND"]);
        let request = ListPeopleRequest {
            organization_id: a.clone(),
            page_size: 1,
            ..ListPeopleRequest::default()
        };
        let listed = setup.list(&foreign, request).await.expect("an empty list");
        assert!(listed.people.is_empty() && listed.next_page_token.is_empty());
    }
}

#[tokio::test]
async fn people_are_listed_page_by_page_and_by_what_they_do_on_a_day() {
    let setup = setup().await;
    let (clerk, organization) = setup.college(1).await;
    for serial in 1..=3 {
        let new = employee(&organization, serial, &[PersonRole::Staff]);
        setup.enlist(&clerk, new).await.expect("enlisted");
    }
    let mut examiner = employee(&organization, 4, &[PersonRole::Examiner]);
    examiner.engagements[0].on_post_until = "2020-04-30".to_owned();
    setup.enlist(&clerk, examiner).await.expect("enlisted");

    let all = ListPeopleRequest {
        organization_id: organization,
        page_size: 3,
        ..ListPeopleRequest::default()
    };
    let first = setup.list(&clerk, all.clone()).await.expect("a page");
    assert_eq!(first.people.len(), 3);
    let next = ListPeopleRequest {
        page_token: first.next_page_token,
        ..all.clone()
    };
    let last = setup.list(&clerk, next).await.expect("a page");
    assert_eq!((last.people.len(), last.next_page_token.as_str()), (1, ""));
    for (on, found) in [("2020-04-30", 1), ("2020-05-01", 0), ("", 0)] {
        let examiners = ListPeopleRequest {
            role: PersonRole::Examiner.into(),
            on: on.to_owned(),
            ..all.clone()
        };
        let listed = setup.list(&clerk, examiners).await.expect("a page");
        assert_eq!(listed.people.len(), found, "{on}");
    }
    let wrong = ListPeopleRequest {
        pool_division: WEIHAI.to_owned(),
        role: 99,
        on: "today".to_owned(),
        page_token: "371000".to_owned(),
        ..all
    };
    assert_eq!(
        codes(&setup.list(&clerk, wrong).await.err().expect("refused")),
        [
            "PERSON_HOME_UNCLEAR",
            "PERSON_ROLE_UNKNOWN",
            "DATE_MALFORMED",
            "PAGE_TOKEN_MALFORMED"
        ]
    );
}
