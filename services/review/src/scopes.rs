//! Lists and occupations with their levels, as messages write them.

use std::collections::BTreeSet;

use kernel::level::Level;
use kernel::rejection::FaultList;
use platform::contract::{FieldRejection, level, line, occupation};
use proto::common::v1 as common;

use crate::domain::OccupationScope;
use crate::domain::refusal::ApplicationRejection;

/// Characters of a trade's name.
const TRADE: usize = 100;
/// Rows of a list in a request. Faults are told for each row, and an answer holds only so many.
const LONGEST_LIST: usize = 50;

/// The rows of a list that are looked at.
pub(crate) fn rows<'a, T>(list: &'a [T], field: &str, faults: &mut FaultList) -> &'a [T] {
    let (limit, given) = (LONGEST_LIST, list.len());
    if given <= limit {
        return list;
    }
    faults.add(field, &ApplicationRejection::ListTooLong { limit, given });
    &[]
}

/// The scope at a field, or faults at its parts.
pub(crate) fn scope(
    given: Option<&common::OccupationScope>,
    field: &str,
    faults: &mut FaultList,
) -> Option<OccupationScope> {
    scope_and_levels(given, field, faults).0
}

/// The scope at a field, and its levels, which can be judged even where the rest cannot be read.
pub(crate) fn scope_and_levels(
    given: Option<&common::OccupationScope>,
    field: &str,
    faults: &mut FaultList,
) -> (Option<OccupationScope>, BTreeSet<Level>) {
    let Some(given) = given else {
        faults.add(field, &FieldRejection::Required);
        return (None, BTreeSet::new());
    };
    let occupation = faults.take(
        format!("{field}.occupation"),
        occupation(given.occupation.as_ref()),
    );
    let trade = trade(&given.trade, field, faults);
    let no_level = given.levels.is_empty();
    faults.require(
        !no_level,
        format!("{field}.levels"),
        &FieldRejection::Required,
    );
    let levels: BTreeSet<_> = rows(&given.levels, &format!("{field}.levels"), faults)
        .iter()
        .enumerate()
        .filter_map(|(index, given)| faults.take(format!("{field}.levels[{index}]"), level(*given)))
        .collect();
    let scope = occupation
        .zip(trade)
        .map(|(occupation, trade)| OccupationScope {
            occupation,
            trade,
            levels: levels.clone(),
        });
    (scope, levels)
}

/// The trade in the row at a field; empty for the occupation as a whole.
pub(crate) fn trade(given: &str, field: &str, faults: &mut FaultList) -> Option<String> {
    if given.trim().is_empty() {
        return Some(String::new());
    }
    faults.take(format!("{field}.trade"), line(given, TRADE))
}
