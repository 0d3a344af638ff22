//! Scoring (录入成绩): points for present parts, and who passed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kernel::ids::PublicNoticeId;
use kernel::rejection::{FaultList, Faults};

use super::exam::ExamPart;
use super::rejection::{ResultNoticeRejection, ScoreRejection};
use super::result::{CandidateResult, Change, ResultCommand, ResultState};

/// Scores in one call.
pub const MOST_SCORES: usize = 500;
/// Highest score of a part.
const FULL_MARKS: u32 = 100;

/// A score as it was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreEntry {
    /// 准考证号
    pub ticket_number: String,
    /// The part, if it is one.
    pub part: Option<ExamPart>,
    /// Points, not judged yet.
    pub score: u32,
}

/// How many scores a call may bring.
///
/// # Errors
/// When there is none, or more than can be taken at once.
pub fn check_count(given: usize) -> Result<(), ScoreRejection> {
    if (1..=MOST_SCORES).contains(&given) {
        Ok(())
    } else {
        Err(ScoreRejection::Count { given })
    }
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
    let mut faults = FaultList::default();
    let mut rows: BTreeMap<String, (CandidateResult, BTreeMap<ExamPart, u8>)> = rows
        .into_iter()
        .map(|row| (row.ticket_number.clone(), (row, BTreeMap::new())))
        .collect();
    let mut seen = BTreeSet::new();
    for (index, entry) in entries.iter().enumerate() {
        let at = |field: &str| format!("scores[{index}].{field}");
        let score = u8::try_from(entry.score)
            .ok()
            .filter(|_| entry.score <= FULL_MARKS);
        if score.is_none() {
            faults.add(
                at("score"),
                &ScoreRejection::OutOfRange { given: entry.score },
            );
        }
        let Some(part) = entry.part else {
            faults.add(at("part"), &ScoreRejection::PartUnknown);
            continue;
        };
        if !seen.insert((&entry.ticket_number, part)) {
            faults.add(at("ticket_number"), &ScoreRejection::Twice);
        }
        let Some((row, scores)) = rows.get_mut(&entry.ticket_number) else {
            faults.add(at("ticket_number"), &ScoreRejection::TicketUnknown);
            continue;
        };
        faults.take(at("part"), row.takes_score(part));
        scores.extend(score.map(|score| (part, score)));
    }
    faults.finish()?;
    rows.into_values()
        .map(|(row, scores)| row.carry_out(ResultCommand::Score { scores }))
        .collect()
}

/// Who passed, once scoring can end.
///
/// # Errors
/// When a present part has no score, scoring ended before, or nobody passed.
pub fn passed(rows: &[CandidateResult], pass_mark: u8) -> Result<Vec<&CandidateResult>, Faults> {
    if rows.iter().any(|row| row.state != ResultState::Scoring) {
        return Err(ResultNoticeRejection::AlreadyOpen.into());
    }
    let parts = rows.iter().map(CandidateResult::parts_to_score).sum();
    if parts > 0 {
        return Err(ScoreRejection::Missing { parts }.into());
    }
    let passed: Vec<_> = rows.iter().filter(|row| row.passes(pass_mark)).collect();
    if passed.is_empty() {
        Err(ResultNoticeRejection::NobodyPassed.into())
    } else {
        Ok(passed)
    }
}

/// Ends the scoring of every row: failed, or on to the public notice.
///
/// # Errors
/// When a row is not ready, which [`passed`] rules out.
pub fn close(
    rows: Vec<CandidateResult>,
    pass_mark: u8,
    notice: PublicNoticeId,
    until: Date,
) -> Result<Vec<Change>, Faults> {
    let close = ResultCommand::CloseScoring {
        pass_mark,
        notice,
        until,
    };
    rows.into_iter()
        .map(|row| row.carry_out(close.clone()))
        .collect()
}

#[cfg(test)]
mod tests;
