//! Opening a draft and changing it.
//!
//! A draft may be incomplete, but it does not contradict itself: nobody is in two places at once,
//! no room is used twice at once, and sessions end after they start. None of that asks for the plan's
//! state, so it is judged where the form is read, together with what cannot be read: [`check_subjects`],
//! [`check_sessions`], [`check_session`]. That a plan is complete is asked when it is reported.

use std::collections::{HashMap, HashSet};

use jiff::civil::Time;
use kernel::card_number::CardNumber;
use kernel::ids::{OrganizationId, PlanId};
use kernel::rejection::{FaultList, Faults};

use super::fact::Fact;
use super::plan::{Plan, Stage, Subject};
use super::rejection::{PlanRejection, SessionRejection};
use super::session::{Session, Staff};

/// A plan has at most so many subjects.
pub const MOST_SUBJECTS: usize = 20;
/// A plan has at most so many sessions.
pub const MOST_SESSIONS: usize = 100;
/// A session has at most so many staff.
pub const MOST_STAFF: usize = 40;
/// A session has at most so many seats.
pub const MOST_SEATS: u32 = 2000;

impl Plan {
    /// Opens a draft, of subjects and sessions that do not contradict each other.
    pub fn draft(
        id: PlanId,
        organization_id: OrganizationId,
        process: String,
        subjects: Vec<Subject>,
        sessions: Vec<Session>,
    ) -> (Self, Fact) {
        let fact = Fact::PlanDrafted {
            organization_id,
            subjects: subjects.clone(),
            sessions: sessions.clone(),
        };
        let plan = Self {
            id,
            organization_id,
            process,
            subjects,
            sessions,
            candidates: 0,
            stage: Stage::Draft,
        };
        (plan, fact)
    }

    /// Replaces the sessions of a draft, and with them its staff. The new ones do not contradict
    /// each other.
    ///
    /// # Errors
    /// When it is no draft.
    pub fn replace_sessions(&self, sessions: Vec<Session>) -> Result<Fact, Faults> {
        self.must_be_draft()?;
        Ok(Fact::SessionsReplaced { sessions })
    }
}

/// Notes when there are no subjects or too many, and which of those that could be read are there
/// twice.
pub fn check_subjects(subjects: &[Option<Subject>], faults: &mut FaultList) {
    faults.require(
        !subjects.is_empty(),
        "subjects",
        &PlanRejection::SubjectsMissing,
    );
    let limit = MOST_SUBJECTS;
    let too_many = PlanRejection::TooManySubjects { limit };
    faults.require(subjects.len() <= limit, "subjects", &too_many);
    for (index, subject) in subjects.iter().take(limit).enumerate() {
        let mut earlier = subjects[..index].iter();
        let twice = earlier.position(|earlier| subject.is_some() && earlier == subject);
        if let Some(other) = twice {
            let twice = PlanRejection::SubjectTwice { other };
            faults.add(format!("subjects[{index}]"), &twice);
        }
    }
}

/// Notes when there are no sessions or too many, and what those that could be read have of each
/// other at the same time.
pub fn check_sessions(sessions: &[Option<Session>], faults: &mut FaultList) {
    faults.require(
        !sessions.is_empty(),
        "sessions",
        &PlanRejection::SessionsMissing,
    );
    let limit = MOST_SESSIONS;
    let too_many = PlanRejection::TooManySessions { limit };
    faults.require(sessions.len() <= limit, "sessions", &too_many);
    for (index, session) in sessions.iter().take(limit).enumerate() {
        if let Some(session) = session {
            let path = format!("sessions[{index}]");
            check_together(session, &sessions[..index], &path, faults);
        }
    }
}

/// Notes what is wrong with a session in itself, of which not everything need be readable.
pub fn check_session(
    hours: Option<(Time, Time)>,
    seats: u32,
    staff: &[Option<Staff>],
    path: &str,
    faults: &mut FaultList,
) {
    faults.require(
        hours.is_none_or(|(starts_at, ends_at)| starts_at < ends_at),
        format!("{path}.ends_at"),
        &SessionRejection::EndsTooEarly,
    );
    let out_of_range = SessionRejection::SeatsOutOfRange { limit: MOST_SEATS };
    faults.require(
        (1..=MOST_SEATS).contains(&seats),
        format!("{path}.seats"),
        &out_of_range,
    );
    let too_many = SessionRejection::TooManyStaff { limit: MOST_STAFF };
    faults.require(
        staff.len() <= MOST_STAFF,
        format!("{path}.staff"),
        &too_many,
    );
    let mut seen = HashSet::new();
    for (number, staff) in staff.iter().enumerate() {
        let once = staff.as_ref().is_none_or(|staff| seen.insert(&staff.card));
        let field = format!("{path}.staff[{number}].card_number");
        faults.require(once, field, &SessionRejection::StaffTwice);
    }
}

/// What a session must not share with the earlier ones at the same time. Each room and each person
/// is told once, with the first session that has them: a hundred sessions that clash in everything
/// would else be some hundred thousand faults.
fn check_together(
    session: &Session,
    earlier: &[Option<Session>],
    path: &str,
    faults: &mut FaultList,
) {
    let numbered = earlier.iter().enumerate();
    let read = numbered.filter_map(|(other, earlier)| Some((other, earlier.as_ref()?)));
    let concurrent = read.filter(|(_, earlier)| session.overlaps(earlier));
    let same_room =
        |earlier: &Session| earlier.site == session.site && earlier.room == session.room;
    if let Some((other, _)) = concurrent.clone().find(|(_, earlier)| same_room(earlier)) {
        let taken = SessionRejection::RoomTaken { other };
        faults.add(format!("{path}.room"), &taken);
    }
    let mut busy: HashMap<&CardNumber, usize> = HashMap::new();
    for (other, earlier) in concurrent {
        for staff in &earlier.staff {
            busy.entry(&staff.card).or_insert(other);
        }
    }
    for (number, staff) in session.staff.iter().enumerate() {
        if let Some(&other) = busy.get(&staff.card) {
            let field = format!("{path}.staff[{number}].card_number");
            faults.add(field, &SessionRejection::StaffElsewhere { other });
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;
    use crate::domain::samples;
    use crate::domain::session::StaffRole;

    /// What is wrong with sessions, each in itself and all together.
    fn faults_of(sessions: Vec<Session>) -> Vec<(String, &'static str)> {
        let mut faults = FaultList::default();
        for (index, session) in sessions.iter().enumerate() {
            let hours = Some((session.starts_at, session.ends_at));
            let staff: Vec<_> = session.staff.iter().cloned().map(Some).collect();
            let path = format!("sessions[{index}]");
            check_session(hours, session.seats, &staff, &path, &mut faults);
        }
        let sessions: Vec<_> = sessions.into_iter().map(Some).collect();
        check_sessions(&sessions, &mut faults);
        let fault = |fault: &kernel::rejection::Fault| {
            (fault.field.clone().unwrap_or_default(), fault.code)
        };
        let Err(faults) = faults.finish() else {
            return Vec::new();
        };
        faults.all().iter().map(fault).collect()
    }

    #[test]
    fn a_draft_may_be_incomplete() {
        let unstaffed = Session {
            staff: Vec::new(),
            ..samples::theory()
        };
        assert_eq!(faults_of(vec![unstaffed]), []);
    }

    #[test]
    fn a_plan_says_what_when_and_where() {
        let mut faults = FaultList::default();
        check_subjects(&[], &mut faults);
        check_sessions(&[], &mut faults);
        let faults = faults.finish().expect_err("of nothing");
        assert_eq!(
            faults.codes(),
            ["PLAN_SUBJECTS_MISSING", "PLAN_SESSIONS_MISSING"]
        );
        let mut faults = FaultList::default();
        let subject = Some(samples::draft().subjects[0].clone());
        check_subjects(&vec![subject; MOST_SUBJECTS + 1], &mut faults);
        check_sessions(&vec![None; MOST_SESSIONS + 1], &mut faults);
        let codes = faults.finish().expect_err("long").codes();
        assert_eq!(codes[..2], ["PLAN_TOO_MANY_SUBJECTS", "PLAN_SUBJECT_TWICE"]);
        assert_eq!(codes.last(), Some(&"PLAN_TOO_MANY_SESSIONS"));
    }

    #[test]
    fn what_could_not_be_read_is_like_nothing_else() {
        let mut faults = FaultList::default();
        let subject = Some(samples::draft().subjects[0].clone());
        check_subjects(&[None, None, subject.clone(), subject], &mut faults);
        check_sessions(&[Some(samples::theory()), None], &mut faults);
        check_session(None, 1, &[None, None], "sessions[1]", &mut faults);
        let faults = faults.finish().expect_err("two subjects");
        assert_eq!(faults.codes(), ["PLAN_SUBJECT_TWICE"]);
        assert_eq!(faults.leading().field.as_deref(), Some("subjects[3]"));
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
        assert_eq!(faults_of(vec![first, afternoon]), [], "one after the other");
    }

    #[test]
    fn sessions_that_clash_in_everything_are_told_once_each() {
        let faults = faults_of(vec![samples::theory(); MOST_SESSIONS]);
        let of_each = 1 + samples::theory().staff.len();
        assert_eq!(faults.len(), (MOST_SESSIONS - 1) * of_each);
    }

    #[test]
    fn sessions_are_replaced_in_a_draft_alone() {
        let mut plan = samples::draft();
        let fact = plan
            .replace_sessions(vec![samples::theory()])
            .expect("a draft");
        plan.apply(&fact);
        assert_eq!(plan.sessions.len(), 1);
        let reported = samples::reported();
        let codes = reported
            .replace_sessions(plan.sessions)
            .expect_err("reported")
            .codes();
        assert_eq!(codes, ["PLAN_NOT_DRAFT"]);
    }
}
