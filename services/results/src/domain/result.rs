//! One candidate's result, from the first score to the certificate.
//!
//! ```text
//! scoring ─ not passed
//!         └ in public notice ─ objection upheld
//!                            └ notice concluded ─ in city review ─ in province review ─ approved ─ certified
//!                                                     └ returned ┘      └ returned ┘
//! ```

use kernel::content_hash::ContentHash;
use kernel::ids::{CandidateId, ProposalId, ResultId};
use kernel::rejection::Faults;
use serde::Serialize;

use super::exam::{Attendance, ExamPart};
use super::rejection::{ReviewRejection, ScoreRejection};
use super::review::ReviewLevel;
use super::words::words;
use kernel::written::Written;

mod fact;

pub use fact::{Change, ResultCommand, ResultFact, Showing};

words! {
    /// Where a result stands.
    pub enum ResultState {
        /// Scores are being recorded.
        Scoring = "scoring",
        /// A part below the pass mark, absent or void.
        NotPassed = "not_passed",
        /// Shown to the public.
        InPublicNotice = "in_public_notice",
        /// The notice is over; waits for the upload.
        NoticeConcluded = "notice_concluded",
        /// Waits for the city.
        InCityReview = "in_city_review",
        /// Waits for the province.
        InProvinceReview = "in_province_review",
        /// The city gave it back.
        ReturnedByCity = "returned_by_city",
        /// The province gave it back.
        ReturnedByProvince = "returned_by_province",
        /// Waits for the certificate.
        Approved = "approved",
        /// Has its certificate.
        Certified = "certified",
        /// Taken out by an objection.
        ObjectionUpheld = "objection_upheld",
    }
}

/// A part with what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PartResult {
    /// The part.
    pub part: ExamPart,
    /// What happened in the room.
    pub attendance: Attendance,
    /// Whole points; only of a part in which the candidate was present.
    pub score: Option<u8>,
}

impl PartResult {
    /// Whether a score is still to come.
    pub fn awaits_score(&self) -> bool {
        self.attendance == Attendance::Present && self.score.is_none()
    }

    /// Whether the part is passed: present, and not below the mark.
    pub fn passes(&self, pass_mark: u8) -> bool {
        self.attendance == Attendance::Present && self.score.is_some_and(|score| score >= pass_mark)
    }
}

/// A candidate's result. The name and the citizen number are the store's alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CandidateResult {
    /// Which one.
    pub id: ResultId,
    /// Whose, in the words of exam-scheduling.
    pub candidate: CandidateId,
    /// 准考证号
    pub ticket_number: String,
    /// What was examined: index into the batch's subjects.
    pub subject: u16,
    /// The name, masked.
    pub masked_name: String,
    /// The document number, masked.
    pub masked_document_number: String,
    /// Makes the content hash a commitment.
    pub salt: [u8; 32],
    /// Where it stands.
    pub state: ResultState,
    /// Part by part.
    pub parts: Vec<PartResult>,
    /// Why a review gave it back, once one did.
    pub returned_reason: Option<Written>,
    /// What the organisation answered to that.
    pub answer: Option<Written>,
    /// Proposal by which the city approved.
    pub city_review: Option<ProposalId>,
    /// Proposal by which the province approved.
    pub province_review: Option<ProposalId>,
}

impl CandidateResult {
    /// What a command would bring about.
    ///
    /// # Errors
    /// When it is not the next step from where the result stands.
    pub fn decide(&self, command: ResultCommand) -> Result<ResultFact, Faults> {
        use ResultState as State;
        Ok(match (self.state, command) {
            (_, ResultCommand::Score { scores }) => {
                for part in scores.keys() {
                    self.takes_score(*part)?;
                }
                ResultFact::ScoresRecorded { scores }
            }
            (State::Scoring, ResultCommand::CloseScoring { pass_mark, showing })
                if self.parts_to_score() == 0 =>
            {
                if self.passes(pass_mark) {
                    let Showing { notice, until } = showing.ok_or(ReviewRejection::WrongState)?;
                    ResultFact::ResultShown {
                        notice,
                        until,
                        pass_mark,
                    }
                } else {
                    ResultFact::ResultNotPassed { pass_mark }
                }
            }
            (State::InPublicNotice, ResultCommand::MoveNotice { until }) => {
                ResultFact::ResultNoticeMoved { until }
            }
            (State::InPublicNotice, ResultCommand::ConcludeNotice) => {
                ResultFact::ResultNoticeConcluded {}
            }
            (State::InPublicNotice, ResultCommand::TakeOut { objection }) => {
                ResultFact::ResultTakenOut { objection }
            }
            (State::NoticeConcluded, ResultCommand::Upload { route }) => {
                ResultFact::ResultUploaded { to: route.first() }
            }
            (state, ResultCommand::Approve { level, review }) if state == level.waiting() => {
                ResultFact::ResultApproved { level, review }
            }
            (
                state,
                ResultCommand::GiveBack {
                    level,
                    review,
                    reason,
                },
            ) if state == level.waiting() => ResultFact::ResultReturned {
                level,
                review,
                reason,
            },
            (state, ResultCommand::Resubmit { answer }) => {
                let to = ReviewLevel::that_returned(state).ok_or(ReviewRejection::WrongState)?;
                ResultFact::ResultResubmitted { to, answer }
            }
            (State::Approved, ResultCommand::Certify { certificate }) => {
                ResultFact::ResultCertified { certificate }
            }
            _ => Err(ReviewRejection::WrongState)?,
        })
    }

    /// Changes the result by what happened.
    pub fn apply(&mut self, fact: &ResultFact) {
        match fact {
            ResultFact::ResultOpened { .. } => self.state = ResultState::Scoring,
            ResultFact::ScoresRecorded { scores } => {
                for examined in &mut self.parts {
                    examined.score = scores.get(&examined.part).copied().or(examined.score);
                }
            }
            ResultFact::ResultNotPassed { .. } => self.state = ResultState::NotPassed,
            ResultFact::ResultShown { .. } | ResultFact::ResultNoticeMoved { .. } => {
                self.state = ResultState::InPublicNotice;
            }
            ResultFact::ResultNoticeConcluded {} => self.state = ResultState::NoticeConcluded,
            ResultFact::ResultTakenOut { .. } => self.state = ResultState::ObjectionUpheld,
            ResultFact::ResultUploaded { to } => self.state = to.waiting(),
            ResultFact::ResultApproved {
                level: ReviewLevel::City,
                review,
            } => {
                self.city_review = Some(*review);
                self.state = ResultState::InProvinceReview;
            }
            ResultFact::ResultApproved {
                level: ReviewLevel::Province,
                review,
            } => {
                self.province_review = Some(*review);
                self.state = ResultState::Approved;
            }
            ResultFact::ResultReturned { level, reason, .. } => {
                self.returned_reason = Some(reason.clone());
                self.answer = None;
                self.state = level.returned();
            }
            ResultFact::ResultResubmitted { to, answer } => {
                self.answer = Some(answer.clone());
                self.state = to.waiting();
            }
            ResultFact::ResultCertified { .. } => self.state = ResultState::Certified,
        }
    }

    /// Decides and applies in one step.
    ///
    /// # Errors
    /// As [`CandidateResult::decide`].
    pub fn carry_out(mut self, command: ResultCommand) -> Result<Change, Faults> {
        let fact = self.decide(command)?;
        self.apply(&fact);
        Ok(Change { result: self, fact })
    }

    /// Parts that still wait for a score.
    pub fn parts_to_score(&self) -> usize {
        self.parts.iter().filter(|part| part.awaits_score()).count()
    }

    /// Whether every part is passed; no averaging (national standards 1.9).
    pub fn passes(&self, pass_mark: u8) -> bool {
        !self.parts.is_empty() && self.parts.iter().all(|part| part.passes(pass_mark))
    }

    /// Salted hash of all that a review looks at.
    pub fn content_hash(&self) -> ContentHash {
        let content = (
            hex::encode(self.salt),
            self.id,
            self.candidate,
            (
                &self.ticket_number,
                self.subject,
                &self.masked_name,
                &self.masked_document_number,
            ),
            (self.state, &self.parts),
            [&self.returned_reason, &self.answer]
                .map(|written| written.as_ref().map(Written::reveal)),
        );
        ContentHash::of_bytes(&serde_json::to_vec(&content).expect("plain values are JSON"))
    }

    /// Whether a score may be recorded for a part.
    ///
    /// # Errors
    /// When scoring is over, or the candidate was not there to be scored.
    pub fn takes_score(&self, part: ExamPart) -> Result<(), ScoreRejection> {
        if self.state != ResultState::Scoring {
            return Err(ScoreRejection::ScoringClosed);
        }
        let examined = self.parts.iter().find(|examined| examined.part == part);
        match examined.map(|examined| examined.attendance) {
            None => Err(ScoreRejection::PartNotExamined),
            Some(Attendance::Absent) => Err(ScoreRejection::PartAbsent),
            Some(Attendance::Void) => Err(ScoreRejection::PartVoid),
            Some(Attendance::Present) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
