//! What can be asked of a public notice.
//!
//! Every command looks at the notice and answers with what would happen, or with all reasons why
//! it will not. Nothing is changed here.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{
    NoticeEvent, NoticeRejection, ObjectionOutcome, ObjectionTarget, PublicNotice, Row, RowKey,
    RowState,
};
use crate::{
    content_hash::ContentHash,
    ids::{ObjectionId, PublicNoticeId},
    rejection::{FaultList, Faults},
    working_day::{Calendar, Deadline},
};

/// What a public notice is opened with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenNotice {
    /// Identifies the notice.
    pub id: PublicNoticeId,
    /// From the day on which it is first shown to its last, as the pilot parameter says.
    pub period: Deadline,
    /// Hash of exactly what is shown.
    pub snapshot_hash: ContentHash,
    /// The rows that are shown.
    pub rows: Vec<RowKey>,
}

impl PublicNotice {
    /// Opens a public notice.
    ///
    /// # Errors
    /// When there is no row, or a row is there twice.
    pub fn open(command: OpenNotice) -> Result<Self, Faults> {
        let mut faults = FaultList::default();
        faults.require(!command.rows.is_empty(), "rows", &NoticeRejection::Empty);
        let mut rows = BTreeMap::new();
        for (index, key) in command.rows.into_iter().enumerate() {
            if rows.insert(key, Row::default()).is_some() {
                faults.add(format!("rows[{index}]"), &NoticeRejection::RowTwice);
            }
        }
        faults.finish()?;
        Ok(Self {
            id: command.id,
            opened_on: command.period.counted_from,
            period: command.period,
            snapshot_hash: command.snapshot_hash,
            rows,
            objections: BTreeMap::new(),
        })
    }

    /// Takes an objection against one row: from the day it is shown to its last day.
    ///
    /// # Errors
    /// When the objection is on record already, or the row is unknown, closed, not yet shown or
    /// past its last day.
    pub fn object(
        &self,
        objection: ObjectionId,
        row: &RowKey,
        on: Date,
    ) -> Result<Vec<NoticeEvent>, Faults> {
        let mut faults = FaultList::default();
        if self.objections.contains_key(&objection) {
            faults.add("objection", &NoticeRejection::ObjectionExists);
        }
        if let Err(rejection) = self.takes_objections(row, on) {
            faults.add("row_key", &rejection);
        }
        faults.finish()?;
        let target = ObjectionTarget::Row(row.clone());
        Ok(vec![NoticeEvent::ObjectionRaised {
            objection,
            target,
            on,
        }])
    }

    /// Takes an objection against the notice as a whole. It holds every row that still takes
    /// objections on that day.
    ///
    /// # Errors
    /// When the objection is on record already, the notice is not yet shown, or no row takes
    /// objections any more.
    pub fn object_to_all(
        &self,
        objection: ObjectionId,
        on: Date,
    ) -> Result<Vec<NoticeEvent>, Faults> {
        let mut faults = FaultList::default();
        if self.objections.contains_key(&objection) {
            faults.add("objection", &NoticeRejection::ObjectionExists);
        }
        let except: BTreeSet<RowKey> = self
            .rows
            .keys()
            .filter(|row| self.takes_objections(row, on).is_err())
            .cloned()
            .collect();
        if on < self.opened_on {
            faults.refuse(&NoticeRejection::BeforeOpening {
                opened: self.opened_on,
            });
        } else if self.is_concluded() {
            faults.refuse(&NoticeRejection::Closed);
        } else if except.len() == self.rows.len() {
            faults.refuse(&NoticeRejection::PeriodOver {
                ended: self.last_day(),
            });
        }
        faults.finish()?;
        let target = ObjectionTarget::AllBut(except);
        Ok(vec![NoticeEvent::ObjectionRaised {
            objection,
            target,
            on,
        }])
    }

    /// Decides an objection. Dismissed, it releases its rows, which conclude at the next tick if
    /// their last day is over; upheld, it takes out those that are not closed yet.
    ///
    /// # Errors
    /// When the objection is unknown or has been decided.
    pub fn resolve(
        &self,
        objection: ObjectionId,
        outcome: ObjectionOutcome,
    ) -> Result<Vec<NoticeEvent>, Faults> {
        let raised = self
            .objections
            .get(&objection)
            .ok_or(NoticeRejection::ObjectionUnknown)?;
        if !raised.is_open() {
            return Err(NoticeRejection::ObjectionResolved.into());
        }
        let mut events = vec![NoticeEvent::ObjectionResolved { objection, outcome }];
        if outcome == ObjectionOutcome::Upheld {
            let taken_out = self
                .rows()
                .filter(|(row, state)| state.is_pending() && raised.is_about(row))
                .map(|(row, _)| NoticeEvent::RowUpheld { row: row.clone() });
            events.extend(taken_out);
        }
        Ok(self.and_conclusion(events))
    }

    /// Shows a changed row anew, for the full time from this day. Objections open on the row
    /// still hold it. A row taken out by an objection may come back so, as long as the notice is
    /// not concluded; a row that passed or was withdrawn may not.
    ///
    /// # Errors
    /// When the notice or the row is closed, the content is the same as before, the day is
    /// before the row was shown, or the period reaches a year without a calendar.
    pub fn restart_row(
        &self,
        row: &RowKey,
        snapshot_hash: ContentHash,
        on: Date,
        calendar: &Calendar,
    ) -> Result<Vec<NoticeEvent>, Faults> {
        if self.is_concluded() {
            return Err(NoticeRejection::Closed.into());
        }
        let present = self.rows.get(row).ok_or(NoticeRejection::RowUnknown)?;
        let mut faults = FaultList::default();
        if matches!(
            self.state_of(row, present),
            RowState::Concluded | RowState::Withdrawn
        ) {
            faults.add("row_key", &NoticeRejection::RowClosed);
        }
        let changed = snapshot_hash != self.hash_of(present);
        faults.require(changed, "snapshot_hash", &NoticeRejection::Unchanged);
        let opened = self.period_of(present).counted_from;
        faults.require(
            on >= opened,
            "on",
            &NoticeRejection::BeforeOpening { opened },
        );
        let period = faults.take("on", calendar.count_again(&self.period, on));
        faults.finish()?;
        let period = period.expect("a missing period is a fault, and there was none");
        Ok(vec![NoticeEvent::RowRestarted {
            row: row.clone(),
            snapshot_hash,
            period,
        }])
    }

    /// What the beginning of a day brings: rows whose last day is over and on which nothing is
    /// open conclude. Asking again brings nothing new.
    pub fn tick(&self, today: Date) -> Vec<NoticeEvent> {
        let events = self
            .rows
            .iter()
            .filter(|(key, row)| self.state_of(key, row) == RowState::Open)
            .filter(|(_, row)| self.period_of(row).is_over_on(today))
            .map(|(key, _)| NoticeEvent::RowConcluded { row: key.clone() })
            .collect();
        self.and_conclusion(events)
    }

    /// Takes a row back.
    ///
    /// # Errors
    /// When the row is unknown or closed.
    pub fn withdraw_row(&self, row: &RowKey) -> Result<Vec<NoticeEvent>, Faults> {
        let state = self.row_state(row).ok_or(NoticeRejection::RowUnknown)?;
        if !state.is_pending() {
            return Err(NoticeRejection::RowClosed.into());
        }
        Ok(self.and_conclusion(vec![NoticeEvent::RowWithdrawn { row: row.clone() }]))
    }

    /// Takes the whole notice back: every row that is not closed yet.
    ///
    /// # Errors
    /// When the notice is concluded.
    pub fn withdraw(&self) -> Result<Vec<NoticeEvent>, Faults> {
        if self.is_concluded() {
            return Err(NoticeRejection::Closed.into());
        }
        let events = self
            .rows()
            .filter(|(_, state)| state.is_pending())
            .map(|(row, _)| NoticeEvent::RowWithdrawn { row: row.clone() })
            .collect();
        Ok(self.and_conclusion(events))
    }

    /// Counts the periods that still run anew, after the calendar changed. Rows that are closed
    /// stay closed.
    ///
    /// # Errors
    /// When the notice is concluded, or a period reaches a year without a calendar.
    pub fn recount(&self, calendar: &Calendar) -> Result<Vec<NoticeEvent>, Faults> {
        if self.is_concluded() {
            return Err(NoticeRejection::Closed.into());
        }
        let mut events = Vec::new();
        let period = calendar.recount(&self.period)?;
        if period != self.period {
            events.push(NoticeEvent::PeriodRecounted { period });
        }
        for (key, row) in &self.rows {
            let Some(restart) = &row.restart else {
                continue;
            };
            let period = calendar.recount(&restart.period)?;
            if self.state_of(key, row).is_pending() && period != restart.period {
                events.push(NoticeEvent::RowRecounted {
                    row: key.clone(),
                    period,
                });
            }
        }
        Ok(events)
    }

    fn takes_objections(&self, key: &RowKey, on: Date) -> Result<(), NoticeRejection> {
        let row = self.rows.get(key).ok_or(NoticeRejection::RowUnknown)?;
        if !self.state_of(key, row).is_pending() {
            return Err(NoticeRejection::RowClosed);
        }
        let period = self.period_of(row);
        if on < period.counted_from {
            return Err(NoticeRejection::BeforeOpening {
                opened: period.counted_from,
            });
        }
        if period.is_over_on(on) {
            return Err(NoticeRejection::PeriodOver { ended: period.date });
        }
        Ok(())
    }

    /// The last day of the row that is shown longest.
    fn last_day(&self) -> Date {
        self.rows
            .values()
            .map(|row| self.period_of(row).date)
            .max()
            .expect("a notice has at least one row")
    }

    /// Adds that the notice is concluded, where these events bring that about.
    fn and_conclusion(&self, mut events: Vec<NoticeEvent>) -> Vec<NoticeEvent> {
        let mut after = self.clone();
        after.apply_all(&events);
        if after.is_concluded() && !self.is_concluded() {
            events.push(NoticeEvent::NoticeConcluded);
        }
        events
    }
}
