//! Reporting a plan (报送, notice 4.1): it is taken note of, not approved; but it has to be in time
//! and whole, and the organisation must have the right.
//!
//! Rights are the register's to know. The plan says which questions to ask
//! ([`Plan::rights_to_ask`]), they are asked before anything is locked, and the answers come in as
//! arguments. When a question has no answer, because the plan changed in between, or the answers
//! are of different versions of the organisation, the caller is asked to try again.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime};
use kernel::division::DivisionCode;
use kernel::ids::{ReceiptId, RightId};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::pilot::Pilot;
use kernel::rejection::{FaultList, Faults};
use kernel::working_day::{Calendar, Deadline, DeadlineRule};
use serde::Serialize;

use super::assignment::StaffAnswer;
use super::clash::Elsewhere;
use super::fact::Fact;
use super::plan::{Plan, Report};
use super::rejection::PlanRejection;
use super::roster::Candidate;
use super::rules::Rules;
use super::session::{ExamPart, StaffRole};
use super::staffing::StaffingRules;
use super::venue::RegisteredRoom;

/// What the register is asked: may this subject be examined there on that day?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RightQuestion {
    /// Position of the subject in the plan.
    pub subject: usize,
    /// Where the exam takes place.
    pub division: DivisionCode,
    /// The day of a session there.
    pub on: Date,
}

/// What the register answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RightAnswer {
    /// The question.
    pub question: RightQuestion,
    /// The right that covers it, or why none does.
    pub right: Result<RightHeld, NoRight>,
}

/// Why no right covers a question, in the register's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoRight {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// The organisation as the register knew it when it said yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RightHeld {
    /// The right that covers the question.
    pub right_id: RightId,
    /// Version of the organisation that answered.
    pub organization_version: u64,
    /// 机构代码
    pub organization_code: EvaluationOrganizationCode,
    /// Where the organisation filed.
    pub filing_division: DivisionCode,
}

/// A right that a plan rests on, as its fact keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldRight {
    /// Position of the subject in the plan.
    pub subject: usize,
    /// Where the exam takes place.
    pub division: DivisionCode,
    /// The day of a session there.
    pub on: Date,
    /// The right that covers it.
    pub right_id: RightId,
}

/// What a report is judged by, beside the plan itself.
pub struct ReportContext<'a> {
    /// Business time.
    pub now: DateTime,
    /// Working days.
    pub calendar: &'a Calendar,
    /// The pilot parameters of the business day.
    pub pilot: &'a Pilot,
    /// Settings.
    pub rules: &'a Rules,
    /// What the register answered about rights.
    pub rights: &'a [RightAnswer],
    /// What it answered about staff.
    pub staff: &'a [StaffAnswer],
    /// The rooms that it knows of the organisation.
    pub rooms: &'a [RegisteredRoom],
    /// What other plans have meanwhile.
    pub elsewhere: &'a Elsewhere,
    /// The whole roster, in order of ticket numbers.
    pub roster: &'a [Candidate],
    /// How many of them are too young on the day of the first session.
    pub under_age: usize,
    /// How many others do not meet the rules they claim, as of that day.
    pub ineligible: usize,
    /// Id of the receipt, should there be one.
    pub receipt_id: ReceiptId,
}

impl Plan {
    /// What the register has to be asked before the plan can be reported: each subject in each
    /// place and on each day with a session. Nothing, once it is reported.
    pub fn rights_to_ask(&self) -> Vec<RightQuestion> {
        if self.must_be_draft().is_err() {
            return Vec::new();
        }
        let sessions = self.sessions.iter();
        let sittings: BTreeSet<_> = sessions
            .map(|session| (session.division, session.held_on))
            .collect();
        let of = |subject| {
            sittings.iter().map(move |&(division, on)| RightQuestion {
                subject,
                division,
                on,
            })
        };
        (0..self.subjects.len()).flat_map(of).collect()
    }

    /// Reports the plan, for the first time or again. Time is asked of the first report alone; of
    /// a later one, whether it takes consent.
    ///
    /// # Errors
    /// When it is reported already or its time has come, and everything that is late, missing or too little.
    pub fn report(&self, context: &ReportContext<'_>) -> Result<Fact, Faults> {
        self.must_be_draft()?;
        let first = self
            .first_session_on()
            .ok_or(PlanRejection::SessionsMissing)?;
        let again = self.is_reopened();
        if again {
            self.must_not_have_begun(context.now)?;
        }
        let mut faults = FaultList::default();
        let deadline = check_time(first, again, context, &mut faults);
        self.check_roster(first, context, &mut faults);
        self.check_parts(&mut faults);
        self.check_rooms(context.rooms, &mut faults);
        self.check_staff(&context.rules.staffing, &mut faults);
        self.check_avoidance(&mut faults);
        self.check_elsewhere(context.elsewhere, &mut faults);
        self.check_assignments(context.staff, &mut faults)?;
        let rights = self.check_rights(context.rights, &mut faults)?;
        faults.finish()?;
        let (Some(deadline), Some(organization)) = (deadline, rights.last()) else {
            return Err(PlanRejection::RightsOutdated.into());
        };
        let report = Report {
            receipt_id: context.receipt_id,
            received_on: context.now.date(),
            deadline,
            plan_hash: self.hash(self.digest_of(context.roster)),
            filing_division: organization.1.filing_division,
            organization_code: organization.1.organization_code,
            terms: self.terms(context.roster),
            consented_on: None,
            warnings: self.not_rotated(context.elsewhere, context.rules.plan.rotation_after),
        };
        let rooms = self.rooms_of(context.rooms).into_iter().flatten();
        Ok(Fact::PlanReported {
            takes_consent: self.takes_consent(&report),
            report,
            first_session_on: first,
            candidates: self.candidates,
            rooms: rooms.map(|room| room.id).collect(),
            organization_version: organization.1.organization_version,
            rights: rights
                .iter()
                .map(|(question, held)| held_right(question, held))
                .collect(),
        })
    }

    fn check_roster(&self, first: Date, context: &ReportContext<'_>, faults: &mut FaultList) {
        faults.require(
            self.candidates > 0,
            "candidates",
            &PlanRejection::RosterEmpty,
        );
        let age = context.rules.plan.minimum_age;
        let young = PlanRejection::CandidatesUnderAge {
            count: context.under_age,
            age,
            on: first,
        };
        faults.require(context.under_age == 0, "candidates", &young);
        let ineligible = PlanRejection::CandidatesIneligible {
            count: context.ineligible,
            on: self.claims_count_until(context.rules, context.now.date()),
        };
        faults.require(context.ineligible == 0, "candidates", &ineligible);
    }

    fn check_parts(&self, faults: &mut FaultList) {
        for part in ExamPart::REQUIRED {
            let held = self.sessions_of(part).next().is_some();
            faults.require(held, "sessions", &PlanRejection::PartMissing { part });
        }
        for part in self.parts() {
            let seats = self
                .sessions_of(part)
                .map(|session| u64::from(session.seats))
                .sum();
            let candidates = self.candidates;
            let short = PlanRejection::SeatsShort {
                part,
                seats,
                candidates,
            };
            faults.require(seats >= u64::from(candidates), "sessions", &short);
        }
    }

    fn check_staff(&self, rules: &StaffingRules, faults: &mut FaultList) {
        for (index, session) in self.sessions.iter().enumerate() {
            rules.check(
                session,
                &self.subjects,
                self.candidates,
                &format!("sessions[{index}].staff"),
                faults,
            );
        }
        let supervises = self
            .sessions
            .iter()
            .any(|session| session.staff_as(StaffRole::QualitySupervisor) > 0);
        faults.require(supervises, "sessions", &PlanRejection::SupervisorMissing);
    }

    /// The rights that the plan rests on. Refusals of the register are faults of the plan;
    /// questions without an answer are nobody's fault, so nothing else is said then.
    fn check_rights<'a>(
        &self,
        answers: &'a [RightAnswer],
        faults: &mut FaultList,
    ) -> Result<Vec<(RightQuestion, &'a RightHeld)>, Faults> {
        let mut rights: Vec<(RightQuestion, &RightHeld)> = Vec::new();
        for question in self.rights_to_ask() {
            let answer = answers.iter().find(|answer| answer.question == question);
            match &answer.ok_or(PlanRejection::RightsOutdated)?.right {
                Ok(held) => rights.push((question, held)),
                Err(NoRight { zh, en }) => {
                    let missing = PlanRejection::RightMissing {
                        subject: question.subject,
                        division: question.division,
                        on: question.on,
                        zh: zh.clone(),
                        en: en.clone(),
                    };
                    faults.add(format!("subjects[{}]", question.subject), &missing);
                }
            }
        }
        let version = |right: &(RightQuestion, &RightHeld)| right.1.organization_version;
        if rights
            .windows(2)
            .any(|pair| version(&pair[0]) != version(&pair[1]))
        {
            return Err(PlanRejection::RightsOutdated.into());
        }
        Ok(rights)
    }
}

fn check_time(
    first: Date,
    again: bool,
    context: &ReportContext<'_>,
    faults: &mut FaultList,
) -> Option<Deadline> {
    let counted = DeadlineRule::PlanHandIn.count(context.calendar, context.pilot, first);
    let deadline = faults.take("sessions", counted)?;
    if !again && deadline.is_over_on(context.now.date()) {
        let (zh, en) = (deadline.explain_chinese(), deadline.explain_english());
        faults.add(
            "sessions",
            &PlanRejection::TooLate {
                latest: deadline.date,
                days: deadline.working_days,
                zh,
                en,
            },
        );
    }
    Some(deadline)
}

fn held_right(question: &RightQuestion, held: &RightHeld) -> HeldRight {
    HeldRight {
        subject: question.subject,
        division: question.division,
        on: question.on,
        right_id: held.right_id,
    }
}

#[cfg(test)]
mod tests;
