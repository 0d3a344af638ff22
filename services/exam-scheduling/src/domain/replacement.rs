//! Somebody else does the same work in a session (同类替换), reported at once.
//!
//! Like for like: in the same role, and an examiner with cards for every subject that the one who
//! leaves may examine. The register is asked about both, before anything is locked.

use kernel::card_number::CardNumber;
use kernel::ids::SessionId;
use kernel::rejection::{FaultList, Faults};

use super::assignment::{NotAssignable, StaffAnswer, StaffQuestion, not_assignable};
use super::fact::Fact;
use super::plan::Plan;
use super::rejection::{ConductRejection, SessionRejection, StandingRejection, VenueRejection};
use super::session::{Session, Staff};

/// Who joins a session in whose place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// The session.
    pub session: SessionId,
    /// Card of who leaves.
    pub leaving: CardNumber,
    /// Who joins.
    pub joining: Staff,
}

impl Plan {
    /// The session and who leaves it.
    ///
    /// # Errors
    /// When the plan is not in force, it has no such session, the session is completed, or nobody in
    /// it has that card.
    pub fn leaving(&self, replacement: &Replacement) -> Result<(&Session, usize), Faults> {
        self.must_be_under_way()?;
        let session = self.session(replacement.session)?;
        if session.completed {
            return Err(Faults::at("session_id", &ConductRejection::Completed));
        }
        let mut staff = session.staff.iter();
        let position = staff.position(|staff| staff.card == replacement.leaving);
        let nobody = || Faults::at("card_number", &StandingRejection::NotInSession);
        Ok((session, position.ok_or_else(nobody)?))
    }

    /// What the register is asked about the two.
    ///
    /// # Errors
    /// As [`Plan::leaving`].
    pub fn replacement_to_ask(
        &self,
        replacement: &Replacement,
    ) -> Result<Vec<StaffQuestion>, Faults> {
        let (session, position) = self.leaving(replacement)?;
        let both = [&session.staff[position], &replacement.joining];
        let questions = both.map(|staff| self.questions(session, staff));
        Ok(questions.concat())
    }

    /// Replaces a member of staff. `busy` says whether who joins is at another exam meanwhile.
    ///
    /// # Errors
    /// As [`Plan::leaving`], and everything that speaks against who joins.
    pub fn replace_staff(
        &self,
        replacement: &Replacement,
        answers: &[StaffAnswer],
        busy: bool,
    ) -> Result<Fact, Faults> {
        let (session, position) = self.leaving(replacement)?;
        let leaving = &session.staff[position];
        let joining = &replacement.joining;
        let mut faults = FaultList::default();
        let same_role = leaving.role == joining.role;
        faults.require(same_role, "joining.role", &StandingRejection::RoleOther);
        self.check_declaration(joining, "joining.avoidance", &mut faults);
        self.check_free(session, joining, busy, &mut faults);
        if same_role {
            check_cards(
                &self.questions(session, leaving),
                leaving,
                joining,
                answers,
                &mut faults,
            );
        }
        faults.finish()?;
        Ok(Fact::StaffReplaced {
            session_id: session.id,
            position,
            leaving: leaving.commitment(),
            commitment: joining.commitment(),
            joining: joining.clone(),
        })
    }

    /// Nobody is twice in a session, in two sessions at once, or at two exams.
    fn check_free(&self, at: &Session, joining: &Staff, busy: bool, faults: &mut FaultList) {
        const FIELD: &str = "joining.card_number";
        let has = |session: &Session| {
            let mut staff = session.staff.iter();
            staff.any(|staff| staff.card == joining.card)
        };
        faults.require(!has(at), FIELD, &SessionRejection::StaffTwice);
        let mut sessions = self.sessions.iter();
        let other =
            sessions.position(|other| other.id != at.id && other.overlaps(at) && has(other));
        if let Some(other) = other {
            faults.add(FIELD, &SessionRejection::StaffElsewhere { other });
        }
        faults.require(!busy, FIELD, &VenueRejection::StaffTaken);
    }
}

/// Who joins may do something there, and everything that who leaves may.
fn check_cards(
    questions: &[StaffQuestion],
    leaving: &Staff,
    joining: &Staff,
    answers: &[StaffAnswer],
    faults: &mut FaultList,
) {
    let verdict = |of: &Staff, subject: Option<usize>| {
        let mut answers = answers.iter();
        let answer = answers
            .find(|answer| answer.question.staff == of.id && answer.question.subject == subject);
        answer.map(|answer| answer.verdict.clone())
    };
    let subjects: Vec<_> = questions.iter().map(|question| question.subject).collect();
    let may = |of, subject: &&Option<usize>| matches!(verdict(of, **subject), Some(Ok(())));
    let refused: Option<NotAssignable> = answers
        .iter()
        .filter(|answer| answer.question.staff == joining.id)
        .find_map(|answer| answer.verdict.clone().err());
    let useful = answers
        .iter()
        .any(|answer| answer.question.staff == joining.id && answer.verdict.is_ok());
    if let Some(refused) = refused.filter(|_| !useful) {
        faults.add("joining", &not_assignable(&refused));
        return;
    }
    let lost = subjects
        .iter()
        .filter(|subject| may(leaving, subject))
        .find(|subject| !may(joining, subject));
    if let Some(Some(subject)) = lost {
        let less = StandingRejection::CardsLess { subject: *subject };
        faults.add("joining", &less);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::avoidance::Avoidance;
    use crate::domain::samples;
    use crate::domain::session::StaffRole;

    /// Somebody for the first examiner of the sample.
    fn replacement(joining: Staff) -> Replacement {
        let plan = samples::draft();
        Replacement {
            session: plan.sessions[1].id,
            leaving: plan.sessions[1].staff[0].card.clone(),
            joining,
        }
    }

    fn answers(
        replacement: &Replacement,
        may: impl Fn(&StaffQuestion) -> bool,
    ) -> Vec<StaffAnswer> {
        let questions = samples::reported().replacement_to_ask(replacement);
        let refused = || NotAssignable {
            reason: "CARD_EXPIRED".to_owned(),
            zh: "资质证已过期".to_owned(),
            en: "the card has expired".to_owned(),
        };
        let answer = |question| StaffAnswer {
            question,
            verdict: may(&question).then_some(()).ok_or_else(refused),
        };
        questions.expect("asked").into_iter().map(answer).collect()
    }

    fn codes(replacement: &Replacement, busy: bool) -> Vec<&'static str> {
        let answers = answers(replacement, |_| true);
        let refused = samples::reported().replace_staff(replacement, &answers, busy);
        refused.expect_err("refused").codes()
    }

    #[test]
    fn who_joins_takes_the_place_and_no_fact_names_anybody() {
        let mut plan = samples::reported();
        let joining = samples::staff(StaffRole::Examiner, 77);
        let replacement = replacement(joining.clone());
        let answers = answers(&replacement, |_| true);
        let fact = plan.replace_staff(&replacement, &answers, false);
        let fact = fact.expect("like for like");
        let json = serde_json::to_string(&fact).expect("it serialises");
        assert!(!json.contains(joining.card.reveal()), "{json}");
        plan.apply(&fact);
        assert_eq!(plan.sessions[1].staff[0], joining);
    }

    #[test]
    fn who_joins_is_in_the_same_role_free_and_has_declared() {
        let watcher = samples::staff(StaffRole::Invigilator, 77);
        assert_eq!(codes(&replacement(watcher), false), ["STAFF_ROLE_OTHER"]);
        let colleague = samples::draft().sessions[1].staff[1].clone();
        let colleague = replacement(colleague);
        assert_eq!(codes(&colleague, false), ["STAFF_TWICE_IN_SESSION"]);
        let examiner = samples::staff(StaffRole::Examiner, 77);
        let busy = replacement(examiner.clone());
        assert_eq!(codes(&busy, true), ["PLAN_STAFF_TAKEN"]);
        let silent = Staff {
            avoidance: None,
            ..examiner.clone()
        };
        assert_eq!(
            codes(&replacement(silent), false),
            ["STAFF_AVOIDANCE_UNDECLARED"]
        );
        let related = Staff {
            avoidance: Some(Avoidance {
                relative: true,
                ..Avoidance::default()
            }),
            ..examiner
        };
        assert_eq!(codes(&replacement(related), false), ["STAFF_RELATED"]);
    }

    #[test]
    fn who_joins_may_examine_all_that_who_leaves_may() {
        let plan = samples::reported();
        let joining = samples::staff(StaffRole::Examiner, 77);
        let replacement = replacement(joining.clone());
        let judge = |may: &dyn Fn(&StaffQuestion) -> bool| {
            let answers = answers(&replacement, may);
            let refused = plan.replace_staff(&replacement, &answers, false);
            refused.map(|_| ()).map_err(|faults| faults.codes())
        };
        let joins = |question: &StaffQuestion| question.staff == joining.id;
        let none = judge(&|question| !joins(question));
        assert_eq!(none, Err(vec!["PLAN_STAFF_NOT_ASSIGNABLE"]));
        let one = judge(&|question| !joins(question) || question.subject == Some(0));
        assert_eq!(one, Err(vec!["STAFF_CARDS_LESS"]));
        let as_good = judge(&|question| question.subject == Some(0));
        assert_eq!(as_good, Ok(()), "the other could not either");
    }

    #[test]
    fn who_is_not_there_is_not_replaced() {
        let plan = samples::reported();
        let joining = samples::staff(StaffRole::Examiner, 77);
        let mut wrong = replacement(joining);
        wrong.leaving = wrong.joining.card.clone();
        let codes = |plan: &Plan, wrong: &Replacement| {
            plan.replacement_to_ask(wrong).expect_err("refused").codes()
        };
        assert_eq!(codes(&plan, &wrong), ["STAFF_NOT_IN_SESSION"]);
        assert_eq!(codes(&samples::draft(), &wrong), ["PLAN_NOT_REPORTED"]);
        wrong.session = samples::session_id(99);
        assert_eq!(codes(&plan, &wrong), ["SESSION_NOT_FOUND"]);
        let mut completed = plan;
        completed.sessions[1].completed = true;
        wrong.session = completed.sessions[1].id;
        assert_eq!(codes(&completed, &wrong), ["SESSION_COMPLETED"]);
    }
}
