//! Domain values as the documents that people print.
//!
//! Nothing of the moment of printing is in them: the same record gives the same sheet.

mod form;
mod inspection;
mod notice;
mod record;

use std::collections::BTreeSet;

use kernel::level::Level;

pub(crate) use form::basic_form;
pub(crate) use inspection::inspection_announcement;
pub(crate) use notice::public_notice;
pub(crate) use record::{assessment_record, filing_receipt};

use crate::domain::{Application, OccupationScope};

/// An occupation by its name, with the trade where there is one.
fn named(application: &Application, scope: &OccupationScope) -> String {
    let name = application.occupation_name(scope);
    if scope.trade.is_empty() {
        name.to_owned()
    } else {
        format!("{name}（{}）", scope.trade)
    }
}

fn levels(levels: &BTreeSet<Level>) -> String {
    let levels: Vec<_> = levels.iter().map(|level| level.chinese()).collect();
    levels.join("、")
}
