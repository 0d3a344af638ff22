//! One year of the holiday notice.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::rejection::Rejection;

crate::rejections! {
    /// Why the data of a year cannot be used.
    pub enum CalendarRejection {
        /// Not TOML, or not with the fields `year`, `off` and `worked`.
        Malformed => "CALENDAR_YEAR_MALFORMED", InvalidArgument, "platform",
            "日历数据应包含 year、off、worked 三项，日期应为 YYYY-MM-DD 形式",
            "the data of a calendar year has the fields year, off and worked, with days as YYYY-MM-DD";
        /// A day of another year.
        OutsideYear { day: Date, year: i16 } => "CALENDAR_DAY_OUTSIDE_YEAR", InvalidArgument, "platform",
            "{day} 不属于 {year} 年", "{day} is not a day of {year}";
        /// Weekends are off without being listed.
        OffOnWeekend { day: Date } => "CALENDAR_DAY_OFF_ON_WEEKEND", InvalidArgument, "platform",
            "{day} 是周末，不应列入放假的工作日", "{day} is a weekend day and need not be listed as off";
        /// Weekdays are worked without being listed.
        WorkedOnWeekday { day: Date } => "CALENDAR_DAY_WORKED_ON_WEEKDAY", InvalidArgument, "platform",
            "{day} 不是周末，不应列入调休上班日", "{day} is a weekday and need not be listed as worked";
        /// A day listed twice is most likely a slip for another day.
        Twice { day: Date } => "CALENDAR_DAY_TWICE", InvalidArgument, "platform",
            "{day} 重复列出", "{day} is listed twice";
    }
}

/// The holiday notice of one year (节假日安排): weekdays off and weekend days worked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct CalendarYear {
    year: i16,
    off: BTreeSet<Date>,
    worked: BTreeSet<Date>,
}

/// The form in which a year is written down; not yet checked.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    year: i16,
    off: Vec<Date>,
    worked: Vec<Date>,
}

impl CalendarYear {
    /// Parses the data of one year from TOML.
    ///
    /// # Errors
    /// The first thing that is wrong. A day of the neighbouring year, which holiday notices may
    /// contain, belongs into that year's file.
    pub fn parse(toml: &str) -> Result<Self, CalendarRejection> {
        let written: Written = toml::from_str(toml).map_err(|_| CalendarRejection::Malformed)?;
        Self::new(written.year, &written.off, &written.worked)
    }

    /// A year made of its weekdays off and its weekend days worked.
    ///
    /// # Errors
    /// When a day is of another year, of the wrong kind, or listed twice.
    pub fn new(year: i16, off: &[Date], worked: &[Date]) -> Result<Self, CalendarRejection> {
        if let Some(&day) = off.iter().find(|&&day| is_weekend(day)) {
            return Err(CalendarRejection::OffOnWeekend { day });
        }
        if let Some(&day) = worked.iter().find(|&&day| !is_weekend(day)) {
            return Err(CalendarRejection::WorkedOnWeekday { day });
        }
        Ok(Self {
            year,
            off: days_of(year, off)?,
            worked: days_of(year, worked)?,
        })
    }

    /// The year.
    pub fn year(&self) -> i16 {
        self.year
    }

    /// The weekdays off (放假).
    pub fn off(&self) -> &BTreeSet<Date> {
        &self.off
    }

    /// The weekend days worked (调休上班).
    pub fn worked(&self) -> &BTreeSet<Date> {
        &self.worked
    }
}

pub(super) fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn days_of(year: i16, listed: &[Date]) -> Result<BTreeSet<Date>, CalendarRejection> {
    let mut days = BTreeSet::new();
    for &day in listed {
        if day.year() != year {
            return Err(CalendarRejection::OutsideYear { day, year });
        }
        if !days.insert(day) {
            return Err(CalendarRejection::Twice { day });
        }
    }
    Ok(days)
}

impl TryFrom<Written> for CalendarYear {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        Self::new(written.year, &written.off, &written.worked)
            .map_err(|rejection| rejection.english())
    }
}

impl From<CalendarYear> for Written {
    fn from(year: CalendarYear) -> Self {
        Self {
            year: year.year,
            off: year.off.into_iter().collect(),
            worked: year.worked.into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_year_that_contradicts_itself_is_refused_by_name() {
        for (toml, rejection) in [
            ("year = 2027", CalendarRejection::Malformed),
            (
                "year = 2027\noff = [\"soon\"]\nworked = []",
                CalendarRejection::Malformed,
            ),
            (
                "year = 2027\noff = []\nworked = []\nhalf = []",
                CalendarRejection::Malformed,
            ),
            (
                "year = 2027\noff = [\"2026-01-01\"]\nworked = []",
                CalendarRejection::OutsideYear {
                    day: date(2026, 1, 1),
                    year: 2027,
                },
            ),
            (
                "year = 2027\noff = [\"2027-01-02\"]\nworked = []",
                CalendarRejection::OffOnWeekend {
                    day: date(2027, 1, 2),
                },
            ),
            (
                "year = 2027\noff = []\nworked = [\"2027-01-04\"]",
                CalendarRejection::WorkedOnWeekday {
                    day: date(2027, 1, 4),
                },
            ),
            (
                "year = 2027\noff = [\"2027-01-01\", \"2027-01-01\"]\nworked = []",
                CalendarRejection::Twice {
                    day: date(2027, 1, 1),
                },
            ),
        ] {
            assert_eq!(CalendarYear::parse(toml), Err(rejection));
        }
    }

    #[test]
    fn a_year_reads_back_as_it_is_written() {
        let year = CalendarYear::new(2027, &[date(2027, 1, 1)], &[date(2027, 1, 3)])
            .expect("of the right kinds");
        let json = serde_json::to_string(&year).expect("a year is plain data");
        assert_eq!(
            serde_json::from_str::<CalendarYear>(&json).expect("it was one"),
            year
        );
        let wrong = json.replace("2027-01-01", "2027-01-02");
        assert!(serde_json::from_str::<CalendarYear>(&wrong).is_err());
    }
}
