//! A year of the holiday notice, one day a row.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use kernel::working_day::{CalendarRejection, CalendarYear};
use platform::sheets::MOST_FAULTS;
use sheet::{Column, Limits, Row};

const DATE: Column = Column::required("date", "日期");
const KIND: Column = Column::required("kind", "类型");
const NOTE: Column = Column::optional("note", "说明");

const LIMITS: Limits = Limits {
    bytes: 256 * 1024,
    unpacked_bytes: 4 * 1024 * 1024,
    rows: 366,
    cell_characters: 100,
    faults: MOST_FAULTS,
};

rejections! {
    /// Why a row is no day of the calendar.
    pub enum CalendarFileRejection {
        /// Not a day.
        Day => "CALENDAR_FILE_DAY", InvalidArgument, "platform",
            "日期应写作 YYYY-MM-DD", "a day is written YYYY-MM-DD";
        /// Neither off nor worked.
        Kind => "CALENDAR_FILE_KIND", InvalidArgument, "platform",
            "类型应为 off（放假）或 worked（上班）", "a day is off (放假) or worked (上班)";
    }
}

/// Reads a year.
///
/// # Errors
/// What is wrong with the file, or with each row: `file.rows[3].date`, where the row with the
/// columns is number 1, as in a spreadsheet.
pub(crate) fn read(file: &[u8], year: i16) -> Result<CalendarYear, Faults> {
    let mut days = Days::of(year);
    sheet::read(file, &[DATE, KIND, NOTE], &LIMITS, |row, faults| {
        days.take(row, faults);
    })?;
    Ok(CalendarYear::new(year, &days.off, &days.worked)?)
}

/// The days read so far.
struct Days {
    year: i16,
    seen: BTreeSet<Date>,
    off: Vec<Date>,
    worked: Vec<Date>,
}

impl Days {
    fn of(year: i16) -> Self {
        Self {
            year,
            seen: BTreeSet::new(),
            off: Vec::new(),
            worked: Vec::new(),
        }
    }

    fn take(&mut self, row: &Row<'_>, faults: &mut FaultList) {
        let day = row.read(DATE, faults, |text| {
            let day = Some(text).filter(|text| text.len() == 10);
            let day = day.and_then(|text| text.parse::<Date>().ok());
            day.ok_or(CalendarFileRejection::Day)
        });
        let off = row.read(KIND, faults, |text| match text {
            "off" | "放假" => Ok(true),
            "worked" | "上班" => Ok(false),
            _ => Err(CalendarFileRejection::Kind),
        });
        let Some(day) = day else { return };
        if let Err(rejection) = self.judge(day, off) {
            faults.add(row.field(DATE), &rejection);
        }
        match off {
            Some(true) => self.off.push(day),
            Some(false) => self.worked.push(day),
            None => {}
        }
    }

    fn judge(&mut self, day: Date, off: Option<bool>) -> Result<(), CalendarRejection> {
        let year = self.year;
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        if day.year() != year {
            return Err(CalendarRejection::OutsideYear { day, year });
        }
        if !self.seen.insert(day) {
            return Err(CalendarRejection::Twice { day });
        }
        match off {
            Some(true) if weekend => Err(CalendarRejection::OffOnWeekend { day }),
            Some(false) if !weekend => Err(CalendarRejection::WorkedOnWeekday { day }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn told(file: &str) -> Vec<(String, &'static str)> {
        let refused = read(file.as_bytes(), 2027).expect_err("refused");
        let told = refused.all().iter().map(|fault| {
            let field = fault.field.clone().unwrap_or_default();
            (field, fault.code)
        });
        told.collect()
    }

    #[test]
    fn a_year_is_read_with_either_names_of_its_columns() {
        for file in [
            "date,kind\n2027-01-01,off\n2027-01-03,worked\n",
            "\u{feff}日期,类型,说明\r\n2027-01-01,放假,元旦\r\n2027-01-03, 上班 ,\r\n",
        ] {
            let year = read(file.as_bytes(), 2027).expect("a year");
            assert!(year.off().contains(&date(2027, 1, 1)));
            assert!(year.worked().contains(&date(2027, 1, 3)));
        }
    }

    #[test]
    fn every_fault_of_every_row_is_told_with_row_and_column() {
        let file = "date,kind\n\
            2027-01-01,off\n\
            2027-01-02,off\n\
            2027-01-04,worked\n\
            2026-12-31,off\n\
            2027-01-01,off\n\
            ２０２７-01-05,off\n\
            2027-02-30,holiday\n\
            2027-01-06\n";
        let rows = |number, column| format!("file.rows[{number}].{column}");
        assert_eq!(
            told(file),
            [
                (rows(3, "date"), "CALENDAR_DAY_OFF_ON_WEEKEND"),
                (rows(4, "date"), "CALENDAR_DAY_WORKED_ON_WEEKDAY"),
                (rows(5, "date"), "CALENDAR_DAY_OUTSIDE_YEAR"),
                (rows(6, "date"), "CALENDAR_DAY_TWICE"),
                (rows(7, "date"), "CALENDAR_FILE_DAY"),
                (rows(8, "date"), "CALENDAR_FILE_DAY"),
                (rows(8, "kind"), "CALENDAR_FILE_KIND"),
                (rows(9, "kind"), "CALENDAR_FILE_KIND"),
            ]
        );
    }

    #[test]
    fn what_is_no_year_is_refused_as_a_whole() {
        let file = "file".to_owned();
        for (text, code) in [
            ("day,date,kind\n", "SHEET_COLUMN_UNKNOWN"),
            ("date,kind\n", "SHEET_EMPTY"),
            ("PK\u{3}\u{4}", "SHEET_DAMAGED"),
        ] {
            assert_eq!(told(text), [(file.clone(), code)]);
        }
        let rows = LIMITS.rows + 1;
        let long = format!("date,kind\n{}", "x,y\n".repeat(rows));
        let last = told(&long).pop().expect("faults");
        assert_eq!(last, (file, "SHEET_TOO_MANY_ROWS"));
    }
}
