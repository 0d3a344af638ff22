//! What happens to a plan, in the past tense.
//!
//! Serialised, a fact holds references, counts, dates and hashes. Persons appear as candidate ids
//! and commitments; of staff only the roles remain.

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::ids::{CandidateId, OrganizationId, RoomId, SessionId};
use serde::Serialize;

use super::conduct::{MisconductTier, Presence};
use super::eligibility::claim::CandidateGroup;
use super::plan::{Report, Subject};
use super::report::HeldRight;
use super::running::{IncidentKind, PaperSource};
use super::session::{ExamPart, Session, Staff};
use super::standing::Matter;

/// Something that happened to a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "the fields are those of the plan")]
pub enum Fact {
    /// A draft was opened.
    PlanDrafted {
        organization_id: OrganizationId,
        subjects: Vec<Subject>,
        sessions: Vec<Session>,
    },
    /// Sessions and staff of a draft were replaced.
    SessionsReplaced { sessions: Vec<Session> },
    /// Candidates came onto the roster.
    CandidatesAdmitted { candidates: Vec<Admission> },
    /// A candidate was taken off the roster.
    CandidateRemoved { candidate_id: CandidateId },
    /// The plan arrived and has its receipt, unless it takes the centre's consent.
    PlanReported {
        report: Report,
        takes_consent: bool,
        first_session_on: Date,
        candidates: u32,
        rights: Vec<HeldRight>,
        /// The room of each session, in their order.
        rooms: Vec<RoomId>,
        organization_version: u64,
    },
    /// The centre consented to a plan that was changed late.
    PlanConsented {
        report: Report,
        first_session_on: Date,
        candidates: u32,
    },
    /// The centre returned the plan for faults in these matters.
    PlanReturned { matters: Vec<Matter> },
    /// The organisation took the plan back.
    PlanReopened {},
    /// The exam does not take place.
    PlanWithdrawn {},
    /// Somebody else does the work in a session; persons stand as commitments.
    StaffReplaced {
        session_id: SessionId,
        /// Position in the session's staff.
        position: usize,
        leaving: ContentHash,
        commitment: ContentHash,
        joining: Staff,
    },
    /// Paper, custody and preparation of a session are on record.
    SessionPrepared {
        session_id: SessionId,
        source: PaperSource,
        set_code: String,
        copies: u32,
    },
    /// Something went wrong in a session.
    IncidentRecorded {
        session_id: SessionId,
        kind: IncidentKind,
        minutes: u32,
    },
    /// The centre sent somebody to a session, who stands as a commitment.
    SupervisorAppointed {
        session_id: SessionId,
        commitment: ContentHash,
    },
    /// Something was found about a session; with a day, it is to be put right.
    FindingRecorded {
        session_id: SessionId,
        number: u32,
        rectify_until: Option<Date>,
    },
    /// The organisation put something right.
    RectificationReported { session_id: SessionId, number: u32 },
    /// The centre accepted that, or set another day.
    RectificationJudged {
        session_id: SessionId,
        number: u32,
        accepted: bool,
        rectify_until: Option<Date>,
    },
    /// Every candidate has a seat of each part.
    SeatsAssigned {
        candidates: u32,
        seating_digest: ContentHash,
    },
    /// It was recorded who was there.
    AttendanceRecorded {
        session_id: SessionId,
        candidates: Vec<Presence>,
    },
    /// A candidate misbehaved, and parts became void.
    MisconductRecorded {
        session_id: SessionId,
        candidate_id: CandidateId,
        tier: MisconductTier,
        void: Vec<ExamPart>,
        /// Last day on which the person takes no exam.
        banned_until: Option<Date>,
    },
    /// A session was held.
    SessionHeld {
        session_id: SessionId,
        held_on: Date,
        present: u32,
        absent: u32,
    },
    /// The last session was held, and the roster is what it is.
    RosterLocked {
        entries: u32,
        roster_digest: ContentHash,
    },
}

/// A candidate as a fact names one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Admission {
    /// `cand_…`
    pub candidate_id: CandidateId,
    /// Position of the plan's subject.
    pub subject: u32,
    /// Commitment to the person.
    pub commitment: ContentHash,
    /// Id of the rule that was claimed (申报条件).
    pub rule: String,
    /// Of which standard or template it is.
    pub conditions: String,
    /// 重点群体
    pub group: CandidateGroup,
}
