//! Facts of inspections and of the list of matters, on their way out.

use kernel::division::DivisionCode;
use platform::facts::{IntoRecord, Record};
use proto::review::v1 as review;

use super::outgoing::{internal, published};
use crate::domain::inspection::{InspectionFact, MatterListFact};
use crate::messages;

/// A fact of an inspection with the area that hears of it: that of the centre that inspects.
pub(crate) struct InspectionRecord<'a> {
    /// The centre.
    pub(crate) division: DivisionCode,
    /// The fact.
    pub(crate) fact: &'a InspectionFact,
}

impl IntoRecord for InspectionRecord<'_> {
    fn record(&self) -> Record {
        let (area, fact) = (self.division, self.fact);
        match fact {
            InspectionFact::InspectionPlanned { .. } => internal("inspection_planned", area, fact),
            InspectionFact::ListsFrozen { .. } => internal("lists_frozen", area, fact),
            InspectionFact::InspectionDrawn { .. } => internal("inspection_drawn", area, fact),
            InspectionFact::RedrawOrdered { .. } => internal("redraw_ordered", area, fact),
            InspectionFact::InspectionCancelled { .. } => {
                internal("inspection_cancelled", area, fact)
            }
            InspectionFact::ResultRecorded { .. } => internal("result_recorded", area, fact),
            InspectionFact::ResultsDueRecounted { .. } => {
                internal("results_due_recounted", area, fact)
            }
            InspectionFact::PublicationDueRecounted { .. } => {
                internal("publication_due_recounted", area, fact)
            }
            InspectionFact::InspectionPublished {
                inspection,
                division,
                outcomes,
                on,
            } => {
                let outcomes =
                    outcomes
                        .iter()
                        .map(|(organization, outcome)| review::PublishedOutcome {
                            organization_id: organization.to_string(),
                            outcome: messages::outcome(*outcome).into(),
                        });
                let message = review::InspectionPublished {
                    inspection_id: inspection.to_string(),
                    division_code: division.to_string(),
                    outcomes: outcomes.collect(),
                    published_on: on.to_string(),
                };
                published("inspection_published", area, fact, &message)
            }
        }
    }
}

impl IntoRecord for MatterListFact {
    fn record(&self) -> Record {
        match self {
            Self::MatterListPublished { .. } => {
                internal("matter_list_published", DivisionCode::PROVINCE, self)
            }
        }
    }
}
