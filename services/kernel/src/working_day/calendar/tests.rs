//! The test vectors of the reference (domain.md, section 7), and what holds for every day.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;

fn ends(opened: Date, days: u8) -> Date {
    Calendar::supplied()
        .notice_ends_on(opened, days)
        .expect("within the supplied years")
        .date
}

fn hand_in(rule: CountingRule, event: Date) -> Date {
    Calendar::supplied()
        .deadline(rule, event, 5)
        .expect("within the supplied years")
        .date
}

/// Days from which a forward count of a few weeks stays within the supplied years.
fn any_day() -> impl Strategy<Value = Date> {
    (0_i32..2300).prop_map(|days| {
        date(2020, 3, 1)
            .checked_add(jiff::Span::new().days(days))
            .expect("a few years after 2020")
    })
}

#[test]
fn the_supplied_years_have_the_published_number_of_working_days() {
    for (year, published) in [
        (2020, 249),
        (2021, 250),
        (2022, 249),
        (2023, 249),
        (2024, 251),
        (2025, 248),
        (2026, 248),
    ] {
        let working = date(year, 1, 1)
            .series(jiff::Span::new().days(1))
            .take_while(|day| day.year() == year)
            .filter(|&day| {
                Calendar::supplied()
                    .is_working_day(day)
                    .expect("a supplied year")
            })
            .count();
        assert_eq!(working, published, "in {year}");
    }
}

#[test]
fn a_public_notice_ends_with_its_fifth_working_day() {
    for (opened, fifth, next) in [
        (date(2020, 6, 22), date(2020, 6, 30), date(2020, 7, 1)),
        (date(2021, 2, 5), date(2021, 2, 18), date(2021, 2, 19)),
        (date(2022, 12, 29), date(2023, 1, 6), date(2023, 1, 9)),
        (date(2024, 2, 6), date(2024, 2, 19), date(2024, 2, 20)),
        (date(2025, 9, 25), date(2025, 10, 9), date(2025, 10, 10)),
        (date(2026, 9, 22), date(2026, 9, 30), date(2026, 10, 8)),
    ] {
        assert_eq!(ends(opened, 5), fifth);
        assert_eq!(ends(opened, 6), next);
    }
}

#[test]
fn a_plan_is_handed_in_by_the_fifth_working_day_before_or_strictly_the_sixth() {
    for (event, lenient, strict) in [
        (date(2020, 7, 4), date(2020, 6, 29), date(2020, 6, 28)),
        (date(2021, 2, 20), date(2021, 2, 8), date(2021, 2, 7)),
        (date(2023, 10, 9), date(2023, 9, 26), date(2023, 9, 25)),
        (date(2025, 10, 11), date(2025, 9, 28), date(2025, 9, 26)),
        (date(2026, 5, 9), date(2026, 4, 29), date(2026, 4, 28)),
    ] {
        assert_eq!(hand_in(CountingRule::HandInLenient, event), lenient);
        assert_eq!(hand_in(CountingRule::HandInStrict, event), strict);
    }
}

#[test]
fn a_count_that_reaches_a_year_without_data_is_refused_by_that_year() {
    let calendar = Calendar::supplied();
    assert_eq!(
        calendar.notice_ends_on(date(2026, 12, 28), 5),
        Err(YearWithoutData::NotStored { year: 2027 })
    );
    assert_eq!(
        calendar.latest_hand_in(date(2020, 1, 3), 5),
        Err(YearWithoutData::NotStored { year: 2019 })
    );
    assert_eq!(
        calendar.is_working_day(date(2027, 1, 4)),
        Err(YearWithoutData::NotStored { year: 2027 })
    );
    assert!(calendar.notice_ends_on(Date::MAX, 1).is_err());
    assert!(calendar.latest_hand_in(Date::MIN, 1).is_err());
}

#[test]
fn a_year_added_makes_another_version_and_moves_what_it_touches() {
    let supplied = Calendar::supplied();
    let year = CalendarYear::new(2027, &[date(2027, 1, 1)], &[]).expect("a friday");
    let longer = supplied.with_year(year);
    assert_ne!(longer.version(), supplied.version());
    assert!(longer.version().as_str().starts_with("2020-2027."));
    let deadline = longer
        .notice_ends_on(date(2026, 12, 28), 5)
        .expect("2027 is known now");
    assert_eq!(deadline.date, date(2027, 1, 5));

    let changed =
        CalendarYear::new(2027, &[date(2027, 1, 1), date(2027, 1, 4)], &[]).expect("weekdays");
    let recounted = longer
        .with_year(changed)
        .recount(&deadline)
        .expect("2027 is known");
    assert_eq!(recounted.date, date(2027, 1, 6));
    assert_ne!(recounted.calendar_version, deadline.calendar_version);
}

#[test]
fn the_same_days_have_the_same_version_in_whatever_order_they_came() {
    let years: Vec<_> = Calendar::supplied().years().cloned().collect();
    let reversed = Calendar::new(years.into_iter().rev());
    assert_eq!(&reversed, Calendar::supplied());
    assert!(Calendar::new([]).version().as_str().starts_with("empty."));
}

#[test]
fn every_day_looked_at_is_listed_with_its_kind() {
    let deadline = Calendar::supplied()
        .notice_ends_on(date(2026, 9, 18), 2)
        .expect("a supplied year");
    let listed: Vec<_> = deadline
        .days
        .iter()
        .map(|day| (day.date.day(), day.kind))
        .collect();
    assert_eq!(
        listed,
        [
            (19, DayKind::Weekend),
            (20, DayKind::MakeUpWorked(1)),
            (21, DayKind::Counted(2))
        ]
    );
}

proptest! {
    #[test]
    fn a_later_opening_never_ends_earlier(one in any_day(), other in any_day(), days in 0_u8..40) {
        prop_assert_eq!(ends(one.min(other), days).cmp(&ends(one.max(other), days)).is_gt(), false);
    }

    #[test]
    fn a_longer_notice_ends_later(opened in any_day(), days in 0_u8..40) {
        prop_assert!(ends(opened, days) < ends(opened, days + 1));
    }

    #[test]
    fn counting_in_two_steps_is_counting_at_once(opened in any_day(), first in 0_u8..20, second in 0_u8..20) {
        prop_assert_eq!(ends(ends(opened, first), second), ends(opened, first + second));
    }

    #[test]
    fn a_deadline_lists_exactly_the_days_between_and_counts_each_working_one(opened in any_day(), days in 1_u8..40) {
        let calendar = Calendar::supplied();
        let deadline = calendar.notice_ends_on(opened, days).expect("within the supplied years");
        let mut expected = opened;
        let mut counted = 0;
        for day in &deadline.days {
            expected = expected.tomorrow().expect("far from the end of time");
            prop_assert_eq!(day.date, expected);
            if let Some(number) = day.kind.number() {
                counted += 1;
                prop_assert_eq!(number, counted);
            }
            prop_assert_eq!(day.kind.number().is_some(), calendar.is_working_day(day.date).expect("a supplied year"));
        }
        prop_assert_eq!(expected, deadline.date);
        prop_assert_eq!(counted, u16::from(days));
        prop_assert!(calendar.is_working_day(deadline.date).expect("a supplied year"));
    }

    #[test]
    fn what_is_due_before_an_event_leaves_that_many_days_to_it(event in any_day(), days in 1_u8..20) {
        let calendar = Calendar::supplied();
        let lenient = calendar.latest_hand_in(event, days).expect("within the supplied years").date;
        let strict = calendar.deadline(CountingRule::HandInStrict, event, days).expect("within the supplied years").date;
        prop_assert!(strict < lenient && lenient < event);
        prop_assert_eq!(ends(strict, 1), lenient);
        if calendar.is_working_day(event).expect("a supplied year") {
            prop_assert_eq!(ends(lenient, days), event);
        }
    }

    #[test]
    fn a_deadline_reads_back_from_what_is_stored(opened in any_day(), days in 0_u8..10) {
        let deadline = Calendar::supplied().notice_ends_on(opened, days).expect("within the supplied years");
        let json = serde_json::to_string(&deadline).expect("a deadline is plain data");
        prop_assert_eq!(serde_json::from_str::<Deadline>(&json).expect("it was one"), deadline);
    }
}
