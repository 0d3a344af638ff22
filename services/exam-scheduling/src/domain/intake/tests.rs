//! Every row with every fault, and none that names anybody.

use jiff::civil::date;
use kernel::certificate_number::CertificateNumber;
use kernel::citizen_id::CitizenId;
use kernel::level::Level;
use kernel::person_name::PersonName;

use super::*;
use crate::domain::samples;

const TODAY: Date = date(2020, 5, 18);

fn judge(rows: Vec<Applicant>, known: &Known, source: Source, rules: &Rules) -> Vec<Judged> {
    let plan = samples::draft();
    let conditions = plan.subjects.iter();
    let conditions: Vec<_> = conditions
        .map(|subject| Conditions::in_force(None, subject.level, samples::EXAM_DAY))
        .collect();
    let intake = Intake {
        rules,
        conditions: &conditions,
        known,
        today: TODAY,
        source,
    };
    plan.judge(rows, &intake).expect("a draft with sessions")
}

fn in_a_call(rows: Vec<Applicant>, known: &Known) -> Result<(), Faults> {
    let judged = judge(rows, known, Source::Call, &samples::rules());
    all_or_none(&judged, |row, field| format!("candidates[{row}].{field}"))
}

fn told(faults: &Faults) -> Vec<(&str, &'static str)> {
    let field = |fault: &'_ kernel::rejection::Fault| fault.code;
    let all = faults.all().iter();
    all.map(|fault| (fault.field.as_deref().unwrap_or_default(), field(fault)))
        .collect()
}

fn rows(count: u16) -> Vec<Applicant> {
    (0..count).map(samples::applicant).collect()
}

#[test]
fn the_faults_of_all_rows_are_told_at_once_and_name_nobody() {
    let mut rows = rows(9);
    rows[1].document = None;
    let unread = CitizenId::parse("370099199001010010");
    rows[1].faults.take("citizen_id", unread);
    rows[2].document = Some(samples::born(date(2004, 6, 9), 2));
    rows[3].document = Some(samples::citizen(0));
    rows[4].subject = Some(2);
    rows[5].name = None;
    rows[5].faults.take("name", PersonName::parse("张3"));
    let claim = rows[8].claim.as_mut().expect("a claim");
    (claim.pledged, claim.apprenticeship) = (false, false);
    let known = Known {
        enrolled: [(samples::citizen(4), samples::candidate_id(99))].into(),
        elsewhere: [(samples::citizen(6), 0), (samples::citizen(0), 1)].into(),
        banned: [
            (samples::citizen(7), date(2020, 12, 31)),
            (samples::citizen(6), date(2019, 12, 31)),
        ]
        .into(),
        ..Known::default()
    };
    let faults = in_a_call(rows, &known).expect_err("eight rows are wrong");
    assert_eq!(
        told(&faults),
        [
            ("candidates[1].citizen_id", "CITIZEN_ID_CHECK"),
            ("candidates[2].citizen_id", "CANDIDATE_UNDER_AGE"),
            ("candidates[3].citizen_id", "CANDIDATE_TWICE_IN_CALL"),
            ("candidates[4].subject", "CANDIDATE_SUBJECT_UNKNOWN"),
            ("candidates[4].citizen_id", "CANDIDATE_ON_ROSTER"),
            ("candidates[5].name", "PERSON_NAME_CHARACTERS"),
            ("candidates[6].citizen_id", "CANDIDATE_REGISTERED_ELSEWHERE"),
            ("candidates[7].citizen_id", "CANDIDATE_BANNED"),
            ("candidates[8].claim.pledged", "ELIGIBILITY_PLEDGE_MISSING"),
            (
                "candidates[8].claim.apprenticeship",
                "ELIGIBILITY_APPRENTICESHIP_MISSING"
            ),
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
    let mut rows = rows(1);
    rows[0].document = Some(samples::born(date(2004, 6, 8), 1));
    assert_eq!(samples::EXAM_DAY, date(2020, 6, 8));
    in_a_call(rows, &Known::default()).expect("sixteen on that day");
}

#[test]
fn whoever_is_not_born_yet_is_not_called_too_young() {
    let mut rows = rows(2);
    rows[0].document = Some(samples::born(date(2020, 5, 18), 1));
    rows[1].document = Some(samples::born(date(2020, 5, 19), 1));
    let refused = in_a_call(rows, &Known::default()).expect_err("children");
    assert_eq!(
        refused.codes(),
        ["CANDIDATE_UNDER_AGE", "CANDIDATE_NOT_BORN"]
    );
}

#[test]
fn a_setting_makes_a_warning_of_a_registration_elsewhere() {
    let known = Known {
        elsewhere: [(samples::citizen(0), 0)].into(),
        ..Known::default()
    };
    let mut rules = samples::rules();
    rules.candidates.registered_elsewhere = Strictness::Warn;
    let judged = judge(rows(2), &known, Source::Call, &rules);
    let warned: Vec<_> = judged
        .iter()
        .map(|row| row.warnings.as_ref().map_or_else(Vec::new, Faults::codes))
        .collect();
    assert_eq!(warned, [vec!["CANDIDATE_REGISTERED_ELSEWHERE"], Vec::new()]);
    let admitted = |row: &Judged| matches!(row.verdict, Verdict::Admitted(_));
    assert!(judged.iter().all(admitted));
}

#[test]
fn the_same_row_again_changes_nothing_in_a_file_and_is_refused_in_a_call() {
    let known = Known {
        enrolled: (0..2)
            .map(|number| (samples::citizen(number), samples::candidate_id(99)))
            .collect(),
        unchanged: [samples::candidate_id(0)].into(),
        ..Known::default()
    };
    let judged = judge(rows(2), &known, Source::File, &samples::rules());
    assert!(matches!(judged[0].verdict, Verdict::Unchanged(id) if id == samples::candidate_id(99)));
    assert!(matches!(judged[1].verdict, Verdict::Refused(_)));
    let refused = in_a_call(rows(2), &known).expect_err("on the roster");
    assert_eq!(refused.codes(), ["CANDIDATE_ON_ROSTER"; 2]);
}

#[test]
fn a_person_who_is_in_a_file_twice_is_told_by_the_numbers_of_its_rows() {
    let mut rows = rows(2);
    (rows[0].number, rows[1].number) = (2, 7);
    rows[1].document = Some(samples::citizen(0));
    let judged = judge(rows, &Known::default(), Source::File, &samples::rules());
    let Verdict::Refused(refused) = &judged[1].verdict else {
        panic!("{judged:?}");
    };
    assert_eq!(refused.codes(), ["CANDIDATE_TWICE_IN_FILE"]);
    assert!(refused.leading().english.ends_with("row 2"));
}

#[test]
fn a_call_that_does_not_reach_its_plan_is_told_what_is_wrong_with_its_form() {
    let mut rows = rows(3);
    rows[0].subject = Some(99);
    rows[1].document = Some(samples::citizen(0));
    rows[2].faults.take("name", PersonName::parse(""));
    let refused = all_or_none(&judge_form(rows), |_, field| field.to_owned());
    assert_eq!(
        refused.expect_err("two rows are wrong").codes(),
        ["CANDIDATE_TWICE_IN_CALL", "PERSON_NAME_EMPTY"]
    );
}

#[test]
fn a_call_takes_one_to_five_hundred_rows_into_a_draft() {
    for (count, codes) in [
        (0, &["ROSTER_CALL_EMPTY"][..]),
        (1, &[]),
        (500, &[]),
        (501, &["ROSTER_CALL_TOO_LARGE"]),
    ] {
        let told = check_size(count).err();
        assert_eq!(told.map_or_else(Vec::new, |told| told.codes()), codes);
    }
    let rules = samples::rules();
    let intake = Intake {
        rules: &rules,
        conditions: &[],
        known: &Known::default(),
        today: TODAY,
        source: Source::Call,
    };
    let reported = samples::reported().judge(rows(1), &intake);
    assert_eq!(reported.expect_err("reported").codes(), ["PLAN_NOT_DRAFT"]);
}

#[test]
fn a_claim_is_judged_once_more_by_the_day_as_it_is_now() {
    let mut plan = samples::draft();
    let rules = samples::rules();
    let claim = Claim {
        rule: "18-5a".to_owned(),
        work_years: 10,
        ..samples::applicant(0).claim.expect("a claim")
    };
    let document = samples::born(date(1994, 6, 8), 1);
    let meets = |plan: &Plan, conditions: &[Conditions]| {
        let moment = StillMeets {
            document: &document,
            conditions,
            rules: &rules,
            today: TODAY,
        };
        plan.still_meets(0, &claim, &moment)
    };
    let conditions = Conditions::in_force(None, Level::Five, samples::EXAM_DAY);
    let conditions = [conditions];
    assert!(
        meets(&plan, &conditions),
        "26 on that day, ten years of work"
    );
    for session in &mut plan.sessions {
        session.held_on = date(2020, 6, 7);
    }
    assert!(
        !meets(&plan, &conditions),
        "ten years are too many on the day before"
    );
    assert!(!meets(&plan, &[]), "no rules at all");
}

#[test]
fn whoever_holds_the_level_is_warned_about_or_refused_as_the_setting_says() {
    let held = Holding {
        number: CertificateNumber::parse("S000037100001194000001").expect("a number"),
        occupation: samples::draft().subjects[0].occupation,
        trade: samples::draft().subjects[0].trade.clone(),
        level: Level::Four,
        issued_on: date(2019, 7, 1),
        valid: true,
    };
    let known = Known {
        holdings: [(samples::citizen(0), vec![held])].into(),
        ..Known::default()
    };
    let mut rules = samples::rules();
    let warned = judge(rows(2), &known, Source::Call, &rules);
    all_or_none(&warned, |_, of| of.to_owned()).expect("warned about alone");
    let warnings: Vec<_> = warned.iter().map(|row| row.warnings.as_ref()).collect();
    assert_eq!(
        warnings[0].expect("a warning").codes(),
        ["CANDIDATE_LEVEL_HELD"]
    );
    assert!(warnings[1].is_none());
    rules.candidates.level_held = Strictness::Refuse;
    let refused = judge(rows(2), &known, Source::Call, &rules);
    let refused = all_or_none(&refused, |row, of| format!("{row}.{of}"));
    let refused = refused.expect_err("refused");
    assert_eq!(told(&refused), [("0.citizen_id", "CANDIDATE_LEVEL_HELD")]);
}
