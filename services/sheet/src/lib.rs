//! What people keep in spreadsheets: rows out of a CSV or XLSX file that anybody may have sent.
//!
//! A file is read once, from front to back, within [`Limits`], and row by row: nothing is held but
//! the texts that its cells share. Nothing is reserved or believed because a file says so of itself.
//! An XLSX file is a ZIP archive, and what it holds is counted as it is unpacked. (Libraries for
//! spreadsheets set aside what a file claims to need, and a kilobyte is enough to claim a terabyte;
//! so the little that a table takes of the format is read here.)
//!
//! What a table cannot be taken at its word for is refused by name, at its row and column: a formula,
//! merged cells, a number that Excel has rounded. What would be lost is refused, too: a column that
//! nobody reads, a second sheet.

use kernel::rejection::{FaultList, Faults};

mod delimited;
mod refusal;
mod table;
mod xlsx;

pub use refusal::{CellRejection, SheetRejection};
pub use table::{Column, Row, place};

use table::{Stop, Table};

/// How much of a file is read.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes of what an XLSX file unpacks to, as far as it is read.
    pub unpacked_bytes: u64,
    /// Rows below the one with the columns; empty ones do not count.
    pub rows: usize,
    /// Characters of a cell.
    pub cell_characters: usize,
    /// Faults after which a file is not read on.
    pub faults: usize,
}

/// Begins a ZIP archive, which an XLSX file is.
const ZIP: &[u8] = b"PK\x03\x04";
/// Begins a compound file: a workbook of before 2007, or one under a password.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// What a workbook under a password has inside its compound file, in UTF-16.
const ENCRYPTED: &str = "EncryptedPackage";

/// Reads a file of which the first row names these columns, in any order, and hands on each row
/// below it. What is wrong with a row is noted in the list that comes with it.
///
/// # Errors
/// All that is wrong: with the file as a whole at `file`, with a cell at `file.rows[3].date`, where
/// the first row of the file is number 1, as spreadsheets count.
pub fn read(
    file: &[u8],
    columns: &[Column],
    limits: &Limits,
    take: impl FnMut(&Row<'_>, &mut FaultList),
) -> Result<(), Faults> {
    let mut table = Table::new(columns, limits, take);
    let read = rows(file, limits, &mut table);
    table.finish(read)
}

fn rows<F>(file: &[u8], limits: &Limits, table: &mut Table<'_, F>) -> Result<(), Stop>
where
    F: FnMut(&Row<'_>, &mut FaultList),
{
    if file.len() > limits.bytes {
        let limit = limits.bytes / 1024;
        Err(SheetRejection::TooLarge { limit }.into())
    } else if file.starts_with(ZIP) {
        xlsx::read(file, limits, table)
    } else if file.starts_with(COMPOUND) {
        Err(compound(file).into())
    } else {
        delimited::read(file, limits, table)
    }
}

fn compound(file: &[u8]) -> SheetRejection {
    let name: Vec<u8> = ENCRYPTED
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    if file.windows(name.len()).any(|part| part == name) {
        SheetRejection::Encrypted
    } else {
        SheetRejection::Unreadable
    }
}
