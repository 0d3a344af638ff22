//! Whatever is asked of a public notice, in whatever order and on whatever day.

use proptest::prelude::*;

use super::*;
use crate::rejection::Faults;

const ROWS: [&str; 4] = ["a", "b", "c", "d"];

#[derive(Debug, Clone)]
enum Ask {
    Object(usize),
    ObjectToAll,
    Resolve(usize, ObjectionOutcome),
    Restart(usize),
    WithdrawRow(usize),
    Withdraw,
    Tick,
}

fn any_ask() -> impl Strategy<Value = Ask> {
    let outcome = prop::sample::select(vec![ObjectionOutcome::Dismissed, ObjectionOutcome::Upheld]);
    prop_oneof![
        4 => (0..ROWS.len()).prop_map(Ask::Object),
        1 => Just(Ask::ObjectToAll),
        4 => (0_usize..12, outcome).prop_map(|(number, outcome)| Ask::Resolve(number, outcome)),
        2 => (0..ROWS.len()).prop_map(Ask::Restart),
        1 => (0..ROWS.len()).prop_map(Ask::WithdrawRow),
        1 => Just(Ask::Withdraw),
        6 => Just(Ask::Tick),
    ]
}

/// A life of a notice: what is asked, and how many days pass before each question.
fn any_life() -> impl Strategy<Value = Vec<(i8, Ask)>> {
    prop::collection::vec((0_i8..3, any_ask()), 1..30)
}

fn answer(
    notice: &PublicNotice,
    ask: &Ask,
    step: usize,
    today: Date,
) -> Result<Vec<NoticeEvent>, Faults> {
    let fresh = ContentHash::of_bytes(&step.to_be_bytes());
    let number = |number: usize| objection(u128::try_from(number).expect("a small number"));
    match ask {
        Ask::Object(index) => notice.object(number(step), &row(ROWS[*index]), today),
        Ask::ObjectToAll => notice.object_to_all(number(step), today),
        Ask::Resolve(step, outcome) => notice.resolve(number(*step), *outcome),
        Ask::Restart(index) => {
            notice.restart_row(&row(ROWS[*index]), fresh, today, Calendar::supplied())
        }
        Ask::WithdrawRow(index) => notice.withdraw_row(&row(ROWS[*index])),
        Ask::Withdraw => notice.withdraw(),
        Ask::Tick => Ok(notice.tick(today)),
    }
}

fn later(day: Date, days: i8) -> Date {
    day.checked_add(jiff::Span::new().days(days))
        .expect("far from the end of time")
}

/// What one step may do to one row.
fn check_row(
    before: &PublicNotice,
    after: &PublicNotice,
    key: &RowKey,
    ask: &Ask,
    today: Date,
) -> Result<(), TestCaseError> {
    let stood = before.row_state(key).expect("no row is lost");
    let stands = after.row_state(key).expect("no row is lost");
    let about_this_row = matches!(ask, Ask::Restart(index) if ROWS[*index] == key.as_str());
    if stands == RowState::Concluded && stood != RowState::Concluded {
        prop_assert_eq!(stood, RowState::Open, "only an open row concludes");
        prop_assert!(
            before
                .row_period(key)
                .is_some_and(|period| period.is_over_on(today))
        );
        prop_assert!(
            !before
                .objections()
                .values()
                .any(|raised| raised.is_open() && raised.is_about(key))
        );
    }
    if matches!(stood, RowState::Concluded | RowState::Withdrawn) {
        prop_assert_eq!(stands, stood, "what is settled stays settled");
    }
    if stood == RowState::Upheld && !about_this_row {
        prop_assert_eq!(stands, stood, "only a restart brings a row back");
    }
    if !about_this_row {
        prop_assert_eq!(
            after.row_period(key),
            before.row_period(key),
            "a restart moves its own row only"
        );
        prop_assert_eq!(after.row_snapshot_hash(key), before.row_snapshot_hash(key));
    }
    Ok(())
}

proptest! {
    #[test]
    fn no_row_ever_concludes_early_or_over_an_open_objection(life in any_life()) {
        let mut notice = opened(&ROWS);
        let mut today = OPENED;
        let mut conclusions = 0;
        for (step, (days, ask)) in life.iter().enumerate() {
            today = later(today, *days);
            let before = notice.clone();
            let Ok(events) = answer(&notice, ask, step, today) else { continue };
            notice.apply_all(&events);
            for (key, _) in before.rows() {
                check_row(&before, &notice, key, ask, today)?;
            }
            conclusions += events.iter().filter(|event| **event == NoticeEvent::NoticeConcluded).count();
            prop_assert_eq!(conclusions, usize::from(notice.is_concluded()), "told once, when it is so");
        }
    }

    #[test]
    fn a_concluded_notice_never_changes_where_its_rows_stand(life in any_life()) {
        let mut notice = opened(&ROWS);
        let mut today = OPENED;
        let mut settled = None;
        for (step, (days, ask)) in life.iter().enumerate() {
            today = later(today, *days);
            if let Ok(events) = answer(&notice, ask, step, today) {
                notice.apply_all(&events);
            }
            let states: Vec<_> = notice.rows().map(|(_, state)| state).collect();
            if let Some(settled) = &settled {
                prop_assert_eq!(settled, &states);
            } else if notice.is_concluded() {
                settled = Some(states);
            }
        }
    }

    #[test]
    fn asking_twice_on_one_day_concludes_nothing_twice(life in any_life()) {
        let mut notice = opened(&ROWS);
        let mut today = OPENED;
        for (step, (days, ask)) in life.iter().enumerate() {
            today = later(today, *days);
            if let Ok(events) = answer(&notice, ask, step, today) {
                notice.apply_all(&events);
            }
            ticks(&mut notice, today);
            prop_assert_eq!(notice.tick(today), vec![]);
            prop_assert!(notice.next_due().is_none_or(|due| due > today));
        }
    }

    #[test]
    fn once_all_objections_are_decided_time_alone_concludes_the_notice(life in any_life(), outcome in prop::sample::select(vec![ObjectionOutcome::Dismissed, ObjectionOutcome::Upheld])) {
        let mut notice = opened(&ROWS);
        let mut today = OPENED;
        for (step, (days, ask)) in life.iter().enumerate() {
            today = later(today, *days);
            if let Ok(events) = answer(&notice, ask, step, today) {
                notice.apply_all(&events);
            }
        }
        let open: Vec<_> = notice.objections().iter().filter(|(_, raised)| raised.is_open()).map(|(id, _)| *id).collect();
        for id in open {
            let resolved = notice.resolve(id, outcome);
            happens(&mut notice, resolved);
        }
        ticks(&mut notice, later(today, 30));
        prop_assert!(notice.is_concluded());
    }

    #[test]
    fn a_notice_and_its_events_read_back_from_what_is_stored(life in any_life()) {
        let mut notice = opened(&ROWS);
        let mut today = OPENED;
        for (step, (days, ask)) in life.iter().enumerate() {
            today = later(today, *days);
            let Ok(events) = answer(&notice, ask, step, today) else { continue };
            notice.apply_all(&events);
            let stored = serde_json::to_string(&events).expect("events are plain data");
            prop_assert_eq!(serde_json::from_str::<Vec<NoticeEvent>>(&stored).expect("they were events"), events);
        }
        let stored = serde_json::to_string(&notice).expect("a notice is plain data");
        prop_assert_eq!(serde_json::from_str::<PublicNotice>(&stored).expect("it was a notice"), notice);
    }
}
