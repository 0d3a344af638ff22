//! Who fits on a roster, and who leaves it.

use jiff::civil::date;

use super::*;
use crate::domain::eligibility::Conditions;
use crate::domain::intake::{Intake, Known, Source, Verdict};
use crate::domain::samples;

/// So many people whom a draft admits.
fn persons(plan: &Plan, count: u16) -> Vec<Person> {
    let rules = samples::rules();
    let conditions = plan.subjects.iter();
    let conditions: Vec<_> = conditions
        .map(|subject| Conditions::in_force(None, subject.level, samples::EXAM_DAY))
        .collect();
    let intake = Intake {
        rules: &rules,
        conditions: &conditions,
        known: &Known::default(),
        today: date(2020, 5, 18),
        source: Source::Call,
    };
    let rows = (0..count).map(samples::applicant).collect();
    let judged = plan.judge(rows, &intake).expect("a draft").into_iter();
    judged
        .map(|row| match row.verdict {
            Verdict::Admitted(person) => *person,
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn those_admitted_are_counted_and_a_roster_has_an_end() {
    let mut plan = samples::draft();
    let three = persons(&plan, 3);
    let fact = plan.admit(&three).expect("three adults").expect("a fact");
    let before = plan.candidates;
    plan.apply(&fact);
    assert_eq!(plan.candidates, before + 3);
    assert_eq!(plan.admit(&[]), Ok(None));

    plan.candidates = MOST_CANDIDATES - 3;
    assert!(plan.admit(&three).is_ok(), "the last ones");
    plan.candidates += 1;
    assert_eq!(
        plan.admit(&three).expect_err("full").codes(),
        ["ROSTER_FULL"]
    );
    let reported = samples::reported().admit(&three).expect_err("reported");
    assert_eq!(reported.codes(), ["PLAN_NOT_DRAFT"]);
}

#[test]
fn a_fact_says_which_rule_was_claimed_and_nothing_else_of_the_claim() {
    let plan = samples::draft();
    let fact = plan
        .admit(&persons(&plan, 1))
        .expect("one")
        .expect("a fact");
    let json = serde_json::to_string(&fact).expect("facts serialise");
    assert!(json.contains(r#""rule":"18-5b""#), "{json}");
    assert!(
        !json.contains("pledged") && !json.contains("370099"),
        "{json}"
    );
}

#[test]
fn a_candidate_is_removed_from_a_draft_alone() {
    let mut plan = samples::draft();
    let id = samples::candidate_id(1);
    let fact = plan.remove_candidate(id, true).expect("a draft");
    plan.apply(&fact);
    assert_eq!(plan.candidates, 1);
    for (plan, on_roster, code) in [
        (plan, false, "CANDIDATE_NOT_FOUND"),
        (samples::reported(), true, "PLAN_NOT_DRAFT"),
        (samples::held(), true, "PLAN_NOT_DRAFT"),
    ] {
        let refused = plan.remove_candidate(id, on_roster).expect_err(code);
        assert_eq!(refused.codes(), [code]);
    }
}

#[test]
fn a_ticket_number_is_the_year_and_nine_digits() {
    let ticket = TicketNumber::new(date(2020, 5, 18), 42);
    assert_eq!(ticket.as_str(), "2020000000042");
    assert_eq!(TicketNumber::parse(ticket.as_str()), Some(ticket));
    for text in ["", "202000000004", "20200000000423", "2020 00000004"] {
        assert_eq!(TicketNumber::parse(text), None);
    }
}
