//! Settings of this service. What each means and where it comes from stands in
//! `config.default.toml`.

use kernel::public_notice::DEFAULT_MINIMUM_DAYS;
use platform::config::{Mode, Sections};
use serde::Deserialize;

use crate::domain::batch::ProvinceFiledReview;

/// The sections of this service.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Config {
    /// `[rules]`
    pub rules: Rules,
}

/// Rules that are settings.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Points that pass a part.
    pub pass_mark: u8,
    /// Working days of a public notice of results.
    pub notice_working_days: u8,
    /// Who reviews first what province-filed organisations upload.
    pub province_filed_review: ProvinceFiledReview,
}

impl Sections for Config {
    const KEEPS_PERSONAL_DATA: bool = true;

    fn problems(&self, _mode: Mode) -> Vec<String> {
        let rules = self.rules;
        let checks = [
            (
                (1..=100).contains(&rules.pass_mark),
                "rules.pass_mark: from 1 to 100".to_owned(),
            ),
            (
                rules.notice_working_days >= DEFAULT_MINIMUM_DAYS,
                format!("rules.notice_working_days: at least {DEFAULT_MINIMUM_DAYS} (notice 4.3)"),
            ),
        ];
        checks
            .into_iter()
            .filter(|(holds, _)| !holds)
            .map(|(_, problem)| problem)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_shorter_than_the_rule_is_no_setting() {
        let rules = Rules {
            pass_mark: 60,
            notice_working_days: 4,
            province_filed_review: ProvinceFiledReview::Province,
        };
        let problems = Config { rules }.problems(Mode::Test);
        assert_eq!(
            problems,
            ["rules.notice_working_days: at least 5 (notice 4.3)"]
        );
    }
}
