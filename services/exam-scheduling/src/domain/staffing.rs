//! How many people a session needs (监考人员、考评人员与考生配比, national standards 1.9.3).
//!
//! Which candidate sits in which of several sessions of a part is not planned, so a session has to
//! be staffed for as many as may come: its seats, or the whole roster where that is smaller.

use kernel::rejection::FaultList;
use serde::Deserialize;

use super::rejection::PlanRejection;
use super::session::{ExamPart, Session, StaffRole};

/// `[staffing]` of the settings, where each number has its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffingRules {
    /// Theory: invigilators in a room, at least.
    pub theory_invigilators: u32,
    /// Theory: candidates for each invigilator, at most.
    pub theory_candidates_per_invigilator: u32,
    /// Skill: examiners in a session, at least.
    pub skill_examiners: u32,
    /// Skill: candidates for each examiner, at most.
    pub skill_candidates_per_examiner: u32,
    /// Comprehensive review: examiners in a session, at least.
    pub review_examiners: u32,
    /// Whether panels of examiners have an odd number.
    pub odd_panels: bool,
}

impl StaffingRules {
    /// Notes what the staff of a session lacks for a roster of so many.
    pub(super) fn check(
        &self,
        session: &Session,
        candidates: u32,
        field: &str,
        faults: &mut FaultList,
    ) {
        let expected = candidates.min(session.seats);
        match session.part {
            ExamPart::Theory => {
                let ratio = expected.div_ceil(self.theory_candidates_per_invigilator);
                let needed = ratio.max(self.theory_invigilators);
                let given = session.staff_as(StaffRole::Invigilator);
                let too_few = PlanRejection::TooFewInvigilators { needed, given };
                faults.require(given >= needed, field, &too_few);
            }
            ExamPart::Skill => {
                let ratio = expected.div_ceil(self.skill_candidates_per_examiner);
                self.check_panel(session, ratio.max(self.skill_examiners), field, faults);
            }
            ExamPart::Review => self.check_panel(session, self.review_examiners, field, faults),
        }
    }

    fn check_panel(&self, session: &Session, needed: u32, field: &str, faults: &mut FaultList) {
        let needed = if self.odd_panels { needed | 1 } else { needed };
        let given = session.staff_as(StaffRole::Examiner);
        if given < needed {
            faults.add(field, &PlanRejection::TooFewExaminers { needed, given });
        } else if self.odd_panels && given.is_multiple_of(2) {
            faults.add(field, &PlanRejection::ExaminersEven { given });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::samples;

    fn faults_of(session: &Session, candidates: u32) -> Vec<&'static str> {
        let mut faults = FaultList::default();
        samples::rules()
            .staffing
            .check(session, candidates, "staff", &mut faults);
        faults
            .finish()
            .map_or_else(|faults| faults.codes(), |()| Vec::new())
    }

    fn with_staff(session: Session, role: StaffRole, count: u32) -> Session {
        let staff = (0..count)
            .map(|number| samples::staff(role, 100 + number))
            .collect();
        Session { staff, ..session }
    }

    #[test]
    fn a_theory_room_has_two_invigilators_and_one_for_every_fifteen() {
        for (candidates, invigilators, refused) in [
            (1, 1, true),
            (1, 2, false),
            (30, 2, false),
            (31, 2, true),
            (31, 3, false),
            (45, 3, false),
        ] {
            let room = Session {
                seats: 60,
                ..samples::theory()
            };
            let room = with_staff(room, StaffRole::Invigilator, invigilators);
            let codes = faults_of(&room, candidates);
            assert_eq!(
                codes == ["SESSION_TOO_FEW_INVIGILATORS"],
                refused,
                "{candidates} {codes:?}"
            );
        }
    }

    #[test]
    fn a_panel_has_three_examiners_one_for_every_five_and_an_odd_number() {
        for (candidates, examiners, code) in [
            (1, 2, Some("SESSION_TOO_FEW_EXAMINERS")),
            (1, 3, None),
            (15, 3, None),
            (15, 4, Some("SESSION_EXAMINERS_EVEN")),
            (16, 4, Some("SESSION_TOO_FEW_EXAMINERS")),
            (16, 5, None),
            (30, 6, Some("SESSION_TOO_FEW_EXAMINERS")),
            (30, 7, None),
        ] {
            let room = Session {
                seats: 60,
                ..samples::skill()
            };
            let codes = faults_of(
                &with_staff(room, StaffRole::Examiner, examiners),
                candidates,
            );
            assert_eq!(codes.first().copied(), code, "{candidates} by {examiners}");
        }
    }

    #[test]
    fn a_review_has_three_examiners_whatever_the_number_of_candidates() {
        let room = Session {
            part: ExamPart::Review,
            seats: 60,
            ..samples::skill()
        };
        let panel = |count| with_staff(room.clone(), StaffRole::Examiner, count);
        assert_eq!(faults_of(&panel(2), 60), ["SESSION_TOO_FEW_EXAMINERS"]);
        assert!(faults_of(&panel(3), 60).is_empty());
    }

    #[test]
    fn a_small_room_is_staffed_for_its_seats_and_not_for_the_roster() {
        let room = Session {
            seats: 10,
            ..samples::skill()
        };
        assert!(faults_of(&with_staff(room, StaffRole::Examiner, 3), 300).is_empty());
    }
}
