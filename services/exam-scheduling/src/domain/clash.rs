//! Who and what is taken already, over all plans of the province, and who ought to be relieved.
//!
//! No person and no room is in two places at once; nor is a candidate who has but one session of a
//! part to go to. What the other plans hold is found in the database, where a constraint keeps what
//! is judged here also against plans that are reported at the same moment.

use std::collections::{HashMap, HashSet};

use kernel::ids::SessionId;
use kernel::rejection::FaultList;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::plan::Plan;
use super::rejection::VenueRejection;
use super::session::StaffRole;

/// What other plans have at the hours of this one, and what its staff did before.
#[derive(Debug, Default)]
pub struct Elsewhere {
    /// Sessions whose room is taken.
    pub rooms: HashSet<SessionId>,
    /// Staff who are in another place.
    pub staff: HashSet<Uuid>,
    /// How many candidates are in another place.
    pub candidates: u32,
    /// How many exams of this organisation each of the staff has worked at in a row.
    pub in_a_row: HashMap<Uuid, u32>,
}

/// Something that does not stand in the way of a plan, but should be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Warning {
    /// An examiner has worked at too many exams of the organisation in a row (轮换).
    StaffNotRotated {
        /// Position of the session.
        session: usize,
        /// Position in its staff.
        staff: usize,
        /// So many exams before this one.
        times: u32,
    },
}

impl Plan {
    /// Notes what other plans have at the same time.
    pub(super) fn check_elsewhere(&self, elsewhere: &Elsewhere, faults: &mut FaultList) {
        for (index, session) in self.sessions.iter().enumerate() {
            let free = !elsewhere.rooms.contains(&session.id);
            let field = format!("sessions[{index}].room");
            faults.require(free, field, &VenueRejection::RoomTaken);
            for (position, staff) in session.staff.iter().enumerate() {
                let free = !elsewhere.staff.contains(&staff.id);
                let field = format!("sessions[{index}].staff[{position}]");
                faults.require(free, field, &VenueRejection::StaffTaken);
            }
        }
        let count = elsewhere.candidates;
        let taken = VenueRejection::CandidatesTaken { count };
        faults.require(count == 0, "candidates", &taken);
    }

    /// Examiners who worked at so many exams of the organisation in a row that another one ought to
    /// take a turn. A rule that is warned about and not enforced.
    pub(super) fn not_rotated(&self, elsewhere: &Elsewhere, most: u32) -> Vec<Warning> {
        let sessions = self.sessions.iter().enumerate();
        let staff = sessions.flat_map(|(session, it)| {
            let staff = it.staff.iter().enumerate();
            staff.map(move |(position, staff)| (session, position, staff))
        });
        let examiners = staff.filter(|(.., staff)| staff.role == StaffRole::Examiner);
        let warned = examiners.filter_map(|(session, position, staff)| {
            let times = *elsewhere.in_a_row.get(&staff.id)?;
            (times >= most).then_some(Warning::StaffNotRotated {
                session,
                staff: position,
                times,
            })
        });
        warned.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::samples;

    #[test]
    fn a_room_a_person_and_candidates_in_another_place_are_told_each_at_its_field() {
        let plan = samples::draft();
        let elsewhere = Elsewhere {
            rooms: [plan.sessions[1].id].into(),
            staff: [plan.sessions[0].staff[1].id].into(),
            candidates: 3,
            ..Elsewhere::default()
        };
        let mut faults = FaultList::default();
        plan.check_elsewhere(&elsewhere, &mut faults);
        let faults = faults.finish().expect_err("three are taken");
        assert_eq!(
            faults.codes(),
            [
                "PLAN_STAFF_TAKEN",
                "PLAN_ROOM_TAKEN",
                "PLAN_CANDIDATES_TAKEN"
            ]
        );
        let fields: Vec<_> = faults.all().iter().map(|fault| &fault.field).collect();
        assert_eq!(fields[0].as_deref(), Some("sessions[0].staff[1]"));
        assert_eq!(fields[1].as_deref(), Some("sessions[1].room"));
    }

    #[test]
    fn examiners_are_warned_about_after_three_exams_in_a_row_and_nobody_else_is() {
        let plan = samples::draft();
        let in_a_row = |times| {
            let staff = plan.sessions.iter().flat_map(|session| &session.staff);
            Elsewhere {
                in_a_row: staff.map(|staff| (staff.id, times)).collect(),
                ..Elsewhere::default()
            }
        };
        assert!(plan.not_rotated(&in_a_row(2), 3).is_empty());
        let warned = plan.not_rotated(&in_a_row(3), 3);
        assert_eq!(warned.len(), plan.sessions[1].staff.len());
        assert_eq!(
            warned[0],
            Warning::StaffNotRotated {
                session: 1,
                staff: 0,
                times: 3
            }
        );
    }
}
