//! All rows or none, and every fault at once.

use jiff::civil::date;

use super::*;
use crate::domain::samples;

const TODAY: Date = date(2020, 5, 18);

fn admit(rows: Vec<Applicant>) -> Result<(Vec<Person>, Fact), Faults> {
    samples::draft().admit(rows, &HashSet::new(), &samples::rules().plan, TODAY)
}

fn told(faults: &Faults) -> Vec<(&str, &'static str)> {
    let fault = |fault: &'_ kernel::rejection::Fault| fault.code;
    faults
        .all()
        .iter()
        .map(|f| (f.field.as_deref().unwrap_or_default(), fault(f)))
        .collect()
}

#[test]
fn all_rows_are_admitted_in_their_order() {
    let rows: Vec<_> = (0..3).map(samples::applicant).collect();
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let (persons, fact) = admit(rows).expect("three adults");
    assert_eq!(
        persons.iter().map(|person| person.id).collect::<Vec<_>>(),
        ids
    );
    let mut plan = samples::draft();
    let before = plan.candidates;
    plan.apply(&fact);
    assert_eq!(plan.candidates, before + 3);
}

#[test]
fn the_faults_of_all_rows_are_told_at_once_and_name_nobody() {
    let mut rows: Vec<_> = (0..6).map(samples::applicant).collect();
    rows[1].citizen_id = CitizenId::parse("370099199001010010");
    rows[2].citizen_id = Ok(samples::born(date(2004, 6, 9), 2));
    rows[3].citizen_id = Ok(samples::citizen(0));
    rows[4].subject = 2;
    rows[5].name = PersonName::parse("张3");
    let enrolled = HashSet::from([samples::citizen(4)]);
    let faults = samples::draft()
        .admit(rows, &enrolled, &samples::rules().plan, TODAY)
        .expect_err("five rows are wrong");
    assert_eq!(
        told(&faults),
        [
            ("candidates[1].citizen_id", "CITIZEN_ID_CHECK"),
            ("candidates[2].citizen_id", "CANDIDATE_UNDER_AGE"),
            ("candidates[3].citizen_id", "CANDIDATE_TWICE_IN_CALL"),
            ("candidates[4].subject", "CANDIDATE_SUBJECT_UNKNOWN"),
            ("candidates[4].citizen_id", "CANDIDATE_ON_ROSTER"),
            ("candidates[5].name", "PERSON_NAME_CHARACTERS"),
        ]
    );
    for fault in faults.all() {
        for text in [&fault.chinese, &fault.english] {
            assert!(!text.contains("3700") && !text.contains("考生甲"), "{text}");
        }
    }
}

#[test]
fn whoever_turns_sixteen_on_the_first_day_is_admitted() {
    let mut row = samples::applicant(0);
    row.citizen_id = Ok(samples::born(date(2004, 6, 8), 1));
    assert_eq!(samples::EXAM_DAY, date(2020, 6, 8));
    admit(vec![row]).expect("sixteen on that day");
}

#[test]
fn whoever_is_not_born_yet_is_not_called_too_young() {
    let mut rows: Vec<_> = (0..2).map(samples::applicant).collect();
    rows[0].citizen_id = Ok(samples::born(date(2020, 5, 18), 1));
    rows[1].citizen_id = Ok(samples::born(date(2020, 5, 19), 1));
    assert_eq!(
        admit(rows).expect_err("children").codes(),
        ["CANDIDATE_UNDER_AGE", "CANDIDATE_NOT_BORN"]
    );
}

#[test]
fn a_call_that_does_not_reach_its_plan_is_told_what_is_wrong_with_its_form() {
    let mut rows: Vec<_> = (0..3).map(samples::applicant).collect();
    rows[0].subject = 99;
    rows[1].citizen_id = Ok(samples::citizen(0));
    rows[2].name = PersonName::parse("");
    let refused = check_form(rows).expect_err("two rows are wrong");
    assert_eq!(
        refused.codes(),
        ["CANDIDATE_TWICE_IN_CALL", "PERSON_NAME_EMPTY"]
    );
    let refused = check_form(Vec::new()).expect_err("empty");
    assert_eq!(refused.codes(), ["ROSTER_CALL_EMPTY"]);
}

#[test]
fn a_call_takes_one_to_five_hundred_rows_into_a_draft() {
    let rows = |count| (0..count).map(samples::applicant).collect::<Vec<_>>();
    assert_eq!(
        admit(rows(0)).expect_err("empty").codes(),
        ["ROSTER_CALL_EMPTY"]
    );
    admit(rows(500)).expect("as many as a call takes");
    assert_eq!(
        admit(rows(501)).expect_err("large").codes(),
        ["ROSTER_CALL_TOO_LARGE"]
    );
    let faults = samples::reported()
        .admit(rows(1), &HashSet::new(), &samples::rules().plan, TODAY)
        .expect_err("reported");
    assert_eq!(faults.codes(), ["PLAN_NOT_DRAFT"]);
}

#[test]
fn a_roster_has_an_end() {
    let mut plan = samples::draft();
    plan.candidates = MOST_CANDIDATES - 1;
    let admit = |count| {
        let rows = (0..count).map(samples::applicant).collect();
        plan.admit(rows, &HashSet::new(), &samples::rules().plan, TODAY)
    };
    admit(1).expect("the last one");
    assert_eq!(admit(2).expect_err("full").codes(), ["ROSTER_FULL"]);
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
