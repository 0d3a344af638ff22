//! Whether somebody may come onto a roster (报名资格审核).
//!
//! Rows are judged one by one, each with all that is wrong with it; whether one bad row keeps all
//! out is for the caller to say. What other plans and sanctions say of a person comes in as
//! [`Known`].

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use kernel::identity_document::Document;
use kernel::ids::CandidateId;
use kernel::rejection::{FaultList, Faults};

use super::eligibility::claim::Claim;
use super::eligibility::register::{self, Holding};
use super::eligibility::rejection::EligibilityRejection;
use super::eligibility::{Conditions, judge};
use super::plan::Plan;
use super::rejection::{PlanRejection, RosterRejection};
use super::roster::{Applicant, MOST_ROWS, Person};
use super::rules::{CountedUntil, Rules, Strictness};

/// What is known of the persons of some rows.
#[derive(Default)]
pub struct Known {
    /// Who is on the roster.
    pub enrolled: HashMap<Document, CandidateId>,
    /// Ids of rows that say word for word what the roster says.
    pub unchanged: HashSet<CandidateId>,
    /// Who is registered elsewhere, for which of the plan's subjects.
    pub elsewhere: HashSet<(Document, u32)>,
    /// Who is excluded for misconduct, until when.
    pub banned: HashMap<Document, Date>,
    /// What our register of certificates has of each.
    pub holdings: HashMap<Document, Vec<Holding>>,
}

/// Where rows come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A call, which says who is new.
    Call,
    /// A file, which may be handed in again as a whole.
    File,
}

/// What rows are judged by.
pub struct Intake<'a> {
    /// Settings.
    pub rules: &'a Rules,
    /// The conditions of each subject.
    pub conditions: &'a [Conditions],
    /// What is known of the persons.
    pub known: &'a Known,
    /// The business day.
    pub today: Date,
    /// Where the rows come from.
    pub source: Source,
}

/// What becomes of a row.
#[derive(Debug)]
pub enum Verdict {
    /// The person comes onto the roster.
    Admitted(Box<Person>),
    /// The person is on the roster, and nothing of it differs.
    Unchanged(CandidateId),
    /// The person does not, for all of this.
    Refused(Faults),
}

/// A row that was judged.
#[derive(Debug)]
pub struct Judged {
    /// Which row it is.
    pub number: usize,
    /// What becomes of it.
    pub verdict: Verdict,
    /// What the organisation should look at.
    pub warnings: Option<Faults>,
}

/// All who were admitted and what else was found, unless one row keeps all out.
///
/// # Errors
/// The faults of all rows, at the paths that `field` makes of a row and its field.
pub fn all_or_none(judged: &[Judged], field: impl Fn(usize, &str) -> String) -> Result<(), Faults> {
    let mut faults = FaultList::default();
    for row in judged {
        if let Verdict::Refused(refused) = &row.verdict {
            faults.extend(refused.clone().moved(|of| field(row.number, of)));
        }
    }
    faults.finish()
}

/// What is wrong with rows whatever their plan says: for a call that does not get as far.
/// [`Plan::judge`] tells this together with the rest.
pub fn judge_form(rows: Vec<Applicant>) -> Vec<Judged> {
    let mut seen = HashMap::new();
    let mut judged = Vec::with_capacity(rows.len());
    for mut row in rows {
        check_twice(&mut row, Source::Call, &mut seen);
        let number = row.number;
        let form = row.faults.finish();
        judged.extend(form.err().map(|refused| Judged {
            number,
            verdict: Verdict::Refused(refused),
            warnings: None,
        }));
    }
    judged
}

/// A call has rows, and not too many.
///
/// # Errors
/// When it has none, or too many.
pub fn check_size(given: usize) -> Result<(), Faults> {
    match given {
        0 => Err(Faults::at("candidates", &RosterRejection::CallEmpty)),
        1..=MOST_ROWS => Ok(()),
        _ => {
            let too_large = RosterRejection::CallTooLarge { limit: MOST_ROWS };
            Err(Faults::at("candidates", &too_large))
        }
    }
}

impl Plan {
    /// Judges rows for the roster of a draft.
    ///
    /// # Errors
    /// When the plan is no draft, or has no day yet.
    pub fn judge(&self, rows: Vec<Applicant>, intake: &Intake<'_>) -> Result<Vec<Judged>, Faults> {
        self.must_be_draft()?;
        let first_day = self.first_session_on();
        let first_day = first_day.ok_or(PlanRejection::SessionsMissing)?;
        let until = self.claims_count_until(intake.rules, intake.today);
        let gate = Gate {
            plan: self,
            intake,
            first_day,
            until,
        };
        let mut seen = HashMap::new();
        let judged = rows.into_iter().map(|mut row| {
            check_twice(&mut row, intake.source, &mut seen);
            gate.judge(row)
        });
        Ok(judged.collect())
    }

    /// Until when the years of its candidates' claims are counted, and by whose day their conditions
    /// are chosen.
    pub fn claims_count_until(&self, rules: &Rules, today: Date) -> Date {
        match rules.candidates.counted_until {
            CountedUntil::FirstSession => self.first_session_on().unwrap_or(today),
            CountedUntil::Admission => today,
        }
    }

    /// Whether a claim made at admission is still enough, with the plan as it stands now.
    pub fn still_meets(&self, subject: u32, claim: &Claim, moment: &StillMeets<'_>) -> bool {
        let Some(conditions) = moment.conditions.get(subject as usize) else {
            return false;
        };
        let mut faults = FaultList::default();
        let moment = judge::Moment {
            born_on: moment.document.birth_date(),
            on: self.claims_count_until(moment.rules, moment.today),
            today: moment.today,
            working_age: moment.rules.plan.minimum_age,
        };
        judge::check(claim, conditions, moment, &mut faults);
        faults.is_empty()
    }
}

/// What a claim is judged by once more.
pub struct StillMeets<'a> {
    /// Document of the candidate.
    pub document: &'a Document,
    /// The conditions of each subject.
    pub conditions: &'a [Conditions],
    /// Settings.
    pub rules: &'a Rules,
    /// The business day.
    pub today: Date,
}

/// The field of a row that says who somebody is.
fn field_of(document: &Document) -> &'static str {
    match document {
        Document::Citizen(_) => "citizen_id",
        Document::Other(_) => "document",
    }
}

fn check_twice(row: &mut Applicant, source: Source, seen: &mut HashMap<Document, usize>) {
    let Some(document) = &row.document else {
        return;
    };
    let Some(&other) = seen.get(document) else {
        seen.insert(document.clone(), row.number);
        return;
    };
    let twice = match source {
        Source::Call => RosterRejection::TwiceInCall { other },
        Source::File => RosterRejection::TwiceInFile { other },
    };
    row.faults.add(field_of(document), &twice);
}

struct Gate<'a> {
    plan: &'a Plan,
    intake: &'a Intake<'a>,
    first_day: Date,
    /// Until when years count.
    until: Date,
}

impl Gate<'_> {
    fn judge(&self, mut row: Applicant) -> Judged {
        let number = row.number;
        let known = self.intake.known;
        let enrolled = row.document.as_ref().and_then(|id| known.enrolled.get(id));
        let repeats = self.intake.source == Source::File && known.unchanged.contains(&row.id);
        if let (Some(enrolled), true, true) = (enrolled, repeats, row.faults.is_empty()) {
            return Judged {
                number,
                verdict: Verdict::Unchanged(*enrolled),
                warnings: None,
            };
        }
        let mut warnings = FaultList::default();
        let mut faults = std::mem::take(&mut row.faults);
        let conditions = self.conditions(row.subject, &mut faults);
        if let Some(document) = &row.document {
            self.check_person(document, &mut faults);
            self.check_elsewhere(document, row.subject, &mut faults, &mut warnings);
            self.check_held(document, row.subject, &mut faults, &mut warnings);
        }
        self.check_claim(&mut row, conditions, &mut faults);
        let verdict = match faults.finish() {
            Ok(()) => admitted(row, conditions).map_or_else(
                || Verdict::Refused(EligibilityRejection::ClaimMissing.into()),
                |person| Verdict::Admitted(Box::new(person)),
            ),
            Err(refused) => Verdict::Refused(refused),
        };
        Judged {
            number,
            verdict,
            warnings: warnings.finish().err(),
        }
    }

    /// The conditions of the row's subject, if the plan has it.
    fn conditions(&self, subject: Option<u32>, faults: &mut FaultList) -> Option<&Conditions> {
        let subjects = self.intake.conditions.len();
        let found = self.intake.conditions.get(subject? as usize);
        let unknown = RosterRejection::SubjectUnknown { subjects };
        faults.require(found.is_some(), "subject", &unknown);
        found
    }

    /// Born, old enough, not excluded, and not on the roster yet.
    fn check_person(&self, document: &Document, faults: &mut FaultList) {
        let (age, on) = (self.intake.rules.plan.minimum_age, self.first_day);
        if document.birth_date() > self.intake.today {
            faults.add(field_of(document), &RosterRejection::NotBorn);
        } else if document.age_on(on) < age {
            faults.add(field_of(document), &RosterRejection::UnderAge { age, on });
        }
        let known = self.intake.known;
        if let Some(&until) = known.banned.get(document)
            && until >= on
        {
            faults.add(field_of(document), &RosterRejection::Banned { until });
        }
        let new = !known.enrolled.contains_key(document);
        faults.require(new, field_of(document), &RosterRejection::OnRoster);
    }

    fn check_elsewhere(
        &self,
        document: &Document,
        subject: Option<u32>,
        faults: &mut FaultList,
        warnings: &mut FaultList,
    ) {
        let Some(subject) = subject else { return };
        let elsewhere = &self.intake.known.elsewhere;
        let told = match self.intake.rules.candidates.registered_elsewhere {
            Strictness::Refuse => faults,
            Strictness::Warn => warnings,
        };
        let alone = !elsewhere.contains(&(document.clone(), subject));
        told.require(
            alone,
            field_of(document),
            &RosterRejection::RegisteredElsewhere,
        );
    }

    fn check_held(
        &self,
        document: &Document,
        subject: Option<u32>,
        faults: &mut FaultList,
        warnings: &mut FaultList,
    ) {
        let subject = subject.and_then(|subject| self.plan.subjects.get(subject as usize));
        let holdings = self.intake.known.holdings.get(document);
        let (Some(subject), Some(holdings)) = (subject, holdings) else {
            return;
        };
        let held = register::holds(holdings, subject.occupation, &subject.trade, subject.level);
        let told = match self.intake.rules.candidates.level_held {
            Strictness::Refuse => faults,
            Strictness::Warn => warnings,
        };
        told.require(!held, field_of(document), &RosterRejection::LevelHeld);
    }

    fn check_claim(
        &self,
        row: &mut Applicant,
        conditions: Option<&Conditions>,
        faults: &mut FaultList,
    ) {
        let (Some(document), Some(claim), Some(conditions)) =
            (&row.document, &mut row.claim, conditions)
        else {
            return;
        };
        let moment = judge::Moment {
            born_on: document.birth_date(),
            on: self.until,
            today: self.intake.today,
            working_age: self.intake.rules.plan.minimum_age,
        };
        let holdings = self.intake.known.holdings.get(document);
        let holdings = holdings.map(Vec::as_slice).unwrap_or_default();
        let field = "claim.certificate.number";
        if faults
            .take(field, register::settle(claim, holdings))
            .is_some()
        {
            judge::check(claim, conditions, moment, faults);
        }
    }
}

/// The person of a row of which everything could be read.
fn admitted(row: Applicant, conditions: Option<&Conditions>) -> Option<Person> {
    Some(Person {
        id: row.id,
        name: row.name?,
        document: row.document?,
        subject: row.subject?,
        salt: row.salt,
        claim: row.claim?,
        conditions: conditions?.version.clone(),
        group: row.group,
        programme: row.programme,
    })
}

#[cfg(test)]
mod tests;
