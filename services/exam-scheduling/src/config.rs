//! The service's own settings; `config.default.toml` says what each is and where it is from.

use platform::config::{Mode, Sections};

use crate::domain::rules::Rules;

impl Sections for Rules {
    fn problems(&self, _mode: Mode) -> Vec<String> {
        let staffing = &self.staffing;
        let checks = [
            (self.plan.minimum_age >= 0, "plan.minimum_age: not below 0"),
            (
                staffing.theory_candidates_per_invigilator > 0,
                "staffing.theory_candidates_per_invigilator: at least 1",
            ),
            (
                staffing.skill_candidates_per_examiner > 0,
                "staffing.skill_candidates_per_examiner: at least 1",
            ),
        ];
        let failed = checks.into_iter().filter(|(holds, _)| !holds);
        failed.map(|(_, problem)| problem.to_owned()).collect()
    }
}
