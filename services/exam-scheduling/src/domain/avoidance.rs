//! Avoidance (回避): nobody works at an exam of relatives, and no examiner judges a class that he or
//! she taught.
//!
//! Only the person knows, so the person declares it for the plan. Who sits in which session is not
//! planned, so a relative anywhere on the roster excludes from all of the plan, and a class that was
//! taught is a subject of it: the examiner is not asked about for that subject, and so does not count
//! as one who may examine it ([`Plan::staff_to_ask`]).

use std::collections::BTreeSet;

use kernel::rejection::FaultList;

use super::plan::Plan;
use super::rejection::StaffRejection;
use super::session::{Staff, StaffRole};

/// What a member of staff declared about the candidates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Avoidance {
    /// Positions of the subjects whose candidates the person taught.
    pub taught: BTreeSet<u32>,
    /// Whether a relative is on the roster.
    pub relative: bool,
}

impl Staff {
    /// Whether the person taught the candidates of a subject.
    pub(super) fn taught(&self, subject: usize) -> bool {
        let of = |avoidance: &Avoidance| {
            u32::try_from(subject).is_ok_and(|subject| avoidance.taught.contains(&subject))
        };
        self.avoidance.as_ref().is_some_and(of)
    }
}

impl Plan {
    /// Notes who declared nothing, and who is excluded by what was declared.
    pub(super) fn check_avoidance(&self, faults: &mut FaultList) {
        for (index, session) in self.sessions.iter().enumerate() {
            for (position, staff) in session.staff.iter().enumerate() {
                let field = format!("sessions[{index}].staff[{position}].avoidance");
                self.check_declaration(staff, &field, faults);
            }
        }
    }

    /// Notes what is wrong with what one member of staff declared.
    pub(super) fn check_declaration(&self, staff: &Staff, field: &str, faults: &mut FaultList) {
        let Some(avoidance) = &staff.avoidance else {
            faults.add(field, &StaffRejection::Undeclared);
            return;
        };
        faults.require(!avoidance.relative, field, &StaffRejection::Related);
        let subjects = self.subjects.len();
        let known = |&position: &u32| usize::try_from(position).is_ok_and(|at| at < subjects);
        let unknown = StaffRejection::TaughtUnknown { subjects };
        faults.require(avoidance.taught.iter().all(known), field, &unknown);
        let all = (0..subjects).all(|subject| staff.taught(subject));
        let excluded = staff.role == StaffRole::Examiner && all;
        faults.require(!excluded, field, &StaffRejection::TaughtAll);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::samples;

    fn codes(role: StaffRole, avoidance: impl Into<Option<Avoidance>>) -> Vec<&'static str> {
        let staff = Staff {
            avoidance: avoidance.into(),
            ..samples::staff(role, 1)
        };
        let mut faults = FaultList::default();
        samples::draft().check_declaration(&staff, "avoidance", &mut faults);
        faults
            .finish()
            .map_or_else(|faults| faults.codes(), |()| Vec::new())
    }

    fn taught(subjects: impl IntoIterator<Item = u32>) -> Avoidance {
        Avoidance {
            taught: subjects.into_iter().collect(),
            relative: false,
        }
    }

    #[test]
    fn everybody_declares_and_relatives_are_excluded() {
        let relative = Avoidance {
            relative: true,
            ..Avoidance::default()
        };
        for role in StaffRole::ALL {
            assert_eq!(codes(role, None), ["STAFF_AVOIDANCE_UNDECLARED"]);
            assert_eq!(codes(role, relative.clone()), ["STAFF_RELATED"]);
            assert!(codes(role, Avoidance::default()).is_empty());
        }
    }

    #[test]
    fn who_taught_all_classes_examines_none_and_may_still_watch() {
        let examiner = StaffRole::Examiner;
        assert!(codes(examiner, taught([1])).is_empty());
        assert_eq!(codes(examiner, taught([0, 1])), ["STAFF_TAUGHT_ALL"]);
        assert!(codes(StaffRole::Invigilator, taught([0, 1])).is_empty());
        assert_eq!(codes(examiner, taught([2])), ["STAFF_TAUGHT_UNKNOWN"]);
    }

    #[test]
    fn a_class_needs_an_examiner_who_did_not_teach_it() {
        let mut plan = samples::draft();
        let asked = plan.staff_to_ask().len();
        plan.sessions[1].staff[0].avoidance = Some(taught([0]));
        assert_eq!(plan.staff_to_ask().len(), asked - 1);
    }
}
