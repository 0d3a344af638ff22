//! Opening a draft and changing it.
//!
//! A draft may be incomplete, but it does not contradict itself: nobody is in two places at once,
//! no room is used twice at once, and sessions end after they start. That it is complete is asked
//! when it is reported.

use std::collections::HashSet;

use kernel::ids::{OrganizationId, PlanId};
use kernel::rejection::{FaultList, Faults};

use super::fact::Fact;
use super::plan::{Plan, Stage, Subject};
use super::rejection::{PlanRejection, SessionRejection};
use super::session::{CardNumber, Session};

/// A plan has at most so many subjects.
pub const MOST_SUBJECTS: usize = 20;
/// A plan has at most so many sessions.
pub const MOST_SESSIONS: usize = 100;
/// A session has at most so many staff.
pub const MOST_STAFF: usize = 40;
/// A session has at most so many seats.
pub const MOST_SEATS: u32 = 2000;

impl Plan {
    /// Opens a draft.
    ///
    /// # Errors
    /// Every contradiction in what is to be planned.
    pub fn draft(
        id: PlanId,
        organization_id: OrganizationId,
        process: String,
        subjects: Vec<Subject>,
        sessions: Vec<Session>,
    ) -> Result<(Self, Fact), Faults> {
        let mut faults = FaultList::default();
        check_subjects(&subjects, &mut faults);
        check_sessions(&sessions, &mut faults);
        faults.finish()?;
        let fact = Fact::PlanDrafted {
            organization_id,
            subjects: subjects.clone(),
            sessions: sessions.clone(),
        };
        let stage = Stage::Draft;
        Ok((
            Self {
                id,
                organization_id,
                process,
                subjects,
                sessions,
                candidates: 0,
                stage,
            },
            fact,
        ))
    }

    /// Replaces the sessions of a draft, and with them its staff.
    ///
    /// # Errors
    /// When it is no draft, and every contradiction in the new sessions.
    pub fn replace_sessions(&self, sessions: Vec<Session>) -> Result<Fact, Faults> {
        self.must_be_draft()?;
        let mut faults = FaultList::default();
        check_sessions(&sessions, &mut faults);
        faults.finish()?;
        Ok(Fact::SessionsReplaced { sessions })
    }
}

fn check_subjects(subjects: &[Subject], faults: &mut FaultList) {
    faults.require(
        !subjects.is_empty(),
        "subjects",
        &PlanRejection::SubjectsMissing,
    );
    let too_many = PlanRejection::TooManySubjects {
        limit: MOST_SUBJECTS,
    };
    faults.require(subjects.len() <= MOST_SUBJECTS, "subjects", &too_many);
    for (index, subject) in subjects.iter().enumerate() {
        if let Some(other) = subjects[..index]
            .iter()
            .position(|earlier| earlier == subject)
        {
            faults.add(
                format!("subjects[{index}]"),
                &PlanRejection::SubjectTwice { other },
            );
        }
    }
}

fn check_sessions(sessions: &[Session], faults: &mut FaultList) {
    faults.require(
        !sessions.is_empty(),
        "sessions",
        &PlanRejection::SessionsMissing,
    );
    if sessions.len() > MOST_SESSIONS {
        faults.add(
            "sessions",
            &PlanRejection::TooManySessions {
                limit: MOST_SESSIONS,
            },
        );
        return;
    }
    for (index, session) in sessions.iter().enumerate() {
        check_alone(session, &format!("sessions[{index}]"), faults);
        for (other, earlier) in sessions[..index].iter().enumerate() {
            if session.overlaps(earlier) {
                check_together(index, session, other, earlier, faults);
            }
        }
    }
}

fn check_alone(session: &Session, path: &str, faults: &mut FaultList) {
    let forward = session.starts_at < session.ends_at;
    faults.require(
        forward,
        format!("{path}.ends_at"),
        &SessionRejection::EndsTooEarly,
    );
    let seats = (1..=MOST_SEATS).contains(&session.seats);
    let out_of_range = SessionRejection::SeatsOutOfRange { limit: MOST_SEATS };
    faults.require(seats, format!("{path}.seats"), &out_of_range);
    let too_many = SessionRejection::TooManyStaff { limit: MOST_STAFF };
    faults.require(
        session.staff.len() <= MOST_STAFF,
        format!("{path}.staff"),
        &too_many,
    );
    let mut seen = HashSet::new();
    for (number, staff) in session.staff.iter().enumerate() {
        let field = format!("{path}.staff[{number}].card_number");
        faults.require(
            seen.insert(&staff.card),
            field,
            &SessionRejection::StaffTwice,
        );
    }
}

/// What two sessions at the same time must not share.
fn check_together(
    index: usize,
    session: &Session,
    other: usize,
    earlier: &Session,
    faults: &mut FaultList,
) {
    let same_room = session.site == earlier.site && session.room == earlier.room;
    let taken = SessionRejection::RoomTaken { other };
    faults.require(!same_room, format!("sessions[{index}].room"), &taken);
    let busy: HashSet<&CardNumber> = earlier.staff.iter().map(|staff| &staff.card).collect();
    for (number, staff) in session.staff.iter().enumerate() {
        let field = format!("sessions[{index}].staff[{number}].card_number");
        let elsewhere = SessionRejection::StaffElsewhere { other };
        faults.require(!busy.contains(&staff.card), field, &elsewhere);
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;
    use crate::domain::samples;
    use crate::domain::session::StaffRole;

    fn draft_of(subjects: Vec<Subject>, sessions: Vec<Session>) -> Result<(Plan, Fact), Faults> {
        let plan = samples::draft();
        Plan::draft(
            plan.id,
            plan.organization_id,
            plan.process,
            subjects,
            sessions,
        )
    }

    fn faults_of(sessions: Vec<Session>) -> Vec<(String, &'static str)> {
        let faults = draft_of(samples::draft().subjects, sessions).expect_err("refused");
        let fault = |fault: &kernel::rejection::Fault| {
            (fault.field.clone().unwrap_or_default(), fault.code)
        };
        faults.all().iter().map(fault).collect()
    }

    #[test]
    fn a_draft_may_be_incomplete() {
        let unstaffed = Session {
            staff: Vec::new(),
            ..samples::theory()
        };
        let (plan, fact) = draft_of(samples::draft().subjects, vec![unstaffed]).expect("a draft");
        assert_eq!(plan.stage, Stage::Draft);
        assert!(matches!(fact, Fact::PlanDrafted { .. }));
    }

    #[test]
    fn a_plan_says_what_when_and_where() {
        let faults = draft_of(Vec::new(), Vec::new()).expect_err("of nothing");
        assert_eq!(
            faults.codes(),
            ["PLAN_SUBJECTS_MISSING", "PLAN_SESSIONS_MISSING"]
        );
        let subject = samples::draft().subjects[0].clone();
        let faults = draft_of(vec![subject; 21], vec![samples::theory(); 101]).expect_err("long");
        assert_eq!(
            faults.codes()[..2],
            ["PLAN_TOO_MANY_SUBJECTS", "PLAN_SUBJECT_TWICE"]
        );
        assert_eq!(faults.codes().last(), Some(&"PLAN_TOO_MANY_SESSIONS"));
    }

    #[test]
    fn a_session_is_told_all_that_is_wrong_with_it_at_once() {
        let wrong = Session {
            ends_at: samples::theory().starts_at,
            seats: 0,
            staff: vec![samples::staff(StaffRole::Invigilator, 1); 41],
            ..samples::theory()
        };
        let faults = faults_of(vec![samples::skill(), wrong]);
        assert_eq!(
            faults[0],
            ("sessions[1].ends_at".to_owned(), "SESSION_ENDS_TOO_EARLY")
        );
        assert_eq!(
            faults[1],
            ("sessions[1].seats".to_owned(), "SESSION_SEATS_OUT_OF_RANGE")
        );
        assert_eq!(
            faults[2],
            ("sessions[1].staff".to_owned(), "SESSION_TOO_MANY_STAFF")
        );
        let second = "sessions[1].staff[1].card_number".to_owned();
        assert_eq!(faults[3], (second, "STAFF_TWICE_IN_SESSION"));
        assert_eq!(faults.len(), 3 + 40);
    }

    #[test]
    fn nobody_and_no_room_is_in_two_sessions_at_the_same_time() {
        let first = samples::theory();
        let second = Session {
            starts_at: time(9, 30, 0, 0),
            ..first.clone()
        };
        let faults = faults_of(vec![first.clone(), second]);
        assert_eq!(
            faults[0],
            ("sessions[1].room".to_owned(), "SESSION_ROOM_TAKEN")
        );
        let busy = "sessions[1].staff[0].card_number".to_owned();
        assert_eq!(faults[1], (busy, "STAFF_IN_TWO_SESSIONS"));

        let afternoon = Session {
            starts_at: time(14, 0, 0, 0),
            ends_at: time(16, 0, 0, 0),
            ..first.clone()
        };
        draft_of(samples::draft().subjects, vec![first, afternoon]).expect("one after the other");
    }

    #[test]
    fn sessions_are_replaced_in_a_draft_alone() {
        let mut plan = samples::draft();
        let fact = plan
            .replace_sessions(vec![samples::theory()])
            .expect("a draft");
        plan.apply(&fact);
        assert_eq!(plan.sessions.len(), 1);
        let codes = plan
            .replace_sessions(Vec::new())
            .expect_err("of nothing")
            .codes();
        assert_eq!(codes, ["PLAN_SESSIONS_MISSING"]);
        let reported = samples::reported();
        let codes = reported
            .replace_sessions(plan.sessions)
            .expect_err("reported")
            .codes();
        assert_eq!(codes, ["PLAN_NOT_DRAFT"]);
    }
}
