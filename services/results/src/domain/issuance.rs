//! Issuance (颁发证书): two persons of the organisation, the right asked again, and the numbers.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;
use kernel::certificate_number::CertificateNumber;
use kernel::content_hash::ContentHash;
use kernel::ids::{ResultId, RightId};
use kernel::level::Level;
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejection::{FaultList, Faults};
use serde::{Deserialize, Serialize};

use super::exam::Subject;
use super::rejection::IssuanceRejection;
use super::result::CandidateResult;

/// The last number of an organisation, year and level.
const LAST_SEQUENCE: u32 = 999_999;

/// What is proposed and confirmed: every approved row, by its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuanceContent {
    rows: BTreeMap<ResultId, ContentHash>,
}

impl IssuanceContent {
    /// An issuance for the rows that are approved.
    ///
    /// # Errors
    /// When there is none.
    pub fn propose(approved: &[CandidateResult]) -> Result<Self, IssuanceRejection> {
        if approved.is_empty() {
            return Err(IssuanceRejection::NothingToIssue);
        }
        Ok(Self::over(approved))
    }

    /// An issuance for these rows.
    pub fn over(approved: &[CandidateResult]) -> Self {
        Self {
            rows: CandidateResult::contents(approved),
        }
    }

    /// What both persons name.
    pub fn hash(&self) -> ContentHash {
        ContentHash::of_bytes(&serde_json::to_vec(self).expect("plain values are JSON"))
    }
}

/// What the register said about a right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RightAnswer {
    /// Which of the batch's subjects was asked about.
    pub subject: u16,
    /// For which day of the exam.
    pub on: Date,
    /// The right and the version of the organisation that answered; or why there is none.
    pub right: Result<GrantedRight, NoRight>,
}

/// Why a right is not held, in the register's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoRight {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// A right that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantedRight {
    /// The right.
    pub right: RightId,
    /// Version of the organisation that answered.
    pub organization_version: u64,
    /// 单位名称 as of the answer.
    pub organization_name: String,
}

/// Rights that were held on the days of the exam, and against which nothing stands on the day they
/// were asked about, by subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rights {
    asked_on: Date,
    granted: BTreeMap<u16, GrantedRight>,
}

impl Rights {
    /// Judges the answers, given in the order of their days; of each subject the last one counts
    /// for the certificate.
    ///
    /// # Errors
    /// Every answer that says no.
    pub fn judge(asked_on: Date, answers: Vec<RightAnswer>) -> Result<Self, Faults> {
        let mut faults = FaultList::default();
        let mut granted = BTreeMap::new();
        for RightAnswer { subject, on, right } in answers {
            match right {
                Ok(right) => {
                    granted.insert(subject, right);
                }
                Err(NoRight { zh, en }) => {
                    faults.refuse(&IssuanceRejection::RightNotHeld { on, zh, en });
                }
            }
        }
        faults.finish()?;
        Ok(Self { asked_on, granted })
    }

    /// The right behind a certificate issued on a day.
    ///
    /// # Errors
    /// When the answer is of another day, or does not speak of the subject: a row was approved
    /// while the register was asked.
    pub fn of(&self, subject: u16, today: Date) -> Result<&GrantedRight, IssuanceRejection> {
        let granted = self
            .granted
            .get(&subject)
            .filter(|_| self.asked_on == today);
        granted.ok_or(IssuanceRejection::DayChanged)
    }
}

/// How many numbers of a level are given; locked while more are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counter {
    /// Numbers given so far, from 1 without a gap.
    pub allocated: u32,
}

impl Counter {
    /// Takes the next numbers.
    ///
    /// # Errors
    /// When there are not so many left.
    pub fn take(&mut self, count: u32) -> Result<Range<u32>, IssuanceRejection> {
        let last = self
            .allocated
            .checked_add(count)
            .filter(|last| *last <= LAST_SEQUENCE);
        let last = last.ok_or(IssuanceRejection::NumbersUsedUp)?;
        let first = std::mem::replace(&mut self.allocated, last) + 1;
        Ok(first..last + 1)
    }
}

/// How many numbers the rows need, by level.
pub fn numbers_needed(rows: &[CandidateResult], subjects: &[Subject]) -> BTreeMap<Level, u32> {
    let mut needed = BTreeMap::new();
    for row in rows {
        *needed.entry(level_of(row, subjects)).or_default() += 1;
    }
    needed
}

/// Gives each row its number, by level and then in order of ticket numbers. The counters hold what
/// was given before; a level without one begins at 1.
///
/// # Errors
/// When numbers are used up, or a level has no code.
pub fn assign_numbers(
    mut rows: Vec<CandidateResult>,
    subjects: &[Subject],
    code: &EvaluationOrganizationCode,
    year: i16,
    counters: &mut BTreeMap<Level, Counter>,
) -> Result<Vec<(CandidateResult, CertificateNumber)>, Faults> {
    let mut ranges = BTreeMap::new();
    for (level, count) in numbers_needed(&rows, subjects) {
        let counter = counters.entry(level).or_insert(Counter { allocated: 0 });
        ranges.insert(level, counter.take(count)?);
    }
    rows.sort_by(|one, other| {
        let key = |row: &CandidateResult| level_of(row, subjects);
        (key(one), &one.ticket_number).cmp(&(key(other), &other.ticket_number))
    });
    let mut numbered = Vec::with_capacity(rows.len());
    for row in rows {
        let level = level_of(&row, subjects);
        let sequence = ranges.get_mut(&level).and_then(Iterator::next);
        let sequence = sequence.expect("the range was taken for as many rows as there are");
        numbered.push((
            row,
            CertificateNumber::compose(code, year, level, sequence)?,
        ));
    }
    Ok(numbered)
}

fn level_of(row: &CandidateResult, subjects: &[Subject]) -> Level {
    subjects[usize::from(row.subject)].level
}

#[cfg(test)]
mod tests;
