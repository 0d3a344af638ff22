//! The days of a journey, and the clock that is moved to them.
//!
//! Every day is counted in working days from the first one, so a journey works in any of the years
//! whose holidays are known. The first begins with the notice's first round, 2020-05-18.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, anyhow};
use jiff::{
    ToSpan,
    civil::{Date, DateTime, Time, Weekday, date, time},
};
use kernel::{
    rejection::Rejection,
    working_day::{Calendar, YearWithoutData},
};

/// The day on which the first journey begins.
pub const FIRST_ROUND: Date = date(2020, 5, 18);
/// How long a public notice lasts, and how far ahead a plan is reported (notice 4.3, 4.1).
const NOTICE_DAYS: u8 = 5;
/// When people begin to work.
pub(super) const MORNING: Time = time(9, 0, 0, 0);

/// On which day what is done; each is named after that.
#[derive(Debug, Clone)]
pub(super) struct Dates {
    pub(super) applied: Date,
    pub(super) returned: Date,
    pub(super) corrected: Date,
    pub(super) documents_checked: Date,
    pub(super) experts_met: Date,
    pub(super) site_visited: Date,
    pub(super) selection_proposed: Date,
    pub(super) selection_confirmed: Date,
    pub(super) selection_notice_ends: Date,
    pub(super) selection_notice_over: Date,
    pub(super) city_reported: Date,
    pub(super) report_recorded: Date,
    pub(super) directory_published: Date,
    pub(super) plan_reported: Date,
    /// For an exam on this day the plan comes one working day late.
    pub(super) exam_too_soon: Date,
    pub(super) exam: Date,
    pub(super) scored: Date,
    pub(super) results_shown: Date,
    pub(super) objected: Date,
    pub(super) results_notice_ends: Date,
    pub(super) results_notice_over: Date,
    pub(super) city_reviewed: Date,
    pub(super) resubmitted: Date,
    pub(super) province_reviewed: Date,
    pub(super) held_city_reviewed: Date,
    pub(super) issued: Date,
    pub(super) held_province_reviewed: Date,
    pub(super) held_issued: Date,
    pub(super) name_corrected: Date,
    pub(super) revoked: Date,
    pub(super) round_applied: Date,
    pub(super) round_returned: Date,
    pub(super) round_assessed: Date,
    pub(super) round_confirmed: Date,
    pub(super) round_objected: Date,
    pub(super) round_resolved: Date,
    pub(super) round_notices_over: Date,
    pub(super) round_reported: Date,
    pub(super) round_recorded: Date,
    pub(super) round_published: Date,
}

impl Dates {
    /// The days of a journey that begins on a working day.
    pub(super) fn from(applied: Date) -> Result<Self> {
        let selection_confirmed = after(applied, 9)?;
        let selection_notice_ends = after(selection_confirmed, NOTICE_DAYS)?;
        let selection_notice_over = after(selection_notice_ends, 1)?;
        let directory_published = after(selection_notice_over, 3)?;
        let plan_reported = after(directory_published, 9)?;
        let exam_too_soon = last_too_soon(plan_reported)?;
        let exam = next_saturday(exam_too_soon);
        let results_shown = after(exam, 2)?;
        let results_notice_ends = after(results_shown, NOTICE_DAYS)?;
        let results_notice_over = after(results_notice_ends, 1)?;
        let revoked = after(results_notice_over, 9)?;
        let round_confirmed = after(revoked, 4)?;
        let round_notices_over = after(round_confirmed, NOTICE_DAYS + 1)?;
        Ok(Self {
            applied,
            returned: after(applied, 1)?,
            corrected: after(applied, 2)?,
            documents_checked: after(applied, 3)?,
            experts_met: after(applied, 5)?,
            site_visited: after(applied, 7)?,
            selection_proposed: after(applied, 8)?,
            selection_confirmed,
            selection_notice_ends,
            selection_notice_over,
            city_reported: after(selection_notice_over, 1)?,
            report_recorded: after(selection_notice_over, 2)?,
            directory_published,
            plan_reported,
            exam_too_soon,
            exam,
            scored: after(exam, 1)?,
            results_shown,
            objected: after(results_shown, 1)?,
            results_notice_ends,
            results_notice_over,
            city_reviewed: after(results_notice_over, 1)?,
            resubmitted: after(results_notice_over, 2)?,
            province_reviewed: after(results_notice_over, 3)?,
            held_city_reviewed: after(results_notice_over, 4)?,
            issued: after(results_notice_over, 5)?,
            held_province_reviewed: after(results_notice_over, 6)?,
            held_issued: after(results_notice_over, 7)?,
            name_corrected: after(results_notice_over, 8)?,
            revoked,
            round_applied: after(revoked, 1)?,
            round_returned: after(revoked, 2)?,
            round_assessed: after(revoked, 3)?,
            round_confirmed,
            round_objected: after(round_confirmed, 1)?,
            round_resolved: after(round_confirmed, 2)?,
            round_notices_over,
            round_reported: after(round_notices_over, 1)?,
            round_recorded: after(round_notices_over, 2)?,
            round_published: after(round_notices_over, 3)?,
        })
    }
}

/// The day on which a journey begins: a working day, in the first round or later, not before
/// `now`; and after the last journey, if there was one.
pub(super) fn first_day(now: Date, last: Option<Date>) -> Result<Date> {
    if let Some(last) = last {
        return after(last.max(now), 1);
    }
    let mut day = now.max(FIRST_ROUND);
    while !is_working_day(day)? {
        day = day.tomorrow()?;
    }
    Ok(day)
}

/// The day as people say it: weekday, and whether it is worked.
pub(super) fn weekday(day: Date) -> Result<String> {
    let name = match day.weekday() {
        Weekday::Monday => "星期一",
        Weekday::Tuesday => "星期二",
        Weekday::Wednesday => "星期三",
        Weekday::Thursday => "星期四",
        Weekday::Friday => "星期五",
        Weekday::Saturday => "星期六",
        Weekday::Sunday => "星期日",
    };
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let remark = match (weekend, is_working_day(day)?) {
        (true, true) => "（调休上班）",
        (false, false) => "（放假）",
        _ => "",
    };
    Ok(format!("{name}{remark}"))
}

fn after(day: Date, working_days: u8) -> Result<Date> {
    Ok(known(Calendar::supplied().add_working_days(day, working_days))?.date)
}

/// Nobody can count in a year whose holidays are not known; the sentence names it.
fn known<T>(counted: Result<T, YearWithoutData>) -> Result<T> {
    counted.map_err(|missing| anyhow!(missing.english()))
}

fn is_working_day(day: Date) -> Result<bool> {
    known(Calendar::supplied().is_working_day(day))
}

/// The last exam day for which a plan handed in today is too late: by one working day.
fn last_too_soon(today: Date) -> Result<Date> {
    let mut found = today;
    loop {
        let next = found.tomorrow()?;
        let latest = Calendar::supplied().latest_hand_in(next, NOTICE_DAYS);
        if known(latest)?.date >= today {
            return Ok(found);
        }
        found = next;
    }
}

fn next_saturday(day: Date) -> Date {
    day.nth_weekday(1, Weekday::Saturday)
        .expect("the calendar does not end in a week's time")
}

/// The file in which business time stands. It is only ever moved forward, by rename.
#[derive(Debug, Clone)]
pub(super) struct ClockFile(PathBuf);

impl ClockFile {
    /// The clock in this file.
    pub(super) fn new(file: PathBuf) -> Self {
        Self(file)
    }

    /// The business time.
    pub(super) fn now(&self) -> Result<DateTime> {
        let text = fs::read_to_string(&self.0)
            .with_context(|| format!("reading the business clock {}", self.0.display()))?;
        text.trim()
            .parse()
            .with_context(|| format!("the time in {}", self.0.display()))
    }

    /// Moves the clock forward; a time that has passed already leaves it alone.
    pub(super) fn advance(&self, to: DateTime) -> Result<()> {
        if self.now()? >= to {
            return Ok(());
        }
        let next = self.0.with_extension("journey");
        fs::write(&next, to.strftime("%Y-%m-%dT%H:%M:%S").to_string())
            .and_then(|()| fs::rename(&next, &self.0))
            .with_context(|| format!("moving the business clock {}", self.0.display()))
    }
}

/// A birthday that makes somebody a given age on the day after a day: one day too young.
pub(super) fn one_day_too_young(years: i16, on: Date) -> Date {
    on.tomorrow().expect("the calendar does not end tomorrow") - years.years()
}

#[cfg(test)]
mod tests {
    use kernel::working_day::DayKind;

    use super::*;

    #[test]
    fn the_first_journey_counts_across_a_holiday_and_a_make_up_day() {
        let dates = Dates::from(FIRST_ROUND).expect("2020 is known");
        let days = [
            (dates.returned, date(2020, 5, 19)),
            (dates.corrected, date(2020, 5, 20)),
            (dates.documents_checked, date(2020, 5, 21)),
            (dates.experts_met, date(2020, 5, 25)),
            (dates.site_visited, date(2020, 5, 27)),
            (dates.selection_proposed, date(2020, 5, 28)),
            (dates.selection_confirmed, date(2020, 5, 29)),
            (dates.selection_notice_ends, date(2020, 6, 5)),
            (dates.selection_notice_over, date(2020, 6, 8)),
            (dates.directory_published, date(2020, 6, 11)),
            (dates.plan_reported, date(2020, 6, 24)),
            (dates.exam_too_soon, date(2020, 7, 1)),
            (dates.exam, date(2020, 7, 4)),
            (dates.scored, date(2020, 7, 6)),
            (dates.results_shown, date(2020, 7, 7)),
            (dates.objected, date(2020, 7, 8)),
            (dates.results_notice_over, date(2020, 7, 15)),
            (dates.city_reviewed, date(2020, 7, 16)),
            (dates.resubmitted, date(2020, 7, 17)),
            (dates.province_reviewed, date(2020, 7, 20)),
            (dates.issued, date(2020, 7, 22)),
            (dates.held_issued, date(2020, 7, 24)),
            (dates.name_corrected, date(2020, 7, 27)),
            (dates.revoked, date(2020, 7, 28)),
            (dates.round_confirmed, date(2020, 8, 3)),
            (dates.round_notices_over, date(2020, 8, 11)),
            (dates.round_published, date(2020, 8, 14)),
        ];
        for (computed, told) in days {
            assert_eq!(computed, told);
        }
        let explained = Calendar::supplied().latest_hand_in(dates.exam_too_soon, NOTICE_DAYS);
        let looked_at = explained.expect("2020 is known").days;
        for kind in [
            DayKind::Counted(5),
            DayKind::MakeUpWorked(3),
            DayKind::Holiday,
        ] {
            assert!(looked_at.iter().any(|day| day.kind == kind), "{kind:?}");
        }
    }

    #[test]
    fn a_journey_can_begin_on_every_working_day_until_the_last_known_year_ends() {
        let mut day = FIRST_ROUND;
        while day < date(2026, 9, 1) {
            let dates = Dates::from(day).expect("all these years are known");
            assert!(dates.exam_too_soon > dates.plan_reported, "from {day}");
            let late = Calendar::supplied().latest_hand_in(dates.exam_too_soon, 5);
            let late = late.expect("known").date;
            assert!(late < dates.plan_reported, "from {day}");
            assert_eq!(
                after(late, 1).expect("known"),
                first_day(dates.plan_reported, None).expect("known")
            );
            day = after(day, 1).expect("known");
        }
    }

    #[test]
    fn the_next_journey_begins_after_the_last_and_never_in_the_past() {
        let known = |now, last| first_day(now, last).expect("2020 is known");
        assert_eq!(known(date(2020, 5, 18), None), FIRST_ROUND);
        assert_eq!(known(date(2020, 6, 25), None), date(2020, 6, 28));
        assert_eq!(
            known(date(2020, 7, 28), Some(date(2020, 7, 28))),
            date(2020, 7, 29)
        );
        assert_eq!(
            known(date(2020, 8, 1), Some(date(2020, 7, 28))),
            date(2020, 8, 3)
        );
    }

    #[test]
    fn days_off_are_told() {
        assert_eq!(
            weekday(date(2020, 6, 28)).expect("known"),
            "星期日（调休上班）"
        );
        assert_eq!(weekday(date(2020, 6, 25)).expect("known"), "星期四（放假）");
        assert_eq!(weekday(date(2020, 7, 4)).expect("known"), "星期六");
    }
}
