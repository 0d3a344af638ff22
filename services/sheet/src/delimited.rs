//! CSV: text in UTF-8, with commas between the cells.

use std::io::Read;

use csv::{ReaderBuilder, StringRecord, Terminator, Trim};
use kernel::rejection::FaultList;

use crate::table::{Cell, Found, Stop, Table};
use crate::{CellRejection, Limits, Row, SheetRejection};

pub(crate) fn read<F>(file: &[u8], limits: &Limits, table: &mut Table<'_, F>) -> Result<(), Stop>
where
    F: FnMut(&Row<'_>, &mut FaultList),
{
    let text = std::str::from_utf8(file).map_err(|_| SheetRejection::Unreadable)?;
    if text.contains('\0') {
        return Err(SheetRejection::Unreadable.into());
    }
    // What spreadsheets put before UTF-8.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // Rows end with a line feed and nothing else, so that the lines can be counted: a carriage
    // return before it is trimmed, and the last row ends as all do.
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .terminator(Terminator::Any(b'\n'))
        .from_reader(text.as_bytes().chain(&b"\n"[..]));
    let mut record = StringRecord::new();
    let mut lines_within = 0;
    while reader
        .read_record(&mut record)
        .map_err(|_| SheetRejection::Unreadable)?
    {
        // Empty lines are rows, too, though the reader passes over them. A cell that has lines of
        // its own is in one row with the others.
        lines_within += record.iter().map(lines).sum::<u64>();
        let number = reader.position().line() - 1 - lines_within;
        let cells = record.iter().enumerate();
        let cells = cells.filter(|(_, text)| !text.is_empty());
        table.row(Found {
            number: u32::try_from(number).unwrap_or(u32::MAX),
            cells: cells.map(|(at, text)| (at, cell(text, limits))).collect(),
        })?;
    }
    Ok(())
}

fn lines(cell: &str) -> u64 {
    cell.bytes().map(|byte| u64::from(byte == b'\n')).sum()
}

/// Text of a cell, unless it is longer than any value.
pub(crate) fn cell(text: &str, limits: &Limits) -> Cell {
    let limit = limits.cell_characters;
    if text.chars().nth(limit).is_some() {
        Err(CellRejection::TooLong { limit })
    } else {
        Ok(text.to_owned())
    }
}
