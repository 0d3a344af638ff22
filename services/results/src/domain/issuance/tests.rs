use kernel::level::Level;
use proptest::prelude::*;

use super::*;
use crate::domain::samples::{TODAY, approved, code, right, subjects};

fn answer(subject: u16, on: Date, right: Result<GrantedRight, NoRight>) -> RightAnswer {
    RightAnswer { subject, on, right }
}

#[test]
fn numbers_go_by_level_and_ticket_and_follow_those_given_before() {
    let rows = vec![approved(3, 1), approved(2, 0), approved(1, 0)];
    let mut counters = BTreeMap::from([(Level::Five, Counter { allocated: 40 })]);
    let numbered = assign_numbers(rows, &subjects(), &code(), 2020, &mut counters);
    let numbered = numbered.expect("numbers are left");
    let given: Vec<_> = numbered
        .iter()
        .map(|(_, number)| number.to_string())
        .collect();
    assert_eq!(
        given,
        [
            "S000037100001205000041",
            "S000037100001205000042",
            "S000037100001204000001"
        ]
    );
    assert_eq!(numbered[0].0.ticket_number, approved(1, 0).ticket_number);
    assert_eq!(counters[&Level::Five].allocated, 42);
    assert_eq!(counters[&Level::Four].allocated, 1);
}

#[test]
fn no_number_is_given_beyond_the_last() {
    let mut counter = Counter {
        allocated: LAST_SEQUENCE - 1,
    };
    assert_eq!(counter.take(2), Err(IssuanceRejection::NumbersUsedUp));
    assert_eq!(counter.take(1), Ok(LAST_SEQUENCE..LAST_SEQUENCE + 1));
    assert_eq!(counter.take(1), Err(IssuanceRejection::NumbersUsedUp));
}

#[test]
fn every_no_of_the_register_is_told_and_the_newest_yes_counts() {
    let exam_day = TODAY.yesterday().expect("a day before");
    let newer = GrantedRight {
        organization_version: 8,
        ..right()
    };
    let held = vec![
        answer(0, exam_day, Ok(right())),
        answer(0, TODAY, Ok(newer.clone())),
    ];
    let rights = Rights::judge(TODAY, held).expect("held on both days");
    assert_eq!(rights.of(0, TODAY), Ok(&newer));

    let no = || {
        Err(NoRight {
            zh: "该等级不在评价范围内".to_owned(),
            en: "the level was not granted".to_owned(),
        })
    };
    let refused = Rights::judge(
        TODAY,
        vec![answer(0, exam_day, no()), answer(1, TODAY, no())],
    );
    let refused = refused.expect_err("not held");
    assert_eq!(refused.codes(), ["RIGHT_NOT_HELD", "RIGHT_NOT_HELD"]);
    assert!(refused.all()[0].english.contains("2020-07-05"));
}

#[test]
fn an_answer_of_yesterday_or_about_something_else_is_no_answer() {
    let rights = Rights::judge(TODAY, vec![answer(0, TODAY, Ok(right()))]).expect("held");
    let tomorrow = TODAY.tomorrow().expect("a day after");
    assert_eq!(rights.of(0, tomorrow), Err(IssuanceRejection::DayChanged));
    assert_eq!(rights.of(1, TODAY), Err(IssuanceRejection::DayChanged));
}

#[test]
fn an_issuance_is_over_the_rows_as_they_are() {
    let nothing = IssuanceContent::propose(&[]);
    assert_eq!(nothing, Err(IssuanceRejection::NothingToIssue));
    let rows = [approved(1, 0), approved(2, 1)];
    let content = IssuanceContent::propose(&rows).expect("two rows");
    assert_eq!(IssuanceContent::over(&rows).hash(), content.hash());
    assert_ne!(IssuanceContent::over(&rows[..1]).hash(), content.hash());
}

proptest! {
    #[test]
    fn ranges_are_gapless_and_never_overlap(counts in prop::collection::vec(0_u32..2000, 1..40)) {
        let mut counter = Counter { allocated: 0 };
        let mut next = 1;
        for count in counts {
            let range = counter.take(count).expect("far from the last");
            prop_assert_eq!(range.start, next);
            next = range.end;
            prop_assert_eq!(counter.allocated, next - 1);
        }
    }
}
