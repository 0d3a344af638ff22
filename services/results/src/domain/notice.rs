//! The public notice of results (结果公示): what is shown, and what its events mean for the rows.
//!
//! The state machine is the kernel's. Here stands what one row shows, and that a row is named by
//! its ticket number.

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::ids::PublicNoticeId;
use kernel::pilot::Pilot;
use kernel::public_notice::{OpenNotice, PublicNotice, RowKey};
use kernel::rejection::Faults;
use kernel::working_day::{Calendar, DeadlineRule};
use serde::{Deserialize, Serialize};

use super::batch::Batch;
use super::exam::Subject;
use super::result::CandidateResult;
use kernel::written::Written;

/// Exactly what the public is shown. Its JSON is kept as it is: the hash is over these bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Heading.
    pub title: String,
    /// First day shown.
    pub opened_on: Date,
    /// Where objections go.
    pub objection_contact: String,
    /// The rows, in order of ticket numbers.
    pub rows: Vec<ShownRow>,
}

/// A row as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownRow {
    /// Key of the row: the ticket number (准考证号).
    pub key: String,
    /// Masked name, ticket number, masked document number, occupation, trade, level.
    pub cells: Vec<String>,
}

impl Snapshot {
    /// What is shown of the rows that passed.
    pub fn of(
        batch: &Batch,
        passed: &[&CandidateResult],
        subjects: &[Subject],
        objection_contact: &Written,
        opened_on: Date,
    ) -> Self {
        let mut rows: Vec<ShownRow> = passed.iter().map(|row| shown(row, subjects)).collect();
        rows.sort_by(|one, other| one.key.cmp(&other.key));
        Self {
            title: format!("{}职业技能等级认定结果公示", batch.organization_name),
            opened_on,
            objection_contact: objection_contact.reveal().to_owned(),
            rows,
        }
    }

    /// The bytes that are kept and hashed.
    pub fn canonical(&self) -> String {
        serde_json::to_string(self).expect("plain values are JSON")
    }

    /// Opens the notice of what is shown (notice 4.3).
    ///
    /// # Errors
    /// When nothing is shown, or the period cannot be counted.
    pub fn open(
        &self,
        id: PublicNoticeId,
        calendar: &Calendar,
        pilot: &Pilot,
    ) -> Result<PublicNotice, Faults> {
        let keys: Result<Vec<_>, _> = self
            .rows
            .iter()
            .map(|row| RowKey::parse(&row.key))
            .collect();
        let command = OpenNotice {
            id,
            period: DeadlineRule::ResultNotice.count(calendar, pilot, self.opened_on)?,
            snapshot_hash: ContentHash::of_bytes(self.canonical().as_bytes()),
            rows: keys?,
        };
        PublicNotice::open(command)
    }
}

fn shown(row: &CandidateResult, subjects: &[Subject]) -> ShownRow {
    let subject = &subjects[usize::from(row.subject)];
    ShownRow {
        key: row.ticket_number.clone(),
        cells: vec![
            row.masked_name.clone(),
            row.ticket_number.clone(),
            row.masked_document_number.clone(),
            subject.occupation_name.clone(),
            subject.shown_trade().to_owned(),
            subject.level.chinese().to_owned(),
        ],
    }
}
