//! Every way from one stage of a plan to another, and those that are closed.

use jiff::civil::date;

use super::*;
use crate::domain::samples;

/// A working day between the latest day of report and the exam.
const LATE: DateTime = date(2020, 6, 4).at(9, 0, 0, 0);
/// Early enough.
const EARLY: DateTime = date(2020, 5, 25).at(9, 0, 0, 0);

fn qingdao() -> DivisionCode {
    DivisionCode::parse("370200").expect("Qingdao")
}

fn reopened() -> Plan {
    let mut plan = samples::reported();
    plan.apply(&plan.reopen(LATE).expect("before the exam"));
    plan
}

/// A report of the plan as it is now, made on a day.
fn report_of(plan: &Plan, on: DateTime) -> Report {
    Report {
        received_on: on.date(),
        terms: plan.terms(&[]),
        ..samples::reported().report_made().expect("reported").clone()
    }
}

fn in_force(plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    let report = report_of(&plan, EARLY);
    plan.stage = Stage::Reported(report);
    plan
}

#[test]
fn the_filing_centre_returns_a_plan_and_nobody_else_does() {
    let mut plan = samples::reported();
    let fact = plan.return_for(vec![Matter::Staff], samples::weihai(), LATE);
    plan.apply(&fact.expect("before the exam"));
    assert!(matches!(plan.stage, Stage::Reopened(..)));
    assert!(plan.must_be_draft().is_ok(), "it is changed like a draft");
    let codes = |plan: &Plan, centre| {
        let refused = plan.return_for(vec![Matter::Staff], centre, LATE);
        refused.expect_err("refused").codes()
    };
    assert_eq!(codes(&plan, samples::weihai()), ["PLAN_UNDER_CHANGE"]);
    let reported = samples::reported();
    assert_eq!(codes(&reported, qingdao()), ["PLAN_NOT_FILING_CENTRE"]);
    assert_eq!(
        codes(&samples::draft(), samples::weihai()),
        ["PLAN_NOT_REPORTED"]
    );
    assert_eq!(
        codes(&samples::held(), samples::weihai()),
        ["ROSTER_LOCKED"]
    );
}

#[test]
fn a_plan_whose_first_session_has_begun_stands_as_it_is() {
    let plan = samples::reported();
    let begun = plan.sessions[0].begins();
    let before = begun - jiff::SignedDuration::from_secs(1);
    let begun_code = ["PLAN_BEGUN"];
    assert!(plan.reopen(before).is_ok() && plan.withdraw(before).is_ok());
    assert_eq!(plan.reopen(begun).expect_err("begun").codes(), begun_code);
    assert_eq!(plan.withdraw(begun).expect_err("begun").codes(), begun_code);
    let returned = plan.return_for(vec![Matter::Process], samples::weihai(), begun);
    assert_eq!(returned.expect_err("begun").codes(), begun_code);
    assert!(
        reopened().withdraw(begun).is_ok(),
        "it cannot be held any more"
    );
}

#[test]
fn a_new_date_venue_or_roster_takes_consent_when_it_is_late_for_either_exam() {
    let mut plan = in_force(&samples::draft());
    plan.apply(&plan.reopen(LATE).expect("before the exam"));
    assert!(
        !plan.takes_consent(&report_of(&plan, LATE)),
        "nothing is new"
    );
    let changes: [fn(&mut Plan); 4] = [
        |plan| plan.sessions[0].held_on = samples::LATER,
        |plan| plan.sessions[0].starts_at = samples::theory().ends_at,
        |plan| plan.sessions[0].room.push('x'),
        |plan| plan.sessions[1].seats += 1,
    ];
    for change in changes {
        let mut changed = plan.clone();
        change(&mut changed);
        assert!(changed.takes_consent(&report_of(&changed, LATE)));
        assert!(!changed.takes_consent(&report_of(&changed, EARLY)));
        assert!(!samples::draft().takes_consent(&report_of(&changed, LATE)));
    }
    let mut replaced = plan.clone();
    replaced.sessions[1].staff[0] = samples::staff(crate::domain::session::StaffRole::Examiner, 77);
    assert!(
        !replaced.takes_consent(&report_of(&replaced, LATE)),
        "staff do not"
    );
    let mut report = report_of(&plan, LATE);
    report.terms.roster = ContentHash::of_bytes(b"others");
    assert!(plan.takes_consent(&report), "candidates do");
}

#[test]
fn consent_is_given_to_what_was_seen_by_the_filing_centre_and_before_the_exam() {
    let mut plan = reopened();
    let Stage::Reopened(report, before) = plan.stage.clone() else {
        unreachable!("it was reopened")
    };
    plan.stage = Stage::Awaiting(report.clone(), before);
    let refused = |seen, centre, now| {
        plan.consent(seen, centre, now)
            .expect_err("refused")
            .codes()
    };
    let weihai = samples::weihai();
    let other = ContentHash::of_bytes(b"other");
    assert_eq!(refused(other, weihai, LATE), ["PLAN_HASH_OTHER"]);
    let seen = report.plan_hash;
    assert_eq!(refused(seen, qingdao(), LATE), ["PLAN_NOT_FILING_CENTRE"]);
    let begun = plan.sessions[0].begins();
    assert_eq!(refused(seen, weihai, begun), ["PLAN_BEGUN"]);
    let fact = plan.consent(seen, weihai, LATE).expect("in time");
    plan.apply(&fact);
    let stands = plan.report_made().expect("in force");
    assert_eq!(stands.consented_on, Some(LATE.date()));
    assert!(matches!(plan.stage, Stage::Reported(_)));
    let again = plan.consent(seen, weihai, LATE).expect_err("given");
    assert_eq!(again.codes(), ["PLAN_NOTHING_TO_CONSENT"]);
}

#[test]
fn nothing_happens_to_a_withdrawn_plan() {
    let mut plan = samples::reported();
    plan.apply(&plan.withdraw(EARLY).expect("before the exam"));
    assert!(matches!(plan.stage, Stage::Withdrawn(_)));
    let codes = [
        plan.withdraw(EARLY).expect_err("withdrawn").codes(),
        plan.reopen(EARLY).expect_err("withdrawn").codes(),
        plan.must_be_draft().expect_err("withdrawn").codes(),
        plan.must_be_under_way().expect_err("withdrawn").codes(),
    ];
    assert_eq!(codes.concat(), ["PLAN_WITHDRAWN"; 4]);
    let report = plan.report_made().expect("it was reported");
    assert_eq!(InForce::of(report).latest, report.deadline.date);
}
