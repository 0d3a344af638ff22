//! What a public notice does, case by case; `properties` says what holds in every case.

use jiff::civil::date;
use uuid::Uuid;

use super::*;
use crate::pilot::Pilot;
use crate::working_day::{Calendar, CalendarYear, DeadlineRule, YearWithoutData};

mod properties;

/// Tuesday; its fifth working day is Wednesday, 30 September, then a long holiday follows.
const OPENED: Date = date(2026, 9, 22);
const LAST_DAY: Date = date(2026, 9, 30);
const DAY_AFTER: Date = date(2026, 10, 1);

fn row(text: &str) -> RowKey {
    RowKey::parse(text).expect("a key written for a test")
}

fn objection(number: u128) -> ObjectionId {
    ObjectionId::from_uuid(Uuid::from_u128(number))
}

fn period(opened: Date) -> Result<Deadline, YearWithoutData> {
    DeadlineRule::ResultNotice.count(Calendar::supplied(), &Pilot::supplied(), opened)
}

fn command(rows: &[&str]) -> OpenNotice {
    OpenNotice {
        id: PublicNoticeId::from_uuid(Uuid::from_u128(1)),
        period: period(OPENED).expect("2026 is supplied"),
        snapshot_hash: ContentHash::of_bytes(b"the sheet on the wall"),
        rows: rows.iter().map(|key| row(key)).collect(),
    }
}

fn opened(rows: &[&str]) -> PublicNotice {
    PublicNotice::open(command(rows)).expect("a sound notice")
}

fn happens(
    notice: &mut PublicNotice,
    outcome: Result<Vec<NoticeEvent>, crate::rejection::Faults>,
) -> Vec<NoticeEvent> {
    let events = outcome.expect("nothing speaks against it");
    notice.apply_all(&events);
    events
}

fn ticks(notice: &mut PublicNotice, today: Date) -> Vec<NoticeEvent> {
    let events = notice.tick(today);
    notice.apply_all(&events);
    events
}

fn codes<T: std::fmt::Debug>(outcome: Result<T, crate::rejection::Faults>) -> Vec<&'static str> {
    outcome.expect_err("this is declined").codes()
}

fn restart(
    notice: &PublicNotice,
    key: &str,
    content: &[u8],
    on: Date,
) -> Result<Vec<NoticeEvent>, crate::rejection::Faults> {
    notice.restart_row(
        &row(key),
        ContentHash::of_bytes(content),
        on,
        Calendar::supplied(),
    )
}

#[test]
fn a_notice_nobody_objects_to_concludes_the_day_after_its_fifth_working_day() {
    let mut notice = opened(&["a", "b"]);
    assert_eq!(notice.period().date, LAST_DAY);
    assert_eq!(notice.next_due(), Some(DAY_AFTER));
    assert_eq!(ticks(&mut notice, LAST_DAY), []);
    let events = ticks(&mut notice, DAY_AFTER);
    assert_eq!(
        events,
        [
            NoticeEvent::RowConcluded { row: row("a") },
            NoticeEvent::RowConcluded { row: row("b") },
            NoticeEvent::NoticeConcluded,
        ]
    );
    assert!(notice.is_concluded());
    assert_eq!(notice.next_due(), None);
    assert_eq!(ticks(&mut notice, DAY_AFTER), []);
}

#[test]
fn everything_wrong_with_an_opening_is_told_at_once() {
    assert_eq!(
        codes(PublicNotice::open(command(&["a", "b", "a", "b"]))),
        ["NOTICE_ROW_TWICE", "NOTICE_ROW_TWICE"]
    );
    assert_eq!(codes(PublicNotice::open(command(&[]))), ["NOTICE_EMPTY"]);
    for key in ["", " a", "a ", &"a".repeat(101)] {
        assert_eq!(RowKey::parse(key), Err(NoticeRejection::RowKey));
    }
}

#[test]
fn an_objection_holds_its_row_and_no_other() {
    let mut notice = opened(&["a", "b"]);
    let raised = notice.object(objection(1), &row("a"), LAST_DAY);
    happens(&mut notice, raised);
    assert_eq!(notice.row_state(&row("a")), Some(RowState::Held));
    assert_eq!(
        ticks(&mut notice, DAY_AFTER),
        [NoticeEvent::RowConcluded { row: row("b") }]
    );

    let resolved = notice.resolve(objection(1), ObjectionOutcome::Dismissed);
    happens(&mut notice, resolved);
    assert_eq!(notice.row_state(&row("a")), Some(RowState::Open));
    assert_eq!(
        ticks(&mut notice, DAY_AFTER),
        [
            NoticeEvent::RowConcluded { row: row("a") },
            NoticeEvent::NoticeConcluded
        ]
    );
}

#[test]
fn a_row_with_two_objections_waits_for_both() {
    let mut notice = opened(&["a"]);
    for number in [1, 2] {
        let raised = notice.object(objection(number), &row("a"), OPENED);
        happens(&mut notice, raised);
    }
    let resolved = notice.resolve(objection(1), ObjectionOutcome::Dismissed);
    happens(&mut notice, resolved);
    assert_eq!(notice.row_state(&row("a")), Some(RowState::Held));
    assert_eq!(ticks(&mut notice, DAY_AFTER), []);
}

#[test]
fn an_upheld_objection_takes_the_row_out() {
    let mut notice = opened(&["a", "b"]);
    let raised = notice.object(objection(1), &row("a"), OPENED);
    happens(&mut notice, raised);
    let resolved = notice.resolve(objection(1), ObjectionOutcome::Upheld);
    happens(&mut notice, resolved);
    assert_eq!(notice.row_state(&row("a")), Some(RowState::Upheld));
    ticks(&mut notice, DAY_AFTER);
    assert_eq!(
        notice.rows_in(RowState::Concluded).collect::<Vec<_>>(),
        [&row("b")]
    );
    assert!(notice.is_concluded());
}

#[test]
fn an_objection_to_all_holds_what_still_takes_objections() {
    let mut notice = opened(&["a", "b", "c"]);
    let restarted = restart(&notice, "c", b"corrected", LAST_DAY);
    happens(&mut notice, restarted);
    let raised = notice.object_to_all(objection(1), DAY_AFTER);
    happens(&mut notice, raised);
    assert_eq!(
        notice.rows_in(RowState::Held).collect::<Vec<_>>(),
        [&row("c")]
    );
    ticks(&mut notice, DAY_AFTER);
    let resolved = notice.resolve(objection(1), ObjectionOutcome::Upheld);
    let events = happens(&mut notice, resolved);
    assert!(events.contains(&NoticeEvent::RowUpheld { row: row("c") }));
    assert!(events.contains(&NoticeEvent::NoticeConcluded));
    assert_eq!(notice.rows_in(RowState::Concluded).count(), 2);
}

#[test]
fn objections_are_taken_from_the_first_day_to_the_last_and_once() {
    let mut notice = opened(&["a"]);
    let the_day_before = date(2026, 9, 21);
    assert_eq!(
        codes(notice.object(objection(1), &row("a"), the_day_before)),
        ["NOTICE_BEFORE_OPENING"]
    );
    assert_eq!(
        codes(notice.object_to_all(objection(1), the_day_before)),
        ["NOTICE_BEFORE_OPENING"]
    );
    assert_eq!(
        codes(notice.object(objection(1), &row("a"), DAY_AFTER)),
        ["NOTICE_PERIOD_OVER"]
    );
    assert_eq!(
        codes(notice.object_to_all(objection(1), DAY_AFTER)),
        ["NOTICE_PERIOD_OVER"]
    );
    assert_eq!(
        codes(notice.object(objection(1), &row("z"), OPENED)),
        ["NOTICE_ROW_UNKNOWN"]
    );
    let raised = notice.object(objection(1), &row("a"), OPENED);
    happens(&mut notice, raised);
    assert_eq!(
        codes(notice.object(objection(1), &row("a"), OPENED)),
        ["OBJECTION_EXISTS"]
    );
    assert_eq!(
        codes(notice.object_to_all(objection(1), OPENED)),
        ["OBJECTION_EXISTS"]
    );
    let resolved = notice.resolve(objection(1), ObjectionOutcome::Dismissed);
    happens(&mut notice, resolved);
    assert_eq!(
        codes(notice.resolve(objection(1), ObjectionOutcome::Upheld)),
        ["OBJECTION_RESOLVED"]
    );
    assert_eq!(
        codes(notice.resolve(objection(2), ObjectionOutcome::Upheld)),
        ["OBJECTION_UNKNOWN"]
    );
    ticks(&mut notice, DAY_AFTER);
    assert_eq!(
        codes(notice.object(objection(3), &row("a"), OPENED)),
        ["NOTICE_ROW_CLOSED"]
    );
    assert_eq!(
        codes(notice.object_to_all(objection(3), OPENED)),
        ["NOTICE_CLOSED"]
    );
}

#[test]
fn a_changed_row_is_shown_for_the_full_time_again_and_alone() {
    let mut notice = opened(&["a", "b"]);
    // Counted are 29 and 30 September, 8 and 9 October, and the 10th, a Saturday worked.
    let changed = date(2026, 9, 28);
    let restarted = restart(&notice, "a", b"corrected", changed);
    happens(&mut notice, restarted);
    let period = notice.row_period(&row("a")).expect("the row is there");
    assert_eq!(
        (period.counted_from, period.date),
        (changed, date(2026, 10, 10))
    );
    assert_eq!(
        notice.row_snapshot_hash(&row("a")),
        Some(ContentHash::of_bytes(b"corrected"))
    );
    assert_eq!(notice.row_period(&row("b")), Some(notice.period()));
    assert_eq!(
        notice.row_snapshot_hash(&row("b")),
        Some(notice.snapshot_hash())
    );
    assert_eq!(
        ticks(&mut notice, DAY_AFTER),
        [NoticeEvent::RowConcluded { row: row("b") }]
    );
    assert_eq!(notice.next_due(), Some(date(2026, 10, 11)));
}

#[test]
fn a_row_taken_out_may_come_back_corrected() {
    let mut notice = opened(&["a", "b"]);
    let raised = notice.object(objection(1), &row("a"), OPENED);
    happens(&mut notice, raised);
    let resolved = notice.resolve(objection(1), ObjectionOutcome::Upheld);
    happens(&mut notice, resolved);
    let restarted = restart(&notice, "a", b"corrected", date(2026, 9, 23));
    happens(&mut notice, restarted);
    assert_eq!(notice.row_state(&row("a")), Some(RowState::Open));
}

#[test]
fn a_restart_needs_a_change_a_row_that_is_not_closed_and_a_possible_day() {
    let mut notice = opened(&["a", "b", "c"]);
    assert_eq!(
        codes(restart(&notice, "z", b"corrected", OPENED)),
        ["NOTICE_ROW_UNKNOWN"]
    );
    assert_eq!(
        codes(restart(
            &notice,
            "a",
            b"the sheet on the wall",
            date(2026, 9, 21)
        )),
        ["NOTICE_ROW_UNCHANGED", "NOTICE_BEFORE_OPENING"]
    );
    assert_eq!(
        codes(restart(&notice, "a", b"corrected", date(2026, 12, 30))),
        ["CALENDAR_YEAR_MISSING"]
    );
    let withdrawn = notice.withdraw_row(&row("a"));
    happens(&mut notice, withdrawn);
    assert_eq!(
        codes(restart(&notice, "a", b"corrected", OPENED)),
        ["NOTICE_ROW_CLOSED"]
    );
    ticks(&mut notice, DAY_AFTER);
    assert_eq!(
        codes(restart(&notice, "b", b"corrected", DAY_AFTER)),
        ["NOTICE_CLOSED"]
    );
}

#[test]
fn a_notice_may_be_taken_back_in_part_or_as_a_whole() {
    let mut notice = opened(&["a", "b"]);
    let withdrawn = notice.withdraw_row(&row("a"));
    happens(&mut notice, withdrawn);
    assert_eq!(notice.row_state(&row("a")), Some(RowState::Withdrawn));
    assert_eq!(codes(notice.withdraw_row(&row("a"))), ["NOTICE_ROW_CLOSED"]);
    assert_eq!(
        codes(notice.withdraw_row(&row("z"))),
        ["NOTICE_ROW_UNKNOWN"]
    );
    let withdrawn = notice.withdraw();
    let events = happens(&mut notice, withdrawn);
    assert_eq!(
        events,
        [
            NoticeEvent::RowWithdrawn { row: row("b") },
            NoticeEvent::NoticeConcluded
        ]
    );
    assert_eq!(codes(notice.withdraw()), ["NOTICE_CLOSED"]);
}

#[test]
fn a_calendar_changed_midway_moves_the_periods_that_still_run() {
    let mut notice = opened(&["a", "b"]);
    let restarted = restart(&notice, "b", b"corrected", date(2026, 9, 23));
    happens(&mut notice, restarted);
    assert_eq!(notice.recount(Calendar::supplied()), Ok(vec![]));

    let supplied = Calendar::supplied()
        .years()
        .find(|year| year.year() == 2026)
        .expect("it is supplied");
    let off: Vec<_> = supplied
        .off()
        .iter()
        .copied()
        .chain([date(2026, 9, 24)])
        .collect();
    let worked: Vec<_> = supplied.worked().iter().copied().collect();
    let changed = CalendarYear::new(2026, &off, &worked).expect("one more thursday off");
    let recounted = notice.recount(&Calendar::supplied().with_year(changed));
    let events = happens(&mut notice, recounted);
    assert_eq!(events.len(), 2);
    assert_eq!(notice.period().date, date(2026, 10, 8));
    assert_eq!(
        notice.row_period(&row("b")).map(|period| period.date),
        Some(date(2026, 10, 9))
    );

    let withdrawn = notice.withdraw();
    happens(&mut notice, withdrawn);
    assert_eq!(
        codes(notice.recount(Calendar::supplied())),
        ["NOTICE_CLOSED"]
    );
}
