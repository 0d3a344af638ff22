//! Rectifications (限期整改): reported by the organisation, judged by its filing centre, which is
//! satisfied or wants it done again by another day.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::MeasureId;
use kernel::measure::Measure as Terms;
use kernel::rejection::Faults;
use kernel::working_day::Calendar;

use super::measure::{Measure, MeasureRejection};
use super::{Organization, OrganizationFact};
use crate::domain::day::{DayRejection, within_a_year};

impl Organization {
    /// The organisation reports what it has put right; it may do so again until that is judged.
    ///
    /// # Errors
    /// When there is no such rectification, or it is accepted.
    pub fn report_rectification(
        &self,
        measure_id: MeasureId,
        today: Date,
    ) -> Result<Vec<OrganizationFact>, Faults> {
        self.open_rectification(measure_id)?;
        Ok(vec![OrganizationFact::RectificationReported {
            organization_id: self.organization_id,
            filing_division: self.filing_division,
            measure_id,
            on: today,
        }])
    }

    /// Its filing centre is satisfied.
    ///
    /// # Errors
    /// When there is no such rectification to be judged, or the centre is another.
    pub fn accept_rectification(
        &self,
        centre: DivisionCode,
        measure_id: MeasureId,
        today: Date,
    ) -> Result<Vec<OrganizationFact>, Faults> {
        self.rectification_to_judge(centre, measure_id, today)?;
        Ok(vec![OrganizationFact::RectificationAccepted {
            organization_id: self.organization_id,
            filing_division: self.filing_division,
            measure_id,
            on: today,
        }])
    }

    /// Its filing centre is not satisfied: it is to be done by another day, which takes away nothing
    /// of the time that was given.
    ///
    /// # Errors
    /// When there is no such rectification to be judged, the centre is another, or the day cannot be
    /// chosen.
    pub fn return_rectification(
        &self,
        centre: DivisionCode,
        measure_id: MeasureId,
        due_on: Date,
        today: Date,
    ) -> Result<Vec<OrganizationFact>, Faults> {
        let measure = self.rectification_to_judge(centre, measure_id, today)?;
        let tomorrow = today.tomorrow().unwrap_or(today);
        let given = measure.due_on().unwrap_or(tomorrow);
        within_a_year(due_on, tomorrow.max(given))
            .map_err(|rejection: DayRejection| Faults::at("due_on", &rejection))?;
        Ok(vec![OrganizationFact::RectificationReturned {
            organization_id: self.organization_id,
            filing_division: self.filing_division,
            measure_id,
            due_on,
            on: today,
        }])
    }

    /// The day of a rectification is set by its centre; where it turns out to be one on which nobody
    /// works, the rectification is due on the next working day. Nothing, where it is not such a day.
    ///
    /// # Errors
    /// When there is no such rectification, it is accepted, or the calendar does not reach so far.
    pub fn postpone_rectification(
        &self,
        measure_id: MeasureId,
        calendar: &Calendar,
    ) -> Result<Option<OrganizationFact>, Faults> {
        let Some(set) = self.open_rectification(measure_id)?.due_on() else {
            return Ok(None);
        };
        if calendar.is_working_day(set)? {
            return Ok(None);
        }
        let next = calendar.add_working_days(set, 1)?;
        Ok(Some(OrganizationFact::RectificationPostponed {
            organization_id: self.organization_id,
            filing_division: self.filing_division,
            measure_id,
            due_on: next.date,
            calendar_version: next.calendar_version,
        }))
    }

    /// One that is reported, or whose day has passed. Of two officers who judge it the second finds
    /// nothing to judge, since what is returned waits for another report.
    fn rectification_to_judge(
        &self,
        centre: DivisionCode,
        measure_id: MeasureId,
        today: Date,
    ) -> Result<&Measure, Faults> {
        self.filed_at(centre)?;
        let measure = self.open_rectification(measure_id)?;
        if measure.progress.reported_on.is_none() && !measure.is_overdue(today) {
            return Err(MeasureRejection::RectificationNotReported.into());
        }
        Ok(measure)
    }

    fn open_rectification(&self, measure_id: MeasureId) -> Result<&Measure, MeasureRejection> {
        let measure = self.measure(measure_id)?;
        if !matches!(measure.order.measure, Terms::Rectification { .. }) {
            Err(MeasureRejection::NotRectification)
        } else if measure.progress.accepted_on.is_some() {
            Err(MeasureRejection::RectificationAccepted)
        } else {
            Ok(measure)
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::organization::measure::Progress;
    use crate::domain::samples::{TODAY, measure, organization, weihai};

    const DUE: Date = date(2020, 7, 1);

    fn codes(refused: Result<Vec<OrganizationFact>, Faults>) -> Vec<&'static str> {
        refused.expect_err("refused").codes()
    }

    fn with(progress: Progress) -> Organization {
        due_by(DUE, progress)
    }

    fn due_by(due_on: Date, progress: Progress) -> Organization {
        let mut rectification = measure(Terms::Rectification { due_on });
        rectification.progress = progress;
        Organization {
            measures: vec![rectification],
            ..organization()
        }
    }

    fn reported() -> Progress {
        Progress {
            reported_on: Some(TODAY),
            ..Progress::default()
        }
    }

    /// The first refusal of having it done again by a day.
    fn refused(organization: &Organization, due_on: Date, today: Date) -> Option<&'static str> {
        let id = organization.measures[0].measure_id;
        let again = organization.return_rectification(weihai(), id, due_on, today);
        again.err().map(|faults| faults.leading().code)
    }

    #[test]
    fn what_is_judged_is_reported_or_late() {
        let id = measure(Terms::Talk).measure_id;
        for (progress, today, expected) in [
            (Progress::default(), DUE, Err("RECTIFICATION_NOT_REPORTED")),
            (Progress::default(), date(2020, 7, 2), Ok(())),
            (reported(), TODAY, Ok(())),
        ] {
            let organization = with(progress);
            let accepted = organization.accept_rectification(weihai(), id, today);
            let accepted = accepted.map(drop).map_err(|faults| faults.leading().code);
            assert_eq!(accepted, expected, "{today}");
        }
    }

    #[test]
    fn a_rectification_is_done_again_by_a_later_day() {
        let organization = with(reported());
        let late = date(2020, 8, 1);
        for (due_on, today, possible) in [
            (date(2020, 6, 30), TODAY, false),
            (DUE, TODAY, true),
            (date(2021, 7, 1), TODAY, true),
            (date(2021, 7, 2), TODAY, false),
            (late, late, false),
            (date(2020, 8, 2), late, true),
        ] {
            let expected = (!possible).then_some("DAY_OUT_OF_RANGE");
            assert_eq!(refused(&organization, due_on, today), expected, "{due_on}");
        }
        let again = with(Progress {
            moved_to: Some(date(2020, 8, 1)),
            ..Progress::default()
        });
        let early = refused(&again, date(2020, 9, 1), late);
        assert_eq!(
            early,
            Some("RECTIFICATION_NOT_REPORTED"),
            "there is time left"
        );
        let elsewhere = DivisionCode::parse("370200").expect("a division");
        let id = again.measures[0].measure_id;
        let foreign = again.return_rectification(elsewhere, id, date(2020, 9, 1), TODAY);
        assert_eq!(codes(foreign), ["NOT_FILING_CENTRE"]);
    }

    #[test]
    fn a_rectification_due_on_a_day_off_is_due_on_the_next_working_day() {
        let due = |year, month, day, progress| {
            let organization = due_by(date(year, month, day), progress);
            let id = organization.measures[0].measure_id;
            let fact = organization.postpone_rectification(id, Calendar::supplied());
            fact.map(|fact| match fact {
                Some(OrganizationFact::RectificationPostponed { due_on, .. }) => Some(due_on),
                _ => None,
            })
        };
        let open = Progress::default();
        assert_eq!(due(2020, 9, 30, open), Ok(None));
        assert_eq!(due(2020, 10, 1, open), Ok(Some(date(2020, 10, 9))));
        let moved = Progress {
            moved_to: Some(date(2020, 10, 9)),
            ..open
        };
        assert_eq!(due(2020, 10, 1, moved), Ok(None));
        let accepted = Progress {
            accepted_on: Some(TODAY),
            ..open
        };
        let refused = due(2020, 10, 1, accepted).expect_err("accepted");
        assert_eq!(refused.codes(), ["RECTIFICATION_ACCEPTED"]);
        let refused = due(2031, 1, 1, open).expect_err("no such year");
        assert_eq!(refused.codes(), ["CALENDAR_YEAR_MISSING"]);
    }

    #[test]
    fn a_rectification_is_reported_and_accepted_once() {
        let open = with(reported());
        let id = open.measures[0].measure_id;
        assert!(open.report_rectification(id, TODAY).is_ok());
        assert!(open.accept_rectification(weihai(), id, TODAY).is_ok());
        assert_eq!(
            codes(open.accept_rectification(DivisionCode::PROVINCE, id, TODAY)),
            ["NOT_FILING_CENTRE"]
        );
        let accepted = with(Progress {
            accepted_on: Some(TODAY),
            ..reported()
        });
        assert_eq!(
            codes(accepted.accept_rectification(weihai(), id, TODAY)),
            ["RECTIFICATION_ACCEPTED"]
        );
        assert_eq!(
            codes(accepted.report_rectification(id, TODAY)),
            ["RECTIFICATION_ACCEPTED"]
        );
        let talk = Organization {
            measures: vec![measure(Terms::Talk)],
            ..organization()
        };
        assert_eq!(
            codes(talk.report_rectification(id, TODAY)),
            ["MEASURE_NOT_RECTIFICATION"]
        );
        assert_eq!(
            codes(organization().report_rectification(id, TODAY)),
            ["MEASURE_NOT_FOUND"]
        );
        assert!(!open.measures[0].is_overdue(date(2020, 7, 1)));
        assert!(open.measures[0].is_overdue(date(2020, 7, 2)));
        assert!(!accepted.measures[0].is_overdue(date(2020, 7, 2)));
    }
}
