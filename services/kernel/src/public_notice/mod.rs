//! The public notice (公示) as an object.
//!
//! Before a selection of organisations counts (notice 3.4) and before results are uploaded
//! (notice 4.3), what was decided is shown to the public for at least five working days, and
//! anybody may object. On paper a notice is a sheet on a wall; here it is what the sheet means:
//!
//! - a frozen snapshot of exactly what was shown, named by its hash;
//! - rows, each with its own fate. An objection holds the rows it is about and no others;
//! - a row concludes when its last day is over and nothing is open on it. Not before, and by
//!   nobody's decision but the calendar's;
//! - a row that is changed starts its clock again, alone.
//!
//! Commands are methods that look at the notice and answer with events or with refusals; they
//! change nothing. [`PublicNotice::apply`] is the only thing that does. The day comes in as an
//! argument, and the whole serialises, so a service keeps it as one document beside its facts.
//!
//! Whether a row is held is not stored but follows from the objections that are open, so the two
//! cannot disagree.

mod commands;
mod event;
mod refusal;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    ascii::text_form,
    content_hash::ContentHash,
    ids::{ObjectionId, PublicNoticeId},
    working_day::Deadline,
};

pub use commands::OpenNotice;
pub use event::NoticeEvent;
pub use refusal::NoticeRejection;

/// Names a row within its notice: the id of an application or a result, never personal data.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowKey(String);

impl RowKey {
    /// Takes the key of a row.
    ///
    /// # Errors
    /// When it is empty, blank at an end, or longer than a hundred characters.
    pub fn parse(text: &str) -> Result<Self, NoticeRejection> {
        if text.trim() == text && (1..=100).contains(&text.chars().count()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NoticeRejection::RowKey)
        }
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for RowKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

text_form!(RowKey, NoticeRejection);

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// Shown, and nobody has objected. Also the state between the last day and the next tick.
    Open,
    /// An objection is open (有异议); the row waits, however long ago its last day was.
    Held,
    /// The period is over without objection (经公示无异议).
    Concluded,
    /// An objection was upheld (异议成立); the row is taken out and goes back.
    Upheld,
    /// Taken back by whoever showed it.
    Withdrawn,
}

impl RowState {
    /// Whether the row still waits for its fate.
    pub fn is_pending(self) -> bool {
        matches!(self, Self::Open | Self::Held)
    }
}

/// How a row was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Closing {
    Concluded,
    Upheld,
    Withdrawn,
}

/// A clock of its own, for a row that was changed while shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Restart {
    snapshot_hash: ContentHash,
    period: Deadline,
}

/// A row. Almost all rows run on the notice's own clock, so theirs is not stored again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    closing: Option<Closing>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    restart: Option<Restart>,
}

/// What an objection is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectionTarget {
    /// One row.
    Row(RowKey),
    /// The notice as a whole, without the rows whose period was over when it was raised.
    AllBut(BTreeSet<RowKey>),
}

/// How an objection was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectionOutcome {
    /// Found to be without ground (异议不成立): the rows are released.
    Dismissed,
    /// Found to be right (异议成立): the rows are taken out.
    Upheld,
}

/// An objection (异议) on record. Who raised it and why, the service keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// What it is about.
    pub target: ObjectionTarget,
    /// When it was raised.
    pub raised_on: Date,
    /// How it was decided; `None` while it is open.
    pub outcome: Option<ObjectionOutcome>,
}

impl Objection {
    /// Whether it has not been decided yet.
    pub fn is_open(&self) -> bool {
        self.outcome.is_none()
    }

    /// Whether it is about this row.
    pub fn is_about(&self, row: &RowKey) -> bool {
        match &self.target {
            ObjectionTarget::Row(about) => about == row,
            ObjectionTarget::AllBut(except) => !except.contains(row),
        }
    }
}

/// A public notice (公示).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicNotice {
    id: PublicNoticeId,
    opened_on: Date,
    period: Deadline,
    snapshot_hash: ContentHash,
    rows: BTreeMap<RowKey, Row>,
    objections: BTreeMap<ObjectionId, Objection>,
}

impl PublicNotice {
    /// Identifies the notice.
    pub fn id(&self) -> PublicNoticeId {
        self.id
    }

    /// The day on which it was first shown.
    pub fn opened_on(&self) -> Date {
        self.opened_on
    }

    /// How long it is shown; rows that were restarted have a period of their own.
    pub fn period(&self) -> &Deadline {
        &self.period
    }

    /// Hash of exactly what was shown when it opened.
    pub fn snapshot_hash(&self) -> ContentHash {
        self.snapshot_hash
    }

    /// The rows and where each stands, by key.
    pub fn rows(&self) -> impl Iterator<Item = (&RowKey, RowState)> {
        self.rows
            .iter()
            .map(|(key, row)| (key, self.state_of(key, row)))
    }

    /// The rows that stand so.
    pub fn rows_in(&self, state: RowState) -> impl Iterator<Item = &RowKey> {
        self.rows()
            .filter(move |(_, stands)| *stands == state)
            .map(|(key, _)| key)
    }

    /// Where a row stands; `None` if it is not on the notice.
    pub fn row_state(&self, key: &RowKey) -> Option<RowState> {
        self.rows.get(key).map(|row| self.state_of(key, row))
    }

    /// How long a row is shown.
    pub fn row_period(&self, key: &RowKey) -> Option<&Deadline> {
        self.rows.get(key).map(|row| self.period_of(row))
    }

    /// Hash of what was last shown for a row: the row's own after a restart, else the notice's.
    pub fn row_snapshot_hash(&self, key: &RowKey) -> Option<ContentHash> {
        self.rows.get(key).map(|row| self.hash_of(row))
    }

    /// All objections on record.
    pub fn objections(&self) -> &BTreeMap<ObjectionId, Objection> {
        &self.objections
    }

    /// Whether no row waits for its fate any more. From then on nothing changes.
    pub fn is_concluded(&self) -> bool {
        self.rows().all(|(_, state)| !state.is_pending())
    }

    /// The earliest day on which [`tick`](Self::tick) could conclude a row that is open now;
    /// `None` if none is. What a sweep sorts by.
    pub fn next_due(&self) -> Option<Date> {
        self.rows
            .iter()
            .filter(|(key, row)| self.state_of(key, row) == RowState::Open)
            .map(|(_, row)| self.period_of(row).date)
            .min()
            .and_then(|last_day| last_day.tomorrow().ok())
    }

    fn state_of(&self, key: &RowKey, row: &Row) -> RowState {
        match row.closing {
            Some(Closing::Concluded) => RowState::Concluded,
            Some(Closing::Upheld) => RowState::Upheld,
            Some(Closing::Withdrawn) => RowState::Withdrawn,
            None if self.is_held(key) => RowState::Held,
            None => RowState::Open,
        }
    }

    fn is_held(&self, key: &RowKey) -> bool {
        self.objections
            .values()
            .any(|objection| objection.is_open() && objection.is_about(key))
    }

    fn period_of<'notice>(&'notice self, row: &'notice Row) -> &'notice Deadline {
        row.restart
            .as_ref()
            .map_or(&self.period, |restart| &restart.period)
    }

    fn hash_of(&self, row: &Row) -> ContentHash {
        row.restart
            .as_ref()
            .map_or(self.snapshot_hash, |restart| restart.snapshot_hash)
    }
}
