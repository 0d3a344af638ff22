//! The public notice of results (结果公示): what is shown, and what its events mean for the rows.
//!
//! The state machine is the kernel's. Here stands what one row shows, that a row is named by its
//! ticket number, and what two persons agree on before anything is shown.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::ids::{PublicNoticeId, ResultId};
use kernel::pilot::Pilot;
use kernel::public_notice::{OpenNotice, PublicNotice, RowKey};
use kernel::rejection::Faults;
use kernel::working_day::{Calendar, DeadlineRule};
use serde::{Deserialize, Serialize};

use super::batch::Batch;
use super::exam::{Sitting, Subject};
use super::result::CandidateResult;
use super::words::words;
use kernel::written::Written;

words! {
    /// What a public notice of results shows.
    pub enum NoticeKind {
        /// Those who passed the exam.
        Results = "results",
        /// Those who passed after their scores were changed.
        ChangedScores = "changed_scores",
    }
}

impl NoticeKind {
    fn title(self) -> &'static str {
        match self {
            Self::Results => "职业技能等级认定结果公示",
            Self::ChangedScores => "职业技能等级认定更正结果公示",
        }
    }
}

/// Name of the line that says who shows a notice.
const ORGANIZATION: &str = "评价机构";

/// What two persons agree to show: every row of the batch by its content, and where objections go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeContent {
    rows: BTreeMap<ResultId, ContentHash>,
    /// Where objections go.
    pub objection_contact: String,
}

impl NoticeContent {
    /// A notice over the rows of a batch.
    pub fn propose(rows: &[CandidateResult], objection_contact: &Written) -> Self {
        Self {
            rows: CandidateResult::contents(rows),
            objection_contact: objection_contact.reveal().to_owned(),
        }
    }

    /// What both persons name, over the rows as they are now.
    pub fn hash_over(&self, rows: &[CandidateResult]) -> ContentHash {
        let current = Self {
            rows: CandidateResult::contents(rows),
            ..self.clone()
        };
        ContentHash::of_bytes(&serde_json::to_vec(&current).expect("plain values are JSON"))
    }
}

/// What a notice is made of, beside its rows.
#[derive(Clone, Copy)]
pub struct Exhibit<'a> {
    /// What kind of notice.
    pub kind: NoticeKind,
    /// Of which batch.
    pub batch: &'a Batch,
    /// What was examined.
    pub subjects: &'a [Subject],
    /// Where and when.
    pub sittings: &'a [Sitting],
    /// Names in full, where a pilot parameter says so; else they are shown masked.
    pub full_names: &'a HashMap<ResultId, String>,
    /// Where objections go.
    pub objection_contact: &'a str,
    /// First day shown.
    pub opened_on: Date,
}

/// Exactly what the public is shown. Its JSON is kept as it is: the hash is over these bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Which kind of notice it is.
    pub kind: NoticeKind,
    /// On top.
    pub title: String,
    /// Organisation, code, plan and days of the exam.
    pub headings: Vec<Heading>,
    /// First day shown.
    pub opened_on: Date,
    /// Where objections go.
    pub objection_contact: String,
    /// The rows, in order of ticket numbers.
    pub rows: Vec<ShownRow>,
}

/// A line above the rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// What it is, in Chinese.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// A row as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownRow {
    /// Key of the row: the ticket number (准考证号).
    pub key: String,
    /// Name, ticket number, masked document number, occupation, trade, level.
    pub cells: Vec<String>,
}

impl Snapshot {
    /// Headings of the table, in the order of a row's cells.
    pub const COLUMNS: [&'static str; 6] = [
        "姓名",
        "准考证号",
        "证件号码",
        "职业名称",
        "工种/职业方向",
        "等级",
    ];

    /// Who shows it.
    pub fn organization(&self) -> &str {
        let line = self.headings.iter().find(|line| line.name == ORGANIZATION);
        line.map_or("", |line| &line.text)
    }

    /// What is shown of the rows that passed.
    pub fn of(exhibit: Exhibit<'_>, passed: &[&CandidateResult]) -> Self {
        let mut rows: Vec<ShownRow> = passed.iter().map(|row| exhibit.row(row)).collect();
        rows.sort_by(|one, other| one.key.cmp(&other.key));
        let (batch, kind) = (exhibit.batch, exhibit.kind);
        Self {
            kind,
            title: format!("{}{}", batch.organization_name, kind.title()),
            headings: headings(batch, exhibit.sittings),
            opened_on: exhibit.opened_on,
            objection_contact: exhibit.objection_contact.to_owned(),
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

/// What stands above the rows of a batch: organisation, code, plan and days of the exam.
pub fn headings(batch: &Batch, sittings: &[Sitting]) -> Vec<Heading> {
    let days: BTreeSet<Date> = sittings.iter().map(|at| at.held_on).collect();
    let days: Vec<_> = days.iter().map(Date::to_string).collect();
    let heading = |(name, text): (&str, String)| Heading {
        name: name.to_owned(),
        text,
    };
    let lines = [
        (ORGANIZATION, batch.organization_name.clone()),
        ("机构代码", batch.organization_code.to_string()),
        ("考核计划", batch.plan.to_string()),
        ("考核日期", days.join("、")),
    ];
    lines.into_iter().map(heading).collect()
}

impl Exhibit<'_> {
    fn row(&self, row: &CandidateResult) -> ShownRow {
        let subject = &self.subjects[usize::from(row.subject)];
        let name = self.full_names.get(&row.id).unwrap_or(&row.masked_name);
        ShownRow {
            key: row.ticket_number.clone(),
            cells: vec![
                name.clone(),
                row.ticket_number.clone(),
                row.masked_document_number.clone(),
                subject.occupation_name.clone(),
                subject.shown_trade().to_owned(),
                subject.level.chinese().to_owned(),
            ],
        }
    }
}
