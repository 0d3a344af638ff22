//! Spreadsheets as people fill them in: a form like a request, with all faults of all rows at once.

use kernel::rejection::{Fault, Faults};
use proto::registry::v1::SheetFault;

pub(crate) mod candidates;

/// Faults that are told of one file; who has more begins with these.
pub(crate) const MOST_FAULTS: usize = 1_000;

/// The first faults, each with its row and column.
pub(crate) fn faults(faults: &Faults) -> Vec<SheetFault> {
    faults.all().iter().take(MOST_FAULTS).map(fault).collect()
}

fn fault(fault: &Fault) -> SheetFault {
    let (row, column) = sheet::place(fault.field.as_deref().unwrap_or_default());
    SheetFault {
        row,
        column: column.to_owned(),
        code: fault.code.to_owned(),
        text_zh: fault.chinese.clone(),
        text_en: fault.english.clone(),
        rule: fault.rule.to_owned(),
    }
}
