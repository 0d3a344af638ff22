//! Rounds of selection (征集遴选批次, notice 5): when a centre takes applications, and what it
//! requires of each.
//!
//! The window is for handing in the first time; whoever was in time corrects and is decided
//! whenever that comes. A day for selections that is over shows as late and stops nobody.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::RoundId;
use kernel::rejection::{FaultList, Faults};
use serde::Serialize;

use super::AssessmentKind;
use super::refusal::RoundRejection;

/// Years ahead that anybody plans for.
const FARTHEST: i64 = 3;

/// A round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Identifies it.
    pub id: RoundId,
    /// Whose it is: a city, or the province.
    pub division: DivisionCode,
    /// Its title.
    pub title: String,
    /// First day for handing in.
    pub hand_in_from: Date,
    /// Last day for handing in; none where it is open-ended (持续开展遴选).
    pub hand_in_until: Option<Date>,
    /// Day by which selections are to be made.
    pub select_by: Option<Date>,
    /// The assessments without which nobody is selected.
    pub required: BTreeSet<AssessmentKind>,
    /// Day on which its centre closed it.
    pub closed_on: Option<Date>,
}

/// What a round is opened with, as far as the request can be read.
pub struct OpenRound {
    /// Its new id.
    pub id: RoundId,
    /// Whose it is.
    pub division: DivisionCode,
    /// See [`Round::title`].
    pub title: Option<String>,
    /// See [`Round::hand_in_from`].
    pub hand_in_from: Option<Date>,
    /// See [`Round::hand_in_until`].
    pub hand_in_until: Option<Date>,
    /// See [`Round::select_by`].
    pub select_by: Option<Date>,
    /// What is required beside the document check, which always is.
    pub required: BTreeSet<AssessmentKind>,
}

/// Something that happened to a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum RoundFact {
    /// Its centre opened it.
    RoundOpened {
        /// Whose it is.
        division: DivisionCode,
        /// First day for handing in.
        hand_in_from: Date,
        /// Last day for handing in.
        hand_in_until: Option<Date>,
        /// Day by which selections are to be made.
        select_by: Option<Date>,
        /// The assessments required.
        required: BTreeSet<AssessmentKind>,
    },
    /// Its centre closed it.
    RoundClosed {
        /// Whose it is.
        division: DivisionCode,
        /// The day.
        on: Date,
    },
}

/// Whether a round takes applications on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundState {
    /// Its first day is still to come.
    Announced,
    /// It does.
    Open,
    /// Not any more.
    Closed,
}

impl Round {
    /// Opens a round. `faults` are those found while the request was read: each part that is
    /// missing is among them.
    ///
    /// # Errors
    /// Those faults, and with them all that is wrong with its days.
    pub fn open(
        command: OpenRound,
        today: Date,
        mut faults: FaultList,
    ) -> Result<(Self, RoundFact), Faults> {
        command.judge(today, &mut faults);
        faults.finish()?;
        let OpenRound {
            id,
            division,
            title: Some(title),
            hand_in_from: Some(hand_in_from),
            hand_in_until,
            select_by,
            mut required,
        } = command
        else {
            unreachable!("a part that is missing is a fault, and there was none");
        };
        required.insert(AssessmentKind::DocumentCheck);
        let fact = RoundFact::RoundOpened {
            division,
            hand_in_from,
            hand_in_until,
            select_by,
            required: required.clone(),
        };
        let round = Self {
            id,
            division,
            title,
            hand_in_from,
            hand_in_until,
            select_by,
            required,
            closed_on: None,
        };
        Ok((round, fact))
    }

    /// Closes the round: nothing is handed in to it any more.
    ///
    /// # Errors
    /// When the centre is another, or it is closed already.
    pub fn close(&self, centre: DivisionCode, today: Date) -> Result<RoundFact, Faults> {
        if centre != self.division {
            return Err(RoundRejection::NotOwn.into());
        }
        if self.state_on(today) == RoundState::Closed {
            return Err(RoundRejection::Closed.into());
        }
        Ok(RoundFact::RoundClosed {
            division: self.division,
            on: today,
        })
    }

    /// Changes the round by what happened.
    pub fn apply(&mut self, fact: &RoundFact) {
        match fact {
            // Its content came with the command that opened the round.
            RoundFact::RoundOpened { .. } => {}
            RoundFact::RoundClosed { on, .. } => self.closed_on = Some(*on),
        }
    }

    /// Whether it takes applications on a day.
    pub fn state_on(&self, day: Date) -> RoundState {
        match self.takes(day) {
            Ok(()) => RoundState::Open,
            Err(RoundRejection::NotOpenYet { .. }) => RoundState::Announced,
            Err(_) => RoundState::Closed,
        }
    }

    /// Whether something can be handed in on a day.
    ///
    /// # Errors
    /// When the window is still to open, is over, or was closed.
    pub fn takes(&self, day: Date) -> Result<(), RoundRejection> {
        self.is_not_over(day)?;
        let from = self.hand_in_from;
        if day < from {
            return Err(RoundRejection::NotOpenYet { from });
        }
        Ok(())
    }

    /// Whether something can be handed in on a day or later.
    ///
    /// # Errors
    /// When the window is over or was closed.
    pub fn is_not_over(&self, day: Date) -> Result<(), RoundRejection> {
        if self.closed_on.is_some() {
            return Err(RoundRejection::Closed);
        }
        match self.hand_in_until {
            Some(until) if day > until => Err(RoundRejection::Over { until }),
            _ => Ok(()),
        }
    }

    /// Whether the day for selections is over.
    pub fn is_late_on(&self, day: Date) -> bool {
        self.select_by.is_some_and(|select_by| day > select_by)
    }
}

impl OpenRound {
    fn judge(&self, today: Date, faults: &mut FaultList) {
        let latest = today.saturating_add(FARTHEST.years());
        for (field, day) in [
            ("hand_in_from", self.hand_in_from),
            ("hand_in_until", self.hand_in_until),
            ("select_by", self.select_by),
        ] {
            let near = day.is_none_or(|day| day <= latest);
            faults.require(near, field, &RoundRejection::TooFar { latest });
        }
        let Some(from) = self.hand_in_from else {
            return;
        };
        faults.require(
            from >= today,
            "hand_in_from",
            &RoundRejection::InThePast { today },
        );
        let until = self.hand_in_until.unwrap_or(from);
        faults.require(until >= from, "hand_in_until", &RoundRejection::Window);
        let last = until.max(from);
        faults.require(
            self.select_by.is_none_or(|select_by| select_by >= last),
            "select_by",
            &RoundRejection::Deadline,
        );
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::super::samples::{DAY, weihai};
    use super::*;

    fn opening() -> OpenRound {
        OpenRound {
            id: RoundId::from_uuid(Uuid::from_u128(1)),
            division: weihai(),
            title: Some("威海市第二批".to_owned()),
            hand_in_from: Some(DAY),
            hand_in_until: Some(date(2020, 5, 30)),
            select_by: Some(date(2020, 6, 15)),
            required: BTreeSet::from([AssessmentKind::ExpertPanel]),
        }
    }

    fn codes(opening: OpenRound) -> Vec<&'static str> {
        let opened = Round::open(opening, DAY, FaultList::default());
        opened
            .err()
            .map(|refused| refused.codes())
            .unwrap_or_default()
    }

    #[test]
    fn documents_are_always_checked() {
        let (round, _) = Round::open(opening(), DAY, FaultList::default()).expect("good days");
        let required = [AssessmentKind::DocumentCheck, AssessmentKind::ExpertPanel];
        assert_eq!(round.required, BTreeSet::from(required));
    }

    #[test]
    fn the_days_of_a_round_follow_one_another() {
        let day = |days: i32| Some(DAY + days.days());
        for (from, until, select_by, expected) in [
            (day(0), None, None, &[][..]),
            (day(0), day(0), day(0), &[]),
            (day(0), day(3 * 365), None, &[]),
            (day(0), Some(Date::MAX), None, &["ROUND_DAY_TOO_FAR"]),
            (
                Some(Date::MAX),
                None,
                Some(Date::MAX),
                &["ROUND_DAY_TOO_FAR"; 2],
            ),
            (day(-1), None, None, &["ROUND_IN_THE_PAST"]),
            (day(1), day(0), None, &["ROUND_WINDOW"]),
            (day(0), day(5), day(4), &["ROUND_DEADLINE"]),
            (day(3), None, day(2), &["ROUND_DEADLINE"]),
            (
                day(-2),
                day(-3),
                day(-4),
                &["ROUND_IN_THE_PAST", "ROUND_WINDOW", "ROUND_DEADLINE"],
            ),
        ] {
            let opening = OpenRound {
                hand_in_from: from,
                hand_in_until: until,
                select_by,
                ..opening()
            };
            assert_eq!(codes(opening), expected, "{from:?} {until:?} {select_by:?}");
        }
    }

    #[test]
    fn a_window_has_a_first_and_a_last_day() {
        let (mut round, _) = Round::open(opening(), DAY, FaultList::default()).expect("good days");
        let last = date(2020, 5, 30);
        for (day, state) in [
            (DAY - 1.day(), RoundState::Announced),
            (DAY, RoundState::Open),
            (last, RoundState::Open),
            (last + 1.day(), RoundState::Closed),
        ] {
            assert_eq!(round.state_on(day), state, "{day}");
        }
        assert!(!round.is_late_on(date(2020, 6, 15)));
        assert!(round.is_late_on(date(2020, 6, 16)));
        let closed = round.close(weihai(), DAY).expect("it is open");
        round.apply(&closed);
        assert_eq!(round.takes(DAY), Err(RoundRejection::Closed));
        let again = round.close(weihai(), DAY).expect_err("again");
        assert_eq!(again.codes(), ["ROUND_CLOSED"]);
        let province = round.close(DivisionCode::PROVINCE, DAY);
        assert_eq!(province.expect_err("Weihai's").codes(), ["ROUND_NOT_OWN"]);
    }

    #[test]
    fn an_open_ended_round_takes_applications_until_it_is_closed() {
        let opening = OpenRound {
            hand_in_until: None,
            select_by: None,
            ..opening()
        };
        let (round, _) = Round::open(opening, DAY, FaultList::default()).expect("good days");
        assert_eq!(round.state_on(date(2026, 12, 31)), RoundState::Open);
        assert!(!round.is_late_on(date(2026, 12, 31)));
    }
}
