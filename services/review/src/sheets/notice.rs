//! Public notices (公示).

use documents::PublicNoticeSheet;

use crate::domain::Snapshot;

/// A notice as it was hung up by an authority.
pub(crate) fn public_notice(shown: Snapshot, authority: &str) -> PublicNoticeSheet {
    PublicNoticeSheet {
        snapshot_hash: shown.hash().to_string(),
        title: shown.title,
        headings: Vec::new(),
        opened_on: shown.opened_on.to_string(),
        ends_on: shown.ends.date.to_string(),
        explanation: shown.ends.explain_chinese(),
        columns: Snapshot::COLUMNS.map(str::to_owned).to_vec(),
        rows: vec![shown.cells],
        objection_contact: shown.objection_contact,
        authority: authority.to_owned(),
    }
}
