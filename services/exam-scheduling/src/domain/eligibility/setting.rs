//! The province centre enters the rules of an occupational standard.

use jiff::civil::Date;
use kernel::rejection::{FaultList, Faults};
use serde::Serialize;

use super::rejection::StandardRejection;
use super::{Rule, Standard};

/// Rules of a level at most.
pub const MOST_RULES: usize = 30;
/// Years that a rule may ask for at most.
pub const MOST_YEARS: u32 = 60;

/// What happens to the conditions, in the past tense.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "the fields are those of the standard")]
pub enum StandardFact {
    /// The rules of a standard were entered.
    RulesSet { standard: Standard },
}

/// Notes what contradicts itself in a list of rules, some of which could not be read.
pub fn check_rules(rules: &[Option<Rule>], faults: &mut FaultList) {
    let limit = MOST_RULES;
    faults.require(!rules.is_empty(), "rules", &StandardRejection::RulesMissing);
    let fits = rules.len() <= limit;
    faults.require(fits, "rules", &StandardRejection::TooManyRules { limit });
    for (index, rule) in rules.iter().enumerate() {
        let Some(rule) = rule else { continue };
        let same = |before: &Option<Rule>| before.as_ref().is_some_and(|one| one.id == rule.id);
        if let Some(other) = rules[..index].iter().position(same) {
            let twice = StandardRejection::RuleTwice { other };
            faults.add(format!("rules[{index}].id"), &twice);
        }
        let schooling = rule.schooling.as_ref();
        let named = schooling.is_none_or(|need| !need.any_of.is_empty());
        let field = format!("rules[{index}].schooling.any_of");
        faults.require(named, field, &StandardRejection::SchoolsMissing);
    }
}

impl Standard {
    /// Enters the rules. `known` says whether some are entered for that day already.
    ///
    /// # Errors
    /// When they would hold in the past, or are entered.
    pub fn enter(self, known: bool, today: Date) -> Result<StandardFact, Faults> {
        let mut faults = FaultList::default();
        let to_come = self.valid_from >= today;
        faults.require(to_come, "valid_from", &StandardRejection::InThePast);
        faults.require(!known, "valid_from", &StandardRejection::SetAlready);
        faults.finish()?;
        Ok(StandardFact::RulesSet { standard: self })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::level::Level;
    use kernel::occupation::OccupationRef;

    use super::super::Conditions;
    use super::*;

    const TODAY: Date = date(2020, 5, 18);

    fn standard(valid_from: Date) -> Standard {
        Standard {
            occupation: OccupationRef::parse("2015:6-31-01-03").expect("electrician"),
            level: Level::Four,
            version: "电工 2018".to_owned(),
            valid_from,
            rules: rules(),
        }
    }

    fn rules() -> Vec<Rule> {
        Conditions::in_force(None, Level::Four, TODAY).rules
    }

    fn told(rules: &[Option<Rule>]) -> Vec<&'static str> {
        let mut faults = FaultList::default();
        check_rules(rules, &mut faults);
        faults
            .finish()
            .err()
            .map_or_else(Vec::new, |told| told.codes())
    }

    #[test]
    fn rules_hold_from_today_on_and_are_entered_once() {
        assert!(standard(TODAY).enter(false, TODAY).is_ok());
        let refused = standard(date(2020, 5, 17)).enter(true, TODAY);
        assert_eq!(
            refused.expect_err("yesterday, and entered").codes(),
            ["ELIGIBILITY_RULES_IN_THE_PAST", "ELIGIBILITY_RULES_SET"]
        );
    }

    #[test]
    fn a_list_of_rules_is_neither_empty_nor_endless_and_names_each_rule_once() {
        assert!(told(&rules().into_iter().map(Some).collect::<Vec<_>>()).is_empty());
        assert_eq!(told(&[]), ["ELIGIBILITY_RULES_MISSING"]);
        assert_eq!(told(&vec![None; 31]), ["ELIGIBILITY_TOO_MANY_RULES"]);
        let mut twice: Vec<_> = rules().into_iter().map(Some).collect();
        twice.push(twice[0].clone());
        assert_eq!(told(&twice), ["ELIGIBILITY_RULE_TWICE"]);
        let mut nowhere = rules().remove(2);
        let schooling = nowhere.schooling.as_mut().expect("a rule about schools");
        schooling.any_of.clear();
        assert_eq!(told(&[Some(nowhere)]), ["ELIGIBILITY_SCHOOLS_MISSING"]);
    }
}
