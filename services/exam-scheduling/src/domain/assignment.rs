//! Whether the staff of a plan may do what it is planned for: enlisted, on post, not barred, with a
//! valid card (notice 3.1, 6.3).
//!
//! That is the register's to know. The plan says which questions to ask ([`Plan::staff_to_ask`]),
//! they are asked before anything is locked, and the answers come in as arguments, as with rights.
//! Which candidate sits in which of several sessions is not planned, so an examiner has to be
//! entitled to one of the plan's subjects, and each subject needs an examiner who is.

use jiff::civil::Date;
use kernel::rejection::{FaultList, Faults};
use uuid::Uuid;

use super::plan::Plan;
use super::rejection::PlanRejection;
use super::session::{Session, Staff, StaffRole};

/// What the register is asked: may this member of staff do that on the day?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StaffQuestion {
    /// The member of staff.
    pub staff: Uuid,
    /// Position of the subject in the plan; only of an examiner.
    pub subject: Option<usize>,
    /// The day of the session.
    pub on: Date,
}

/// What the register answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffAnswer {
    /// The question.
    pub question: StaffQuestion,
    /// That the person may, or why not.
    pub verdict: Result<(), NotAssignable>,
}

/// Why somebody may not be assigned, in the register's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAssignable {
    /// Code of the refusal, such as `CARD_EXPIRED`.
    pub reason: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Plan {
    /// What the register has to be asked about staff before the plan can be reported. Nothing, once
    /// it is reported.
    pub fn staff_to_ask(&self) -> Vec<StaffQuestion> {
        if self.must_be_draft().is_err() {
            return Vec::new();
        }
        let of = |session: &Session| {
            let questions = session.staff.iter();
            let questions = questions.flat_map(|staff| self.questions(session, staff));
            questions.collect::<Vec<_>>()
        };
        self.sessions.iter().flat_map(of).collect()
    }

    /// What the register is asked about a member of staff of a session.
    pub(super) fn questions(&self, session: &Session, staff: &Staff) -> Vec<StaffQuestion> {
        let question = |subject| StaffQuestion {
            staff: staff.id,
            subject,
            on: session.held_on,
        };
        match staff.role {
            // Nobody examines a class that he or she taught.
            StaffRole::Examiner => {
                let subjects = (0..self.subjects.len()).filter(|&subject| !staff.taught(subject));
                subjects.map(Some).map(question).collect()
            }
            StaffRole::Invigilator | StaffRole::QualitySupervisor => vec![question(None)],
        }
    }

    /// Notes who may not do what the plan says, and subjects that nobody may examine.
    ///
    /// # Errors
    /// When a question has no answer: the plan changed since it was asked.
    pub(super) fn check_assignments(
        &self,
        answers: &[StaffAnswer],
        faults: &mut FaultList,
    ) -> Result<(), Faults> {
        let mut examined = vec![false; self.subjects.len()];
        for (index, session) in self.sessions.iter().enumerate() {
            for (position, staff) in session.staff.iter().enumerate() {
                let mut refused = None;
                let mut may_do_something = false;
                for question in self.questions(session, staff) {
                    let answer = answers.iter().find(|answer| answer.question == question);
                    match &answer.ok_or(PlanRejection::RightsOutdated)?.verdict {
                        Ok(()) => {
                            may_do_something = true;
                            if let Some(subject) = question.subject {
                                examined[subject] = true;
                            }
                        }
                        Err(reason) => refused = refused.or(Some(reason)),
                    }
                }
                if let Some(refused) = refused.filter(|_| !may_do_something) {
                    let field = format!("sessions[{index}].staff[{position}]");
                    faults.add(field, &not_assignable(refused));
                }
            }
        }
        // Where nobody may examine anything, each of them has been told why.
        if examined.contains(&true) {
            for (subject, examined) in examined.into_iter().enumerate() {
                let field = format!("subjects[{subject}]");
                let without = PlanRejection::SubjectWithoutExaminer { subject };
                faults.require(examined, field, &without);
            }
        }
        Ok(())
    }
}

pub(super) fn not_assignable(refused: &NotAssignable) -> PlanRejection {
    PlanRejection::StaffNotAssignable {
        reason: refused.reason.clone(),
        zh: refused.zh.clone(),
        en: refused.en.clone(),
    }
}
