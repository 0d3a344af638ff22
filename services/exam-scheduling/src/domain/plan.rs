//! The exam plan (考核计划): drafted, reported, held.

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::ids::{OrganizationId, PlanId, ReceiptId, SessionId};
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejection::Faults;
use kernel::working_day::Deadline;
use serde::Serialize;

use super::canonical::Canonical;
use super::clash::Warning;
use super::fact::Fact;
use super::rejection::{ConductRejection, PlanRejection, StandingRejection};
use super::session::{ExamPart, Session};
use super::standing::{InForce, Terms};

/// What is examined: one occupation, trade and level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// The occupation.
    pub occupation: OccupationRef,
    /// 工种 or 职业方向; empty where there is none.
    pub trade: String,
    /// The level.
    pub level: Level,
}

/// The report of a plan (报送), with its receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// `rct_…`
    pub receipt_id: ReceiptId,
    /// Business day of arrival.
    pub received_on: Date,
    /// The latest day on which it could have arrived, with its computation.
    pub deadline: Deadline,
    /// Hash over the plan as received.
    pub plan_hash: ContentHash,
    /// Where the organisation filed: whose city centre the plan is for.
    pub filing_division: DivisionCode,
    /// 机构代码
    pub organization_code: EvaluationOrganizationCode,
    /// What does not stand in the way, but should be looked at.
    pub warnings: Vec<Warning>,
    /// What of it takes consent when it is changed late.
    pub terms: Terms,
    /// Day on which the centre consented to a late change.
    pub consented_on: Option<Date>,
}

/// Where a plan stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Being filled in.
    Draft,
    /// Reported in time.
    Reported(Report),
    /// Returned or taken back after this report; changed as a draft.
    Reopened(Report, InForce),
    /// Reported again, and waiting for consent.
    Awaiting(Report, InForce),
    /// The exam does not take place.
    Withdrawn(Report),
    /// All its sessions are held; the roster is locked under this digest.
    Held(Report, ContentHash),
}

/// An exam plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// `plan_…`
    pub id: PlanId,
    /// Whose plan it is.
    pub organization_id: OrganizationId,
    /// 评价流程
    pub process: String,
    /// What is examined; they never change.
    pub subjects: Vec<Subject>,
    /// When, where and by whom.
    pub sessions: Vec<Session>,
    /// Candidates on the roster.
    pub candidates: u32,
    /// Where it stands.
    pub stage: Stage,
}

impl Plan {
    /// Makes a fact part of the plan. The only thing that changes one.
    pub fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::SessionsReplaced { sessions } => self.sessions.clone_from(sessions),
            Fact::CandidatesAdmitted { candidates } => {
                self.candidates += u32::try_from(candidates.len()).unwrap_or(u32::MAX);
            }
            Fact::CandidateRemoved { .. } => self.candidates = self.candidates.saturating_sub(1),
            Fact::PlanReported {
                report,
                takes_consent,
                ..
            } => {
                self.stage = match &self.stage {
                    Stage::Reopened(_, before) if *takes_consent => {
                        Stage::Awaiting(report.clone(), *before)
                    }
                    _ => Stage::Reported(report.clone()),
                };
            }
            Fact::PlanConsented { report, .. } => self.stage = Stage::Reported(report.clone()),
            Fact::PlanReturned { .. } | Fact::PlanReopened {} => self.stage = self.reopened(),
            Fact::PlanWithdrawn {} => {
                if let Some(report) = self.report_made() {
                    self.stage = Stage::Withdrawn(report.clone());
                }
            }
            Fact::StaffReplaced {
                session_id,
                position,
                joining,
                ..
            } => {
                let mut sessions = self.sessions.iter_mut();
                let session = sessions.find(|session| session.id == *session_id);
                if let Some(place) = session.and_then(|it| it.staff.get_mut(*position)) {
                    place.clone_from(joining);
                }
            }
            Fact::SessionHeld { session_id, .. } => {
                for session in &mut self.sessions {
                    session.completed |= session.id == *session_id;
                }
            }
            Fact::RosterLocked { roster_digest, .. } => {
                if let Stage::Reported(report) = &self.stage {
                    self.stage = Stage::Held(report.clone(), *roster_digest);
                }
            }
            Fact::SessionPrepared { session_id, .. } => {
                for session in &mut self.sessions {
                    session.prepared |= session.id == *session_id;
                }
            }
            // A plan begins with what was drafted; what happened in the room is the roster's.
            Fact::PlanDrafted { .. }
            | Fact::SeatsAssigned { .. }
            | Fact::AttendanceRecorded { .. }
            | Fact::MisconductRecorded { .. }
            | Fact::IncidentRecorded { .. }
            | Fact::SupervisorAppointed { .. }
            | Fact::FindingRecorded { .. }
            | Fact::RectificationReported { .. }
            | Fact::RectificationJudged { .. } => {}
        }
    }

    /// The latest report, once there is one.
    pub fn report_made(&self) -> Option<&Report> {
        match &self.stage {
            Stage::Draft => None,
            Stage::Reported(report)
            | Stage::Reopened(report, _)
            | Stage::Awaiting(report, _)
            | Stage::Withdrawn(report)
            | Stage::Held(report, _) => Some(report),
        }
    }

    /// The digest under which the roster is locked, once it is.
    pub fn roster_digest(&self) -> Option<ContentHash> {
        match self.stage {
            Stage::Held(_, digest) => Some(digest),
            _ => None,
        }
    }

    /// The day on which it begins. A plan has at least one session.
    pub fn first_session_on(&self) -> Option<Date> {
        self.sessions.iter().map(|session| session.held_on).min()
    }

    /// The parts it has sessions of, in order. Every candidate takes each of them.
    pub fn parts(&self) -> Vec<ExamPart> {
        let has = |part: &ExamPart| self.sessions_of(*part).next().is_some();
        ExamPart::ALL.into_iter().filter(has).collect()
    }

    /// The sessions of a part. Candidates attend any one of them.
    pub fn sessions_of(&self, part: ExamPart) -> impl Iterator<Item = &Session> {
        self.sessions
            .iter()
            .filter(move |session| session.part == part)
    }

    /// The part that a session examines.
    pub fn part_of(&self, session: SessionId) -> Option<ExamPart> {
        self.sessions
            .iter()
            .find(|other| other.id == session)
            .map(|found| found.part)
    }

    pub(super) fn must_be_draft(&self) -> Result<(), Faults> {
        match self.stage {
            Stage::Draft | Stage::Reopened(..) => Ok(()),
            Stage::Withdrawn(_) => Err(StandingRejection::Withdrawn.into()),
            Stage::Reported(_) | Stage::Awaiting(..) | Stage::Held(..) => {
                Err(PlanRejection::NotDraft.into())
            }
        }
    }

    pub(super) fn must_be_under_way(&self) -> Result<&Report, Faults> {
        match &self.stage {
            Stage::Draft => Err(ConductRejection::NotReported.into()),
            Stage::Reported(report) => Ok(report),
            Stage::Reopened(..) | Stage::Awaiting(..) => Err(StandingRejection::UnderChange.into()),
            Stage::Withdrawn(_) => Err(StandingRejection::Withdrawn.into()),
            Stage::Held(..) => Err(ConductRejection::RosterLocked.into()),
        }
    }

    /// SHA-256 over the plan as it stands and a digest of its roster.
    pub(super) fn hash(&self, roster_digest: ContentHash) -> ContentHash {
        let mut canonical = Canonical::of("luban.exam.plan.v1");
        canonical
            .value(self.id)
            .value(self.organization_id)
            .text(&self.process);
        canonical.value(self.subjects.len());
        for subject in &self.subjects {
            canonical
                .value(subject.occupation)
                .text(&subject.trade)
                .value(subject.level);
        }
        canonical.value(self.sessions.len());
        for session in &self.sessions {
            session.encode(&mut canonical);
        }
        canonical
            .value(self.candidates)
            .bytes(roster_digest.as_bytes());
        canonical.hash()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::samples;

    #[test]
    fn the_hash_changes_with_everything_that_was_received() {
        let digest = ContentHash::of_bytes(b"roster");
        let plan = samples::draft();
        let before = plan.hash(digest);
        assert_eq!(plan.clone().hash(digest), before);
        assert_ne!(plan.hash(ContentHash::of_bytes(b"another")), before);

        let changes: [fn(&mut Plan); 6] = [
            |plan| plan.process.push('。'),
            |plan| plan.subjects[0].level = Level::Three,
            |plan| plan.sessions[0].room.push('2'),
            |plan| plan.sessions[0].seats += 1,
            |plan| plan.sessions[0].staff[0] = samples::staff(plan.sessions[0].staff[0].role, 77),
            |plan| plan.candidates += 1,
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let mut changed = plan.clone();
            change(&mut changed);
            assert_ne!(changed.hash(digest), before, "change {number}");
        }
    }

    #[test]
    fn the_parts_are_those_that_have_a_session() {
        let plan = samples::draft();
        assert_eq!(plan.parts(), [ExamPart::Theory, ExamPart::Skill]);
        assert_eq!(plan.part_of(plan.sessions[1].id), Some(ExamPart::Skill));
        assert_eq!(plan.first_session_on(), Some(samples::EXAM_DAY));
    }
}
