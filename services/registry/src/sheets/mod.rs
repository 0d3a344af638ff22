//! Spreadsheets as people fill them in: a form like a request, with all faults of all rows at once.

use kernel::rejection::{FaultList, Rejection};
use kernel::rejections;
use sheet::{Column, Row};

pub(crate) mod calendar;
pub(crate) mod catalogue;
pub(crate) mod codes;
pub(crate) mod people;

/// Entries of a list in a cell.
const MOST_OF_A_LIST: usize = 100;

rejections! {
    /// Why a list in a cell is not taken.
    pub enum ListRejection {
        /// The same again.
        ListTwice => "SHEET_LIST_TWICE", InvalidArgument, "platform",
            "列表中有重复项", "something is in the list twice";
        /// A list without end.
        ListTooLong { limit: usize } => "SHEET_LIST_TOO_LONG", InvalidArgument, "platform",
            "列表不能超过 {limit} 项", "the list has at most {limit} entries";
    }
}

/// Reads a list, of which the entries stand between semicolons of either width.
fn list<T: PartialEq, R: Rejection>(
    row: &Row<'_>,
    column: Column,
    faults: &mut FaultList,
    parse: impl Fn(&str) -> Result<T, R>,
) -> Vec<T> {
    let entries = row.read(column, faults, |text| {
        let entries = text.split([';', '；']).map(str::trim);
        let entries = entries.filter(|entry| !entry.is_empty());
        let entries: Vec<_> = entries
            .take(MOST_OF_A_LIST + 1)
            .map(str::to_owned)
            .collect();
        if entries.len() <= MOST_OF_A_LIST {
            Ok(entries)
        } else {
            Err(ListRejection::ListTooLong {
                limit: MOST_OF_A_LIST,
            })
        }
    });
    let mut list = Vec::new();
    for entry in entries.unwrap_or_default() {
        let Some(entry) = faults.take(row.field(column), parse(&entry)) else {
            continue;
        };
        if list.contains(&entry) {
            faults.add(row.field(column), &ListRejection::ListTwice);
        } else {
            list.push(entry);
        }
    }
    list
}
