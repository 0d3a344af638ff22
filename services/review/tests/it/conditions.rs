//! What the notice asks of each kind of body, stated in a draft and compared when it is
//! handed in.

use kernel::ids::OrganizationId;
use proto::common::v1::Level;
use proto::registry::v1::{Affiliation, BodyKind};
use proto::review::v1::basic_form::Conditions;
use proto::review::v1::*;
use uuid::Uuid;

use crate::registry::CREDIT_CODE;
use crate::scenes::{PDF, draft, electrician, first_officer, occupation, school, scope};
use crate::setup::World;
use crate::submissions::{create, hand_in, of_the_annexes};

fn enterprise() -> EnterpriseConditions {
    EnterpriseConditions {
        filing_number: "示例备〔2019〕1号".to_owned(),
        authority: "威海市示例机关".to_owned(),
        valid_from: "2019-07-01".to_owned(),
        valid_until: "2022-06-30".to_owned(),
        scopes: vec![electrician()],
    }
}

fn member_unit() -> MemberUnit {
    MemberUnit {
        name: "威海示例电力企业".to_owned(),
        unified_social_credit_code: kernel::credit_code::UnifiedSocialCreditCode::synthetic(
            "91", "371000", 7,
        )
        .to_string(),
        member_since: "2015-01-01".to_owned(),
        agreement: "示例协议".to_owned(),
        agreement_until: "2020-05-18".to_owned(),
        capability: "场地与考评员齐备".to_owned(),
        occupations: vec![occupation("6-31-01-03")],
    }
}

fn association(member_units: Vec<MemberUnit>) -> Conditions {
    Conditions::IndustryAssociation(AssociationConditions {
        main_business: "电力行业培训与评价".to_owned(),
        member_units,
    })
}

fn training() -> Conditions {
    Conditions::PrivateTraining(PrivateTrainingConditions {
        occupations: vec![TrainedOccupation {
            occupation: Some(occupation("6-31-01-03")),
            trade: String::new(),
            persons_trained: 900,
        }],
    })
}

fn body(world: &World, kind: BodyKind) -> OrganizationId {
    let id = OrganizationId::from_uuid(Uuid::now_v7());
    let affiliation = match kind {
        BodyKind::PrivateTraining => Affiliation::Private,
        _ => Affiliation::City,
    };
    world.registry.enroll(id, kind, affiliation, "371000");
    id
}

fn request(world: &World, kind: BodyKind, conditions: Conditions) -> CreateApplicationRequest {
    let mut request = draft(body(world, kind));
    let form = request.basic_form.as_mut().expect("a form");
    form.conditions = Some(conditions);
    request
}

/// Handing in is refused with these codes at these fields.
async fn refuses(kind: BodyKind, conditions: Conditions, expected: &[(&str, &str)]) {
    let world = World::start().await;
    let refused = hand_in(&world, request(&world, kind, conditions)).await;
    let told = of_the_annexes(&refused.err().expect("to be refused"));
    let told: Vec<_> = told
        .iter()
        .map(|(field, code)| (field.as_str(), code.as_str()))
        .collect();
    assert_eq!(told, expected);
}

#[tokio::test]
async fn each_kind_of_body_states_its_conditions_and_they_read_as_they_were_written() {
    let world = World::start().await;
    let endless = MemberUnit {
        agreement_until: String::new(),
        ..member_unit()
    };
    for (kind, conditions) in [
        (BodyKind::Enterprise, Conditions::Enterprise(enterprise())),
        (BodyKind::IndustryAssociation, association(vec![endless])),
        (
            BodyKind::HigherEducation,
            Conditions::School(school(&["6-31-01-03"])),
        ),
        (
            BodyKind::TechnicianCollege,
            Conditions::School(school(&["6-31-01-03"])),
        ),
        (BodyKind::PrivateTraining, training()),
    ] {
        let request = request(&world, kind, conditions.clone());
        let organization = OrganizationId::parse(&request.organization_id).expect("an id");
        let application_id = create(&world, request)
            .await
            .expect("its conditions are met")
            .application_id;
        let clerk = platform::testing::clerk("clerk-1", organization);
        let seen = world
            .applications(&clerk)
            .get_application(GetApplicationRequest { application_id })
            .await
            .expect("its own")
            .into_inner()
            .application
            .expect("it");
        let form = seen.basic_form.expect("a form");
        assert!(form.conditions == Some(conditions), "{kind:?}");
    }
}

#[tokio::test]
async fn the_conditions_are_those_of_the_kind_of_body_and_are_there() {
    let enterprise = Conditions::Enterprise(enterprise());
    let field = "basic_form.conditions";
    let expected = [(field, "CONDITIONS_OF_ANOTHER_KIND")];
    refuses(BodyKind::PrivateTraining, enterprise, &expected).await;

    let world = World::start().await;
    let mut request = request(&world, BodyKind::Enterprise, training());
    request.basic_form.as_mut().expect("a form").conditions = None;
    let status = hand_in(&world, request).await.err().expect("none stated");
    let expected = [(field.to_owned(), "FIELD_REQUIRED".to_owned())];
    assert_eq!(of_the_annexes(&status), expected);
}

#[tokio::test]
async fn an_enterprise_applies_within_a_filing_in_force() {
    let filing = |levels: &[Level], valid_until: &str| {
        Conditions::Enterprise(EnterpriseConditions {
            scopes: vec![scope("6-31-01-03", levels)],
            valid_until: valid_until.to_owned(),
            ..enterprise()
        })
    };
    let outside = ("basic_form.occupations[0].scope", "OUTSIDE_SELF_EVALUATION");
    let until = "basic_form.enterprise.valid_until";
    refuses(
        BodyKind::Enterprise,
        filing(&[Level::Five], "2020-05-17"),
        &[(until, "SELF_EVALUATION_NOT_IN_FORCE"), outside],
    )
    .await;
    let both = [Level::Five, Level::Four];
    let expected = [(until, "SELF_EVALUATION_PERIOD")];
    refuses(BodyKind::Enterprise, filing(&both, "2019-06-30"), &expected).await;
}

#[tokio::test]
async fn an_association_has_a_member_unit_other_than_itself() {
    let (since, until) = ("2020-05-19".to_owned(), "2020-05-17".to_owned());
    let late = MemberUnit {
        member_since: since,
        agreement_until: until,
        occupations: vec![occupation("6-18-02-04")],
        ..member_unit()
    };
    let twice = MemberUnit {
        occupations: vec![occupation("6-18-02-04")],
        ..member_unit()
    };
    let unit = "basic_form.industry_association.member_units";
    let expected = [
        (format!("{unit}[0].member_since"), "MEMBERSHIP_IN_FUTURE"),
        (
            format!("{unit}[0].agreement_until"),
            "MEMBER_AGREEMENT_EXPIRED",
        ),
        (
            format!("{unit}[1].unified_social_credit_code"),
            "MEMBER_UNIT_TWICE",
        ),
        (
            "basic_form.occupations[0].scope".to_owned(),
            "OCCUPATION_WITHOUT_MEMBER_UNIT",
        ),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(field, code)| (field.as_str(), *code))
        .collect();
    let kind = BodyKind::IndustryAssociation;
    refuses(kind, association(vec![late, twice]), &expected).await;
}

#[tokio::test]
async fn a_member_unit_whose_code_does_not_check_is_passed_by_an_officer_and_is_another_body() {
    let unit = |code: &str| MemberUnit {
        unified_social_credit_code: code.to_owned(),
        ..member_unit()
    };
    let field = "basic_form.industry_association.member_units[0].unified_social_credit_code";
    let kind = BodyKind::IndustryAssociation;
    let itself = association(vec![unit(CREDIT_CODE)]);
    refuses(kind, itself, &[(field, "MEMBER_UNIT_IS_APPLICANT")]).await;
    let no_code = association(vec![unit("91350100M000100Y4")]);
    refuses(kind, no_code, &[(field, "CREDIT_CODE_LENGTH")]).await;

    let world = World::start().await;
    let code = "91350100M000100Y44";
    let conditions = association(vec![unit(code)]);
    let body = body(&world, kind);
    let into = |request: &mut CreateApplicationRequest| {
        let form = request.basic_form.as_mut().expect("a form");
        form.conditions = Some(conditions);
    };
    let filing = world.drafted_as(body, into).await.expect("a draft");
    let filing = world.completed(filing).await;
    let agreement = DocumentKind::MemberUnitAgreement;
    world.upload(&filing, agreement, PDF).await.expect("taken");
    world
        .submit(&filing)
        .await
        .expect("for an officer to judge");
    let application_id = filing.id.clone();
    let listed = world
        .judgements(&first_officer())
        .list_judgements(ListJudgementsRequest { application_id })
        .await
        .expect("its centre")
        .into_inner();
    let units = JudgementSubject::MemberUnits;
    let mut items = listed.items.iter();
    let item = items.find(|item| item.subject() == units).expect("judged");
    assert!(item.finding_zh.contains(code), "{}", item.finding_zh);
}

#[tokio::test]
async fn a_school_applies_within_its_majors_and_their_level() {
    let mut below = school(&["6-31-01-03"]);
    below.majors[0].training_level = TrainingLevel::Intermediate.into();
    let world = World::start().await;
    let mut request = request(&world, BodyKind::HigherEducation, Conditions::School(below));
    let form = request.basic_form.as_mut().expect("a form");
    form.occupations[0].scope = Some(scope("6-31-01-03", &[Level::Four, Level::Three]));
    let refused = hand_in(&world, request).await.err().expect("level three");
    let field = "basic_form.occupations[0].scope.levels".to_owned();
    let expected = [(field, "LEVEL_ABOVE_TRAINING".to_owned())];
    assert_eq!(of_the_annexes(&refused), expected);

    let other = Conditions::School(school(&["6-18-02-04"]));
    let expected = [(
        "basic_form.occupations[0].scope",
        "OCCUPATION_WITHOUT_MAJOR",
    )];
    refuses(BodyKind::TechnicianCollege, other, &expected).await;
}

#[tokio::test]
async fn an_institution_applies_for_what_it_trains_for() {
    let mut stated = training();
    if let Conditions::PrivateTraining(stated) = &mut stated {
        stated.occupations[0].trade = "电缆工".to_owned();
    }
    let expected = [("basic_form.occupations[0].scope", "OCCUPATION_NOT_TRAINED")];
    refuses(BodyKind::PrivateTraining, stated, &expected).await;
}

#[tokio::test]
async fn every_field_of_the_conditions_that_is_missing_is_told_at_once() {
    for (kind, conditions, expected) in [
        (
            BodyKind::Enterprise,
            Conditions::Enterprise(EnterpriseConditions::default()),
            &[
                "FIELD_REQUIRED",
                "FIELD_REQUIRED",
                "DATE_MALFORMED",
                "DATE_MALFORMED",
                "FIELD_REQUIRED",
            ][..],
        ),
        (
            BodyKind::IndustryAssociation,
            association(vec![MemberUnit::default()]),
            &[
                "FIELD_REQUIRED",
                "CREDIT_CODE_LENGTH",
                "DATE_MALFORMED",
                "FIELD_REQUIRED",
                "FIELD_REQUIRED",
                "FIELD_REQUIRED",
            ],
        ),
        (
            BodyKind::TechnicianCollege,
            Conditions::School(SchoolConditions {
                majors: vec![Major {
                    name: " ".to_owned(),
                    training_level: 99,
                    occupations: vec![occupation("x"); 2],
                }],
            }),
            &[
                "FIELD_REQUIRED",
                "FIELD_REQUIRED",
                "OCCUPATION_CODE_SHAPE",
                "OCCUPATION_CODE_SHAPE",
            ],
        ),
        (
            BodyKind::TechnicianCollege,
            Conditions::School(SchoolConditions {
                majors: vec![Major::default(); 51],
            }),
            &["LIST_TOO_LONG"],
        ),
        (
            BodyKind::PrivateTraining,
            Conditions::PrivateTraining(PrivateTrainingConditions {
                occupations: vec![TrainedOccupation::default()],
            }),
            &["OCCUPATION_REFERENCE", "FIELD_REQUIRED"],
        ),
    ] {
        let world = World::start().await;
        let refused = hand_in(&world, request(&world, kind, conditions)).await;
        let told = of_the_annexes(&refused.err().expect("to be refused"));
        let codes: Vec<_> = told.into_iter().map(|(_, code)| code).collect();
        assert_eq!(codes, expected, "{kind:?}");
    }
}
