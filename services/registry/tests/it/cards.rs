//! A card's number is one human's in the whole province; the card is known at every home.

use futures::future::join_all;
use platform::access::Caller;
use platform::testing::{city_officer, province_officer};
use proto::common::v1::OccupationRef;
use proto::registry::v1::qualification_service_server::QualificationService;
use proto::registry::v1::{CardKind, Person, PersonRole, RecordCardRequest, RevokeCardRequest};
use tonic::Status;

use crate::people_setup::{TODAY, card, electrician, employee, plain_card};
use crate::setup::{QINGDAO, Setup, WEIHAI, codes, from, setup, violations};

impl Setup {
    async fn revoke(
        &self,
        caller: &Caller,
        card: &str,
        request_id: &str,
    ) -> Result<Person, Status> {
        let request = RevokeCardRequest {
            request_id: request_id.to_owned(),
            card_id: card.to_owned(),
            reason: "证卡遗失".to_owned(),
        };
        let reply = self.registry.revoke_card(from(caller, request)).await?;
        Ok(reply.into_inner().person.expect("a person"))
    }

    async fn examiner(&self, caller: &Caller, organization: &str, serial: u16) -> String {
        let new = employee(organization, serial, &[PersonRole::Examiner]);
        self.enlist(caller, new).await.expect("enlisted").person_id
    }
}

#[tokio::test]
async fn a_number_is_one_humans_and_the_card_is_known_at_every_home() {
    let setup = setup().await;
    let (clerk_a, a) = setup.college(1).await;
    let (clerk_b, b) = setup.college(2).await;
    let at_a = setup.examiner(&clerk_a, &a, 1).await;
    let at_b = setup.examiner(&clerk_b, &b, 1).await;
    let other = setup.examiner(&clerk_b, &b, 2).await;
    let masked = setup.record_card(&clerk_a, card(&at_a, "R37200001")).await;
    assert_eq!(masked.expect("recorded").cards[0].number, "******001");

    let seen = setup.get(&clerk_b, &at_b).await.expect("their own");
    assert_eq!(seen.cards[0].number, "R37200001");
    let typed = RecordCardRequest {
        request_id: "again".to_owned(),
        ..card(&at_b, "ｒ37-20００01")
    };
    let again = setup.record_card(&clerk_b, typed).await;
    assert_eq!(
        codes(&again.err().expect("refused")),
        ["CARD_RECORDED_ALREADY"]
    );
    let taken = setup.record_card(&clerk_b, card(&other, "R37200001")).await;
    let expected = ("number".to_owned(), "CARD_NUMBER_TAKEN".to_owned());
    assert_eq!(violations(&taken.err().expect("refused")), [expected]);

    // Renewed under its number, at whichever home.
    let renewed = RecordCardRequest {
        request_id: "renewed".to_owned(),
        valid_from: "2022-01-01".to_owned(),
        valid_until: "2024-12-31".to_owned(),
        ..card(&at_b, "R37200001")
    };
    let renewed = setup.record_card(&clerk_b, renewed).await.expect("renewed");
    assert_eq!(renewed.cards.len(), 2);
    assert_eq!(setup.rows("card_number").await, 1);
}

#[tokio::test]
async fn of_many_who_claim_a_number_at_once_one_has_it() {
    let setup = setup().await;
    let (clerk, organization) = setup.college(1).await;
    let mut people = Vec::new();
    for serial in 1..=8 {
        people.push(setup.examiner(&clerk, &organization, serial).await);
    }
    let attempts = people
        .iter()
        .map(|person| setup.record_card(&clerk, card(person, "R37200001")));
    let outcomes = join_all(attempts).await;
    let refused: Vec<_> = outcomes
        .iter()
        .filter_map(|one| one.as_ref().err())
        .collect();
    assert_eq!(refused.len(), 7);
    assert!(
        refused
            .iter()
            .all(|status| codes(status) == ["CARD_NUMBER_TAKEN"])
    );

    let same = (0..8).map(|number| {
        let request = RecordCardRequest {
            request_id: format!("same-{number}"),
            ..card(&people[0], "R37200002")
        };
        setup.record_card(&clerk, request)
    });
    let outcomes = join_all(same).await;
    assert_eq!(outcomes.iter().filter(|one| one.is_ok()).count(), 1);
}

#[tokio::test]
async fn every_fault_of_a_card_is_told_at_once_and_nothing_is_left() {
    let setup = setup().await;
    let (clerk, organization) = setup.college(1).await;
    let person = setup.examiner(&clerk, &organization, 1).await;
    let before = setup.rows("platform.fact").await;
    let empty = setup
        .record_card(&clerk, RecordCardRequest::default())
        .await;
    assert_eq!(
        codes(&empty.err().expect("refused")),
        [
            "REQUEST_ID_MISSING",
            "ID_PREFIX",
            "CARD_NUMBER_SHAPE",
            "CARD_KIND_UNKNOWN",
            "DATE_MALFORMED",
            "DATE_MALFORMED",
            "FIELD_REQUIRED"
        ]
    );
    let unknown = OccupationRef {
        code: "6-99-99-99".to_owned(),
        ..electrician()
    };
    for (change, expected) in [
        (
            RecordCardRequest {
                valid_until: "2018-12-31".to_owned(),
                occupations: Vec::new(),
                levels: Vec::new(),
                ..card(&person, "R37200001")
            },
            vec![
                "CARD_ENDS_TOO_EARLY",
                "CARD_OCCUPATIONS_MISSING",
                "CARD_LEVELS_MISSING",
            ],
        ),
        (
            RecordCardRequest {
                valid_until: "2039-01-01".to_owned(),
                kind: CardKind::QualitySupervisor.into(),
                occupations: vec![unknown, electrician(), electrician()],
                ..card(&person, "R37200001")
            },
            vec![
                "CARD_LASTS_TOO_LONG",
                "CARD_SCOPE_OF_EXAMINERS_ALONE",
                "CARD_OCCUPATION_UNKNOWN",
                "CARD_OCCUPATION_TWICE",
            ],
        ),
        (
            RecordCardRequest {
                occupations: vec![electrician(); 21],
                levels: vec![99],
                ..card(&person, "R37200001")
            },
            vec!["CARD_OCCUPATIONS_TOO_MANY", "LEVEL_UNKNOWN"],
        ),
    ] {
        let refused = setup.record_card(&clerk, change).await.err();
        assert_eq!(codes(&refused.expect("refused")), expected);
    }
    assert_eq!(setup.rows("platform.fact").await, before);
    assert_eq!(
        (setup.rows("card").await, setup.rows("card_number").await),
        (0, 0)
    );
}

#[tokio::test]
async fn a_card_is_revoked_by_the_home_that_recorded_it_or_by_a_centre() {
    let setup = setup().await;
    let (clerk_a, a) = setup.college(1).await;
    let (clerk_b, b) = setup.college(2).await;
    let at_a = setup.examiner(&clerk_a, &a, 1).await;
    setup.examiner(&clerk_b, &b, 1).await;
    let supervisor = plain_card(&at_a, "D37200001", CardKind::QualitySupervisor);
    setup
        .record_card(&clerk_a, card(&at_a, "R37200001"))
        .await
        .expect("recorded");
    let cards = setup
        .record_card(&clerk_a, supervisor)
        .await
        .expect("recorded")
        .cards;

    for foreign in [&clerk_b, &city_officer("officer", QINGDAO)] {
        let refused = setup.revoke(foreign, &cards[0].card_id, "r").await;
        assert_eq!(codes(&refused.err().expect("foreign")), ["CARD_NOT_FOUND"]);
    }
    let nothing = setup.revoke(&province_officer("p"), "card", "r").await;
    assert_eq!(codes(&nothing.err().expect("refused")), ["ID_PREFIX"]);
    setup
        .revoke(&clerk_a, &cards[0].card_id, "r")
        .await
        .expect("revoked");
    let centre = city_officer("officer", WEIHAI);
    let person = setup
        .revoke(&centre, &cards[1].card_id, "r")
        .await
        .expect("revoked");
    assert!(person.cards.iter().all(|card| card.revoked_on == TODAY));
    assert_eq!(person.cards[0].revocation_reason, "证卡遗失");
    let again = setup.revoke(&centre, &cards[1].card_id, "again").await;
    assert_eq!(
        codes(&again.err().expect("refused")),
        ["CARD_REVOKED_ALREADY"]
    );
}
