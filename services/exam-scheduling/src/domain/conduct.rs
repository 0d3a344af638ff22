//! What happened in the room (考务组织, notice 4.2): who was there, and who misbehaved.
//!
//! Nothing has happened before the session begins, by the clock and not by the day alone. Attendance
//! is recorded session by session, and its last word counts until the session is completed. Misconduct comes to light later too, from video or from papers that are alike, so it
//! is taken until the roster is locked.

use std::collections::{HashMap, HashSet};

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};
use kernel::ids::{CandidateId, SessionId};
use kernel::rejection::{FaultList, Faults};
use serde::Serialize;

use super::fact::Fact;
use super::plan::Plan;
use super::rejection::ConductRejection;
use super::rules::ConductRules;
use super::session::{ExamPart, Session};

/// Candidates that one call takes.
pub const MOST_CANDIDATES: usize = 500;

/// Whether a candidate came to a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Presence {
    /// `cand_…`
    pub candidate_id: CandidateId,
    /// Was there, identity checked.
    pub present: bool,
}

/// How grave a misconduct is, and what it voids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MisconductTier {
    /// After a warning: that part is void.
    PartVoid,
    /// Cheating: that part is void.
    Cheating,
    /// Devices, destruction: all parts are void, and no further exam in that year.
    AllVoid,
    /// Organised cheating, impersonation: all parts are void, and no exam for years.
    Banned,
}

impl MisconductTier {
    /// Every tier.
    pub const ALL: [Self; 4] = [Self::PartVoid, Self::Cheating, Self::AllVoid, Self::Banned];

    /// Name for machines, as stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::PartVoid => "part_void",
            Self::Cheating => "cheating",
            Self::AllVoid => "all_void",
            Self::Banned => "banned",
        }
    }

    /// Whether it voids every part, and not only the one of its session.
    pub fn voids_all(self) -> bool {
        matches!(self, Self::AllVoid | Self::Banned)
    }

    /// The last day on which whoever did that in a session of this day takes no exam.
    pub fn banned_until(self, held_on: Date, rules: &ConductRules) -> Option<Date> {
        match self {
            Self::PartVoid | Self::Cheating => None,
            Self::AllVoid => Some(held_on.last_of_year()),
            Self::Banned => Some(held_on.saturating_add(rules.ban_years.years())),
        }
    }

    /// The tier of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| tier.name() == name)
    }
}

/// What happened to a candidate in a part, all its sessions taken together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attendance {
    /// Was there, identity checked.
    Present,
    /// 缺考
    Absent,
    /// The part is void for misconduct.
    Void,
}

impl Attendance {
    /// Name for machines, as hashed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Absent => "absent",
            Self::Void => "void",
        }
    }
}

/// What was recorded about a candidate, session by session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// Whether the candidate came, for each session that says.
    pub presences: Vec<(SessionId, bool)>,
    /// Misconduct, at most once a session and tier.
    pub misconduct: Vec<(SessionId, MisconductTier)>,
}

impl Plan {
    /// What a candidate's marks come to in a part; `None` while nothing is recorded. Misconduct
    /// outweighs everything, and having been in any one session of the part outweighs having
    /// missed others.
    pub fn attendance(&self, marks: &Marks, part: ExamPart) -> Option<Attendance> {
        let of_part = |session: SessionId| self.part_of(session) == Some(part);
        let voids = |&(session, tier): &(_, MisconductTier)| tier.voids_all() || of_part(session);
        if marks.misconduct.iter().any(voids) {
            return Some(Attendance::Void);
        }
        let here = marks
            .presences
            .iter()
            .filter(|(session, _)| of_part(*session));
        let came = here.map(|(_, present)| *present).max()?;
        Some(if came {
            Attendance::Present
        } else {
            Attendance::Absent
        })
    }

    /// Records who came to a session: what passed [`check_call`]. `known` are those of the call who
    /// are on the roster.
    ///
    /// # Errors
    /// When the plan is not under way, the session is completed or has not begun, and every
    /// candidate who is unknown.
    pub fn record_attendance(
        &self,
        session: SessionId,
        candidates: Vec<Presence>,
        known: &HashSet<CandidateId>,
        now: DateTime,
    ) -> Result<Fact, Faults> {
        self.open_session(session, now)?;
        let mut faults = FaultList::default();
        for (index, candidate) in candidates.iter().enumerate() {
            let field = format!("candidates[{index}].candidate_id");
            let on_roster = known.contains(&candidate.candidate_id);
            faults.require(on_roster, field, &ConductRejection::CandidateUnknown);
        }
        faults.finish()?;
        Ok(Fact::AttendanceRecorded {
            session_id: session,
            candidates,
        })
    }

    /// Records misconduct in a session. `marks` are the candidate's; `None` is somebody who is
    /// not on the roster.
    ///
    /// # Errors
    /// When the plan is not under way, the session has not begun, the candidate is unknown, or this
    /// is on record.
    pub fn record_misconduct(
        &self,
        session: SessionId,
        candidate: CandidateId,
        tier: MisconductTier,
        marks: Option<&Marks>,
        (now, rules): (DateTime, &ConductRules),
    ) -> Result<Fact, Faults> {
        let held_on = self.begun_session(session, now)?.held_on;
        let unknown = || Faults::at("candidate_id", &ConductRejection::CandidateUnknown);
        let marks = marks.ok_or_else(unknown)?;
        if marks.misconduct.contains(&(session, tier)) {
            return Err(Faults::at("tier", &ConductRejection::MisconductRecorded));
        }
        Ok(Fact::MisconductRecorded {
            session_id: session,
            candidate_id: candidate,
            tier,
            void: self.voided(session, tier),
            banned_until: tier.banned_until(held_on, rules),
        })
    }

    /// The parts that a misconduct in a session voids.
    pub fn voided(&self, session: SessionId, tier: MisconductTier) -> Vec<ExamPart> {
        if tier.voids_all() {
            self.parts()
        } else {
            self.part_of(session).into_iter().collect()
        }
    }

    /// A session of the plan.
    ///
    /// # Errors
    /// When it has none of that id.
    pub fn session(&self, id: SessionId) -> Result<&Session, Faults> {
        let session = self.sessions.iter().find(|session| session.id == id);
        session.ok_or_else(|| Faults::at("session_id", &ConductRejection::SessionUnknown))
    }

    /// A session of a plan under way that has begun.
    pub(super) fn begun_session(&self, id: SessionId, now: DateTime) -> Result<&Session, Faults> {
        self.must_be_under_way()?;
        let session = self.session(id)?;
        if now < session.begins() {
            return Err(Faults::at("session_id", &ConductRejection::early(session)));
        }
        Ok(session)
    }

    /// The same, and it is not completed.
    pub(super) fn open_session(&self, id: SessionId, now: DateTime) -> Result<&Session, Faults> {
        let session = self.begun_session(id, now)?;
        if session.completed {
            return Err(Faults::at("session_id", &ConductRejection::Completed));
        }
        Ok(session)
    }
}

impl ConductRejection {
    /// The hour of a session has not come.
    pub(super) fn early(session: &Session) -> Self {
        Self::TooEarly {
            day: session.held_on,
            hour: hour(session.starts_at),
        }
    }
}

/// An hour as refusals name it.
pub(super) fn hour(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// Notes when a call names nobody or too many, and whoever is named twice in rows that could be
/// read.
pub fn check_call(rows: &[Option<Presence>], faults: &mut FaultList) {
    faults.require(!rows.is_empty(), "candidates", &ConductRejection::CallEmpty);
    let limit = MOST_CANDIDATES;
    let too_large = ConductRejection::CallTooLarge { limit };
    faults.require(rows.len() <= limit, "candidates", &too_large);
    let mut seen = HashMap::new();
    for (index, row) in rows.iter().enumerate() {
        let before = row
            .as_ref()
            .and_then(|row| seen.insert(row.candidate_id, index));
        if let Some(other) = before {
            let field = format!("candidates[{index}].candidate_id");
            faults.add(field, &ConductRejection::TwiceInCall { other });
        }
    }
}

#[cfg(test)]
mod tests;
