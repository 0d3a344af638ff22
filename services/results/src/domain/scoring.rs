//! Scoring (录入成绩): points for present parts, and who passed.

use std::collections::{BTreeMap, BTreeSet};

use kernel::rejection::{FaultList, Faults};

use super::exam::{ExamPart, Passing, Subject};
use super::rejection::{ResultNoticeRejection, ScoreRejection};
use super::result::{CandidateResult, Change, ResultCommand, ResultState, Showing};

/// Scores in one call.
pub const MOST_SCORES: usize = 500;
/// Scores in one file: three parts of ten thousand candidates.
pub const MOST_IN_FILE: usize = 30_000;
/// Highest score of a part.
const FULL_MARKS: u32 = 100;

/// A score as it was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreEntry {
    /// Where it stands.
    pub spot: Spot,
    /// 准考证号
    pub ticket_number: String,
    /// The part, if it is one.
    pub part: Option<ExamPart>,
    /// Points, not judged yet.
    pub score: u32,
}

/// Where a score stands in what was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// In the list of a call, from 0.
    Listed(usize),
    /// In a row of a file, from 1, with a column for each part.
    Row(u32),
}

/// What of a score a fault is about.
#[derive(Clone, Copy)]
enum Of {
    Ticket,
    Part,
    Points,
}

impl ScoreEntry {
    fn field(&self, of: Of) -> String {
        let part = self.part.map_or("part", ExamPart::as_str);
        match (self.spot, of) {
            (Spot::Listed(index), Of::Ticket) => format!("scores[{index}].ticket_number"),
            (Spot::Listed(index), Of::Part) => format!("scores[{index}].part"),
            (Spot::Listed(index), Of::Points) => format!("scores[{index}].score"),
            (Spot::Row(row), Of::Ticket) => format!("file.rows[{row}].ticket_number"),
            (Spot::Row(row), Of::Part | Of::Points) => format!("file.rows[{row}].{part}"),
        }
    }
}

/// What is wrong with scores whatever the batch says: for a call that does not get as far as its
/// batch. [`record_scores`] tells this together with the rest.
///
/// # Errors
/// When there are no scores or too many; else every score that is none, and what is there twice.
pub fn check_form(entries: &[ScoreEntry]) -> Result<(), Faults> {
    check_count(entries)?;
    let mut faults = FaultList::default();
    judge(entries, None, &mut faults);
    faults.finish()
}

/// Records scores, all or none. `rows` are the results of the tickets named, as far as the batch
/// has them.
///
/// # Errors
/// Everything that is wrong with any of the scores.
pub fn record_scores(
    rows: Vec<CandidateResult>,
    entries: &[ScoreEntry],
) -> Result<Vec<Change>, Faults> {
    let takes = |row: &CandidateResult, part, _| row.takes_score(part);
    let scored = scores_of(rows, entries, takes)?.into_iter();
    scored
        .map(|(row, scores)| row.carry_out(ResultCommand::Score { scores }))
        .collect()
}

/// What each of the rows is given, if all of it can be taken.
///
/// # Errors
/// Everything that is wrong with any of the scores.
pub(super) fn scores_of(
    rows: Vec<CandidateResult>,
    entries: &[ScoreEntry],
    takes: impl Fn(&CandidateResult, ExamPart, u8) -> Result<(), ScoreRejection>,
) -> Result<Vec<Scored>, Faults> {
    check_count(entries)?;
    let mut faults = FaultList::default();
    let scored = |row: CandidateResult| (row.ticket_number.clone(), (row, BTreeMap::new()));
    let mut rows: ByTicket = rows.into_iter().map(scored).collect();
    judge(entries, Some((&mut rows, &takes)), &mut faults);
    faults.finish()?;
    Ok(rows.into_values().collect())
}

/// A row with the scores that it is given.
pub(super) type Scored = (CandidateResult, BTreeMap<ExamPart, u8>);
type ByTicket = BTreeMap<String, Scored>;
/// Whether a row takes a score for a part.
type Takes<'a> = &'a dyn Fn(&CandidateResult, ExamPart, u8) -> Result<(), ScoreRejection>;

fn check_count(entries: &[ScoreEntry]) -> Result<(), Faults> {
    let of_file = matches!(entries.first().map(|entry| entry.spot), Some(Spot::Row(_)));
    let limit = if of_file { MOST_IN_FILE } else { MOST_SCORES };
    if (1..=limit).contains(&entries.len()) {
        Ok(())
    } else {
        Err(Faults::at("scores", &ScoreRejection::Count { limit }))
    }
}

/// Notes what is wrong with scores, and enters those that are good into the rows, if they are known.
fn judge(
    entries: &[ScoreEntry],
    mut known: Option<(&mut ByTicket, Takes<'_>)>,
    faults: &mut FaultList,
) {
    let mut seen = BTreeSet::new();
    for entry in entries {
        let at = |of| entry.field(of);
        let score = u8::try_from(entry.score)
            .ok()
            .filter(|_| entry.score <= FULL_MARKS);
        let out_of_range = ScoreRejection::OutOfRange { given: entry.score };
        faults.require(score.is_some(), at(Of::Points), &out_of_range);
        let part = faults.take(at(Of::Part), entry.part.ok_or(ScoreRejection::PartUnknown));
        let once = part.is_none_or(|part| seen.insert((&entry.ticket_number, part)));
        faults.require(once, at(Of::Ticket), &ScoreRejection::Twice);
        let Some((rows, takes)) = &mut known else {
            continue;
        };
        let row = rows.get_mut(&entry.ticket_number);
        let row = row.ok_or(ScoreRejection::TicketUnknown);
        let row = faults.take(at(Of::Ticket), row);
        if let (Some(part), Some((row, scores))) = (part, row) {
            // What is no score is told as such; whether the part takes one is told all the same.
            let judged = score.unwrap_or_default();
            faults.take(at(Of::Part), takes(row, part, judged));
            scores.extend(score.map(|score| (part, score)));
        }
    }
}

/// What each row takes to pass.
#[derive(Clone, Copy)]
pub struct PassRules<'a> {
    /// What was examined.
    pub subjects: &'a [Subject],
    /// Points that pass a part.
    pub mark: u8,
}

impl PassRules<'_> {
    /// What a row takes.
    pub fn of(&self, row: &CandidateResult) -> Passing {
        Passing::of(self.subjects[usize::from(row.subject)].level, self.mark)
    }
}

/// Who passed, once scoring can end; perhaps nobody.
///
/// # Errors
/// When a present part has no score, or scoring ended before.
pub fn passed<'a>(
    rows: &'a [CandidateResult],
    rules: PassRules<'_>,
) -> Result<Vec<&'a CandidateResult>, Faults> {
    if rows.iter().any(|row| row.state != ResultState::Scoring) {
        return Err(ResultNoticeRejection::AlreadyOpen.into());
    }
    let parts = rows.iter().map(CandidateResult::parts_to_score).sum();
    if parts > 0 {
        return Err(ScoreRejection::Missing { parts }.into());
    }
    let passed = rows.iter().filter(|row| row.passes(rules.of(row)));
    Ok(passed.collect())
}

/// Ends the scoring of every row: failed, or on to the public notice.
///
/// # Errors
/// When a row is not ready, or passed and is not shown, which [`passed`] rules out.
pub fn close(
    rows: Vec<CandidateResult>,
    rules: PassRules<'_>,
    showing: Option<Showing>,
) -> Result<Vec<Change>, Faults> {
    let close = |row: CandidateResult| {
        let passing = rules.of(&row);
        row.carry_out(ResultCommand::CloseScoring { passing, showing })
    };
    rows.into_iter().map(close).collect()
}

#[cfg(test)]
mod tests;
