use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::date;
use kernel::ids::RightId;
use kernel::level::Level;
use kernel::rejection::Faults;
use proptest::prelude::*;
use uuid::Uuid;

use super::super::samples::{DAY, electrician, on, organization, scope, weihai};
use super::super::{Context, OccupationScope};
use super::*;

fn city(code: &str) -> DivisionCode {
    DivisionCode::parse(code).expect("a code for this test")
}

fn cities() -> BTreeSet<DivisionCode> {
    ["370100", "370200", "370600", "371000"].map(city).into()
}

fn recommendation(areas: &[&str]) -> Recommendation {
    Recommendation {
        id: ConsultationId::from_uuid(Uuid::from_u128(20)),
        organization: organization(),
        scopes: vec![electrician()],
        areas: areas.iter().map(|code| city(code)).collect(),
    }
}

fn right(scope: OccupationScope, division: &str) -> HeldRight {
    HeldRight {
        right_id: RightId::from_uuid(Uuid::from_u128(30)),
        scope,
        division: city(division),
        valid_from: DAY,
        valid_until: None,
        suspended: false,
    }
}

fn registered() -> Registered {
    Registered {
        name: "威海示例技师学院".to_owned(),
        code: EvaluationOrganizationCode::for_shandong("10", 2).expect("a code of Weihai"),
        filing_division: weihai(),
        standing: Standing::Working,
        rights: vec![right(electrician(), "371000")],
    }
}

fn recommend(areas: &[&str]) -> Result<Consultation, Faults> {
    let opened = Consultation::recommend(recommendation(areas), registered(), &cities(), &on(DAY));
    opened.map(|(consultation, _)| consultation)
}

/// Jinan and Qingdao were asked.
fn consulting() -> Consultation {
    recommend(&["370100", "370200"]).expect("two other cities")
}

fn answered(jinan: bool, qingdao: bool) -> Consultation {
    let mut consultation = consulting();
    for (code, agrees) in [("370100", jinan), ("370200", qingdao)] {
        let fact = consultation.answer(city(code), agrees, DAY);
        consultation.apply(&fact.expect("in time"));
    }
    consultation
}

fn decision(code: &str, granted: bool) -> AreaDecision {
    AreaDecision {
        division: city(code),
        granted,
        valid_until: None,
        reasons: "理由".to_owned(),
    }
}

/// Granted in Jinan from [`DAY`] on, and not in Qingdao.
fn decided() -> Consultation {
    let mut consultation = answered(true, false);
    let decisions = [decision("370100", true), decision("370200", false)];
    let facts = consultation
        .decide(&decisions, Some(&registered()), DAY)
        .expect("all answered");
    consultation.apply_all(&facts);
    consultation
}

fn codes<T>(decided: Result<T, Faults>) -> Vec<&'static str> {
    decided.err().expect("to be refused").codes()
}

#[test]
fn an_organisation_is_recommended_by_the_city_where_it_is_filed() {
    let consultation = consulting();
    assert_eq!(consultation.state(), ConsultationState::Consulting);
    // Ten working days after a Monday without holidays.
    assert_eq!(consultation.answers_due.date, date(2020, 6, 1));
    for centre in [Some(city("370100")), Some(DivisionCode::PROVINCE), None] {
        let context = Context { centre, ..on(DAY) };
        let refused = Consultation::recommend(
            recommendation(&["370600"]),
            registered(),
            &cities(),
            &context,
        );
        assert_eq!(codes(refused), ["RECOMMENDED_ORGANIZATION_NOT_FOUND"]);
    }
}

#[test]
fn only_other_cities_of_the_province_are_consulted_and_each_once() {
    for (areas, expected) in [
        (&["371000"][..], "CONSULTED_AREA_OWN"),
        (&["370000"], "CONSULTED_AREA_NOT_CITY"),
        (&["370102"], "CONSULTED_AREA_NOT_CITY"),
        (&["320100"], "CONSULTED_AREA_NOT_CITY"),
        (&["371200"], "CONSULTED_AREA_NOT_CITY"),
        (&["370100", "370100"], "CONSULTED_AREA_TWICE"),
    ] {
        assert_eq!(codes(recommend(areas)), [expected], "{areas:?}");
    }
}

#[test]
fn nobody_is_recommended_for_more_than_the_right_at_home() {
    let refused = |scopes: Vec<OccupationScope>, rights: Vec<HeldRight>| {
        let recommendation = Recommendation {
            scopes,
            ..recommendation(&["370100"])
        };
        let registered = Registered {
            rights,
            ..registered()
        };
        codes(Consultation::recommend(
            recommendation,
            registered,
            &cities(),
            &on(DAY),
        ))
    };
    let home = || right(electrician(), "371000");
    let higher = scope("6-31-01-03", &[Level::Five, Level::Three]);
    assert_eq!(
        refused(vec![higher], vec![home()]),
        ["CROSS_AREA_SCOPE_NOT_HELD"]
    );
    let tomorrow = HeldRight {
        valid_from: DAY + 1.day(),
        ..home()
    };
    let over = HeldRight {
        valid_until: Some(DAY - 1.day()),
        ..home()
    };
    let elsewhere = right(electrician(), "370600");
    for held in [tomorrow, over, elsewhere] {
        assert_eq!(
            refused(vec![electrician()], vec![held]),
            ["CROSS_AREA_SCOPE_NOT_HELD"]
        );
    }
    assert_eq!(
        refused(vec![electrician(); 2], vec![home()]),
        ["CROSS_AREA_SCOPE_TWICE"]
    );
    let there = right(electrician(), "370100");
    assert_eq!(
        refused(vec![electrician()], vec![home(), there]),
        ["CROSS_AREA_HELD"]
    );
}

#[test]
fn nobody_is_recommended_who_may_not_work_at_home() {
    let refused = |registered: Registered| {
        codes(Consultation::recommend(
            recommendation(&["370100"]),
            registered,
            &cities(),
            &on(DAY),
        ))
    };
    let resting = || HeldRight {
        suspended: true,
        ..right(electrician(), "371000")
    };
    for (standing, code) in [
        (Standing::Working, "CROSS_AREA_SCOPE_SUSPENDED"),
        (Standing::Suspended, "RECOMMENDED_ORGANIZATION_SUSPENDED"),
        (Standing::Withdrawn, "RECOMMENDED_ORGANIZATION_WITHDRAWN"),
    ] {
        let all_rest = Registered {
            standing,
            rights: vec![resting()],
            ..registered()
        };
        assert_eq!(refused(all_rest), [code]);
    }
    let another_rests = Registered {
        rights: vec![resting(), right(electrician(), "371000")],
        ..registered()
    };
    let opened = Consultation::recommend(
        recommendation(&["370100"]),
        another_rests,
        &cities(),
        &on(DAY),
    );
    assert!(opened.is_ok(), "one that covers it is enough");
}

#[test]
fn a_city_answers_once_by_the_due_day_and_for_itself() {
    let mut consultation = consulting();
    let due = consultation.answers_due.date;
    assert_eq!(
        codes(consultation.answer(city("370600"), true, DAY)),
        ["CITY_NOT_CONSULTED"]
    );
    assert_eq!(
        codes(consultation.answer(city("370100"), true, due + 1.day())),
        ["CONSULTATION_ANSWER_LATE"]
    );
    let fact = consultation.answer(city("370100"), true, due);
    consultation.apply(&fact.expect("the due day belongs to it"));
    assert_eq!(
        codes(consultation.answer(city("370100"), false, due)),
        ["CONSULTATION_ANSWERED"]
    );
    assert_eq!(consultation.waits_until(), Some(due));
}

#[test]
fn who_has_not_answered_when_the_due_day_is_over_is_silent() {
    let mut consultation = consulting();
    let due = consultation.answers_due.date;
    let fact = consultation.answer(city("370100"), false, DAY);
    consultation.apply(&fact.expect("in time"));
    assert_eq!(consultation.fall_silent(due), []);
    let facts = consultation.fall_silent(due + 1.day());
    consultation.apply_all(&facts);
    let said = consultation.areas.values().filter_map(|area| area.answer);
    let said: Vec<_> = said.map(|(answer, _)| answer).collect();
    assert_eq!(said, [Answer::Disagreed, Answer::Silent]);
    assert_eq!(consultation.state(), ConsultationState::Answered);
    assert_eq!(consultation.waits_until(), None);
    assert_eq!(consultation.fall_silent(due + 2.days()), []);
    assert_eq!(
        codes(consultation.answer(city("370200"), true, due + 1.day())),
        ["CONSULTATION_ANSWER_LATE"]
    );
}

#[test]
fn the_province_decides_about_every_city_when_all_were_heard() {
    let both = [decision("370100", true), decision("370200", true)];
    assert_eq!(
        codes(consulting().propose_decision(&both, Some(&registered()), DAY)),
        ["CONSULTATION_ANSWERS_OUTSTANDING"]
    );
    assert_eq!(
        codes(decided().propose_decision(&both, Some(&registered()), DAY)),
        ["CONSULTATION_DECIDED"]
    );
    let consultation = answered(true, false);
    for (decisions, expected) in [
        (
            vec![decision("370100", true)],
            "CROSS_AREA_DECISION_MISSING",
        ),
        (
            [&both[..], &[decision("370600", true)]].concat(),
            "CROSS_AREA_DECISION_NOT_CONSULTED",
        ),
        ([&both[..], &both[..1]].concat(), "CONSULTED_AREA_TWICE"),
    ] {
        assert_eq!(
            codes(consultation.propose_decision(&decisions, Some(&registered()), DAY)),
            [expected]
        );
    }
}

#[test]
fn nobody_is_granted_elsewhere_what_is_lost_at_home_meanwhile() {
    let consultation = answered(true, true);
    let standing = |standing| Registered {
        standing,
        ..registered()
    };
    let nothing = Registered {
        rights: Vec::new(),
        ..registered()
    };
    let granted = [decision("370100", true), decision("370200", false)];
    let refused = [decision("370100", false), decision("370200", false)];
    for (registered, expected) in [
        (
            standing(Standing::Withdrawn),
            "RECOMMENDED_ORGANIZATION_WITHDRAWN",
        ),
        (
            standing(Standing::Suspended),
            "RECOMMENDED_ORGANIZATION_SUSPENDED",
        ),
        (nothing, "CROSS_AREA_SCOPE_NOT_HELD"),
    ] {
        let proposed = consultation.propose_decision(&granted, Some(&registered), DAY);
        assert_eq!(codes(proposed), [expected]);
        let decided = consultation.decide(&granted, Some(&registered), DAY);
        assert_eq!(codes(decided), [expected]);
        assert!(
            consultation
                .decide(&refused, Some(&registered), DAY)
                .is_ok()
        );
        let unheard = consultation.propose_decision(&granted, None, DAY);
        assert_eq!(codes(unheard), ["RECOMMENDED_ORGANIZATION_NOT_FOUND"]);
        assert!(consultation.decide(&refused, None, DAY).is_ok());
    }
}

#[test]
fn a_refusal_and_a_grant_against_a_citys_answer_are_reasoned() {
    let without_reasons = |jinan: bool, qingdao: bool| {
        [("370100", jinan), ("370200", qingdao)].map(|(code, granted)| AreaDecision {
            reasons: String::new(),
            ..decision(code, granted)
        })
    };
    let consultation = answered(true, false);
    for decisions in [without_reasons(true, true), without_reasons(true, false)] {
        let refused = consultation
            .propose_decision(&decisions, Some(&registered()), DAY)
            .expect_err("no reasons");
        assert_eq!(refused.codes(), ["CROSS_AREA_DECISION_REASONS"]);
        let field = refused.leading().field.as_deref();
        assert_eq!(field, Some("decisions[1].reasons"));
    }
    let consultation = answered(true, true);
    assert!(
        consultation
            .propose_decision(&without_reasons(true, true), Some(&registered()), DAY)
            .is_ok()
    );
}

#[test]
fn work_elsewhere_ends_neither_in_the_past_nor_where_it_never_began() {
    let until = |granted, valid_until| AreaDecision {
        valid_until: Some(valid_until),
        ..decision("370100", granted)
    };
    let consultation = answered(true, true);
    for (decision, expected) in [
        (until(true, DAY - 1.day()), "CROSS_AREA_END_PAST"),
        (until(false, DAY), "CROSS_AREA_END_WITHOUT_GRANT"),
    ] {
        let decisions = [decision, self::decision("370200", true)];
        assert_eq!(
            codes(consultation.decide(&decisions, Some(&registered()), DAY)),
            [expected]
        );
    }
    let decisions = [until(true, DAY), decision("370200", true)];
    assert!(
        consultation
            .decide(&decisions, Some(&registered()), DAY)
            .is_ok()
    );
}

#[test]
fn an_ending_shortens_what_was_granted() {
    let mut consultation = decided();
    let ending = |code: &str, ends_on| Ending {
        division: city(code),
        ends_on,
        reasons: "理由".to_owned(),
    };
    for code in ["370200", "370600"] {
        let refused = consultation.propose_ending(&ending(code, DAY), DAY);
        assert_eq!(codes(refused), ["CROSS_AREA_NOT_GRANTED"]);
    }
    let past = consultation.propose_ending(&ending("370100", DAY - 1.day()), DAY);
    assert_eq!(codes(past), ["CROSS_AREA_END_PAST"]);
    let later = DAY + 30.days();
    let fact = consultation.end(&ending("370100", later), DAY);
    consultation.apply(&fact.expect("granted without an end"));
    let granted = consultation.areas[&city("370100")].outcome;
    assert_eq!(
        granted,
        Some(Outcome::Granted {
            from: DAY,
            until: Some(later),
            ending_decided_on: Some(DAY)
        })
    );
    let again = consultation.end(&ending("370100", later), DAY);
    assert_eq!(codes(again), ["CROSS_AREA_END_NOT_EARLIER"]);
    assert!(consultation.end(&ending("370100", DAY), DAY).is_ok());
}

#[test]
fn what_a_city_says_after_a_proposal_changes_what_it_rests_on() {
    let decisions = vec![decision("370100", true)];
    let before = consulting().content_hash(&decisions);
    assert_eq!(before, consulting().content_hash(&decisions));
    assert_ne!(before, answered(true, true).content_hash(&decisions));
}

proptest! {
    #[test]
    fn no_order_of_commands_grants_what_was_not_asked_or_before_all_were_heard(
        steps in prop::collection::vec((0..4_usize, 0..3_usize, any::<bool>(), 0..6_i32), 0..30),
    ) {
        let places = ["370100", "370200", "370600"];
        let start = consulting();
        let (mut consultation, mut today, mut history) = (start.clone(), DAY, Vec::new());
        for (kind, place, yes, days) in steps {
            today += days.days();
            let division = city(places[place]);
            let heard = consultation.state() != ConsultationState::Consulting;
            let facts = match kind {
                0 => consultation.answer(division, yes, today).map(|fact| vec![fact]),
                1 => Ok(consultation.fall_silent(today)),
                2 => {
                    let both = [decision("370100", yes), decision("370200", !yes)];
                    consultation.decide(&both, Some(&registered()), today)
                }
                _ => {
                    let reasons = "理由".to_owned();
                    let ending = Ending { division, ends_on: today, reasons };
                    consultation.end(&ending, today).map(|fact| vec![fact])
                }
            };
            let Ok(facts) = facts else { continue };
            if kind == 2 {
                prop_assert!(heard, "decided before all were heard");
            }
            consultation.apply_all(&facts);
            history.extend(facts);
            prop_assert_eq!(consultation.areas.len(), 2, "a city came in that nobody asked");
        }
        let mut replayed = start;
        replayed.apply_all(&history);
        prop_assert_eq!(replayed, consultation, "the facts tell the whole story");
    }
}
