//! The conditions under which somebody may be examined (申报条件), as data.
//!
//! A level has several rules, of which one is enough; a candidate claims one of them and pledges
//! that it is true. Rules are those of the occupation's standard where the province centre has
//! entered them ([`Standard`]), and else those of the template in force (`data/eligibility.toml`).
//!
//! - [`claim`]: what a candidate says; [`judge`]: whether it is enough
//! - [`register`]: what our own register of certificates says of it
//! - [`setting`]: the province centre enters the rules of a standard

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::civil::Date;
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use serde::{Deserialize, Serialize};

use claim::{Education, TitleRank};

pub mod claim;
pub mod judge;
pub mod register;
pub mod rejection;
pub mod setting;

/// A rule: whoever meets all that it asks for may be examined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Identifies it within its version.
    pub id: String,
    /// The rule in Chinese.
    pub chinese: String,
    /// The rule in English.
    pub english: String,
    /// Age in full years.
    #[serde(default)]
    pub age: u8,
    /// Full years of work in the same or a related occupation.
    #[serde(default)]
    pub work_years: u8,
    /// A completed apprenticeship.
    #[serde(default)]
    pub apprenticeship: bool,
    /// A certificate.
    pub certificate: Option<CertificateNeed>,
    /// A school.
    pub schooling: Option<SchoolingNeed>,
    /// A professional title.
    pub title: Option<TitleNeed>,
}

/// A certificate that a rule asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateNeed {
    /// At this level or a higher one.
    pub level: Level,
    /// Held for so many full years.
    #[serde(default)]
    pub years: u8,
}

/// Schools that a rule asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchoolingNeed {
    /// Any of these.
    pub any_of: BTreeSet<Education>,
    /// Finished for so many full years.
    #[serde(default)]
    pub years: u8,
    /// Whether those in their last year count as finished (含在读应届毕业生).
    #[serde(default = "yes")]
    pub final_year: bool,
}

/// A title that a rule asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TitleNeed {
    /// Of this rank or a higher one.
    pub rank: TitleRank,
    /// Held for so many full years.
    #[serde(default)]
    pub years: u8,
}

fn yes() -> bool {
    true
}

/// The rules of an occupational standard at one level, from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standard {
    /// The occupation.
    pub occupation: OccupationRef,
    /// The level.
    pub level: Level,
    /// Name of the standard, with its year.
    pub version: String,
    /// From this day on.
    pub valid_from: Date,
    /// Its rules.
    pub rules: Vec<Rule>,
}

/// Rules in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conditions {
    /// Of which standard or template they are.
    pub version: String,
    /// One of them is enough.
    pub rules: Vec<Rule>,
}

impl Conditions {
    /// The rules of a level on a day: those of the occupation's standard in force, where there is
    /// one, and else of the template. Before the first template there was none, and it holds.
    pub fn in_force(standard: Option<Standard>, level: Level, on: Date) -> Self {
        if let Some(Standard { version, rules, .. }) = standard {
            return Self { version, rules };
        }
        let templates = &TEMPLATES.template;
        let in_force = templates.iter().rfind(|template| template.from <= on);
        let template = in_force.unwrap_or(&templates[0]);
        let rules = template.rule.iter().filter(|rule| rule.level == level);
        Self {
            version: template.version.clone(),
            rules: rules.map(|of_level| of_level.rule.clone()).collect(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Templates {
    template: Vec<Template>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Template {
    version: String,
    from: Date,
    rule: Vec<OfLevel>,
}

#[derive(Deserialize)]
struct OfLevel {
    level: Level,
    #[serde(flatten)]
    rule: Rule,
}

/// The templates, the oldest first.
static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| {
    let supplied = include_str!("../../../data/eligibility.toml");
    toml::from_str(supplied).expect("the templates supplied are right, which a test says")
});

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn ids(level: Level, on: Date) -> Vec<String> {
        let conditions = Conditions::in_force(None, level, on);
        conditions.rules.into_iter().map(|rule| rule.id).collect()
    }

    #[test]
    fn the_template_of_2023_follows_that_of_2018_on_the_day_it_is_put_to_use() {
        assert_eq!(ids(Level::Five, date(2020, 6, 8)), ["18-5a", "18-5b"]);
        assert_eq!(ids(Level::Five, date(2023, 9, 25)), ["18-5a", "18-5b"]);
        assert_eq!(ids(Level::Five, date(2023, 9, 26)), ["23-5a", "23-5b"]);
        assert_eq!(ids(Level::Five, date(2017, 1, 1)), ["18-5a", "18-5b"]);
    }

    #[test]
    fn a_standard_of_its_own_comes_before_the_template() {
        let mut rules = Conditions::in_force(None, Level::Five, date(2020, 6, 8)).rules;
        rules.truncate(1);
        let standard = Standard {
            occupation: OccupationRef::parse("2015:6-31-01-03").expect("electrician"),
            level: Level::Five,
            version: "电工 2018".to_owned(),
            valid_from: date(2019, 1, 1),
            rules: rules.clone(),
        };
        let found = Conditions::in_force(Some(standard), Level::Five, date(2020, 6, 8));
        assert_eq!((found.version.as_str(), found.rules), ("电工 2018", rules));
    }

    #[test]
    fn every_level_that_is_examined_has_rules_in_either_template_each_with_an_id_of_its_own() {
        for template in &TEMPLATES.template {
            let mut ids: Vec<_> = template.rule.iter().map(|rule| &rule.rule.id).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), template.rule.len(), "{}", template.version);
            for level in [
                Level::Five,
                Level::Four,
                Level::Three,
                Level::Two,
                Level::One,
            ] {
                let rules = template.rule.iter().filter(|rule| rule.level == level);
                assert!(rules.count() > 0, "{} {level:?}", template.version);
            }
        }
        let from: Vec<_> = TEMPLATES.template.iter().map(|one| one.from).collect();
        assert!(from.is_sorted());
    }
}
