//! When an edition may take the place of what was known of it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::occupation::{Edition, OccupationRef};
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use serde::Serialize;

use super::{Catalogue, CatalogueEdition};
use crate::domain::settings::SettingRejection;

rejections! {
    /// Why an edition is not taken over.
    pub enum EditionRejection {
        /// What held on a day that is over held on it.
        EditionInForce { since: Date } => "CATALOGUE_EDITION_IN_FORCE", FailedPrecondition, "notice 2",
            "该版大典已自 {since} 起施行，施行日期不能变更",
            "this edition is in force since {since}, and that cannot become another day";
        /// A later edition comes into force later.
        EditionOrder { other: Edition } => "CATALOGUE_EDITION_ORDER", InvalidArgument, "notice 2",
            "施行日期与 {other} 年版大典的先后不符",
            "the day is on the wrong side of that of the edition of {other}";
        /// Somebody has a right to evaluate it.
        OccupationInUse { occupation: OccupationRef } => "CATALOGUE_OCCUPATION_IN_USE", FailedPrecondition, "notice 2",
            "已有评价机构取得 {occupation}（或其工种）的评价权限，不能从大典中删除",
            "{occupation}, or a trade of it, cannot be left out: an organisation has a right to evaluate it";
    }
}

/// What happened to the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum CatalogueFact {
    /// An edition is there, or is otherwise than before.
    EditionImported {
        /// The edition.
        edition: Edition,
        /// First day on which it is in force.
        in_force_from: Date,
        /// What is new about it.
        difference: Difference,
        /// The document behind it.
        source: String,
        /// Hash of the file.
        file: ContentHash,
    },
}

/// An occupation, or a trade of it, that an organisation has a right to evaluate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InUse {
    /// The occupation.
    pub occupation: OccupationRef,
    /// Empty for the occupation as a whole.
    pub trade: String,
}

/// How many occupations are otherwise than before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Not there before.
    pub added: u32,
    /// There no more.
    pub removed: u32,
    /// There as before, but otherwise.
    pub altered: u32,
}

impl CatalogueEdition {
    /// Whether the edition may take the place of what is known of it, while these occupations are in
    /// use.
    ///
    /// # Errors
    /// Every fault at once.
    pub fn judge(&self, known: &Catalogue, in_use: &[InUse], today: Date) -> Result<(), Faults> {
        let mut faults = FaultList::default();
        let before = known
            .edition(self.edition)
            .map(|before| before.in_force_from);
        match before {
            Some(since) if since == self.in_force_from => {}
            Some(since) if since <= today => {
                faults.add("in_force_from", &EditionRejection::EditionInForce { since });
            }
            _ => {
                let in_time = self.in_force_from >= today;
                faults.require(in_time, "in_force_from", &SettingRejection::InThePast);
            }
        }
        for other in known
            .editions()
            .filter(|other| other.edition != self.edition)
        {
            let later = self.edition > other.edition;
            let in_order = if later {
                self.in_force_from > other.in_force_from
            } else {
                self.in_force_from < other.in_force_from
            };
            let other = other.edition;
            let disorder = EditionRejection::EditionOrder { other };
            faults.require(in_order, "in_force_from", &disorder);
        }
        for used in in_use.iter().filter(|used| !self.has(used)) {
            let occupation = used.occupation;
            faults.add("file", &EditionRejection::OccupationInUse { occupation });
        }
        faults.finish()
    }

    /// Whether it is of another edition, or has it.
    fn has(&self, used: &InUse) -> bool {
        used.occupation.edition != self.edition
            || self
                .occupations
                .get(&used.occupation.code)
                .is_some_and(|row| used.trade.is_empty() || row.trades.contains(&used.trade))
    }

    /// What is new about it.
    pub fn difference(&self, before: Option<&Self>) -> Difference {
        let mut difference = Difference::default();
        let codes = before.iter().flat_map(|before| before.occupations.keys());
        let codes: BTreeSet<_> = self.occupations.keys().chain(codes).collect();
        for code in codes {
            let was = before.and_then(|before| before.occupations.get(code));
            match (was, self.occupations.get(code)) {
                (None, _) => difference.added += 1,
                (_, None) => difference.removed += 1,
                (was, is) if was != is => difference.altered += 1,
                _ => {}
            }
        }
        difference
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2022, 6, 1);

    fn of(edition: Edition, in_force_from: Date) -> CatalogueEdition {
        let supplied = Catalogue::supplied();
        let known = supplied.edition(Edition::OF_2015).expect("supplied");
        CatalogueEdition {
            edition,
            in_force_from,
            ..known.clone()
        }
    }

    fn codes(judged: Result<(), Faults>) -> Vec<&'static str> {
        judged
            .err()
            .map_or_else(Vec::new, |refused| refused.codes())
    }

    #[test]
    fn an_edition_comes_into_force_today_or_later_and_after_the_one_before() {
        let known = Catalogue::supplied();
        let judged = |edition, from| codes(of(edition, from).judge(&known, &[], TODAY));
        assert!(judged(Edition::OF_2022, TODAY).is_empty());
        assert_eq!(
            judged(Edition::OF_2022, date(2022, 5, 31)),
            ["SETTING_IN_THE_PAST"]
        );
        assert_eq!(
            judged(Edition::OF_2022, date(2015, 7, 29)),
            ["SETTING_IN_THE_PAST", "CATALOGUE_EDITION_ORDER"]
        );
        assert_eq!(judged(Edition::OF_1999, TODAY), ["CATALOGUE_EDITION_ORDER"]);
        assert!(judged(Edition::OF_2015, date(2015, 7, 29)).is_empty());
        assert_eq!(
            judged(Edition::OF_2015, TODAY),
            ["CATALOGUE_EDITION_IN_FORCE"]
        );
    }

    #[test]
    fn an_edition_that_is_to_come_may_come_on_another_day() {
        let coming = of(Edition::OF_2022, date(2022, 9, 1));
        let known = Catalogue::supplied_and([coming]);
        let earlier = of(Edition::OF_2022, TODAY);
        assert!(codes(earlier.judge(&known, &[], TODAY)).is_empty());
        assert_eq!(
            codes(earlier.judge(&known, &[], date(2022, 9, 2))),
            ["CATALOGUE_EDITION_IN_FORCE"]
        );
        assert_eq!(
            known.in_force_on(date(2022, 8, 31)).edition,
            Edition::OF_2015
        );
        assert_eq!(
            known.in_force_on(date(2022, 9, 1)).edition,
            Edition::OF_2022
        );
        let until = known.in_force_until(Edition::OF_2015);
        assert_eq!(until, Some(date(2022, 8, 31)));
    }

    #[test]
    fn what_somebody_has_a_right_to_is_not_left_out() {
        let known = Catalogue::supplied();
        let mut edition = of(Edition::OF_2015, date(2015, 7, 29));
        let used = |text: &str, trade: &str| InUse {
            occupation: OccupationRef::parse(text).expect("an occupation"),
            trade: trade.to_owned(),
        };
        let in_use = [
            used("2015:6-31-01-03", ""),
            used("2015:6-18-02-04", "电焊工"),
            used("2022:6-31-01-03", ""),
        ];
        assert!(codes(edition.judge(&known, &in_use, TODAY)).is_empty());
        let [electrician, welder, _] = &in_use;
        edition.occupations.remove(&electrician.occupation.code);
        let welding = edition.occupations.get_mut(&welder.occupation.code);
        welding.expect("it is there").trades.clear();
        assert_eq!(
            codes(edition.judge(&known, &in_use, TODAY)),
            ["CATALOGUE_OCCUPATION_IN_USE"; 2]
        );
        let before = known.edition(Edition::OF_2015);
        let expected = Difference {
            removed: 1,
            altered: 1,
            ..Difference::default()
        };
        assert_eq!(edition.difference(before), expected);
        assert_eq!(edition.difference(None).altered, 0);
    }
}
