//! How many people a session needs (监考人员、考评人员与考生配比, national standards 1.9.3).
//!
//! Which candidate sits in which of several sessions of a part is not planned, so a session has to
//! be staffed for as many as may come: its seats, or the whole roster where that is smaller.

use kernel::level::Level;
use kernel::occupation::OccupationRef;
use kernel::rejection::FaultList;
use serde::Deserialize;

use super::plan::Subject;
use super::rejection::PlanRejection;
use super::session::{ExamPart, Session, StaffRole};

/// `[staffing]` of the settings, where each number has its source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
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
    /// What the standards of single occupations say otherwise.
    pub exceptions: Vec<StaffingException>,
}

/// Another ratio for an occupation, a level, or one level of an occupation, in one part.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffingException {
    /// The occupation, such as `2015:6-31-01-03`; every one where it is left out.
    pub occupation: Option<OccupationRef>,
    /// The level; every one where it is left out.
    pub level: Option<Level>,
    /// The part.
    pub part: ExamPart,
    /// Invigilators (theory) or examiners (skill, review) in a session, at least.
    pub least: u32,
    /// Candidates for each of them, at most; any number where it is left out.
    pub candidates_per_person: Option<u32>,
}

impl StaffingException {
    fn covers(&self, subject: &Subject, part: ExamPart) -> bool {
        self.part == part
            && self.occupation.is_none_or(|it| it == subject.occupation)
            && self.level.is_none_or(|it| it == subject.level)
    }

    /// What names an occupation outweighs what names a level alone.
    fn weight(&self) -> (bool, bool) {
        (self.occupation.is_some(), self.level.is_some())
    }

    fn needed(&self, expected: u32) -> u32 {
        let ratio = self.candidates_per_person.unwrap_or(u32::MAX);
        expected.div_ceil(ratio).max(self.least)
    }
}

impl StaffingRules {
    /// Notes what the staff of a session lacks for a roster of so many.
    pub(super) fn check(
        &self,
        session: &Session,
        subjects: &[Subject],
        candidates: u32,
        field: &str,
        faults: &mut FaultList,
    ) {
        let expected = candidates.min(session.seats);
        let needed = subjects.iter();
        let needed = needed.map(|subject| self.needed(session.part, subject, expected));
        let needed = needed.max().unwrap_or_default();
        match session.part {
            ExamPart::Theory => {
                let given = session.staff_as(StaffRole::Invigilator);
                let too_few = PlanRejection::TooFewInvigilators { needed, given };
                faults.require(given >= needed, field, &too_few);
            }
            ExamPart::Skill | ExamPart::Review => self.check_panel(session, needed, field, faults),
        }
    }

    /// How many people a part takes for a subject. Candidates of several subjects sit together, so a
    /// session goes by the one that takes most.
    fn needed(&self, part: ExamPart, subject: &Subject, expected: u32) -> u32 {
        let exceptions = self.exceptions.iter();
        let of_subject = exceptions.filter(|exception| exception.covers(subject, part));
        if let Some(exception) = of_subject.max_by_key(|exception| exception.weight()) {
            return exception.needed(expected);
        }
        match part {
            ExamPart::Theory => expected
                .div_ceil(self.theory_candidates_per_invigilator)
                .max(self.theory_invigilators),
            ExamPart::Skill => expected
                .div_ceil(self.skill_candidates_per_examiner)
                .max(self.skill_examiners),
            ExamPart::Review => self.review_examiners,
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
        faults_by(&samples::rules().staffing, session, candidates)
    }

    fn faults_by(rules: &StaffingRules, session: &Session, candidates: u32) -> Vec<&'static str> {
        let mut faults = FaultList::default();
        let subjects = samples::draft().subjects;
        rules.check(session, &subjects, candidates, "staff", &mut faults);
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
    fn an_occupation_or_a_level_may_have_a_ratio_of_its_own() {
        let room = Session {
            seats: 60,
            ..samples::skill()
        };
        let room = with_staff(room, StaffRole::Examiner, 3);
        let one_in_three = StaffingException {
            occupation: None,
            level: Some(Level::Four),
            part: ExamPart::Skill,
            least: 3,
            candidates_per_person: Some(3),
        };
        let mut rules = samples::rules().staffing;
        rules.exceptions.push(one_in_three.clone());
        let few = ["SESSION_TOO_FEW_EXAMINERS"];
        assert!(faults_by(&rules, &room, 9).is_empty());
        assert_eq!(faults_by(&rules, &room, 10), few, "the stricter level");
        rules.exceptions.push(StaffingException {
            occupation: Some(samples::draft().subjects[0].occupation),
            level: None,
            candidates_per_person: Some(20),
            ..one_in_three
        });
        assert!(
            faults_by(&rules, &room, 60).is_empty(),
            "it is the closer one"
        );
        rules.exceptions[1].part = ExamPart::Review;
        assert_eq!(faults_by(&rules, &room, 10), few, "of another part");
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
