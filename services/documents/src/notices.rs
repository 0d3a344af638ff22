//! What is hung up for the public.

use serde::Serialize;

use crate::Document;

/// A public notice (公示, notice 3.4 and 4.3).
#[derive(Debug, Clone, Serialize)]
pub struct PublicNoticeSheet {
    /// Heading.
    pub title: String,
    /// What stands above the table.
    pub headings: Vec<Heading>,
    /// First day shown.
    pub opened_on: String,
    /// Last day.
    pub ends_on: String,
    /// How the last day was computed, in a sentence.
    pub explanation: String,
    /// Headings of the table.
    pub columns: Vec<String>,
    /// Its rows; each has as many cells as there are headings.
    pub rows: Vec<Vec<String>>,
    /// Where objections go.
    pub objection_contact: String,
    /// The hash under which everybody speaks of what was shown.
    pub snapshot_hash: String,
    /// Who shows it.
    pub authority: String,
}

/// A line above a table.
#[derive(Debug, Clone, Serialize)]
pub struct Heading {
    /// What it is.
    pub name: String,
    /// What it says.
    pub text: String,
}

impl Document for PublicNoticeSheet {
    const TEMPLATE: &'static str = include_str!("../templates/public_notice.typ");
}

/// The announcement of a double-random inspection (双随机、一公开, notice 6.2).
#[derive(Debug, Clone, Serialize)]
pub struct InspectionAnnouncement {
    /// Heading.
    pub title: String,
    /// Number of the inspection.
    pub inspection: String,
    /// Who inspects.
    pub authority: String,
    /// Whose organisations.
    pub subjects: String,
    /// 检查事项
    pub matters: Vec<String>,
    /// First day on which organisations are inspected.
    pub from_on: String,
    /// Last day.
    pub until_on: String,
    /// How many could be drawn.
    pub subjects_total: usize,
    /// How many inspectors could be drawn.
    pub inspectors_total: usize,
    /// Hash of the frozen lists of both.
    pub lists_hash: String,
    /// Day on which they were frozen.
    pub frozen_on: String,
    /// Share of the subjects that is drawn.
    pub share_percent: u32,
    /// How many that is.
    pub count: usize,
    /// The first draw, and redraws in their order.
    pub draws: Vec<Draw>,
    /// Who is inspected by whom, after all draws.
    pub drawn: Vec<DrawnSubject>,
    /// The day that it speaks of.
    pub as_of: String,
}

/// A draw.
#[derive(Debug, Clone, Serialize)]
pub struct Draw {
    /// Hash of the seed, as it was published before.
    pub commitment: String,
    /// Day of that.
    pub committed_on: String,
    /// The seed; empty while the draw waits.
    pub seed: String,
    /// Day of the draw; empty while it waits.
    pub drawn_on: String,
    /// Why something was drawn anew; empty for the first draw.
    pub reason: String,
}

/// A subject that was drawn.
#[derive(Debug, Clone, Serialize)]
pub struct DrawnSubject {
    /// 单位名称
    pub organization_name: String,
    /// 机构代码
    pub organization_code: String,
    /// Numbers in the pool of the inspectors drawn for it.
    pub inspectors: Vec<String>,
    /// What was found; empty before.
    pub outcome: String,
}

impl Document for InspectionAnnouncement {
    const TEMPLATE: &'static str = include_str!("../templates/inspection_announcement.typ");
}
