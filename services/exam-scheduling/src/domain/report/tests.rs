//! Reports in time and whole, and every reason why one is not.

use jiff::civil::date;
use uuid::Uuid;

use super::*;
use crate::domain::assignment::{NotAssignable, StaffQuestion};
use crate::domain::plan::Stage;
use crate::domain::samples::{self, EXAM_DAY};
use crate::domain::session::Session;

/// The 5th working day before Monday 2020-06-08.
const LATEST: Date = date(2020, 6, 1);

fn held(version: u64) -> RightHeld {
    RightHeld {
        right_id: RightId::from_uuid(Uuid::from_u128(5)),
        organization_version: version,
        organization_code: EvaluationOrganizationCode::for_shandong("10", 1).expect("a code"),
        filing_division: samples::weihai(),
    }
}

fn yes(plan: &Plan) -> Vec<RightAnswer> {
    let answer = |question| RightAnswer {
        question,
        right: Ok(held(3)),
    };
    plan.rights_to_ask().into_iter().map(answer).collect()
}

fn held_on(day: Date) -> Plan {
    let mut plan = samples::draft();
    for session in &mut plan.sessions {
        session.held_on = day;
    }
    plan
}

fn all_may(plan: &Plan) -> Vec<StaffAnswer> {
    let answer = |question| StaffAnswer {
        question,
        verdict: Ok(()),
    };
    plan.staff_to_ask().into_iter().map(answer).collect()
}

fn report_on(plan: &Plan, today: Date, rights: &[RightAnswer]) -> Result<Fact, Faults> {
    report_with(plan, today, rights, &all_may(plan))
}

fn report_with(
    plan: &Plan,
    today: Date,
    rights: &[RightAnswer],
    staff: &[StaffAnswer],
) -> Result<Fact, Faults> {
    let roster: Vec<_> = (0..plan.candidates.into())
        .map(samples::candidate)
        .collect();
    plan.report(&ReportContext {
        now: today.at(9, 0, 0, 0),
        calendar: Calendar::supplied(),
        pilot: &Pilot::supplied(),
        rules: &samples::rules(),
        rights,
        staff,
        rooms: &samples::rooms(),
        elsewhere: &Elsewhere::default(),
        roster: &roster,
        under_age: 0,
        ineligible: 0,
        receipt_id: ReceiptId::from_uuid(Uuid::from_u128(9)),
    })
}

fn codes_of(plan: &Plan) -> Vec<&'static str> {
    report_on(plan, LATEST, &yes(plan))
        .expect_err("refused")
        .codes()
}

#[test]
fn a_plan_in_time_has_a_receipt_that_explains_the_day() {
    let mut plan = samples::draft();
    let fact = report_on(&plan, LATEST, &yes(&plan)).expect("on the last day");
    plan.apply(&fact);
    let report = plan.report_made().expect("a plan that is reported").clone();
    assert_eq!((report.received_on, report.deadline.date), (LATEST, LATEST));
    assert_eq!(plan.stage, Stage::Reported(report.clone()));
    let right = |subject| HeldRight {
        subject,
        division: samples::weihai(),
        on: EXAM_DAY,
        right_id: held(3).right_id,
    };
    let expected = Fact::PlanReported {
        takes_consent: false,
        report,
        first_session_on: EXAM_DAY,
        candidates: 2,
        rights: vec![right(0), right(1)],
        organization_version: 3,
        rooms: samples::rooms().iter().map(|room| room.id).collect(),
    };
    assert_eq!(fact, expected);
}

#[test]
fn a_day_later_it_is_too_late_and_the_refusal_says_why() {
    let plan = samples::draft();
    let late = LATEST.tomorrow().expect("a day later");
    let faults = report_on(&plan, late, &yes(&plan)).expect_err("too late");
    assert_eq!(faults.codes(), ["PLAN_TOO_LATE"]);
    let fault = faults.leading();
    assert_eq!(fault.rule, "notice 4.1");
    for text in [&fault.chinese, &fault.english] {
        assert!(
            text.contains("2020-06-01") && text.contains("2020-06-08"),
            "{text}"
        );
    }
}

#[test]
fn holidays_and_make_up_days_count_as_the_calendar_says() {
    // The Dragon Boat Festival of 2020: off from Thursday 25 June, worked on Sunday the 28th.
    // The National Day of 2020: off from Thursday 1 October to the 8th, worked on Sunday before.
    for (exam, latest) in [
        // 28, 24, 23, 22 and 19 June
        (date(2020, 6, 29), date(2020, 6, 19)),
        // 30, 29, 28, 27 and 25 September
        (date(2020, 10, 9), date(2020, 9, 25)),
    ] {
        let plan = held_on(exam);
        let rights = yes(&plan);
        report_on(&plan, latest, &rights).expect("on the fifth working day before");
        let next = latest.tomorrow().expect("a day later");
        let late = report_on(&plan, next, &rights).expect_err("a day too late");
        assert_eq!(late.codes(), ["PLAN_TOO_LATE"], "{exam}");
    }
}

#[test]
fn a_day_that_is_over_is_too_late() {
    let plan = held_on(date(2020, 5, 4));
    assert_eq!(codes_of(&plan), ["PLAN_TOO_LATE"]);
}

#[test]
fn a_year_without_a_calendar_is_named() {
    for (exam, year) in [
        (date(2031, 6, 9), "2031"),
        // Counted back into the year before, and out of the year after.
        (date(2020, 1, 3), "2019"),
        (date(2027, 1, 4), "2027"),
        (date(9999, 12, 31), "9999"),
    ] {
        let plan = held_on(exam);
        let faults = report_on(&plan, LATEST, &yes(&plan)).expect_err("nobody knows");
        assert_eq!(faults.codes(), ["CALENDAR_YEAR_MISSING"], "{exam}");
        assert!(faults.leading().english.contains(year), "{exam}");
    }
}

#[test]
fn all_that_is_missing_is_told_at_once() {
    let mut plan = samples::draft();
    plan.candidates = 0;
    plan.sessions = vec![Session {
        staff: Vec::new(),
        ..samples::theory()
    }];
    assert_eq!(
        codes_of(&plan),
        [
            "PLAN_ROSTER_EMPTY",
            "PLAN_PART_MISSING",
            "SESSION_TOO_FEW_INVIGILATORS",
            "PLAN_SUPERVISOR_MISSING",
        ]
    );
}

#[test]
fn every_part_seats_the_whole_roster_in_all_its_sessions_together() {
    let mut plan = samples::draft();
    plan.sessions[1].seats = 1;
    assert_eq!(codes_of(&plan), ["PLAN_SEATS_SHORT"]);
    let second = Session {
        id: samples::session_id(30),
        held_on: date(2020, 6, 9),
        ..plan.sessions[1].clone()
    };
    plan.sessions.push(second);
    report_on(&plan, LATEST, &yes(&plan)).expect("one seat each on two days");
}

#[test]
fn somebody_supervises() {
    let mut plan = samples::draft();
    for session in &mut plan.sessions {
        session
            .staff
            .retain(|staff| staff.role != StaffRole::QualitySupervisor);
    }
    assert_eq!(codes_of(&plan), ["PLAN_SUPERVISOR_MISSING"]);
}

#[test]
fn a_panel_with_an_even_number_is_refused_at_its_session() {
    let mut plan = samples::draft();
    plan.sessions[1]
        .staff
        .push(samples::staff(StaffRole::Examiner, 90));
    let faults = report_on(&plan, LATEST, &yes(&plan)).expect_err("four examiners");
    assert_eq!(faults.codes(), ["SESSION_EXAMINERS_EVEN"]);
    assert_eq!(faults.leading().field.as_deref(), Some("sessions[1].staff"));
}

#[test]
fn candidates_who_became_too_young_or_no_longer_meet_their_rule_are_counted() {
    let plan = samples::draft();
    let rights = yes(&plan);
    let refused = plan.report(&ReportContext {
        now: LATEST.at(9, 0, 0, 0),
        calendar: Calendar::supplied(),
        pilot: &Pilot::supplied(),
        rules: &samples::rules(),
        rights: &rights,
        staff: &all_may(&plan),
        rooms: &samples::rooms(),
        elsewhere: &Elsewhere::default(),
        roster: &[],
        under_age: 2,
        ineligible: 1,
        receipt_id: ReceiptId::from_uuid(Uuid::from_u128(9)),
    });
    assert_eq!(
        refused.expect_err("two children and another").codes(),
        ["PLAN_CANDIDATES_UNDER_AGE", "PLAN_CANDIDATES_INELIGIBLE"]
    );
}

#[test]
fn every_subject_is_asked_for_wherever_and_whenever_there_is_a_session() {
    let mut plan = samples::draft();
    let jinan = DivisionCode::parse("370100").expect("Jinan");
    plan.sessions[1].division = jinan;
    plan.sessions[1].held_on = samples::LATER;
    let asked: Vec<_> = plan
        .rights_to_ask()
        .iter()
        .map(|question| (question.subject, question.division, question.on))
        .collect();
    let expected = [0, 1].map(|subject| {
        [
            (subject, jinan, samples::LATER),
            (subject, samples::weihai(), EXAM_DAY),
        ]
    });
    assert_eq!(asked, expected.concat());

    let mut rights = yes(&plan);
    rights[2].right = Err(NoRight {
        zh: "该等级不在评价范围内".to_owned(),
        en: "the level was not granted".to_owned(),
    });
    let faults = report_on(&plan, LATEST, &rights).expect_err("one is missing");
    assert_eq!(
        faults.codes(),
        ["PLAN_ROOM_ELSEWHERE", "PLAN_RIGHT_MISSING"]
    );
    let fault = &faults.all()[1];
    assert_eq!(fault.field.as_deref(), Some("subjects[1]"));
    for told in ["370100", "2020-06-09"] {
        assert!(fault.english.contains(told) && fault.chinese.contains(told));
    }
    assert!(fault.chinese.ends_with("：该等级不在评价范围内"));
    assert!(fault.english.ends_with(": the level was not granted"));
}

#[test]
fn no_answer_is_never_a_yes() {
    let plan = samples::draft();
    let mut rights = yes(&plan);
    rights.pop();
    let codes = report_on(&plan, LATEST, &rights)
        .expect_err("a question is open")
        .codes();
    assert_eq!(codes, ["PLAN_RIGHTS_OUTDATED"]);
}

#[test]
fn answers_of_two_versions_of_the_organisation_do_not_make_one() {
    let plan = samples::draft();
    let mut rights = yes(&plan);
    rights[1].right = Ok(held(4));
    let codes = report_on(&plan, LATEST, &rights)
        .expect_err("it changed in between")
        .codes();
    assert_eq!(codes, ["PLAN_RIGHTS_OUTDATED"]);
}

#[test]
fn a_plan_is_reported_once() {
    let plan = samples::reported();
    assert!(plan.rights_to_ask().is_empty());
    assert_eq!(codes_of(&plan), ["PLAN_NOT_DRAFT"]);
}

fn refused(question: StaffQuestion) -> StaffAnswer {
    StaffAnswer {
        question,
        verdict: Err(NotAssignable {
            reason: "CARD_EXPIRED".to_owned(),
            zh: "该证卡有效期至 2020-01-01".to_owned(),
            en: "the card was valid until 2020-01-01".to_owned(),
        }),
    }
}

/// The answers, with no to those that the condition holds for.
fn some_may_not(plan: &Plan, no: impl Fn(&StaffQuestion) -> bool) -> Vec<StaffAnswer> {
    let answers = all_may(plan).into_iter();
    answers
        .map(|answer| {
            if no(&answer.question) {
                refused(answer.question)
            } else {
                answer
            }
        })
        .collect()
}

#[test]
fn staff_that_may_not_be_assigned_are_told_each_at_its_place() {
    let plan = samples::draft();
    let judged = |staff: &[StaffAnswer]| {
        let faults = report_with(&plan, LATEST, &yes(&plan), staff).expect_err("refused");
        let fault = |fault: &kernel::rejection::Fault| {
            (fault.field.clone().unwrap_or_default(), fault.code)
        };
        faults.all().iter().map(fault).collect::<Vec<_>>()
    };
    let invigilator = plan.sessions[0].staff[1].id;
    assert_eq!(
        judged(&some_may_not(&plan, |asked| asked.staff == invigilator)),
        [(
            "sessions[0].staff[1]".to_owned(),
            "PLAN_STAFF_NOT_ASSIGNABLE"
        )]
    );
    let examiner = plan.sessions[1].staff[2].id;
    assert_eq!(
        judged(&some_may_not(&plan, |asked| asked.staff == examiner)),
        [(
            "sessions[1].staff[2]".to_owned(),
            "PLAN_STAFF_NOT_ASSIGNABLE"
        )]
    );
    // Each of them may examine the one subject, none the other.
    assert_eq!(
        judged(&some_may_not(&plan, |asked| asked.subject == Some(1))),
        [("subjects[1]".to_owned(), "PLAN_SUBJECT_WITHOUT_EXAMINER")]
    );
    let faults = report_with(
        &plan,
        LATEST,
        &yes(&plan),
        &some_may_not(&plan, |asked| asked.staff == invigilator),
    );
    assert!(
        faults
            .expect_err("refused")
            .leading()
            .english
            .contains("CARD_EXPIRED")
    );
}

#[test]
fn an_examiner_for_one_of_the_subjects_is_enough_for_each() {
    let plan = samples::draft();
    let first = plan.sessions[1].staff[0].id;
    let others_do_the_first_alone = some_may_not(&plan, |asked| {
        asked.subject == Some(1) && asked.staff != first
    });
    report_with(&plan, LATEST, &yes(&plan), &others_do_the_first_alone).expect("reported");
}

#[test]
fn staff_that_was_changed_since_the_register_was_asked_is_asked_about_again() {
    let plan = samples::draft();
    let stale = report_with(&plan, LATEST, &yes(&plan), &all_may(&plan)[1..]);
    assert_eq!(
        stale.expect_err("refused").codes(),
        ["PLAN_RIGHTS_OUTDATED"]
    );
}
