//! The roster (考生名册): who is admitted to a plan, and under which ticket. Until the plan is
//! reported, candidates come and go.

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
use super::rejection::{ConductRejection, PlanRejection, RosterRejection};
use super::rules::PlanRules;

/// Rows that one call takes.
pub const MOST_ROWS: usize = 500;
/// A plan has at most so many candidates: its roster is judged as a whole, in memory.
pub const MOST_CANDIDATES: u32 = 20_000;

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
    /// the roster already; `today` is the business day.
    ///
    /// # Errors
    /// Everything that is wrong with any row, under the paths of the call.
    pub fn admit(
        &self,
        rows: Vec<Applicant>,
        enrolled: &HashSet<CitizenId>,
        rules: &PlanRules,
        today: Date,
    ) -> Result<(Vec<Person>, Fact), Faults> {
        self.must_be_draft()?;
        check_size(rows.len())?;
        let first_day = self
            .first_session_on()
            .ok_or(PlanRejection::SessionsMissing)?;
        let mut faults = FaultList::default();
        let room = MOST_CANDIDATES.saturating_sub(self.candidates);
        let full = RosterRejection::Full {
            limit: MOST_CANDIDATES,
        };
        let fits = rows.len() <= room as usize;
        faults.require(fits, "candidates", &full);
        let gate = Gate {
            subjects: self.subjects.len(),
            first_day,
            minimum_age: rules.minimum_age,
            enrolled,
            today,
        };
        let persons = read(rows, Some(&gate), &mut faults);
        faults.finish()?;
        let candidates = persons.iter().map(admission).collect();
        Ok((persons, Fact::CandidatesAdmitted { candidates }))
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

/// What is wrong with the rows of a call whatever the plan says: for a call that does not get as far
/// as its plan. [`Plan::admit`] tells this together with the rest.
///
/// # Errors
/// When there are no rows or too many; else what cannot be read, and who is there twice.
pub fn check_form(rows: Vec<Applicant>) -> Result<(), Faults> {
    check_size(rows.len())?;
    let mut faults = FaultList::default();
    read(rows, None, &mut faults);
    faults.finish()
}

/// What a plan asks of those who come onto its roster.
struct Gate<'a> {
    subjects: usize,
    first_day: Date,
    minimum_age: i16,
    enrolled: &'a HashSet<CitizenId>,
    today: Date,
}

/// The persons of the rows that can be read; what is wrong with any row is noted.
fn read(rows: Vec<Applicant>, gate: Option<&Gate<'_>>, faults: &mut FaultList) -> Vec<Person> {
    let mut seen = HashMap::new();
    let mut persons = Vec::with_capacity(rows.len());
    for (index, row) in rows.into_iter().enumerate() {
        let at = |field: &str| format!("candidates[{index}].{field}");
        if let Some(gate) = gate {
            gate.check_subject(row.subject, at("subject"), faults);
        }
        let name = faults.take(at("name"), row.name);
        let Some(citizen_id) = faults.take(at("citizen_id"), row.citizen_id) else {
            continue;
        };
        if let Some(gate) = gate {
            gate.check_citizen(&citizen_id, &at("citizen_id"), faults);
        }
        match seen.get(&citizen_id) {
            Some(&other) => faults.add(at("citizen_id"), &RosterRejection::TwiceInCall { other }),
            None => {
                seen.insert(citizen_id.clone(), index);
            }
        }
        persons.extend(name.map(|name| Person {
            id: row.id,
            name,
            citizen_id,
            subject: row.subject,
            salt: row.salt,
        }));
    }
    persons
}

impl Gate<'_> {
    fn check_subject(&self, subject: u32, field: String, faults: &mut FaultList) {
        let subjects = self.subjects;
        let known = usize::try_from(subject).is_ok_and(|subject| subject < subjects);
        faults.require(known, field, &RosterRejection::SubjectUnknown { subjects });
    }

    /// Born, old enough, and not on the roster yet.
    fn check_citizen(&self, citizen_id: &CitizenId, field: &str, faults: &mut FaultList) {
        let (age, on) = (self.minimum_age, self.first_day);
        if citizen_id.birth_date() > self.today {
            faults.add(field, &RosterRejection::NotBorn);
        } else if citizen_id.age_on(on) < age {
            faults.add(field, &RosterRejection::UnderAge { age, on });
        }
        let new = !self.enrolled.contains(citizen_id);
        faults.require(new, field, &RosterRejection::OnRoster);
    }
}

fn check_size(given: usize) -> Result<(), Faults> {
    match given {
        0 => Err(Faults::at("candidates", &RosterRejection::CallEmpty)),
        1..=MOST_ROWS => Ok(()),
        _ => {
            let too_large = RosterRejection::CallTooLarge { limit: MOST_ROWS };
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
