//! Measures as the contract's messages.

use platform::contract::{measure_ground_message, measure_kind_message, measure_terms};
use proto::review::v1 as review;

use crate::domain::OrganizationMeasure;

/// A measure with its reason in words; lists have none.
pub(crate) fn measure(measure: &OrganizationMeasure, reason: String) -> review::Measure {
    let order = &measure.order;
    let (due_on, right_ids, ongoing_batches) = measure_terms(&order.measure);
    let grounds = order.grounds.iter();
    let state = match measure.decided_on {
        None => review::MeasureState::Proposed,
        Some(_) => review::MeasureState::Decided,
    };
    review::Measure {
        measure_id: measure.id.to_string(),
        organization_id: measure.organization.to_string(),
        origin_id: measure.origin.to_string(),
        kind: measure_kind_message(order.measure.kind()).into(),
        grounds: grounds
            .map(|ground| measure_ground_message(*ground).into())
            .collect(),
        reason,
        effective_on: order.effective_on.to_string(),
        due_on,
        right_ids,
        ongoing_batches: ongoing_batches.into(),
        state: state.into(),
        decided_by: measure.decided_by.to_string(),
        decided_on: measure
            .decided_on
            .map(|day| day.to_string())
            .unwrap_or_default(),
    }
}
