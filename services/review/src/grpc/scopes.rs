//! Occupations with their levels, as messages write them.

use kernel::rejection::FaultList;
use platform::contract::{FieldRejection, level, occupation};
use proto::common::v1 as common;

use super::{line, rows};
use crate::domain::OccupationScope;

/// Characters of a trade's name.
const TRADE: usize = 100;

/// The scope at a field, or faults at its parts.
pub(super) fn scope(
    given: Option<&common::OccupationScope>,
    field: &str,
    faults: &mut FaultList,
) -> Option<OccupationScope> {
    let Some(given) = given else {
        faults.add(field, &FieldRejection::Required);
        return None;
    };
    let occupation = faults.take(
        format!("{field}.occupation"),
        occupation(given.occupation.as_ref()),
    );
    // Empty for the occupation as a whole.
    let trade = if given.trade.trim().is_empty() {
        Some(String::new())
    } else {
        faults.take(format!("{field}.trade"), line(&given.trade, TRADE))
    };
    let no_level = given.levels.is_empty();
    faults.require(
        !no_level,
        format!("{field}.levels"),
        &FieldRejection::Required,
    );
    let levels = rows(&given.levels, &format!("{field}.levels"), faults)
        .iter()
        .enumerate()
        .filter_map(|(index, given)| {
            faults.take(format!("{field}.levels[{index}]"), level(*given))
        });
    Some(OccupationScope {
        levels: levels.collect(),
        occupation: occupation?,
        trade: trade?,
    })
}
