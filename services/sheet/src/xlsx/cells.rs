//! The cells of a sheet, row by row.

use jiff::Span;
use jiff::civil::{Date, date};
use kernel::rejection::FaultList;
use quick_xml::events::{BytesStart, Event};

use super::is;
use super::package::{Xml, attribute};
use crate::delimited::cell;
use crate::table::{Cell, Found, Stop, Table};
use crate::{CellRejection, Limits, Row, SheetRejection};

/// Rows and columns that a sheet can have.
const ROWS: u32 = 1_048_576;
const COLUMNS: usize = 16_384;

/// Digits of a number that Excel keeps.
const PRECISE: f64 = 1e15;

/// The day before the first one that is counted, as the count is right from March 1900 on: Excel
/// takes 1900 for a leap year.
const BEFORE_1900: Date = date(1899, 12, 30);
const FROM_MARCH_1900: i32 = 61;
const FROM_1904: Date = date(1904, 1, 1);

/// Whether a sheet has any value at all.
pub(super) fn any(xml: &mut Xml<'_>) -> Result<bool, Stop> {
    loop {
        match xml.next()? {
            Event::Start(start) if is(&start, "v") || is(&start, "is") || is(&start, "f") => {
                return Ok(true);
            }
            Event::Eof => return Ok(false),
            _ => {}
        }
    }
}

/// What the cells of a sheet are read by.
pub(super) struct Worksheet<'a> {
    pub(super) strings: &'a [Box<str>],
    /// For each style, whether it shows a day.
    pub(super) dates: &'a [bool],
    pub(super) from_1904: bool,
    pub(super) limits: &'a Limits,
}

impl Worksheet<'_> {
    /// Hands on all rows, and then where cells are merged.
    pub(super) fn read<F>(&self, xml: &mut Xml<'_>, table: &mut Table<'_, F>) -> Result<(), Stop>
    where
        F: FnMut(&Row<'_>, &mut FaultList),
    {
        let mut last = 0;
        loop {
            match xml.next()? {
                Event::Start(start) if is(&start, "row") => {
                    let number = match attribute(&start, "r")? {
                        Some(number) => number.parse().map_err(|_| SheetRejection::Damaged)?,
                        None => last + 1,
                    };
                    if number <= last || number > ROWS {
                        return Err(SheetRejection::Damaged.into());
                    }
                    last = number;
                    let cells = self.row(xml)?;
                    table.row(Found { number, cells })?;
                }
                Event::Start(start) if is(&start, "mergeCell") => {
                    let reference = attribute(&start, "ref")?.unwrap_or_default();
                    let first = reference.split(':').next().and_then(position);
                    let (number, column) = first.ok_or(SheetRejection::Damaged)?;
                    table.merged(number, column)?;
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn row(&self, xml: &mut Xml<'_>) -> Result<Vec<(usize, Cell)>, Stop> {
        let mut cells = Vec::new();
        let mut next = 0;
        loop {
            match xml.next()? {
                Event::Start(start) if is(&start, "c") => {
                    let column = match attribute(&start, "r")? {
                        Some(reference) => position(&reference).map(|(_, column)| column),
                        None => Some(next),
                    };
                    let column = column.filter(|column| (next..COLUMNS).contains(column));
                    let column = column.ok_or(SheetRejection::Damaged)?;
                    next = column + 1;
                    let kind = Kind::of(&start, self.dates)?;
                    match self.cell(xml, &kind)? {
                        Ok(text) if text.is_empty() => {}
                        found => cells.push((column, found)),
                    }
                }
                Event::End(end) if end.local_name().as_ref() == "row" => return Ok(cells),
                Event::Eof => return Err(SheetRejection::Damaged.into()),
                _ => {}
            }
        }
    }

    /// The text of a cell that has begun, as people see it.
    fn cell(&self, xml: &mut Xml<'_>, kind: &Kind) -> Result<Cell, Stop> {
        let (mut value, mut formula) = (String::new(), false);
        loop {
            match xml.next()? {
                Event::Start(start) if is(&start, "f") => formula = true,
                Event::Start(start) if is(&start, "v") => value = xml.text("v")?,
                Event::Start(start) if is(&start, "is") => value = xml.text("is")?,
                Event::End(end) if end.local_name().as_ref() == "c" => break,
                Event::Eof => return Err(SheetRejection::Damaged.into()),
                _ => {}
            }
        }
        if formula {
            return Ok(Err(CellRejection::Formula));
        }
        let text = match kind {
            Kind::Shared => {
                let index = value.parse().ok();
                let text = index.and_then(|index: usize| self.strings.get(index));
                text.ok_or(SheetRejection::Damaged)?.to_string()
            }
            Kind::Text => value,
            Kind::Error => return Ok(Err(CellRejection::ErrorValue)),
            Kind::Number => match number(&value) {
                Ok(text) => text,
                Err(rounded) => return Ok(Err(rounded)),
            },
            Kind::Day => self.day(&value).map_or(value, |day| day.to_string()),
        };
        Ok(cell(text.trim(), self.limits))
    }

    /// The day that a number stands for, unless it is none or has hours, too.
    fn day(&self, value: &str) -> Option<Date> {
        let (days, hours) = value.split_once('.').unwrap_or((value, ""));
        let days: i32 = days.parse().ok()?;
        let first = match self.from_1904 {
            true => FROM_1904,
            false if days >= FROM_MARCH_1900 => BEFORE_1900,
            false => return None,
        };
        let whole = hours.bytes().all(|digit| digit == b'0');
        let span = whole.then(|| Span::new().try_days(days).ok())??;
        first.checked_add(span).ok()
    }
}

/// How the value of a cell is to be read.
enum Kind {
    /// As the number of a text that cells share.
    Shared,
    /// As it stands.
    Text,
    Number,
    /// As a number of days.
    Day,
    Error,
}

impl Kind {
    fn of(start: &BytesStart<'_>, dates: &[bool]) -> Result<Self, Stop> {
        let style = attribute(start, "s")?.and_then(|style| style.parse::<usize>().ok());
        let day = style.and_then(|style| dates.get(style)).copied();
        Ok(match attribute(start, "t")?.as_deref() {
            Some("s") => Self::Shared,
            None | Some("n") if day == Some(true) => Self::Day,
            None | Some("n") => Self::Number,
            Some("e") => Self::Error,
            Some(_) => Self::Text,
        })
    }
}

/// A number as people see it: 2018 and not 2.018E3.
fn number(value: &str) -> Cell {
    match value.parse::<f64>() {
        Ok(number) if number.abs() >= PRECISE => Err(CellRejection::NumberRounded),
        Ok(number) => Ok(number.to_string()),
        Err(_) => Ok(value.to_owned()),
    }
}

/// Row and column of a reference such as `B3`: the row from 1, the column from 0.
fn position(reference: &str) -> Option<(u32, usize)> {
    let digits = reference.find(|next: char| next.is_ascii_digit())?;
    let (letters, row) = reference.split_at(digits);
    let column = letters.bytes().try_fold(0_usize, |column, letter| {
        let letter = letter.is_ascii_uppercase().then(|| letter - b'A' + 1)?;
        let column = column * 26 + usize::from(letter);
        (column <= COLUMNS).then_some(column)
    })?;
    let row = row.parse().ok().filter(|row| (1..=ROWS).contains(row))?;
    Some((row, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_read_and_what_lies_outside_of_a_sheet_is_none() {
        assert_eq!(position("A1"), Some((1, 0)));
        assert_eq!(position("AB30"), Some((30, 27)));
        assert_eq!(position("XFD1048576"), Some((1_048_576, 16_383)));
        for none in [
            "",
            "A",
            "1",
            "a1",
            "A0",
            "XFE1",
            "A1048577",
            "A-1",
            "ZZZZZZZZZZZZZZ1",
        ] {
            assert_eq!(position(none), None, "{none}");
        }
    }

    #[test]
    fn a_number_is_written_as_people_see_it_unless_it_was_rounded() {
        for (value, seen) in [
            ("2018", "2018"),
            ("2.018E3", "2018"),
            ("-1", "-1"),
            ("0.5", "0.5"),
            ("999999999999999", "999999999999999"),
            ("NaN or so", "NaN or so"),
        ] {
            assert_eq!(number(value), Ok(seen.to_owned()));
        }
        assert_eq!(
            number("3.71000199001011E+17"),
            Err(CellRejection::NumberRounded)
        );
    }
}
