//! Who may be assigned to a duty is judged by the entry, the sanctions and the cards of a human.

use kernel::ids::{OrganizationId, PersonId};
use platform::access::Caller;
use platform::testing::city_officer;
use proto::common::v1::{Level, OccupationRef};
use proto::registry::v1::qualification_service_server::QualificationService;
use proto::registry::v1::{
    Assignment, CardKind, ImposeSanctionRequest, PersonRole, RecordCardRequest, RevokeCardRequest,
};
use uuid::Uuid;

use crate::people_setup::{
    TODAY, card, electrician, employee, examiner, in_pool, plain_card, sanction,
};
use crate::setup::{QINGDAO, WEIHAI, codes, from, setup};

#[tokio::test]
async fn each_side_of_an_assignment_has_its_own_verdict() {
    let setup = setup().await;
    let (clerk, organization) = setup.college(1).await;
    let (_, other) = setup.college(2).await;
    let new = employee(
        &organization,
        1,
        &[PersonRole::Examiner, PersonRole::Invigilator],
    );
    let id = setup.enlist(&clerk, new).await.expect("enlisted").person_id;
    setup
        .record_card(&clerk, card(&id, "R37200001"))
        .await
        .expect("recorded");
    let exam = Caller::service("exam-scheduling");
    let good = examiner("R37200001", TODAY);
    let asked = vec![
        good.clone(),
        Assignment {
            name: "示例 甲".to_owned(),
            ..good.clone()
        },
        examiner("R99999999", TODAY),
        Assignment {
            name: "示例丁".to_owned(),
            ..good.clone()
        },
        examiner("R37200001", "2020-02-29"),
        Assignment {
            duty: PersonRole::Manager.into(),
            ..good.clone()
        },
        examiner("R37200001", "2022-01-01"),
        Assignment {
            occupation: Some(OccupationRef {
                code: "6-18-02-04".to_owned(),
                ..electrician()
            }),
            ..good.clone()
        },
        Assignment {
            level: Level::Three.into(),
            ..good.clone()
        },
        // Whoever shows any card may invigilate.
        Assignment {
            duty: PersonRole::Invigilator.into(),
            occupation: None,
            ..good.clone()
        },
    ];
    let verdicts = setup
        .verdicts(&exam, &organization, asked)
        .await
        .expect("answers");
    assert_eq!(
        verdicts,
        [
            "",
            "",
            "PERSON_UNKNOWN",
            "PERSON_NAME_OTHER",
            "PERSON_NOT_ON_POST",
            "PERSON_NOT_ON_POST",
            "CARD_EXPIRED",
            "CARD_OCCUPATION",
            "CARD_LEVEL",
            "",
        ]
    );
    let elsewhere = setup
        .verdicts(&exam, &other, vec![good])
        .await
        .expect("an answer");
    assert_eq!(elsewhere, ["PERSON_UNKNOWN"]);
}

#[tokio::test]
async fn cards_of_another_kind_to_come_or_revoked_do_not_do() {
    let setup = setup().await;
    let (clerk, organization) = setup.college(1).await;
    let roles = [PersonRole::Examiner, PersonRole::InternalSupervisor];
    let id = setup
        .enlist(&clerk, employee(&organization, 1, &roles))
        .await;
    let id = id.expect("enlisted").person_id;
    let by_id = Assignment {
        card_number: String::new(),
        person_id: id.clone(),
        ..examiner("", TODAY)
    };
    let verdict = setup
        .verdicts(&clerk, &organization, vec![by_id.clone()])
        .await;
    assert_eq!(verdict.expect("an answer"), ["CARD_MISSING"]);
    let supervisor = plain_card(&id, "D37200001", CardKind::QualitySupervisor);
    setup
        .record_card(&clerk, supervisor)
        .await
        .expect("recorded");
    let to_come = RecordCardRequest {
        valid_from: "2020-06-01".to_owned(),
        ..card(&id, "R37200001")
    };
    let recorded = setup.record_card(&clerk, to_come).await.expect("recorded");
    let supervising = Assignment {
        duty: PersonRole::ExternalSupervisor.into(),
        occupation: None,
        ..examiner("D37200001", TODAY)
    };
    let asked = vec![
        examiner("D37200001", TODAY),
        examiner("R37200001", TODAY),
        examiner("R37200001", "2020-06-01"),
        by_id.clone(),
        supervising,
    ];
    let verdicts = setup
        .verdicts(&clerk, &organization, asked)
        .await
        .expect("answers");
    assert_eq!(
        verdicts,
        [
            "CARD_KIND",
            "CARD_NOT_YET_VALID",
            "",
            "CARD_NOT_YET_VALID",
            ""
        ]
    );
    let examiners = recorded
        .cards
        .iter()
        .find(|card| card.kind() == CardKind::Examiner);
    let revoke = RevokeCardRequest {
        request_id: "revoke".to_owned(),
        card_id: examiners.expect("a card").card_id.clone(),
        reason: "证卡遗失".to_owned(),
    };
    setup
        .registry
        .revoke_card(from(&clerk, revoke))
        .await
        .expect("revoked");
    let later = vec![examiner("R37200001", "2020-06-01")];
    let verdicts = setup
        .verdicts(&clerk, &organization, later)
        .await
        .expect("an answer");
    assert_eq!(verdicts, ["CARD_REVOKED"]);
}

#[tokio::test]
async fn a_sanction_bars_from_its_duties_for_its_time_at_every_organisation() {
    let setup = setup().await;
    let (clerk_a, a) = setup.college(1).await;
    let (clerk_b, b) = setup.college(2).await;
    let at_a = setup
        .enlist(&clerk_a, employee(&a, 1, &[PersonRole::Examiner]))
        .await;
    let at_a = at_a.expect("enlisted").person_id;
    let roles = [PersonRole::Examiner, PersonRole::Invigilator];
    let at_b = setup.enlist(&clerk_b, employee(&b, 1, &roles)).await;
    let at_b = at_b.expect("enlisted").person_id;
    setup
        .record_card(&clerk_a, card(&at_a, "R37200001"))
        .await
        .expect("recorded");
    let centre = city_officer("officer", WEIHAI);
    let until = ImposeSanctionRequest {
        until: "2020-12-31".to_owned(),
        ..sanction(&at_a, "s")
    };
    setup.impose(&centre, until).await.expect("imposed");
    let invigilating = Assignment {
        duty: PersonRole::Invigilator.into(),
        person_id: at_b,
        card_number: String::new(),
        occupation: None,
        ..examiner("", TODAY)
    };
    let asked = vec![
        examiner("R37200001", TODAY),
        examiner("R37200001", "2021-01-01"),
        invigilating,
    ];
    let verdicts = setup.verdicts(&clerk_b, &b, asked).await.expect("answers");
    assert_eq!(verdicts, ["PERSON_SANCTIONED", "", ""]);
}

#[tokio::test]
async fn a_supervisor_whom_a_centre_sends_may_supervise_anywhere() {
    let setup = setup().await;
    let (clerk, organization) = setup.college(1).await;
    let centre = city_officer("officer", WEIHAI);
    let sent = in_pool(WEIHAI, 1, PersonRole::ExternalSupervisor);
    let sent = setup
        .enlist(&centre, sent)
        .await
        .expect("enlisted")
        .person_id;
    let supervisor = plain_card(&sent, "D37200001", CardKind::QualitySupervisor);
    setup
        .record_card(&centre, supervisor)
        .await
        .expect("recorded");
    let supervising = |duty: PersonRole| Assignment {
        duty: duty.into(),
        occupation: None,
        ..examiner("D37200001", TODAY)
    };
    let asked = vec![
        supervising(PersonRole::InternalSupervisor),
        supervising(PersonRole::Examiner),
    ];
    let verdicts = setup
        .verdicts(&clerk, &organization, asked)
        .await
        .expect("answers");
    assert_eq!(verdicts, ["", "PERSON_UNKNOWN"]);
}

#[tokio::test]
async fn a_question_that_is_none_is_told_all_its_faults() {
    let setup = setup().await;
    let (clerk, organization) = setup.college(1).await;
    let nothing = setup.verdicts(&clerk, "", Vec::new()).await.err();
    assert_eq!(
        codes(&nothing.expect("refused")),
        ["ID_PREFIX", "ASSIGNMENTS_MISSING"]
    );
    let many = vec![Assignment::default(); 501];
    let refused = setup.verdicts(&clerk, &organization, many).await.err();
    assert_eq!(codes(&refused.expect("refused")), ["ASSIGNMENTS_TOO_MANY"]);
    let both = Assignment {
        person_id: PersonId::from_uuid(Uuid::nil()).to_string(),
        level: 99,
        name: "1".to_owned(),
        ..examiner("R37200001", "")
    };
    let refused = setup
        .verdicts(&clerk, &organization, vec![both])
        .await
        .err();
    assert_eq!(
        codes(&refused.expect("refused")),
        [
            "ASSIGNMENT_PERSON_UNCLEAR",
            "PERSON_NAME_CHARACTERS",
            "LEVEL_UNKNOWN",
            "DATE_MALFORMED"
        ]
    );
    let nobody = OrganizationId::from_uuid(Uuid::from_u128(7)).to_string();
    let asked = || vec![examiner("R37200001", TODAY)];
    let missing = setup
        .verdicts(&Caller::service("exam"), &nobody, asked())
        .await;
    assert_eq!(codes(&missing.expect_err("none")), ["BODY_NOT_FOUND"]);
    let foreign = city_officer("officer", QINGDAO);
    let foreign = setup.verdicts(&foreign, &organization, asked()).await;
    assert_eq!(codes(&foreign.expect_err("foreign")), ["BODY_NOT_FOUND"]);
}
