//! The years that are known, and counting in them.

use std::{collections::BTreeMap, fmt, sync::LazyLock};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    deadline::{CountedDay, CountingRule, DayKind, Deadline, Direction},
    year::{CalendarYear, is_weekend},
};

crate::rejections! {
    /// Why working days cannot be counted.
    pub enum YearWithoutData {
        /// The count reaches a year whose holiday notice is not stored.
        NotStored { year: i16 } => "CALENDAR_YEAR_MISSING", FailedPrecondition, "platform",
            "尚无 {year} 年的节假日安排数据，无法计算工作日", "the holidays of {year} are not stored, so working days cannot be counted";
    }
}

/// Which data a count was made with: the span of years and the beginning of the SHA-256 over
/// their days, such as `2020-2026.1f0c9a3e`. The same days always have the same version, and
/// other days another, whoever entered them and in whatever order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CalendarVersion(String);

impl CalendarVersion {
    /// The version as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of(years: &BTreeMap<i16, CalendarYear>) -> Self {
        let mut hasher = Sha256::new();
        for (year, data) in years {
            hasher.update(format!("{year} off"));
            data.off()
                .iter()
                .for_each(|day| hasher.update(format!(" {day}")));
            hasher.update(" worked");
            data.worked()
                .iter()
                .for_each(|day| hasher.update(format!(" {day}")));
            hasher.update("\n");
        }
        let hash = hex::encode(&hasher.finalize()[..4]);
        match (years.first_key_value(), years.last_key_value()) {
            (Some((first, _)), Some((last, _))) => Self(format!("{first}-{last}.{hash}")),
            _ => Self(format!("empty.{hash}")),
        }
    }
}

impl fmt::Display for CalendarVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The years whose holiday notice is known, under one version. Never changed: other data make
/// another calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    version: CalendarVersion,
    years: BTreeMap<i16, CalendarYear>,
}

impl Calendar {
    /// A calendar of these years; of two with the same number the later one holds.
    pub fn new(years: impl IntoIterator<Item = CalendarYear>) -> Self {
        let years = years.into_iter().map(|data| (data.year(), data)).collect();
        Self {
            version: CalendarVersion::of(&years),
            years,
        }
    }

    /// The years that come with the platform, 2020 to 2026.
    pub fn supplied() -> &'static Self {
        static SUPPLIED: LazyLock<Calendar> = LazyLock::new(|| {
            let files = [
                include_str!("../../data/holidays/2020.toml"),
                include_str!("../../data/holidays/2021.toml"),
                include_str!("../../data/holidays/2022.toml"),
                include_str!("../../data/holidays/2023.toml"),
                include_str!("../../data/holidays/2024.toml"),
                include_str!("../../data/holidays/2025.toml"),
                include_str!("../../data/holidays/2026.toml"),
            ];
            Calendar::new(files.map(|file| {
                CalendarYear::parse(file).expect("the supplied years are read by a test")
            }))
        });
        &SUPPLIED
    }

    /// The calendar with a year added, or replaced where the State Council changed it midway.
    #[must_use]
    pub fn with_year(&self, year: CalendarYear) -> Self {
        Self::new(self.years.values().cloned().chain([year]))
    }

    /// Which data this is.
    pub fn version(&self) -> &CalendarVersion {
        &self.version
    }

    /// The years known, in order.
    pub fn years(&self) -> impl Iterator<Item = &CalendarYear> {
        self.years.values()
    }

    /// Whether people work on this day.
    ///
    /// # Errors
    /// When the year of the day is not stored.
    pub fn is_working_day(&self, day: Date) -> Result<bool, YearWithoutData> {
        Ok(matches!(self.sort(day)?, Sort::Weekday | Sort::MakeUp))
    }

    /// When a public notice opened on a day is over: with its nth working day, the first day not
    /// counted (notice 4.3).
    ///
    /// # Errors
    /// When the count reaches a year that is not stored.
    pub fn notice_ends_on(&self, opened: Date, days: u8) -> Result<Deadline, YearWithoutData> {
        self.deadline(CountingRule::NoticePeriod, opened, days)
    }

    /// The last day on which something due n working days ahead of an event may be handed in:
    /// the nth working day before the event, the event's day not counted (notice 4.1). This is
    /// the lenient count; [`CountingRule::HandInStrict`] asks for n full working days between.
    ///
    /// # Errors
    /// When the count reaches a year that is not stored.
    pub fn latest_hand_in(&self, event: Date, days: u8) -> Result<Deadline, YearWithoutData> {
        self.deadline(CountingRule::HandInLenient, event, days)
    }

    /// The nth working day after a day, that day not counted.
    ///
    /// # Errors
    /// When the count reaches a year that is not stored.
    pub fn add_working_days(&self, from: Date, days: u8) -> Result<Deadline, YearWithoutData> {
        self.deadline(CountingRule::WorkingDaysAfter, from, days)
    }

    /// Counts by a rule. Zero days end on the day they begin, working day or not.
    ///
    /// # Errors
    /// When the count reaches a year that is not stored.
    pub fn deadline(
        &self,
        rule: CountingRule,
        from: Date,
        working_days: u8,
    ) -> Result<Deadline, YearWithoutData> {
        let wanted = rule.days_to_count(working_days);
        let mut date = from;
        let mut days = Vec::new();
        let mut counted = 0;
        while counted < wanted {
            date = step(date, rule.direction())?;
            let kind = match self.sort(date)? {
                Sort::Weekday => DayKind::Counted(counted + 1),
                Sort::MakeUp => DayKind::MakeUpWorked(counted + 1),
                Sort::Weekend => DayKind::Weekend,
                Sort::Holiday => DayKind::Holiday,
            };
            counted = kind.number().unwrap_or(counted);
            days.push(CountedDay { date, kind });
        }
        let calendar_version = self.version.clone();
        Ok(Deadline {
            name: None,
            rule,
            counted_from: from,
            working_days,
            date,
            calendar_version,
            days,
        })
    }

    /// The same deadline counted with this calendar, after the data changed.
    ///
    /// # Errors
    /// When the count reaches a year that is not stored.
    pub fn recount(&self, deadline: &Deadline) -> Result<Deadline, YearWithoutData> {
        self.count_again(deadline, deadline.counted_from)
    }

    /// A deadline of the same kind and length, from another day.
    ///
    /// # Errors
    /// When the count reaches a year that is not stored.
    pub fn count_again(
        &self,
        deadline: &Deadline,
        from: Date,
    ) -> Result<Deadline, YearWithoutData> {
        let counted = self.deadline(deadline.rule, from, deadline.working_days)?;
        Ok(Deadline {
            name: deadline.name,
            ..counted
        })
    }

    fn sort(&self, day: Date) -> Result<Sort, YearWithoutData> {
        let data = self
            .years
            .get(&day.year())
            .ok_or(YearWithoutData::NotStored { year: day.year() })?;
        Ok(
            match (
                is_weekend(day),
                data.off().contains(&day),
                data.worked().contains(&day),
            ) {
                (true, _, true) => Sort::MakeUp,
                (true, _, false) => Sort::Weekend,
                (false, true, _) => Sort::Holiday,
                (false, false, _) => Sort::Weekday,
            },
        )
    }
}

/// What sort of day it is, before it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Weekday,
    MakeUp,
    Weekend,
    Holiday,
}

fn step(day: Date, direction: Direction) -> Result<Date, YearWithoutData> {
    let next = match direction {
        Direction::Forward => day.tomorrow(),
        Direction::Backward => day.yesterday(),
    };
    // The calendar of jiff ends with the year 9999; no data can reach beyond either.
    next.map_err(|_| YearWithoutData::NotStored { year: day.year() })
}

#[cfg(test)]
mod tests;
