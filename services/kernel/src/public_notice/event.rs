//! What can happen to a public notice, and how the notice changes by it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Closing, Objection, ObjectionOutcome, ObjectionTarget, PublicNotice, Restart, RowKey};
use crate::{content_hash::ContentHash, ids::ObjectionId, working_day::Deadline};

/// Something that happened to a public notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeEvent {
    /// Somebody objected; the rows it is about are held from now on.
    ObjectionRaised {
        /// The objection.
        objection: ObjectionId,
        /// What it is about.
        target: ObjectionTarget,
        /// When it was raised.
        on: Date,
    },
    /// An objection was decided.
    ObjectionResolved {
        /// The objection.
        objection: ObjectionId,
        /// How it was decided.
        outcome: ObjectionOutcome,
    },
    /// A row was taken out because an objection against it was upheld.
    RowUpheld {
        /// The row.
        row: RowKey,
    },
    /// A row was changed and is shown anew for the full time.
    RowRestarted {
        /// The row.
        row: RowKey,
        /// Hash of what is shown for it now.
        snapshot_hash: ContentHash,
        /// Its new period.
        period: Deadline,
    },
    /// A row's period is over and nothing is open on it.
    RowConcluded {
        /// The row.
        row: RowKey,
    },
    /// A row was taken back.
    RowWithdrawn {
        /// The row.
        row: RowKey,
    },
    /// The calendar changed, and with it the period of the notice.
    PeriodRecounted {
        /// The period as the calendar is now.
        period: Deadline,
    },
    /// The calendar changed, and with it the period of a row that was restarted.
    RowRecounted {
        /// The row.
        row: RowKey,
        /// The period as the calendar is now.
        period: Deadline,
    },
    /// The last row found its fate.
    NoticeConcluded,
}

impl PublicNotice {
    /// Changes the notice by what happened. Takes events of this notice only, in the order in
    /// which its commands gave them; an event about a row it does not have changes nothing.
    pub fn apply(&mut self, event: &NoticeEvent) {
        match event {
            NoticeEvent::ObjectionRaised {
                objection,
                target,
                on,
            } => {
                let raised = Objection {
                    target: target.clone(),
                    raised_on: *on,
                    outcome: None,
                };
                self.objections.insert(*objection, raised);
            }
            NoticeEvent::ObjectionResolved { objection, outcome } => {
                if let Some(objection) = self.objections.get_mut(objection) {
                    objection.outcome = Some(*outcome);
                }
            }
            NoticeEvent::RowUpheld { row } => self.close(row, Closing::Upheld),
            NoticeEvent::RowConcluded { row } => self.close(row, Closing::Concluded),
            NoticeEvent::RowWithdrawn { row } => self.close(row, Closing::Withdrawn),
            NoticeEvent::RowRestarted {
                row,
                snapshot_hash,
                period,
            } => {
                if let Some(row) = self.rows.get_mut(row) {
                    row.closing = None;
                    row.restart = Some(Restart {
                        snapshot_hash: *snapshot_hash,
                        period: period.clone(),
                    });
                }
            }
            NoticeEvent::PeriodRecounted { period } => self.period = period.clone(),
            NoticeEvent::RowRecounted { row, period } => {
                if let Some(restart) = self.rows.get_mut(row).and_then(|row| row.restart.as_mut()) {
                    restart.period = period.clone();
                }
            }
            // Follows from the rows; an event so that others may hear of it.
            NoticeEvent::NoticeConcluded => {}
        }
    }

    /// Changes the notice by all that happened, in order.
    pub fn apply_all(&mut self, events: &[NoticeEvent]) {
        for event in events {
            self.apply(event);
        }
    }

    fn close(&mut self, row: &RowKey, closing: Closing) {
        if let Some(row) = self.rows.get_mut(row) {
            row.closing = Some(closing);
        }
    }
}
