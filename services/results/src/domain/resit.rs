//! Re-sits (补考): who passed one part and failed another sits the failed one again, within a time,
//! and keeps the part that was passed. The standards name neither the time nor how often; both are
//! pilot parameters.

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::ids::ResultId;
use kernel::pilot::Pilot;

use super::exam::{Attendance, ExamPart, Passing};
use super::result::PartResult;

/// A part that somebody passed in an earlier exam of the same occupation, trade and level by the same
/// organisation, in which they did not pass as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EarlierPass {
    /// The earlier result.
    pub result: ResultId,
    /// The part.
    pub part: ExamPart,
    /// Its points.
    pub score: u8,
    /// Last day of that exam.
    pub examined_on: Date,
    /// Re-sits for which it was kept before.
    pub kept: u16,
}

impl EarlierPass {
    /// Whether it still counts for an exam that begins on a day.
    fn counts_on(&self, day: Date, pilot: &Pilot) -> bool {
        let kept_until = self
            .examined_on
            .checked_add(i32::from(pilot.resit_years).years());
        let in_time = kept_until.is_ok_and(|last| day <= last);
        self.examined_on < day && in_time && self.kept < pilot.resits_most
    }
}

/// Adds to the parts of an exam that begins on a day what is kept of earlier ones: of each part that
/// it takes and in which the candidate was not there, the latest pass that counts. Misconduct is no
/// absence, and keeps nothing.
pub fn keep(
    parts: &mut Vec<PartResult>,
    passing: Passing,
    earlier: &[EarlierPass],
    begins_on: Date,
    pilot: &Pilot,
) {
    for part in passing.parts {
        let examined = parts.iter_mut().find(|examined| examined.part == *part);
        let sat = |result: &&mut PartResult| result.attendance != Attendance::Absent;
        if examined.as_ref().is_some_and(sat) {
            continue;
        }
        let of_part = earlier.iter().filter(|pass| pass.part == *part);
        let counting = of_part.filter(|pass| pass.counts_on(begins_on, pilot));
        let Some(latest) = counting.max_by_key(|pass| (pass.examined_on, pass.result)) else {
            continue;
        };
        let kept = PartResult {
            part: *part,
            attendance: Attendance::Present,
            score: Some(latest.score),
            kept_from: Some(latest.result),
        };
        match examined {
            Some(missed) => *missed = kept,
            None => parts.push(kept),
        }
    }
    parts.sort_by_key(|result| result.part);
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::level::Level;

    use super::*;
    use crate::domain::samples::candidate;

    const SAT_ON: Date = date(2020, 7, 4);

    fn pass(part: ExamPart, examined_on: Date) -> EarlierPass {
        EarlierPass {
            result: candidate(9).id,
            part,
            score: 77,
            examined_on,
            kept: 0,
        }
    }

    /// The parts of a candidate who sat the skill part alone.
    fn resat(earlier: &[EarlierPass], begins_on: Date) -> Vec<PartResult> {
        let mut parts = vec![PartResult::examined(ExamPart::Skill, Attendance::Present)];
        let passing = Passing::of(Level::Five, 60);
        keep(&mut parts, passing, earlier, begins_on, &Pilot::supplied());
        parts
    }

    #[test]
    fn a_part_that_was_passed_is_kept_for_a_year_and_for_one_re_sit() {
        let theory = pass(ExamPart::Theory, SAT_ON);
        for last in [date(2020, 7, 5), date(2021, 7, 4)] {
            let parts = resat(&[theory], last);
            assert_eq!(parts.len(), 2, "{last}");
            assert_eq!(
                (parts[0].score, parts[0].kept_from),
                (Some(77), Some(theory.result))
            );
        }
        assert_eq!(resat(&[theory], date(2021, 7, 5)).len(), 1, "a day late");
        assert_eq!(resat(&[theory], SAT_ON).len(), 1, "the same exam");
        let used = EarlierPass { kept: 1, ..theory };
        assert_eq!(resat(&[used], date(2020, 9, 1)).len(), 1, "kept before");
    }

    #[test]
    fn the_latest_pass_counts_and_none_for_a_part_that_is_sat_again() {
        let later = EarlierPass {
            score: 61,
            ..pass(ExamPart::Theory, date(2020, 8, 1))
        };
        let earlier = [
            pass(ExamPart::Theory, SAT_ON),
            later,
            pass(ExamPart::Skill, SAT_ON),
        ];
        let parts = resat(&earlier, date(2020, 9, 1));
        assert_eq!(parts[0].score, Some(61));
        assert_eq!((parts[1].score, parts[1].kept_from), (None, None));
    }

    #[test]
    fn who_stayed_away_keeps_a_pass_and_who_cheated_does_not() {
        for (attendance, kept) in [(Attendance::Absent, true), (Attendance::Void, false)] {
            let mut parts = vec![
                PartResult::examined(ExamPart::Theory, attendance),
                PartResult::examined(ExamPart::Skill, Attendance::Present),
            ];
            let earlier = [pass(ExamPart::Theory, SAT_ON)];
            let (passing, on) = (Passing::of(Level::Five, 60), date(2020, 9, 1));
            keep(&mut parts, passing, &earlier, on, &Pilot::supplied());
            assert_eq!(parts[0].kept_from.is_some(), kept, "{attendance:?}");
        }
    }
}
