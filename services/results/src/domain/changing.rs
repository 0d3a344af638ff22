//! Scores that turn out to be wrong (成绩更正), after the scoring: two persons, and a public notice of
//! its own for whoever passes with them.

use std::collections::{BTreeMap, BTreeSet};

use kernel::content_hash::ContentHash;
use kernel::ids::{ProposalId, ResultId};
use kernel::rejection::{FaultList, Faults};
use kernel::written::Written;
use serde::{Deserialize, Serialize};

use super::exam::ExamPart;
use super::rejection::ScoreRejection;
use super::result::{CandidateResult, Change, ResultCommand, Showing};
use super::scoring::{PassRules, ScoreEntry, scores_of};

/// What two persons agree on: the scores, over the rows as they are. Not to be printed: what is
/// written may name people.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreChange {
    rows: BTreeMap<ResultId, ContentHash>,
    scores: BTreeMap<ResultId, BTreeMap<ExamPart, u8>>,
    reason: String,
    /// Where objections go.
    pub objection_contact: String,
}

impl ScoreChange {
    /// A change of scores. `rows` are the results of the tickets named, as far as the batch has
    /// them; `held` are the tickets on which an objection is open.
    ///
    /// # Errors
    /// Everything that is wrong with any of the scores.
    pub fn propose(
        rows: Vec<CandidateResult>,
        entries: &[ScoreEntry],
        held: &BTreeSet<String>,
        reason: &Written,
        objection_contact: &Written,
    ) -> Result<Self, Faults> {
        let contents = CandidateResult::contents(&rows);
        let takes = |row: &CandidateResult, part, score| {
            if held.contains(&row.ticket_number) {
                return Err(ScoreRejection::Objected);
            }
            row.takes_change(part, score)
        };
        let scored = scores_of(rows, entries, takes)?.into_iter();
        Ok(Self {
            rows: contents,
            scores: scored.map(|(row, scores)| (row.id, scores)).collect(),
            reason: reason.reveal().to_owned(),
            objection_contact: objection_contact.reveal().to_owned(),
        })
    }

    /// Those of a batch's rows that it is about.
    pub fn rows_of(&self, mut rows: Vec<CandidateResult>) -> Vec<CandidateResult> {
        rows.retain(|row| self.scores.contains_key(&row.id));
        rows
    }

    /// What both persons name, over the batch's rows as they are now.
    pub fn hash_over(&self, rows: &[CandidateResult]) -> ContentHash {
        let current = Self {
            rows: CandidateResult::contents(&self.rows_of(rows.to_vec())),
            ..self.clone()
        };
        ContentHash::of_bytes(&serde_json::to_vec(&current).expect("plain values are JSON"))
    }

    /// The rows that pass with the changed scores.
    pub fn passing<'a>(
        &self,
        rows: &'a [CandidateResult],
        rules: PassRules<'_>,
    ) -> Vec<&'a CandidateResult> {
        let passes = |row: &&CandidateResult| {
            let changed = row.with_scores(&self.scores[&row.id]);
            changed.passes(rules.of(row))
        };
        rows.iter().filter(passes).collect()
    }

    /// Carries the change out, once it is confirmed.
    ///
    /// # Errors
    /// When an objection was raised in between, or a row is not where scores are changed, which the
    /// hash rules out.
    pub fn carry_out(
        &self,
        change: ProposalId,
        rows: Vec<CandidateResult>,
        held: &BTreeSet<String>,
        rules: PassRules<'_>,
        showing: Option<Showing>,
    ) -> Result<Vec<Change>, Faults> {
        let mut faults = FaultList::default();
        if rows.iter().any(|row| held.contains(&row.ticket_number)) {
            faults.refuse(&ScoreRejection::Objected);
        }
        faults.finish()?;
        let enter = |row: CandidateResult| {
            let (scores, passing) = (self.scores[&row.id].clone(), rules.of(&row));
            row.carry_out(ResultCommand::ChangeScores {
                change,
                scores,
                passing,
                showing,
            })
        };
        rows.into_iter().map(enter).collect()
    }
}

#[cfg(test)]
mod tests;
