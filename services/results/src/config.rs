//! Settings of this service. What each means and where it comes from stands in
//! `config.default.toml`.

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
    /// Who reviews first what province-filed organisations upload.
    pub province_filed_review: ProvinceFiledReview,
}

impl Sections for Config {
    const KEEPS_PERSONAL_DATA: bool = true;

    fn problems(&self, _mode: Mode) -> Vec<String> {
        let possible = (1..=100).contains(&self.rules.pass_mark);
        let problem = (!possible).then(|| "rules.pass_mark: from 1 to 100".to_owned());
        problem.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_that_everybody_or_nobody_reaches_is_no_setting() {
        for pass_mark in [0, 101] {
            let rules = Rules {
                pass_mark,
                province_filed_review: ProvinceFiledReview::Province,
            };
            let problems = Config { rules }.problems(Mode::Test);
            assert_eq!(problems, ["rules.pass_mark: from 1 to 100"]);
        }
    }
}
