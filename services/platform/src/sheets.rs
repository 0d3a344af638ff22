//! What is told about spreadsheets: whether they would be taken, and their faults by row and column.
//! What a row says is its service's.

use kernel::rejection::{Fault, Faults};
use proto::common::v1 as common;

use crate::error::{Error, Result};

/// Files that are read at once.
pub const AT_ONCE: usize = 2;
/// Faults that are told of one file; who has more begins with these.
pub const MOST_FAULTS: usize = 1_000;

/// What a dry run found: what would be, or all that is wrong.
pub fn tried<T>(judged: Result<T>) -> Result<Result<T, Faults>> {
    match judged {
        Ok(would_be) => Ok(Ok(would_be)),
        Err(Error::Refused(faults)) => Ok(Err(faults)),
        Err(failure) => Err(failure),
    }
}

/// What is wrong with a file, each fault with its row and column.
pub fn faults(faults: &Faults) -> Vec<common::SheetFault> {
    faults.all().iter().take(MOST_FAULTS).map(fault).collect()
}

fn fault(fault: &Fault) -> common::SheetFault {
    let (row, column) = sheet::place(fault.field.as_deref().unwrap_or_default());
    common::SheetFault {
        row,
        column: column.to_owned(),
        code: fault.code.to_owned(),
        text_zh: fault.chinese.clone(),
        text_en: fault.english.clone(),
        rule: fault.rule.to_owned(),
    }
}
