//! Asking the register whether the staff of a plan may do what it is planned for, live and outside
//! any unit.

use std::collections::HashMap;

use jiff::civil::Date;
use platform::client::away;
use platform::contract::{level_message, occupation_message};
use platform::{Error, Result};
use proto::registry::v1::{Assignment, AssignmentVerdict, CheckAssignmentsRequest, PersonRole};
use uuid::Uuid;

use super::App;
use super::rights::REGISTRY;
use crate::domain::assignment::{NotAssignable, StaffAnswer, StaffQuestion};
use crate::domain::plan::Plan;
use crate::domain::session::{Staff, StaffRole};

/// Questions of one call: as many as the register takes.
const OF_A_CALL: usize = 500;

impl App {
    /// Everything the register has to be asked about the staff of a plan, with its answers.
    ///
    /// # Errors
    /// `Unavailable` when one question has no answer: that is never a yes.
    pub(super) async fn ask_staff(&self, plan: &Plan) -> Result<Vec<StaffAnswer>> {
        self.ask_all(plan, &plan.staff_to_ask(), &[]).await
    }

    /// Asks questions about the staff of a plan, and about others who may join it.
    ///
    /// # Errors
    /// As [`App::ask_staff`].
    pub(super) async fn ask_all(
        &self,
        plan: &Plan,
        questions: &[StaffQuestion],
        others: &[&Staff],
    ) -> Result<Vec<StaffAnswer>> {
        let sessions = plan.sessions.iter();
        let staff = sessions.flat_map(|session| &session.staff);
        let staff = staff.chain(others.iter().copied());
        let staff = staff.map(|staff| (staff.id, staff)).collect();
        let mut answers = Vec::new();
        for questions in questions.chunks(OF_A_CALL) {
            answers.extend(self.ask_some(plan, questions, &staff).await?);
        }
        Ok(answers)
    }

    /// Whether somebody may do this at an exam of the organisation on a day.
    ///
    /// # Errors
    /// As [`App::ask_staff`].
    pub(super) async fn ask_duty(
        &self,
        plan: &Plan,
        person: &Staff,
        duty: PersonRole,
        on: Date,
    ) -> Result<Result<(), NotAssignable>> {
        let asked = Assignment {
            card_number: person.card.reveal().to_owned(),
            name: person.name.reveal().to_owned(),
            duty: duty.into(),
            on: on.to_string(),
            ..Assignment::default()
        };
        let mut verdicts = self.verdicts(plan, vec![asked]).await?;
        Ok(verdicts.pop().unwrap_or(Ok(())))
    }

    /// One verdict for each of these.
    async fn verdicts(
        &self,
        plan: &Plan,
        assignments: Vec<Assignment>,
    ) -> Result<Vec<Result<(), NotAssignable>>> {
        let asked = assignments.len();
        let request = CheckAssignmentsRequest {
            organization_id: plan.organization_id.to_string(),
            assignments,
        };
        let reply = self.qualifications.clone().check_assignments(request).await;
        let verdicts = reply
            .map_err(|status| away(REGISTRY, status))?
            .into_inner()
            .verdicts;
        if verdicts.len() != asked {
            return Err(Error::Unavailable {
                what: REGISTRY,
                source: anyhow::anyhow!("not as many answers as questions"),
            });
        }
        Ok(verdicts.into_iter().map(read).collect())
    }

    async fn ask_some(
        &self,
        plan: &Plan,
        questions: &[StaffQuestion],
        staff: &HashMap<Uuid, &Staff>,
    ) -> Result<Vec<StaffAnswer>> {
        let asked = questions.iter();
        let asked =
            asked.filter_map(|asked| Some(assignment(plan, staff.get(&asked.staff)?, asked)));
        let verdicts = self.verdicts(plan, asked.collect()).await?;
        let answers = questions.iter().zip(verdicts);
        Ok(answers
            .map(|(question, verdict)| StaffAnswer {
                question: *question,
                verdict,
            })
            .collect())
    }
}

fn assignment(plan: &Plan, staff: &Staff, question: &StaffQuestion) -> Assignment {
    let subject = question.subject.map(|subject| &plan.subjects[subject]);
    let duty = match staff.role {
        StaffRole::Invigilator => PersonRole::Invigilator,
        StaffRole::Examiner => PersonRole::Examiner,
        // One duty, whether the organisation or a centre sends the supervisor.
        StaffRole::QualitySupervisor => PersonRole::InternalSupervisor,
    };
    let level = subject.map(|subject| level_message(subject.level).into());
    Assignment {
        card_number: staff.card.reveal().to_owned(),
        name: staff.name.reveal().to_owned(),
        duty: duty.into(),
        occupation: subject.map(|subject| occupation_message(&subject.occupation)),
        level: level.unwrap_or_default(),
        on: question.on.to_string(),
        ..Assignment::default()
    }
}

fn read(verdict: AssignmentVerdict) -> Result<(), NotAssignable> {
    if verdict.assignable {
        return Ok(());
    }
    Err(NotAssignable {
        reason: verdict.reason,
        zh: verdict.reason_zh,
        en: verdict.reason_en,
    })
}
