//! The service's own settings; `config.default.toml` says what each is and where it is from.

use platform::config::{Mode, Sections};

use crate::domain::rules::Rules;

impl Sections for Rules {
    fn problems(&self, _mode: Mode) -> Vec<String> {
        let staffing = &self.staffing;
        let checks = [
            (self.plan.minimum_age >= 0, "plan.minimum_age: not below 0"),
            (
                (1..=100).contains(&self.conduct.ban_years),
                "conduct.ban_years: from 1 to 100",
            ),
            (
                staffing.theory_candidates_per_invigilator > 0,
                "staffing.theory_candidates_per_invigilator: at least 1",
            ),
            (
                staffing.skill_candidates_per_examiner > 0,
                "staffing.skill_candidates_per_examiner: at least 1",
            ),
        ];
        let mut exceptions = staffing.exceptions.iter();
        let exceptions = (
            exceptions.all(|exception| exception.candidates_per_person != Some(0)),
            "staffing.exceptions: at least 1 candidate for each person",
        );
        let checks = checks.into_iter().chain([exceptions]);
        let failed = checks.filter(|(holds, _)| !holds);
        failed.map(|(_, problem)| problem.to_owned()).collect()
    }
}
