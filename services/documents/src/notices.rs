//! What is hung up for the public.

use serde::Serialize;

use crate::Document;

/// A public notice (公示, notice 3.4 and 4.3).
#[derive(Debug, Clone, Serialize)]
pub struct PublicNoticeSheet {
    /// Heading.
    pub title: String,
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
    /// Where.
    pub area: String,
    /// 检查事项
    pub matters: Vec<String>,
    /// How many could be drawn.
    pub subjects_total: usize,
    /// Hash of the frozen list of subjects.
    pub subjects_hash: String,
    /// How many inspectors could be drawn.
    pub inspectors_total: usize,
    /// Hash of the frozen list of inspectors.
    pub inspectors_hash: String,
    /// Share of the subjects that is drawn.
    pub share_percent: u32,
    /// How many are drawn at least.
    pub least: u32,
    /// Hash of the seed, as it was published before.
    pub commitment: String,
    /// Day of that.
    pub committed_on: String,
    /// The seed.
    pub seed: String,
    /// Day of the draw.
    pub drawn_on: String,
    /// What was drawn.
    pub drawn: Vec<DrawnSubject>,
}

/// A subject that was drawn.
#[derive(Debug, Clone, Serialize)]
pub struct DrawnSubject {
    /// 单位名称
    pub organization_name: String,
    /// 机构代码
    pub organization_code: String,
    /// Numbers of the inspectors drawn for it.
    pub inspectors: Vec<String>,
    /// What was found; empty before.
    pub outcome: String,
}

impl Document for InspectionAnnouncement {
    const TEMPLATE: &'static str = include_str!("../templates/inspection_announcement.typ");
}
