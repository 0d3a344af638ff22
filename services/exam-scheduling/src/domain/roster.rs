//! The roster (考生名册): who is admitted to a plan, and under which ticket. Until the plan is
//! reported, candidates come and go.

use std::fmt;

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::identity_document::Document;
use kernel::ids::CandidateId;
use kernel::person_name::PersonName;
use kernel::rejection::{FaultList, Faults};

use super::canonical::{Salt, commitment};
use super::conduct::Marks;
use super::eligibility::claim::{CandidateGroup, Claim};
use super::fact::{Admission, Fact};
use super::plan::Plan;
use super::rejection::{ConductRejection, RosterRejection};

/// Rows that one call takes.
pub const MOST_ROWS: usize = 500;
/// A plan has at most so many candidates: its roster is judged as a whole, in memory.
pub const MOST_CANDIDATES: u32 = 20_000;

/// Longest id of a rule, in characters.
pub(crate) const LONGEST_RULE: usize = 20;
/// Longest number of a certificate: older ones have other numbers than ours.
pub(crate) const LONGEST_CERTIFICATE_NUMBER: usize = 40;
/// Longest name of a training programme.
pub(crate) const LONGEST_PROGRAMME: usize = 100;

/// Number of an admission ticket (准考证号): the year of admission and nine random digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketNumber(String);

impl TicketNumber {
    /// Nine digits make so many numbers a year.
    pub const NUMBERS: u32 = 1_000_000_000;

    /// The number drawn for somebody admitted on a day.
    pub fn new(admitted_on: Date, drawn: u32) -> Self {
        Self(format!(
            "{:04}{:09}",
            admitted_on.year(),
            drawn % Self::NUMBERS
        ))
    }

    /// Reads a number. `None` when it is not thirteen digits.
    pub fn parse(text: &str) -> Option<Self> {
        let shaped = text.len() == 13 && text.bytes().all(|byte| byte.is_ascii_digit());
        shaped.then(|| Self(text.to_owned()))
    }

    /// The thirteen digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TicketNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A row of a roster as it was handed in. What could not be read is missing, and why is noted, so
/// that it is told together with everything else that is wrong.
pub struct Applicant {
    /// The id the person gets when admitted.
    pub id: CandidateId,
    /// Which row it is: of a call from 0, of a file as spreadsheets count.
    pub number: usize,
    /// Salt of the commitment to the person.
    pub salt: Salt,
    /// Name of the person.
    pub name: Option<PersonName>,
    /// Document of the person.
    pub document: Option<Document>,
    /// Position of the plan's subject.
    pub subject: Option<u32>,
    /// Why the person may be examined.
    pub claim: Option<Claim>,
    /// 重点群体
    pub group: CandidateGroup,
    /// 培训项目; empty where there is none.
    pub programme: String,
    /// What could not be read, at the fields of the row.
    pub faults: FaultList,
}

/// Somebody admitted, with everything that identifies the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// `cand_…`
    pub id: CandidateId,
    /// Name of the person.
    pub name: PersonName,
    /// Document of the person.
    pub document: Document,
    /// Position of the plan's subject.
    pub subject: u32,
    /// Salt of the commitment to the person.
    pub salt: Salt,
    /// Why the person may be examined.
    pub claim: Claim,
    /// Of which standard or template the rule claimed is.
    pub conditions: String,
    /// 重点群体
    pub group: CandidateGroup,
    /// 培训项目
    pub programme: String,
}

impl Person {
    /// Stands for the person in hashes and facts.
    pub fn commitment(&self) -> ContentHash {
        commitment(&self.salt, &self.document.key(), self.name.reveal())
    }
}

/// A candidate of a plan, without anything that identifies the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// `cand_…`
    pub id: CandidateId,
    /// 准考证号
    pub ticket: TicketNumber,
    /// Position of the plan's subject.
    pub subject: u32,
    /// Commitment to the person.
    pub commitment: ContentHash,
    /// What was recorded in the sessions.
    pub marks: Marks,
}

impl Plan {
    /// The fact that these came onto the roster of a draft; none where there is nobody.
    ///
    /// # Errors
    /// When there would be more than a roster holds.
    pub fn admit(&self, persons: &[Person]) -> Result<Option<Fact>, Faults> {
        self.must_be_draft()?;
        let limit = MOST_CANDIDATES;
        let room = limit.saturating_sub(self.candidates);
        if persons.len() > room as usize {
            return Err(Faults::at("candidates", &RosterRejection::Full { limit }));
        }
        let candidates = persons.iter().map(admission).collect();
        Ok((!persons.is_empty()).then_some(Fact::CandidatesAdmitted { candidates }))
    }

    /// Removes a candidate from a draft. `on_roster` says whether the roster has such a one.
    ///
    /// # Errors
    /// When the plan is no draft any more, or has no such candidate.
    pub fn remove_candidate(&self, id: CandidateId, on_roster: bool) -> Result<Fact, Faults> {
        self.must_be_draft()?;
        if !on_roster {
            let unknown = ConductRejection::CandidateUnknown;
            return Err(Faults::at("candidate_id", &unknown));
        }
        Ok(Fact::CandidateRemoved { candidate_id: id })
    }
}

fn admission(person: &Person) -> Admission {
    Admission {
        candidate_id: person.id,
        subject: person.subject,
        commitment: person.commitment(),
        rule: person.claim.rule.clone(),
        conditions: person.conditions.clone(),
        group: person.group,
    }
}

#[cfg(test)]
mod tests;
