//! A home keeps the entries of its people: names, pool entries, engagements.

use futures::future::join_all;
use kernel::ids::PersonId;
use platform::access::Caller;
use platform::testing::city_officer;
use proto::registry::v1::engagement_service_server::EngagementService;
use proto::registry::v1::{
    EndEngagementRequest, EngagePersonRequest, Engagement, Person, PersonRole, UpdatePersonRequest,
};
use tonic::Status;
use uuid::Uuid;

use crate::people_setup::{employee, engagement, in_pool};
use crate::setup::{QINGDAO, Setup, WEIHAI, codes, from, setup};

impl Setup {
    async fn update(
        &self,
        caller: &Caller,
        request: UpdatePersonRequest,
    ) -> Result<Person, Status> {
        let reply = self.registry.update_person(from(caller, request)).await?;
        Ok(reply.into_inner().person.expect("a person"))
    }

    async fn engage(
        &self,
        caller: &Caller,
        person: &str,
        (request_id, engagement): (&str, Option<Engagement>),
    ) -> Result<Person, Status> {
        let request = EngagePersonRequest {
            request_id: request_id.to_owned(),
            person_id: person.to_owned(),
            engagement,
        };
        let reply = self.registry.engage_person(from(caller, request)).await?;
        Ok(reply.into_inner().person.expect("a person"))
    }

    async fn end(
        &self,
        caller: &Caller,
        person: &str,
        (role, until): (PersonRole, &str),
    ) -> Result<Person, Status> {
        let request = EndEngagementRequest {
            request_id: format!("end-{until}"),
            person_id: person.to_owned(),
            role: role.into(),
            on_post_until: until.to_owned(),
        };
        let reply = self.registry.end_engagement(from(caller, request)).await?;
        Ok(reply.into_inner().person.expect("a person"))
    }
}

fn renaming(person: &Person, request_id: &str, name: &str) -> UpdatePersonRequest {
    UpdatePersonRequest {
        request_id: request_id.to_owned(),
        person_id: person.person_id.clone(),
        version: person.version,
        name: name.to_owned(),
        pool_entry: person.pool_entry.clone(),
    }
}

#[tokio::test]
async fn of_two_who_correct_an_entry_one_is_told() {
    let setup = setup().await;
    let officer = city_officer("officer", WEIHAI);
    let new = in_pool(WEIHAI, 1, PersonRole::Expert);
    let person = setup.enlist(&officer, new).await.expect("enlisted");
    let ids: Vec<_> = (0..8).map(|number| format!("rename-{number}")).collect();
    let attempts = ids
        .iter()
        .map(|id| setup.update(&officer, renaming(&person, id, "示例丙")));
    let outcomes = join_all(attempts).await;
    let refused: Vec<_> = outcomes
        .iter()
        .filter_map(|one| one.as_ref().err())
        .collect();
    assert_eq!(refused.len(), 7);
    assert!(
        refused
            .iter()
            .all(|status| codes(status) == ["PERSON_CHANGED"])
    );
    let seen = setup
        .get(&officer, &person.person_id)
        .await
        .expect("their own");
    assert_eq!((seen.name.as_str(), seen.version), ("示例丙", 2));

    let bare = UpdatePersonRequest {
        pool_entry: None,
        ..renaming(&seen, "bare", "示例丙")
    };
    let refused = setup.update(&officer, bare).await.err().expect("refused");
    assert_eq!(codes(&refused), ["POOL_ENTRY_MISSING"]);
    let refused = setup.update(&officer, UpdatePersonRequest::default()).await;
    assert_eq!(
        codes(&refused.err().expect("refused")),
        ["REQUEST_ID_MISSING", "ID_PREFIX", "PERSON_NAME_EMPTY"]
    );
}

#[tokio::test]
async fn engagements_begin_end_and_begin_again() {
    let setup = setup().await;
    let (clerk, organization) = setup.college(1).await;
    let new = employee(&organization, 1, &[PersonRole::Examiner]);
    let id = setup.enlist(&clerk, new).await.expect("enlisted").person_id;
    let examiner = engagement(PersonRole::Examiner);
    let refused = setup
        .engage(&clerk, &id, ("a", Some(examiner.clone())))
        .await;
    assert_eq!(
        codes(&refused.err().expect("refused")),
        ["ENGAGEMENT_OVERLAPS"]
    );

    for (until, code) in [
        ("2020-02-29", "ENGAGEMENT_ENDS_TOO_EARLY"),
        ("2021-05-19", "ENGAGEMENT_ENDS_TOO_LATE"),
        ("tomorrow", "DATE_MALFORMED"),
    ] {
        let refused = setup.end(&clerk, &id, (PersonRole::Examiner, until)).await;
        assert_eq!(codes(&refused.err().expect("refused")), [code]);
    }
    let ended = setup
        .end(&clerk, &id, (PersonRole::Examiner, "2020-05-31"))
        .await;
    assert_eq!(
        ended.expect("ended").engagements[0].on_post_until,
        "2020-05-31"
    );
    for role in [PersonRole::Examiner, PersonRole::Staff] {
        let refused = setup.end(&clerk, &id, (role, "2020-06-30")).await;
        assert_eq!(
            codes(&refused.err().expect("refused")),
            ["ENGAGEMENT_NOT_OPEN"]
        );
    }
    let later = Engagement {
        on_post_from: "2020-06-01".to_owned(),
        ..examiner
    };
    let again = setup.engage(&clerk, &id, ("b", Some(later))).await;
    assert_eq!(again.expect("engaged").engagements.len(), 2);
    let refused = setup.engage(&clerk, &id, ("c", None)).await;
    assert_eq!(
        codes(&refused.err().expect("refused")),
        ["ENGAGEMENTS_MISSING"]
    );
}

#[tokio::test]
async fn a_centre_sees_the_people_of_its_area_and_leaves_their_entries_alone() {
    let setup = setup().await;
    let (clerk, organization) = setup.college(1).await;
    let (stranger, _) = setup.college(2).await;
    let new = employee(&organization, 1, &[PersonRole::Examiner]);
    let person = setup.enlist(&clerk, new).await.expect("enlisted");
    let nobody = PersonId::from_uuid(Uuid::from_u128(7)).to_string();
    let centre = city_officer("officer", WEIHAI);
    let refused = setup
        .update(&centre, renaming(&person, "r", "示例丙"))
        .await;
    assert_eq!(
        codes(&refused.err().expect("refused")),
        ["PERSON_HOME_OF_ANOTHER"]
    );
    for foreign in [&stranger, &city_officer("officer", QINGDAO)] {
        for id in [&person.person_id, &nobody] {
            let ended = setup
                .end(foreign, id, (PersonRole::Examiner, "2020-05-31"))
                .await;
            assert_eq!(codes(&ended.err().expect("foreign")), ["PERSON_NOT_FOUND"]);
            let staff = Some(engagement(PersonRole::Staff));
            let engaged = setup.engage(foreign, id, ("e", staff)).await;
            assert_eq!(
                codes(&engaged.err().expect("foreign")),
                ["PERSON_NOT_FOUND"]
            );
        }
    }
}
