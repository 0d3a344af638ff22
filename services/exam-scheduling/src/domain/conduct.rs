//! What happened in the room (考务组织, notice 4.2): who was there, and who misbehaved.
//!
//! Attendance is recorded session by session, and its last word counts until the session is
//! completed. Misconduct comes to light later too, from video or from papers that are alike, so it
//! is taken until the roster is locked.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use kernel::ids::{CandidateId, SessionId};
use kernel::rejection::{FaultList, Faults};
use serde::Serialize;

use super::fact::Fact;
use super::plan::Plan;
use super::rejection::ConductRejection;
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
    /// Devices, destruction: all parts are void.
    AllVoid,
}

impl MisconductTier {
    /// Every tier.
    pub const ALL: [Self; 3] = [Self::PartVoid, Self::Cheating, Self::AllVoid];

    /// Name for machines, as stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::PartVoid => "part_void",
            Self::Cheating => "cheating",
            Self::AllVoid => "all_void",
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
        let voids = |&(session, tier)| tier == MisconductTier::AllVoid || of_part(session);
        if marks.misconduct.iter().any(voids) {
            return Some(Attendance::Void);
        }
        let here = marks.presences.iter().filter(|(session, _)| of_part(*session));
        let came = here.map(|(_, present)| *present).max()?;
        Some(if came { Attendance::Present } else { Attendance::Absent })
    }

    /// Records who came to a session. `known` are those of the call who are on the roster.
    ///
    /// # Errors
    /// When the plan is not under way, the session is over or its day has not come, and every
    /// candidate who is unknown or named twice.
    pub fn record_attendance(
        &self,
        session: SessionId,
        candidates: Vec<Presence>,
        known: &HashSet<CandidateId>,
        today: Date,
    ) -> Result<Fact, Faults> {
        self.open_session(session, today)?;
        check_size(candidates.len())?;
        let mut faults = FaultList::default();
        let mut seen = HashMap::new();
        for (index, candidate) in candidates.iter().enumerate() {
            let field = format!("candidates[{index}].candidate_id");
            let on_roster = known.contains(&candidate.candidate_id);
            faults.require(on_roster, &field, &ConductRejection::CandidateUnknown);
            if let Some(other) = seen.insert(candidate.candidate_id, index) {
                faults.add(field, &ConductRejection::TwiceInCall { other });
            }
        }
        faults.finish()?;
        Ok(Fact::AttendanceRecorded { session_id: session, candidates })
    }

    /// Records misconduct in a session. `marks` are the candidate's; `None` is somebody who is
    /// not on the roster.
    ///
    /// # Errors
    /// When the plan is not under way, the session's day has not come, the candidate is unknown,
    /// or this is on record.
    pub fn record_misconduct(
        &self,
        session: SessionId,
        candidate: CandidateId,
        tier: MisconductTier,
        marks: Option<&Marks>,
        today: Date,
    ) -> Result<Fact, Faults> {
        let part = self.begun_session(session, today)?.part;
        let unknown = || Faults::at("candidate_id", &ConductRejection::CandidateUnknown);
        let marks = marks.ok_or_else(unknown)?;
        if marks.misconduct.contains(&(session, tier)) {
            return Err(Faults::at("tier", &ConductRejection::MisconductRecorded));
        }
        let void = match tier {
            MisconductTier::PartVoid | MisconductTier::Cheating => vec![part],
            MisconductTier::AllVoid => self.parts(),
        };
        Ok(Fact::MisconductRecorded { session_id: session, candidate_id: candidate, tier, void })
    }

    /// A session of a plan under way whose day has come.
    fn begun_session(&self, id: SessionId, today: Date) -> Result<&Session, Faults> {
        self.must_be_under_way()?;
        let session = self.sessions.iter().find(|session| session.id == id);
        let unknown = || Faults::at("session_id", &ConductRejection::SessionUnknown);
        let session = session.ok_or_else(unknown)?;
        let held_on = session.held_on;
        if today < held_on {
            return Err(Faults::at("session_id", &ConductRejection::TooEarly { held_on }));
        }
        Ok(session)
    }

    /// The same, and it is not completed.
    pub(super) fn open_session(&self, id: SessionId, today: Date) -> Result<&Session, Faults> {
        let session = self.begun_session(id, today)?;
        if session.completed {
            return Err(Faults::at("session_id", &ConductRejection::Completed));
        }
        Ok(session)
    }
}

fn check_size(given: usize) -> Result<(), Faults> {
    match given {
        0 => Err(Faults::at("candidates", &ConductRejection::CallEmpty)),
        1..=MOST_CANDIDATES => Ok(()),
        _ => {
            let too_large = ConductRejection::CallTooLarge { limit: MOST_CANDIDATES, given };
            Err(Faults::at("candidates", &too_large))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::samples::{self, EXAM_DAY};

    fn presence(number: u128) -> Presence {
        Presence { candidate_id: samples::candidate_id(number), present: true }
    }

    fn record(plan: &Plan, rows: Vec<Presence>, today: Date) -> Result<Fact, Faults> {
        let known = (0..600).map(samples::candidate_id).collect();
        plan.record_attendance(plan.sessions[0].id, rows, &known, today)
    }

    fn misbehave(plan: &Plan, at: usize, tier: MisconductTier, marks: Option<&Marks>) -> Result<Fact, Faults> {
        let session = plan.sessions[at].id;
        plan.record_misconduct(session, samples::candidate_id(1), tier, marks, EXAM_DAY)
    }

    #[test]
    fn attendance_is_recorded_from_the_day_of_the_session_until_it_is_completed() {
        let mut plan = samples::reported();
        record(&plan, vec![presence(1)], EXAM_DAY).expect("on the day");
        record(&plan, vec![presence(1)], samples::LATER).expect("and after it");
        let early = EXAM_DAY.yesterday().expect("a day before");
        let codes = record(&plan, vec![presence(1)], early).expect_err("before").codes();
        assert_eq!(codes, ["SESSION_NOT_YET"]);
        plan.sessions[0].completed = true;
        let codes = record(&plan, vec![presence(1)], EXAM_DAY).expect_err("over").codes();
        assert_eq!(codes, ["SESSION_COMPLETED"]);
    }

    #[test]
    fn nothing_happens_in_a_plan_that_is_not_under_way() {
        let codes = record(&samples::draft(), vec![presence(1)], EXAM_DAY).expect_err("draft").codes();
        assert_eq!(codes, ["PLAN_NOT_REPORTED"]);
        let codes = record(&samples::held(), vec![presence(1)], EXAM_DAY).expect_err("held").codes();
        assert_eq!(codes, ["ROSTER_LOCKED"]);
        let marks = Marks::default();
        let locked = misbehave(&samples::held(), 0, MisconductTier::Cheating, Some(&marks));
        assert_eq!(locked.expect_err("held").codes(), ["ROSTER_LOCKED"]);
    }

    #[test]
    fn a_session_of_another_plan_does_not_exist() {
        let plan = samples::reported();
        let foreign = SessionId::from_uuid(uuid::Uuid::from_u128(999));
        let refused = plan.record_attendance(foreign, vec![presence(1)], &HashSet::new(), EXAM_DAY);
        assert_eq!(refused.expect_err("foreign").codes(), ["SESSION_NOT_FOUND"]);
    }

    #[test]
    fn every_row_that_is_wrong_is_told() {
        let plan = samples::reported();
        let rows = vec![presence(1), presence(700), presence(1)];
        let codes = record(&plan, rows, EXAM_DAY).expect_err("two rows are wrong").codes();
        assert_eq!(codes, ["CANDIDATE_NOT_FOUND", "ATTENDANCE_TWICE_IN_CALL"]);
        let codes = record(&plan, Vec::new(), EXAM_DAY).expect_err("empty").codes();
        assert_eq!(codes, ["ATTENDANCE_CALL_EMPTY"]);
        let rows = (0..501).map(presence).collect();
        assert_eq!(record(&plan, rows, EXAM_DAY).expect_err("large").codes(), ["ATTENDANCE_CALL_TOO_LARGE"]);
    }

    #[test]
    fn the_gravest_tier_voids_all_parts_and_the_others_their_own() {
        let plan = samples::reported();
        let (theory, skill) = (ExamPart::Theory, ExamPart::Skill);
        for (tier, expected) in [
            (MisconductTier::PartVoid, vec![theory]),
            (MisconductTier::Cheating, vec![theory]),
            (MisconductTier::AllVoid, vec![theory, skill]),
        ] {
            assert_eq!(MisconductTier::from_name(tier.name()), Some(tier));
            let fact = misbehave(&plan, 0, tier, Some(&Marks::default())).expect("under way");
            assert!(matches!(&fact, Fact::MisconductRecorded { void, .. } if *void == expected));
            let marks = Marks { misconduct: vec![(plan.sessions[0].id, tier)], ..Marks::default() };
            let void = |part| plan.attendance(&marks, part) == Some(Attendance::Void);
            assert_eq!([theory, skill].into_iter().filter(|part| void(*part)).collect::<Vec<_>>(), expected);
            let again = misbehave(&plan, 0, tier, Some(&marks)).expect_err("on record");
            assert_eq!(again.codes(), ["MISCONDUCT_RECORDED"]);
        }
        let unknown = misbehave(&plan, 0, MisconductTier::Cheating, None).expect_err("nobody");
        assert_eq!(unknown.codes(), ["CANDIDATE_NOT_FOUND"]);
    }

    #[test]
    fn attendance_in_any_one_session_of_a_part_counts() {
        let mut plan = samples::reported();
        let second = Session { id: SessionId::from_uuid(uuid::Uuid::from_u128(77)), ..samples::theory() };
        plan.sessions.push(second);
        let [first, second] = [plan.sessions[0].id, plan.sessions[2].id];
        let of = |presences: &[(SessionId, bool)]| {
            let marks = Marks { presences: presences.to_vec(), ..Marks::default() };
            plan.attendance(&marks, ExamPart::Theory)
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[(first, false)]), Some(Attendance::Absent));
        assert_eq!(of(&[(first, false), (second, true)]), Some(Attendance::Present));
        assert_eq!(of(&[(plan.sessions[1].id, true)]), None);
    }
}
