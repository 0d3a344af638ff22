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

use crate::domain::{Application, BodyKind, OccupationScope};

/// An occupation by its name, with the trade where there is one.
fn named(application: &Application, scope: &OccupationScope) -> String {
    with_trade(application.occupation_name(scope), scope)
}

fn with_trade(name: &str, scope: &OccupationScope) -> String {
    if scope.trade.is_empty() {
        name.to_owned()
    } else {
        format!("{name}（{}）", scope.trade)
    }
}

/// Kind of the applicant.
fn kind(application: &Application) -> String {
    application.kind().map_or("", BodyKind::chinese).to_owned()
}

fn levels(levels: &BTreeSet<Level>) -> String {
    let levels: Vec<_> = levels.iter().map(|level| level.chinese()).collect();
    levels.join("、")
}
