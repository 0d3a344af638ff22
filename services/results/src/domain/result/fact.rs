//! What is asked of a result, and what happens to it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::ids::{CandidateId, CertificateId, ObjectionId, ProposalId, PublicNoticeId};
use serde::{Serialize, Serializer};

use super::CandidateResult;
use crate::domain::exam::{ExamPart, Passing};
use crate::domain::review::{ReviewLevel, ReviewRoute};
use kernel::written::Written;

/// The public notice in which those who passed are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Showing {
    /// Which one.
    pub notice: PublicNoticeId,
    /// Its last day.
    pub until: Date,
}

/// What is asked of a result.
#[expect(missing_docs, reason = "each field is named for what it holds")]
#[derive(Debug, Clone)]
pub enum ResultCommand {
    /// Scores for parts; the last word counts.
    Score { scores: BTreeMap<ExamPart, u8> },
    /// The end of scoring: failed, or on to the public notice. There is none where nobody passed.
    CloseScoring {
        passing: Passing,
        showing: Option<Showing>,
    },
    /// Scores that were wrong; a row that passes with them is shown anew.
    ChangeScores {
        change: ProposalId,
        scores: BTreeMap<ExamPart, u8>,
        passing: Passing,
        showing: Option<Showing>,
    },
    /// The row's public notice has another last day.
    MoveNotice { until: Date },
    /// The row's public notice is over.
    ConcludeNotice,
    /// An objection against the row was upheld.
    TakeOut { objection: ObjectionId },
    /// On to the first review.
    Upload { route: ReviewRoute },
    /// A review approves.
    Approve {
        level: ReviewLevel,
        review: ProposalId,
    },
    /// A review gives back.
    GiveBack {
        level: ReviewLevel,
        review: ProposalId,
        reason: Written,
    },
    /// The organisation answers.
    Resubmit { answer: Written },
    /// A certificate is issued.
    Certify { certificate: CertificateId },
}

/// What happened to a result. Scores and texts travel beside the record, never in it.
#[expect(missing_docs, reason = "each field is named for what it holds")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ResultFact {
    /// It came into being with its batch.
    ResultOpened { candidate: CandidateId },
    /// Scores were recorded.
    ScoresRecorded {
        #[serde(rename = "parts", serialize_with = "keys")]
        scores: BTreeMap<ExamPart, u8>,
    },
    /// Not passed.
    ResultNotPassed { pass_mark: u8 },
    /// Shown to the public.
    ResultShown {
        notice: PublicNoticeId,
        until: Date,
        pass_mark: u8,
    },
    /// Scores were changed after the scoring: shown anew, or not passed.
    ResultScoresChanged {
        change: ProposalId,
        #[serde(rename = "parts", serialize_with = "keys")]
        scores: BTreeMap<ExamPart, u8>,
        pass_mark: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        shown: Option<Showing>,
    },
    /// Shown to another day: the calendar changed.
    ResultNoticeMoved { until: Date },
    /// Came through its notice.
    ResultNoticeConcluded {},
    /// Taken out.
    ResultTakenOut { objection: ObjectionId },
    /// Uploaded to a review.
    ResultUploaded { to: ReviewLevel },
    /// Approved by a review.
    ResultApproved {
        level: ReviewLevel,
        review: ProposalId,
    },
    /// Given back by a review.
    ResultReturned {
        level: ReviewLevel,
        review: ProposalId,
        #[serde(skip)]
        reason: Written,
    },
    /// Handed in again to the review that gave it back.
    ResultResubmitted {
        to: ReviewLevel,
        #[serde(skip)]
        answer: Written,
    },
    /// Certified.
    ResultCertified { certificate: CertificateId },
}

/// A result with what was decided about it, already applied.
#[derive(Debug, Clone)]
pub struct Change {
    /// The result as it is now.
    pub result: CandidateResult,
    /// What happened.
    pub fact: ResultFact,
}

fn keys<S: Serializer>(scores: &BTreeMap<ExamPart, u8>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(scores.keys())
}
