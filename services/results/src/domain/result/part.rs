//! One part of an exam, and what came of it.

use kernel::ids::ResultId;
use serde::Serialize;

use crate::domain::exam::{Attendance, ExamPart};

/// A part with what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PartResult {
    /// The part.
    pub part: ExamPart,
    /// What happened in the room.
    pub attendance: Attendance,
    /// Whole points; only of a part in which the candidate was present.
    pub score: Option<u8>,
    /// The earlier result in which the part was passed that is kept for a re-sit (补考) of others.
    pub kept_from: Option<ResultId>,
}

impl PartResult {
    /// A part of this exam, without a score.
    pub fn examined(part: ExamPart, attendance: Attendance) -> Self {
        Self {
            part,
            attendance,
            score: None,
            kept_from: None,
        }
    }

    /// Whether a score is still to come.
    pub fn awaits_score(&self) -> bool {
        self.attendance == Attendance::Present && self.score.is_none()
    }

    /// Whether the part is passed: present, and not below the mark.
    pub fn passes(&self, pass_mark: u8) -> bool {
        self.attendance == Attendance::Present && self.score.is_some_and(|score| score >= pass_mark)
    }
}
