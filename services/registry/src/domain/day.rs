//! Days that may be chosen.

use jiff::ToSpan;
use jiff::civil::Date;
use kernel::rejections;

rejections! {
    /// Why a day cannot be chosen.
    pub enum DayRejection {
        /// Nothing is decided backwards, nor for a day that nobody plans for.
        DayOutOfRange { from: Date, until: Date } => "DAY_OUT_OF_RANGE", InvalidArgument, "platform",
            "日期应在 {from} 至 {until} 之间", "the day has to lie between {from} and {until}";
    }
}

/// A day that is `from` at the earliest and a year after it at the latest.
///
/// # Errors
/// When it lies outside.
pub fn within_a_year(day: Date, from: Date) -> Result<Date, DayRejection> {
    let until = from.saturating_add(1.year());
    if (from..=until).contains(&day) {
        Ok(day)
    } else {
        Err(DayRejection::DayOutOfRange { from, until })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn both_ends_of_the_year_may_be_chosen_and_nothing_beyond() {
        let from = date(2020, 2, 29);
        for day in [from, date(2021, 2, 28)] {
            assert_eq!(within_a_year(day, from), Ok(day));
        }
        for day in [date(2020, 2, 28), date(2021, 3, 1), Date::MAX, Date::MIN] {
            assert!(within_a_year(day, from).is_err(), "{day}");
        }
    }
}
