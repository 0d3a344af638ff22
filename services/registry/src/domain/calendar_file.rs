//! A year of the holiday notice as a CSV file: read row by row, with every fault of every row.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use kernel::working_day::{CalendarRejection, CalendarYear};

/// More is no year.
const MOST_BYTES: usize = 64 * 1024;
/// Faults that are told of one file; who has more begins with these.
const MOST_ROWS: usize = 366;

rejections! {
    /// Why a file is no year of the calendar.
    pub enum CalendarFileRejection {
        /// Larger than any year.
        TooLarge => "CALENDAR_FILE_TOO_LARGE", InvalidArgument, "platform",
            "文件不能超过 64 KiB，且不超过 366 行", "the file has at most 64 KiB and 366 rows";
        /// Not text in the form that was asked for.
        Unreadable => "CALENDAR_FILE_UNREADABLE", InvalidArgument, "platform",
            "文件应为 UTF-8 编码的 CSV 格式", "the file has to be CSV in UTF-8";
        /// The first row names the columns.
        Columns => "CALENDAR_FILE_COLUMNS", InvalidArgument, "platform",
            "首行应为 date,kind（日期,类型）", "the first row has to be date,kind (日期,类型)";
        /// Not a day.
        Day => "CALENDAR_FILE_DAY", InvalidArgument, "platform",
            "日期应写作 YYYY-MM-DD", "a day is written YYYY-MM-DD";
        /// Neither off nor worked.
        Kind => "CALENDAR_FILE_KIND", InvalidArgument, "platform",
            "类型应为 off（放假）或 worked（上班）", "a day is off (放假) or worked (上班)";
        /// A year without any holiday is a slip.
        Empty => "CALENDAR_FILE_EMPTY", InvalidArgument, "platform",
            "文件中没有任何日期", "there is no day in the file";
    }
}

/// Reads a year.
///
/// # Errors
/// What is wrong with the file, or with each row: `file.rows[3].date`, where the row with the
/// columns is number 1, as in a spreadsheet.
pub fn read(file: &[u8], year: i16) -> Result<CalendarYear, Faults> {
    let whole = |rejection: CalendarFileRejection| Faults::at("file", &rejection);
    if file.len() > MOST_BYTES {
        return Err(whole(CalendarFileRejection::TooLarge));
    }
    let text = std::str::from_utf8(file).map_err(|_| whole(CalendarFileRejection::Unreadable))?;
    // What spreadsheets put before UTF-8.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let unreadable = |_: csv::Error| whole(CalendarFileRejection::Unreadable);
    let columns: Vec<_> = reader
        .headers()
        .map_err(unreadable)?
        .iter()
        .take(2)
        .collect();
    if !matches!(columns[..], ["date", "kind"] | ["日期", "类型"]) {
        return Err(whole(CalendarFileRejection::Columns));
    }
    let mut rows = Rows::of(year);
    for (index, record) in reader.records().enumerate() {
        if index == MOST_ROWS {
            return Err(whole(CalendarFileRejection::TooLarge));
        }
        rows.take(index + 2, &record.map_err(unreadable)?);
    }
    rows.finish()
}

/// The days read so far, and what is wrong with them.
struct Rows {
    year: i16,
    seen: BTreeSet<Date>,
    off: Vec<Date>,
    worked: Vec<Date>,
    faults: FaultList,
}

impl Rows {
    fn of(year: i16) -> Self {
        Self {
            year,
            seen: BTreeSet::new(),
            off: Vec::new(),
            worked: Vec::new(),
            faults: FaultList::default(),
        }
    }

    fn take(&mut self, number: usize, record: &csv::StringRecord) {
        let field = |column| format!("file.rows[{number}].{column}");
        let day = record.get(0).filter(|text| text.len() == 10);
        let day = day
            .and_then(|text| text.parse::<Date>().ok())
            .ok_or(CalendarFileRejection::Day);
        let day = self.faults.take(field("date"), day);
        let off = match record.get(1) {
            Some("off" | "放假") => Ok(true),
            Some("worked" | "上班") => Ok(false),
            _ => Err(CalendarFileRejection::Kind),
        };
        let off = self.faults.take(field("kind"), off);
        let Some(day) = day else { return };
        if let Err(rejection) = self.judge(day, off) {
            self.faults.add(field("date"), &rejection);
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

    fn finish(self) -> Result<CalendarYear, Faults> {
        self.faults.finish()?;
        if self.seen.is_empty() {
            return Err(Faults::at("file", &CalendarFileRejection::Empty));
        }
        Ok(CalendarYear::new(self.year, &self.off, &self.worked)?)
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
            ("", "CALENDAR_FILE_COLUMNS"),
            ("day,kind\n2027-01-01,off", "CALENDAR_FILE_COLUMNS"),
            ("date,kind\n", "CALENDAR_FILE_EMPTY"),
            (&"x".repeat(MOST_BYTES + 1), "CALENDAR_FILE_TOO_LARGE"),
            (
                &format!("date,kind\n{}", "x,y\n".repeat(MOST_ROWS + 1)),
                "CALENDAR_FILE_TOO_LARGE",
            ),
        ] {
            assert_eq!(told(text), [(file.clone(), code)]);
        }
        let binary = read(b"PK\x03\x04\xff\xfe", 2027).expect_err("a spreadsheet");
        assert_eq!(binary.codes(), ["CALENDAR_FILE_UNREADABLE"]);
    }
}
