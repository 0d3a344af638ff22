//! Facts of measures, on their way out.

use platform::contract::{measure_ground_message, measure_kind_message, measure_terms};
use platform::facts::{IntoRecord, Record};
use proto::review::v1 as review;

use super::outgoing::{internal, published};
use crate::domain::{MeasureFact, OrganizationMeasure};

impl IntoRecord for MeasureFact {
    fn record(&self) -> Record {
        match self {
            Self::MeasureProposed { decided_by, .. } => {
                internal("measure_proposed", *decided_by, self)
            }
            Self::MeasureDecided { decided } => published(
                "measure_decided",
                decided.decided_by,
                self,
                &message(decided),
            ),
        }
    }
}

fn message(decided: &OrganizationMeasure) -> review::MeasureDecided {
    let order = &decided.order;
    let (due_on, right_ids, ongoing_batches) = measure_terms(&order.measure);
    let grounds = order.grounds.iter();
    review::MeasureDecided {
        measure_id: decided.id.to_string(),
        organization_id: decided.organization.to_string(),
        origin_id: decided.origin.to_string(),
        kind: measure_kind_message(order.measure.kind()).into(),
        grounds: grounds
            .map(|ground| measure_ground_message(*ground).into())
            .collect(),
        effective_on: order.effective_on.to_string(),
        due_on,
        right_ids,
        ongoing_batches: ongoing_batches.into(),
        decided_by: decided.decided_by.to_string(),
    }
}
