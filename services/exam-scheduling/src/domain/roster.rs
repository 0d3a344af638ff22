//! The roster (考生名册): who is admitted to a plan, and under which ticket.

use std::collections::{HashMap, HashSet};
use std::fmt;

use jiff::civil::Date;
use kernel::citizen_id::{CitizenId, CitizenIdRejection};
use kernel::content_hash::ContentHash;
use kernel::ids::CandidateId;
use kernel::person_name::{PersonName, PersonNameRejection};
use kernel::rejection::{FaultList, Faults};

use super::canonical::{Salt, commitment};
use super::conduct::Marks;
use super::fact::{Admission, Fact};
use super::plan::Plan;
use super::rejection::{PlanRejection, RosterRejection};
use super::rules::PlanRules;

/// Rows that one call takes.
pub const MOST_ROWS: usize = 500;

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

/// A row of a roster as it was handed in. What could not be read stays in its row, so that it is
/// told together with everything that is wrong with the others.
#[derive(Debug)]
pub struct Applicant {
    /// The id the person gets when admitted.
    pub id: CandidateId,
    /// Name of the person.
    pub name: Result<PersonName, PersonNameRejection>,
    /// Citizen id of the person.
    pub citizen_id: Result<CitizenId, CitizenIdRejection>,
    /// Position of the plan's subject.
    pub subject: u32,
    /// Salt of the commitment to the person.
    pub salt: Salt,
}

/// Somebody admitted, with everything that identifies the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// `cand_…`
    pub id: CandidateId,
    /// Name of the person.
    pub name: PersonName,
    /// Citizen id of the person.
    pub citizen_id: CitizenId,
    /// Position of the plan's subject.
    pub subject: u32,
    /// Salt of the commitment to the person.
    pub salt: Salt,
}

impl Person {
    /// Stands for the person in hashes and facts.
    pub fn commitment(&self) -> ContentHash {
        commitment(&self.salt, self.citizen_id.reveal(), self.name.reveal())
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
    /// Admits all rows of a call, or none. `enrolled` are those of the call's persons who are on
    /// the roster already.
    ///
    /// # Errors
    /// Everything that is wrong with any row, under the paths of the call.
    pub fn admit(
        &self,
        rows: Vec<Applicant>,
        enrolled: &HashSet<CitizenId>,
        rules: &PlanRules,
    ) -> Result<(Vec<Person>, Fact), Faults> {
        self.must_be_draft()?;
        check_size(rows.len())?;
        let first_day = self
            .first_session_on()
            .ok_or(PlanRejection::SessionsMissing)?;
        let mut faults = FaultList::default();
        let mut seen: HashMap<CitizenId, usize> = HashMap::new();
        let mut persons = Vec::with_capacity(rows.len());
        for (index, row) in rows.into_iter().enumerate() {
            self.check_subject(index, row.subject, &mut faults);
            let name = faults.take(format!("candidates[{index}].name"), row.name);
            let field = format!("candidates[{index}].citizen_id");
            let Some(citizen_id) = faults.take(&field, row.citizen_id) else {
                continue;
            };
            if citizen_id.age_on(first_day) < rules.minimum_age {
                let (age, on) = (rules.minimum_age, first_day);
                faults.add(&field, &RosterRejection::UnderAge { age, on });
            }
            match seen.get(&citizen_id) {
                Some(&other) => faults.add(&field, &RosterRejection::TwiceInCall { other }),
                None => {
                    seen.insert(citizen_id.clone(), index);
                }
            }
            let new = !enrolled.contains(&citizen_id);
            faults.require(new, &field, &RosterRejection::OnRoster);
            let Some(name) = name else { continue };
            let (id, subject, salt) = (row.id, row.subject, row.salt);
            persons.push(Person {
                id,
                name,
                citizen_id,
                subject,
                salt,
            });
        }
        faults.finish()?;
        let candidates = persons.iter().map(admission).collect();
        Ok((persons, Fact::CandidatesAdmitted { candidates }))
    }

    fn check_subject(&self, index: usize, subject: u32, faults: &mut FaultList) {
        let subjects = self.subjects.len();
        let known = usize::try_from(subject).is_ok_and(|subject| subject < subjects);
        let field = format!("candidates[{index}].subject");
        faults.require(known, field, &RosterRejection::SubjectUnknown { subjects });
    }
}

fn check_size(given: usize) -> Result<(), Faults> {
    match given {
        0 => Err(Faults::at("candidates", &RosterRejection::CallEmpty)),
        1..=MOST_ROWS => Ok(()),
        _ => {
            let too_large = RosterRejection::CallTooLarge {
                limit: MOST_ROWS,
                given,
            };
            Err(Faults::at("candidates", &too_large))
        }
    }
}

fn admission(person: &Person) -> Admission {
    Admission {
        candidate_id: person.id,
        subject: person.subject,
        commitment: person.commitment(),
    }
}

#[cfg(test)]
mod tests;
