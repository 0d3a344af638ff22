//! One candidate's result, from the first score to the certificate.
//!
//! ```text
//! scoring ─ not passed
//!         └ in public notice ─ objection upheld
//!                            └ notice concluded ─ in city review ─ in province review ─ approved ─ certified
//!                                                     └ returned ┘      └ returned ┘
//! ```
//!
//! Scores that turn out to be wrong are changed as long as nobody reviews or certified them; the row
//! is then shown in a public notice of its own, or did not pass.

use std::collections::BTreeMap;

use kernel::content_hash::ContentHash;
use kernel::ids::{CandidateId, ProposalId, PublicNoticeId, ResultId};
use kernel::rejection::Faults;

use super::exam::{Attendance, ExamPart, Passing};
use super::rejection::{ReviewRejection, ScoreRejection};
use super::review::ReviewLevel;
use kernel::written::Written;

mod fact;
mod part;
mod state;

pub use fact::{Change, ResultCommand, ResultFact, Showing};
pub use part::PartResult;
pub use state::ResultState;

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
    /// The public notice in which it was shown last.
    pub public_notice: Option<PublicNoticeId>,
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
            (State::Scoring, ResultCommand::CloseScoring { passing, showing })
                if self.parts_to_score() == 0 =>
            {
                let pass_mark = passing.mark;
                if self.passes(passing) {
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
            (
                _,
                ResultCommand::ChangeScores {
                    change,
                    scores,
                    passing,
                    showing,
                },
            ) => {
                for (part, score) in &scores {
                    self.takes_change(*part, *score)?;
                }
                let passes = self.with_scores(&scores).passes(passing);
                let shown = passes.then(|| showing.ok_or(ReviewRejection::WrongState));
                ResultFact::ResultScoresChanged {
                    change,
                    scores,
                    pass_mark: passing.mark,
                    shown: shown.transpose()?,
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
            ResultFact::ScoresRecorded { scores } => self.enter(scores),
            ResultFact::ResultNotPassed { .. } => self.state = ResultState::NotPassed,
            ResultFact::ResultShown { notice, .. } => self.show(*notice),
            ResultFact::ResultNoticeMoved { .. } => self.state = ResultState::InPublicNotice,
            ResultFact::ResultScoresChanged { scores, shown, .. } => {
                self.enter(scores);
                // Whoever approved other scores did not approve these.
                (self.city_review, self.province_review) = (None, None);
                match shown {
                    Some(Showing { notice, .. }) => self.show(*notice),
                    None => self.state = ResultState::NotPassed,
                }
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

    /// Whether every part that it takes is passed, and every other one that was examined.
    pub fn passes(&self, passing: Passing) -> bool {
        let examined = |part: &ExamPart| self.parts.iter().any(|result| result.part == *part);
        passing.parts.iter().all(examined)
            && self.parts.iter().all(|part| part.passes(passing.mark))
    }

    /// The result with these scores.
    #[must_use]
    pub fn with_scores(&self, scores: &BTreeMap<ExamPart, u8>) -> Self {
        let mut changed = self.clone();
        changed.enter(scores);
        changed
    }

    fn enter(&mut self, scores: &BTreeMap<ExamPart, u8>) {
        for examined in &mut self.parts {
            examined.score = scores.get(&examined.part).copied().or(examined.score);
        }
    }

    fn show(&mut self, notice: PublicNoticeId) {
        self.public_notice = Some(notice);
        self.state = ResultState::InPublicNotice;
    }

    /// The contents of rows, by which two persons name them.
    pub fn contents(rows: &[Self]) -> BTreeMap<ResultId, ContentHash> {
        rows.iter()
            .map(|row| (row.id, row.content_hash()))
            .collect()
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
        self.examined(part).map(|_| ())
    }

    /// Whether the score of a part may be changed to another one after the scoring.
    ///
    /// # Errors
    /// When the row is where scores are not changed, or this one would not be.
    pub fn takes_change(&self, part: ExamPart, score: u8) -> Result<(), ScoreRejection> {
        if !self.state.takes_changes() {
            return Err(ScoreRejection::NotChangeable);
        }
        let examined = self.examined(part)?;
        if examined.score == Some(score) {
            return Err(ScoreRejection::Unchanged);
        }
        Ok(())
    }

    fn examined(&self, part: ExamPart) -> Result<&PartResult, ScoreRejection> {
        let examined = self.parts.iter().find(|examined| examined.part == part);
        let examined = examined.ok_or(ScoreRejection::PartNotExamined)?;
        match examined.attendance {
            _ if examined.kept_from.is_some() => Err(ScoreRejection::PartKept),
            Attendance::Absent => Err(ScoreRejection::PartAbsent),
            Attendance::Void => Err(ScoreRejection::PartVoid),
            Attendance::Present => Ok(examined),
        }
    }
}

#[cfg(test)]
mod tests;
