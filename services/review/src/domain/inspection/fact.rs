//! What can happen to an inspection.

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::ids::{InspectionId, OrganizationId};
use kernel::working_day::Deadline;
use serde::Serialize;

use super::{Outcome, Recorded, Redraw, Revealed};

/// Something that happened to an inspection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum InspectionFact {
    /// A centre planned it and committed to the seed of its draw.
    InspectionPlanned {
        /// The inspection.
        inspection: InspectionId,
        /// The centre.
        division: DivisionCode,
        /// Edition of the list of matters.
        matter_list_edition: u32,
        /// First day.
        from: Date,
        /// Last day.
        until: Date,
        /// Whether organisations are inspected wherever they filed.
        whole_province: bool,
        /// Percent that is drawn.
        share_percent: u8,
        /// Hash of the seed.
        commitment: ContentHash,
        /// The day.
        on: Date,
    },
    /// Its lists were frozen.
    ListsFrozen {
        /// The inspection.
        inspection: InspectionId,
        /// Organisations of which is drawn.
        organizations: usize,
        /// Organisations that were left out.
        left_out: usize,
        /// Inspectors of whom is drawn.
        inspectors: usize,
        /// Inspectors who keep away from an organisation, counted by organisation.
        conflicts: usize,
        /// How many organisations are drawn.
        count: usize,
        /// Hash of the lists.
        hash: ContentHash,
        /// The day.
        on: Date,
    },
    /// A draw was made, and its seed revealed.
    InspectionDrawn {
        /// The inspection.
        inspection: InspectionId,
        /// Running number of the draw, from 1.
        number: usize,
        /// What came of it.
        revealed: Revealed,
        /// Day by which the results are to be published; where they are all there already.
        publication_due: Option<Deadline>,
    },
    /// A redraw was ordered, and its seed committed to.
    RedrawOrdered {
        /// The inspection.
        inspection: InspectionId,
        /// Running number of the draw.
        number: usize,
        /// What it replaces. The reason is a text of somebody's and stays out of the record.
        #[serde(serialize_with = "without_reason")]
        redraw: Redraw,
        /// Hash of the seed.
        commitment: ContentHash,
        /// The day.
        on: Date,
    },
    /// It was given up before its draw.
    InspectionCancelled {
        /// The inspection.
        inspection: InspectionId,
        /// Why; a text of somebody's that stays out of the record.
        #[serde(skip)]
        reason: String,
        /// The day.
        on: Date,
    },
    /// A result was recorded.
    ResultRecorded {
        /// The inspection.
        inspection: InspectionId,
        /// The organisation.
        organization: OrganizationId,
        /// The result.
        recorded: Recorded,
        /// How many matters were not in order.
        not_in_order: usize,
        /// Day by which the results are to be published; with the last of them.
        publication_due: Option<Deadline>,
    },
    /// The calendar changed, and the day by which the results are to be recorded is counted anew.
    ResultsDueRecounted {
        /// The inspection.
        inspection: InspectionId,
        /// Day by which the results are to be recorded.
        results_due: Deadline,
    },
    /// The calendar changed, and the day by which the results are to be published is counted anew.
    PublicationDueRecounted {
        /// The inspection.
        inspection: InspectionId,
        /// Day by which the results are to be published.
        publication_due: Deadline,
    },
    /// The results were published. Published.
    InspectionPublished {
        /// The inspection.
        inspection: InspectionId,
        /// The centre.
        division: DivisionCode,
        /// What it came to, by organisation.
        outcomes: Vec<(OrganizationId, Outcome)>,
        /// The day.
        on: Date,
    },
}

fn without_reason<S: serde::Serializer>(redraw: &Redraw, serializer: S) -> Result<S::Ok, S::Error> {
    (redraw.organization, redraw.person).serialize(serializer)
}
