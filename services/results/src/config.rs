//! Settings of this service. What each means and where it comes from stands in
//! `config.default.toml`.

use std::path::PathBuf;

use platform::config::{Mode, Sections};
use serde::Deserialize;

use crate::domain::batch::ProvinceFiledReview;

/// The sections of this service.
#[derive(Debug, Clone, Deserialize)]
pub struct Config {
    /// `[rules]`
    pub rules: Rules,
    /// `[printing]`
    pub printing: Printing,
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

/// What is printed with, and the addresses on what is printed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Printing {
    /// Where the fonts lie.
    pub fonts: PathBuf,
    /// Where anybody checks a certificate of the province.
    pub public_query: String,
    /// 证书信息查询网址 of the nation.
    pub certificate_query: String,
    /// 评价机构信息查询网址 of the nation.
    pub organization_query: String,
}

/// Longer addresses would make a QR code that is hard to read off paper.
const LONGEST_ADDRESS: usize = 100;

impl Printing {
    fn problem(&self, mode: Mode) -> Option<&'static str> {
        let address = self.public_query.as_str();
        let is_web = ["https://", "http://"]
            .iter()
            .any(|it| address.starts_with(it));
        if !is_web || address.len() > LONGEST_ADDRESS || address.contains(char::is_whitespace) {
            return Some(
                "the web address of the public query, up to 100 characters: QR codes of certificates lead there",
            );
        }
        let is_safe = mode != Mode::Production || address.starts_with("https://");
        (!is_safe).then_some("https, since it is printed on certificates")
    }
}

impl Sections for Config {
    const KEEPS_PERSONAL_DATA: bool = true;

    fn problems(&self, mode: Mode) -> Vec<String> {
        let possible = (1..=100).contains(&self.rules.pass_mark);
        let mark = (!possible).then(|| "rules.pass_mark: from 1 to 100".to_owned());
        let address = self.printing.problem(mode);
        let address = address.map(|problem| format!("printing.public_query: {problem}"));
        mark.into_iter().chain(address).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(pass_mark: u8, public_query: &str) -> Config {
        Config {
            rules: Rules {
                pass_mark,
                province_filed_review: ProvinceFiledReview::Province,
            },
            printing: Printing {
                fonts: PathBuf::new(),
                public_query: public_query.to_owned(),
                certificate_query: String::new(),
                organization_query: String::new(),
            },
        }
    }

    #[test]
    fn a_mark_that_everybody_or_nobody_reaches_is_no_setting() {
        for pass_mark in [0, 101] {
            let problems = config(pass_mark, "http://query").problems(Mode::Test);
            assert_eq!(problems, ["rules.pass_mark: from 1 to 100"]);
        }
    }

    #[test]
    fn certificates_lead_to_an_address_of_the_web_and_in_production_a_safe_one() {
        let problems = |address: &str, mode| config(60, address).problems(mode).len();
        for address in [
            "",
            "query.example",
            "https://a b",
            &format!("https://{}", "a".repeat(100)),
        ] {
            assert_eq!(problems(address, Mode::Test), 1, "{address}");
        }
        assert_eq!(problems("http://127.0.0.1:1", Mode::Demo), 0);
        assert_eq!(problems("http://query.example", Mode::Production), 1);
        assert_eq!(problems("https://query.example", Mode::Production), 0);
    }
}
