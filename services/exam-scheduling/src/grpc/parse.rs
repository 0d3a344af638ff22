//! Subjects, sessions and staff as requests write them. Ids and salts are given here, where a
//! request becomes values; everything later takes them as they are.
//!
//! What contradicts itself is told together with what cannot be read. Of a list that is too long, no
//! more is read than it takes to refuse it: a million empty entries would be several million faults.

use jiff::civil::Time;
use kernel::card_number::CardNumber;
use kernel::division::DivisionCode;
use kernel::ids::SessionId;
use kernel::person_name::PersonName;
use kernel::rejection::FaultList;
use platform::contract::{FieldRejection, date, level, line, occupation};
use proto::exam::v1 as contract;
use uuid::Uuid;

use crate::domain::avoidance::Avoidance;
use crate::domain::canonical::Salt;
use crate::domain::draft::{
    MOST_SESSIONS, MOST_STAFF, MOST_SUBJECTS, check_session, check_sessions, check_subjects,
};
use crate::domain::plan::Subject;
use crate::domain::rejection::SessionRejection;
use crate::domain::session::{ExamPart, Session, Staff, StaffRole};

/// Longest name of a trade, a site or a room.
const NAME: usize = 100;

/// A salt nobody can guess.
pub(super) fn fresh_salt() -> Salt {
    Salt::from_bytes(rand::random())
}

/// The subjects of a request; faults go to the list.
pub(super) fn subjects(given: &[contract::PlanSubject], faults: &mut FaultList) -> Vec<Subject> {
    let read = |(index, subject): (usize, &contract::PlanSubject)| {
        let at = |field: &str| format!("subjects[{index}].{field}");
        let occupation = faults.take(at("occupation"), occupation(subject.occupation.as_ref()));
        let trade = faults.take(at("trade"), optional(&subject.trade, NAME));
        let level = faults.take(at("level"), level(subject.level));
        Some(Subject {
            occupation: occupation?,
            trade: trade?,
            level: level?,
        })
    };
    let given = given.iter().take(MOST_SUBJECTS + 1);
    let subjects: Vec<_> = given.enumerate().map(read).collect();
    check_subjects(&subjects, faults);
    subjects.into_iter().flatten().collect()
}

/// A line that may be left out.
pub(super) fn optional(given: &str, limit: usize) -> Result<String, FieldRejection> {
    if given.trim().is_empty() {
        Ok(String::new())
    } else {
        line(given, limit)
    }
}

/// The sessions of a request; faults go to the list.
pub(super) fn sessions(given: &[contract::ExamSession], faults: &mut FaultList) -> Vec<Session> {
    let read = |(index, given)| session(&format!("sessions[{index}]"), given, faults);
    let given = given.iter().take(MOST_SESSIONS + 1);
    let sessions: Vec<_> = given.enumerate().map(read).collect();
    check_sessions(&sessions, faults);
    sessions.into_iter().flatten().collect()
}

fn session(path: &str, given: &contract::ExamSession, faults: &mut FaultList) -> Option<Session> {
    let part = faults.take(format!("{path}.part"), part(given.part()));
    let held_on = faults.take(format!("{path}.held_on"), date(&given.held_on));
    let starts_at = faults.take(format!("{path}.starts_at"), time(&given.starts_at));
    let ends_at = faults.take(format!("{path}.ends_at"), time(&given.ends_at));
    let site = faults.take(format!("{path}.site"), line(&given.site, NAME));
    let room = faults.take(format!("{path}.room"), line(&given.room, NAME));
    let division = DivisionCode::parse(&given.division_code);
    let division = faults.take(format!("{path}.division_code"), division);
    let read = |(index, given)| staff(&format!("{path}.staff[{index}]"), given, faults);
    let given_staff = given.staff.iter().take(MOST_STAFF + 1);
    let staff: Vec<_> = given_staff.enumerate().map(read).collect();
    let hours = starts_at.zip(ends_at);
    check_session(hours, given.seats, &staff, path, faults);
    Some(Session {
        id: SessionId::from_uuid(Uuid::now_v7()),
        part: part?,
        held_on: held_on?,
        starts_at: starts_at?,
        ends_at: ends_at?,
        site: site?,
        room: room?,
        seats: given.seats,
        division: division?,
        staff: staff.into_iter().flatten().collect(),
        prepared: false,
        completed: false,
    })
}

/// A member of staff of a request; faults go to the list.
pub(super) fn staff(
    path: &str,
    given: &contract::SessionStaff,
    faults: &mut FaultList,
) -> Option<Staff> {
    let role = faults.take(format!("{path}.role"), role(given.role()));
    let card = faults.take(
        format!("{path}.card_number"),
        CardNumber::parse(&given.card_number),
    );
    let name = faults.take(format!("{path}.name"), PersonName::parse(&given.name));
    Some(Staff {
        id: Uuid::now_v7(),
        role: role?,
        card: card?,
        name: name?,
        salt: fresh_salt(),
        avoidance: given.avoidance.as_ref().map(|declared| Avoidance {
            // No plan has more subjects, and one that it has not is refused when it is reported.
            taught: declared
                .taught_subjects
                .iter()
                .copied()
                .take(MOST_SUBJECTS)
                .collect(),
            relative: declared.relative_on_roster,
        }),
    })
}

fn part(given: contract::ExamPart) -> Result<ExamPart, SessionRejection> {
    match given {
        contract::ExamPart::Unspecified => Err(SessionRejection::PartUnknown),
        contract::ExamPart::Theory => Ok(ExamPart::Theory),
        contract::ExamPart::Skill => Ok(ExamPart::Skill),
        contract::ExamPart::Review => Ok(ExamPart::Review),
    }
}

fn role(given: contract::StaffRole) -> Result<StaffRole, SessionRejection> {
    match given {
        contract::StaffRole::Unspecified => Err(SessionRejection::StaffRoleUnknown),
        contract::StaffRole::Invigilator => Ok(StaffRole::Invigilator),
        contract::StaffRole::Examiner => Ok(StaffRole::Examiner),
        contract::StaffRole::QualitySupervisor => Ok(StaffRole::QualitySupervisor),
    }
}

/// jiff reads more forms than the contract has.
pub(super) fn time(given: &str) -> Result<Time, SessionRejection> {
    let shaped = given.len() == 5 && given.as_bytes()[2] == b':';
    let read = if shaped { given.parse().ok() } else { None };
    read.ok_or(SessionRejection::TimeMalformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(faults: FaultList) -> Vec<(String, &'static str)> {
        let faults = faults.finish().expect_err("refused");
        let fault = |fault: &kernel::rejection::Fault| {
            (fault.field.clone().unwrap_or_default(), fault.code)
        };
        faults.all().iter().map(fault).collect()
    }

    #[test]
    fn an_empty_session_is_told_all_its_faults_at_once() {
        let mut faults = FaultList::default();
        let staff = vec![contract::SessionStaff::default()];
        let empty = contract::ExamSession {
            staff,
            ..contract::ExamSession::default()
        };
        assert!(sessions(&[empty], &mut faults).is_empty());
        let expected = [
            ("sessions[0].part", "EXAM_PART_UNKNOWN"),
            ("sessions[0].held_on", "DATE_MALFORMED"),
            ("sessions[0].starts_at", "SESSION_TIME_MALFORMED"),
            ("sessions[0].ends_at", "SESSION_TIME_MALFORMED"),
            ("sessions[0].site", "FIELD_REQUIRED"),
            ("sessions[0].room", "FIELD_REQUIRED"),
            ("sessions[0].division_code", "DIVISION_CODE_LENGTH"),
            ("sessions[0].staff[0].role", "STAFF_ROLE_UNKNOWN"),
            ("sessions[0].staff[0].card_number", "CARD_NUMBER_SHAPE"),
            ("sessions[0].staff[0].name", "PERSON_NAME_EMPTY"),
            ("sessions[0].seats", "SESSION_SEATS_OUT_OF_RANGE"),
        ];
        assert_eq!(
            fields(faults),
            expected.map(|(field, code)| (field.to_owned(), code))
        );
    }

    #[test]
    fn of_a_list_that_is_far_too_long_no_more_is_read_than_it_takes_to_refuse_it() {
        let mut faults = FaultList::default();
        sessions(&vec![contract::ExamSession::default(); 50_000], &mut faults);
        subjects(&vec![contract::PlanSubject::default(); 50_000], &mut faults);
        let staffed = contract::ExamSession {
            staff: vec![contract::SessionStaff::default(); 50_000],
            ..contract::ExamSession::default()
        };
        sessions(&[staffed], &mut faults);
        let found = fields(faults);
        for code in ["PLAN_TOO_MANY_SESSIONS", "PLAN_TOO_MANY_SUBJECTS"] {
            assert!(found.iter().any(|(_, told)| *told == code));
        }
        assert!(found.len() < 1000, "{}", found.len());
    }

    #[test]
    fn an_empty_subject_is_told_all_its_faults_at_once() {
        let mut faults = FaultList::default();
        assert!(subjects(&[contract::PlanSubject::default()], &mut faults).is_empty());
        let expected = [
            ("subjects[0].occupation", "OCCUPATION_REFERENCE"),
            ("subjects[0].level", "LEVEL_UNKNOWN"),
        ];
        assert_eq!(
            fields(faults),
            expected.map(|(field, code)| (field.to_owned(), code))
        );
    }

    #[test]
    fn a_time_of_day_has_two_digits_each() {
        for (typed, read) in [
            ("09:00", true),
            ("24:00", false),
            ("9:00", false),
            ("T0900", false),
            ("09:60", false),
        ] {
            assert_eq!(time(typed).is_ok(), read, "{typed}");
        }
    }
}
