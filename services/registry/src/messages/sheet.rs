//! What is wrong with a spreadsheet, for messages.

use kernel::rejection::{Fault, Faults};
use proto::registry::v1 as contract;

/// Faults that are told of one file.
const MOST: usize = 1_000;

/// The first ones, each with its row and column.
pub(crate) fn faults(faults: &Faults) -> Vec<contract::SheetFault> {
    faults.all().iter().take(MOST).map(fault).collect()
}

fn fault(fault: &Fault) -> contract::SheetFault {
    let (row, column) = sheet::place(fault.field.as_deref().unwrap_or_default());
    contract::SheetFault {
        row,
        column: column.to_owned(),
        code: fault.code.to_owned(),
        text_zh: fault.chinese.clone(),
        text_en: fault.english.clone(),
        rule: fault.rule.to_owned(),
    }
}
