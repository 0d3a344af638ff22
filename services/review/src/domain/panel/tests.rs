use jiff::ToSpan;
use jiff::civil::date;
use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use kernel::rejection::Faults;
use proptest::prelude::*;
use uuid::Uuid;

use super::super::samples::{
    DAY, act, give_back, hand_in, material, on, opened, organization, submitted,
};
use super::super::{Application, Command, Context, DocumentKind, PoolMember, Tie};
use super::*;

const SEED: [u8; 32] = [7; 32];

fn seed() -> Seed {
    Seed::from_bytes(SEED)
}

fn expert(number: u128) -> PoolMember {
    PoolMember {
        person: PersonId::from_uuid(Uuid::from_u128(100 + number)),
        number: format!("E{number:03}"),
        masked_name: "王*".to_owned(),
        employer_credit_code: String::new(),
        ties: Vec::new(),
    }
}

fn convening(pool: Vec<PoolMember>) -> Convening {
    Convening {
        id: PanelId::from_uuid(Uuid::from_u128(50)),
        pool,
        applicant_credit_code: "12371000MB28000001".to_owned(),
        declared: Vec::new(),
    }
}

fn of(count: u128) -> Convening {
    convening((1..=count).map(expert).collect())
}

fn plan(convening: &Convening, size: usize) -> Result<Panel, Faults> {
    Panel::plan(convening, &submitted(), size, &seed(), &on(DAY)).map(|(panel, _)| panel)
}

/// Three of nine, drawn.
fn drawn() -> Panel {
    let mut panel = plan(&of(9), 3).expect("enough experts");
    let fact = panel.draw(seed(), &of(9).pool, &submitted(), &on(DAY));
    panel.apply(&fact.expect("it was planned"));
    panel
}

fn hear(panel: &mut Panel, number: &str, in_favour: bool) -> Result<(), Faults> {
    let facts = panel.hear(number, in_favour, false, &submitted(), &on(DAY))?;
    panel.apply_all(&facts);
    Ok(())
}

fn numbers(panel: &Panel) -> Vec<String> {
    let members = panel.members.iter();
    members.map(|member| member.expert.number.clone()).collect()
}

fn codes<T>(decided: Result<T, Faults>) -> Vec<&'static str> {
    decided.err().expect("to be refused").codes()
}

#[test]
fn who_has_a_conflict_of_interest_is_excluded_before_the_draw() {
    let tie = |organization, until| Tie {
        organization,
        until,
    };
    let applicant = organization();
    let other = OrganizationId::from_uuid(Uuid::max());
    let mut pool: Vec<_> = (1..=8).map(expert).collect();
    pool[0].employer_credit_code = "12371000MB28000001".to_owned();
    pool[1].ties = vec![tie(applicant, Some(date(2018, 1, 1)))];
    pool[2].ties = vec![tie(applicant, Some(date(2017, 5, 17)))];
    pool[3].ties = vec![tie(other, None)];
    let convening = Convening {
        declared: vec!["ｅ００５".to_owned()],
        ..convening(pool)
    };
    let panel = plan(&convening, 3).expect("five are left");
    let excluded: Vec<_> = panel
        .exclusions
        .iter()
        .map(|excluded| (excluded.number.as_str(), excluded.conflict))
        .collect();
    assert_eq!(
        excluded,
        [
            ("E001", Conflict::Employer),
            ("E002", Conflict::WorkedThere),
            ("E005", Conflict::Declared)
        ]
    );
    assert_eq!(panel.candidates.len(), 5);
}

#[test]
fn a_conflict_of_somebody_whom_nobody_knows_is_told() {
    let convening = Convening {
        declared: vec!["E099".to_owned()],
        ..of(9)
    };
    let refused = plan(&convening, 3).expect_err("typed wrong");
    assert_eq!(refused.codes(), ["PANEL_EXPERT_UNKNOWN"]);
}

#[test]
fn a_panel_is_odd_large_enough_and_no_larger_than_what_is_left() {
    for size in [0, 1, 2, 4] {
        assert_eq!(codes(plan(&of(9), size)), ["PANEL_SIZE"], "{size}");
    }
    assert_eq!(codes(plan(&of(4), 5)), ["PANEL_POOL_TOO_SMALL"]);
    assert_eq!(codes(plan(&of(60), 51)), ["PANEL_TOO_LARGE"]);
    assert!(plan(&of(5), 5).is_ok());
}

#[test]
fn a_panel_is_the_centres_where_the_application_is_filed_and_under_assessment() {
    for centre in [
        DivisionCode::parse("370100").ok(),
        Some(DivisionCode::PROVINCE),
    ] {
        let context = Context { centre, ..on(DAY) };
        let refused = Panel::plan(&of(9), &submitted(), 3, &seed(), &context);
        assert_eq!(codes(refused), ["NOT_FILING_AUTHORITY"]);
    }
    let refused = Panel::plan(&of(9), &opened(), 3, &seed(), &on(DAY));
    assert_eq!(codes(refused), ["APPLICATION_STATE"]);
}

#[test]
fn the_draw_follows_from_the_list_and_the_seed_that_was_committed_to() {
    let panel = drawn();
    let draw = panel.draw.expect("it was drawn");
    assert_eq!(draw.commitment, seed().commitment());
    // As anybody repeats it from what is published.
    let list: Vec<_> = (1..=9).map(|number| format!("E{number:03}")).collect();
    let again = seed().draw(&list, 3, String::clone);
    assert_eq!(numbers(&panel).iter().collect::<Vec<_>>(), again);
    assert_eq!(
        codes(panel.draw(seed(), &of(9).pool, &submitted(), &on(DAY))),
        ["PANEL_NOT_PLANNED"]
    );
}

#[test]
fn the_next_rank_steps_in_for_an_expert_who_is_excused() {
    let mut panel = drawn();
    let before = numbers(&panel);
    let (application, context) = (submitted(), on(DAY));
    let named = panel.excuse(
        &before[1],
        Some("E009"),
        &of(9).pool,
        &application,
        &context,
    );
    assert_eq!(codes(named), ["PANEL_REPLACEMENT_DRAWN"]);
    let fact = panel.excuse(&before[1], None, &of(9).pool, &application, &context);
    panel.apply(&fact.expect("nothing was said"));
    let list: Vec<_> = (1..=9).map(|number| format!("E{number:03}")).collect();
    let ranked = seed().draw(&list, 4, String::clone);
    assert_eq!(numbers(&panel)[3], *ranked[3]);
    let again = panel.excuse(&before[1], None, &of(9).pool, &application, &context);
    assert_eq!(codes(again), ["PANEL_NOT_MEMBER"]);
    assert_eq!(
        codes(hear(&mut panel, &before[1], true)),
        ["PANEL_NOT_MEMBER"]
    );
    hear(&mut panel, &before[0], true).expect("on the panel");
    let spoken = panel.excuse(&before[0], None, &of(9).pool, &application, &context);
    assert_eq!(codes(spoken), ["PANEL_OPINION_GIVEN"]);
    assert_eq!(
        codes(hear(&mut panel, &before[0], true)),
        ["PANEL_OPINION_GIVEN"]
    );
}

#[test]
fn who_may_not_serve_any_more_is_passed_over_on_record() {
    let mut panel = plan(&of(9), 3).expect("enough experts");
    let (application, context) = (submitted(), on(DAY));
    let first = numbers(&drawn())[0].clone();
    let mut pool = of(9).pool;
    pool.retain(|member| member.number != first);
    let fact = panel.draw(seed(), &pool, &application, &context);
    panel.apply(&fact.expect("eight are left"));
    let list: Vec<_> = (1..=9).map(|number| format!("E{number:03}")).collect();
    let ranked = seed().draw(&list, 9, String::clone);
    assert_eq!(numbers(&panel).iter().collect::<Vec<_>>(), ranked[1..4]);
    assert_eq!(panel.unavailable, [first]);

    let fifth = ranked[4].clone();
    pool.retain(|member| member.number != fifth);
    let excused = ranked[1];
    // Gone by now, as whoever is excused often is; that says nothing of the draw.
    pool.retain(|member| member.number != *excused);
    let fact = panel.excuse(excused, None, &pool, &application, &context);
    panel.apply(&fact.expect("others are left"));
    assert_eq!(numbers(&panel)[3], *ranked[5]);
    assert_eq!(panel.members[3].passed_over, [ranked[0].clone(), fifth]);
    assert_eq!(panel.unavailable, [ranked[0].clone()]);

    let planned = plan(&of(9), 3).expect("enough experts");
    let refused = planned.draw(seed(), &of(2).pool, &application, &context);
    assert_eq!(codes(refused), ["PANEL_POOL_TOO_SMALL"]);

    let named = ["E001", "E002", "E003"].map(str::to_owned);
    let convened = Panel::convene(&of(4), &application, &named, &context);
    let (panel, _) = convened.expect("three of four");
    let gone = panel.excuse("E001", Some("E004"), &of(3).pool, &application, &context);
    assert_eq!(codes(gone), ["PANEL_EXPERT_UNKNOWN"]);
}

#[test]
fn on_a_panel_that_was_named_whoever_is_named_steps_in() {
    let named = ["E001", "e002", "Ｅ003"].map(str::to_owned);
    let (application, context) = (submitted(), on(DAY));
    let convened = Panel::convene(&of(4), &application, &named, &context);
    let (mut panel, _) = convened.expect("three of four");
    assert_eq!(numbers(&panel), ["E001", "E002", "E003"]);
    let excuse =
        |panel: &Panel, named| panel.excuse("E001", named, &of(9).pool, &application, &context);
    assert_eq!(codes(excuse(&panel, None)), ["PANEL_REPLACEMENT_MISSING"]);
    assert_eq!(codes(excuse(&panel, Some("E002"))), ["PANEL_NOBODY_LEFT"]);
    assert_eq!(
        codes(excuse(&panel, Some("E009"))),
        ["PANEL_EXPERT_UNKNOWN"]
    );
    let fact = excuse(&panel, Some("E004")).expect("free");
    panel.apply(&fact);
    assert_eq!(numbers(&panel)[3], "E004");
}

#[test]
fn nobody_with_a_conflict_is_named_and_nobody_twice() {
    let convene = |convening: &Convening, named: &[&str]| {
        let named: Vec<_> = named.iter().copied().map(str::to_owned).collect();
        codes(Panel::convene(convening, &submitted(), &named, &on(DAY)))
    };
    let declared = Convening {
        declared: vec!["E002".to_owned()],
        ..of(5)
    };
    assert_eq!(
        convene(&declared, &["E001", "E002", "E003"]),
        ["PANEL_EXPERT_CONFLICT"]
    );
    assert_eq!(convene(&of(5), &["E001", "E002", "E001"]), ["EXPERT_TWICE"]);
    assert_eq!(convene(&of(5), &["E001", "E002"]), ["PANEL_SIZE"]);
    assert_eq!(
        convene(&of(5), &["E001", "E002", "E099"]),
        ["PANEL_EXPERT_UNKNOWN"]
    );
}

#[test]
fn a_panel_closes_with_the_last_opinion() {
    let mut panel = drawn();
    let [first, second, third] = numbers(&panel).try_into().expect("three");
    hear(&mut panel, &first, true).expect("on the panel");
    hear(&mut panel, &second, false).expect("on the panel");
    assert_eq!(panel.state, PanelState::Sitting);
    let facts = panel.hear(&third, true, true, &submitted(), &on(DAY));
    let facts = facts.expect("on the panel");
    assert!(matches!(
        facts[1],
        PanelFact::PanelClosed {
            experts: 3,
            in_favour: 2,
            ..
        }
    ));
    panel.apply_all(&facts);
    assert_eq!(codes(hear(&mut panel, &third, true)), ["PANEL_ENDED"]);
    assert_eq!(codes(panel.dissolve(&on(DAY))), ["PANEL_ENDED"]);
}

#[test]
fn nobody_is_heard_before_the_draw_or_about_documents_that_have_changed() {
    let mut planned = plan(&of(9), 3).expect("enough experts");
    assert_eq!(
        codes(hear(&mut planned, "E001", true)),
        ["PANEL_NOT_SITTING"]
    );
    let changed = changed();
    let panel = drawn();
    let number = &numbers(&panel)[0];
    let late = on(DAY + 1.day());
    assert_eq!(
        codes(panel.hear(number, true, false, &changed, &late)),
        ["PANEL_OUTDATED"]
    );
    assert_eq!(
        codes(planned.draw(seed(), &of(9).pool, &changed, &late)),
        ["PANEL_OUTDATED"]
    );
    assert!(panel.dissolve(&late).is_ok());
    let other = Context {
        centre: Some(DivisionCode::PROVINCE),
        ..late
    };
    assert_eq!(codes(panel.dissolve(&other)), ["NOT_FILING_AUTHORITY"]);
}

/// The application after a document was given back and corrected.
fn changed() -> Application {
    let mut application = submitted();
    give_back(&mut application, &[DocumentKind::CreditReport]).expect("under assessment");
    let corrected = Command::StoreMaterial(material(DocumentKind::CreditReport, 40));
    act(&mut application, corrected, DAY).expect("given back");
    hand_in(&mut application, DAY).expect("corrected");
    application
}

proptest! {
    #[test]
    fn no_order_of_commands_closes_a_panel_that_is_even_or_on_which_somebody_was_not_heard(
        steps in prop::collection::vec((0..3_usize, 0..9_usize, any::<bool>()), 0..40),
    ) {
        let start = drawn();
        let (mut panel, mut history) = (start.clone(), Vec::new());
        let (application, context) = (submitted(), on(DAY));
        for (kind, number, in_favour) in steps {
            let number = format!("E{:03}", number + 1);
            let facts = match kind {
                0 => panel.hear(&number, in_favour, in_favour, &application, &context),
                1 => panel.excuse(&number, None, &of(9).pool, &application, &context).map(|fact| vec![fact]),
                _ => panel.draw(seed(), &of(9).pool, &application, &context).map(|fact| vec![fact]),
            };
            let Ok(facts) = facts else { continue };
            panel.apply_all(&facts);
            history.extend(facts);
            let sitting: Vec<_> = panel.members.iter().filter(|member| member.sits()).collect();
            prop_assert_eq!(sitting.len(), 3);
            if panel.state == PanelState::Closed {
                prop_assert!(sitting.iter().all(|member| member.voice.is_some()));
            }
        }
        let mut replayed = start;
        replayed.apply_all(&history);
        prop_assert_eq!(replayed, panel, "the facts tell the whole story");
    }
}
