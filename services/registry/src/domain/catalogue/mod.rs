//! The occupation catalogue (职业分类大典) by edition, and what of it may be evaluated (notice 2).

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::occupation::{Edition, OccupationCode, OccupationRef};
use kernel::rejection::Rejection;
use kernel::rejections;

mod edition;
pub mod importing;

pub use edition::{AccessType, CatalogueEdition, Occupation};

rejections! {
    /// Why an occupation may not be evaluated.
    pub enum OccupationVerdict {
        /// Only skill-type occupations (技能类): major groups 3 to 6.
        OccupationNotSkillType => "OCCUPATION_NOT_SKILL_TYPE", FailedPrecondition, "notice 2",
            "该职业不是技能类职业", "the occupation is not of the skill type";
        /// The catalogue does not have it.
        OccupationUnknown => "OCCUPATION_UNKNOWN", FailedPrecondition, "notice 2",
            "职业分类大典中没有该职业", "the catalogue has no such occupation";
        /// The occupation has no such trade or specialization.
        TradeUnknown => "TRADE_UNKNOWN", FailedPrecondition, "notice 2",
            "该职业没有这一工种或职业方向", "the occupation has no such trade or specialization";
        /// Access-type qualifications (准入类) are outside the evaluation.
        OccupationAccessType => "OCCUPATION_ACCESS_TYPE", FailedPrecondition, "notice 2",
            "准入类职业资格不纳入评价范围", "access-type qualifications are not evaluated";
        /// There is neither a national standard nor a filed specification.
        OccupationWithoutBasis => "OCCUPATION_WITHOUT_BASIS", FailedPrecondition, "notice 2",
            "该职业没有国家职业技能标准，也没有备案的评价规范",
            "there is neither a national standard nor a filed specification";
    }
}

/// The catalogue: every edition that is known.
#[derive(Debug, Clone)]
pub struct Catalogue {
    editions: BTreeMap<Edition, CatalogueEdition>,
}

impl Catalogue {
    /// The catalogue that comes with the service: sample data with its certainty flags, until the
    /// department imports the official one.
    pub fn supplied() -> Self {
        Self::supplied_and([])
    }

    /// What comes with the service and, in its place or beside it, what was imported.
    pub fn supplied_and(imported: impl IntoIterator<Item = CatalogueEdition>) -> Self {
        let editions = [CatalogueEdition::supplied()].into_iter().chain(imported);
        Self {
            editions: editions.map(|known| (known.edition, known)).collect(),
        }
    }

    /// All editions, in the order of their years.
    pub fn editions(&self) -> impl Iterator<Item = &CatalogueEdition> {
        self.editions.values()
    }

    /// An edition.
    pub fn edition(&self, edition: Edition) -> Option<&CatalogueEdition> {
        self.editions.get(&edition)
    }

    /// The edition in force on a day; before there was any, the first one.
    ///
    /// # Panics
    /// Never: there is an edition that comes with the service.
    pub fn in_force_on(&self, day: Date) -> &CatalogueEdition {
        let mut editions = self.editions.values().rev();
        let in_force = editions.find(|known| known.in_force_from <= day);
        let first = || self.editions.values().next();
        in_force.or_else(first).expect("one edition is supplied")
    }

    /// The last day on which an edition is in force, once a later one is known.
    pub fn in_force_until(&self, edition: Edition) -> Option<Date> {
        let mut later = self.editions().filter(|known| known.edition > edition);
        later.next()?.in_force_from.yesterday().ok()
    }

    /// The occupation with this key.
    pub fn find(&self, occupation: &OccupationRef) -> Option<&Occupation> {
        let edition = self.editions.get(&occupation.edition)?;
        edition.occupations.get(&occupation.code)
    }

    /// Whether there is such an occupation, in whichever edition.
    pub fn knows(&self, occupation: &OccupationRef) -> bool {
        self.find(occupation).is_some()
    }

    /// Occupations of an edition after a code, in the order of their codes.
    pub fn after(
        &self,
        edition: Edition,
        code: Option<OccupationCode>,
    ) -> impl Iterator<Item = &Occupation> {
        let occupations = self.editions.get(&edition).into_iter();
        let occupations = occupations.flat_map(|known| known.occupations.values());
        occupations.filter(move |row| code.is_none_or(|code| row.occupation.code > code))
    }

    /// Occupations of later editions that took the place of one.
    pub fn successors(&self, occupation: &OccupationRef) -> Vec<OccupationRef> {
        self.editions()
            .filter(|known| known.edition > occupation.edition)
            .flat_map(|known| known.occupations.values())
            .filter(|row| row.succeeds.contains(occupation))
            .map(|row| row.occupation)
            .collect()
    }

    /// Whether an occupation, or a trade of it, may be evaluated on a day, by the edition that it is
    /// of: rights that were given under it go on when another comes into force.
    ///
    /// # Errors
    /// The first reason why not, from the most general to the most particular.
    pub fn judge(
        &self,
        occupation: &OccupationRef,
        trade: &str,
        on: Date,
    ) -> Result<&Occupation, OccupationVerdict> {
        if !occupation.code.as_str().starts_with(['3', '4', '5', '6']) {
            return Err(OccupationVerdict::OccupationNotSkillType);
        }
        let mut access_type = self.access_type(occupation);
        if access_type.any(|row| row.excludes(trade, on)) {
            return Err(OccupationVerdict::OccupationAccessType);
        }
        let found = self
            .find(occupation)
            .ok_or(OccupationVerdict::OccupationUnknown)?;
        if !trade.is_empty() && !found.trades.iter().any(|known| known == trade) {
            return Err(OccupationVerdict::TradeUnknown);
        }
        if found.standard_year.is_none() {
            return Err(OccupationVerdict::OccupationWithoutBasis);
        }
        Ok(found)
    }

    /// Whether the edition of an occupation is known, and another one is in force on a day.
    pub fn has_another_in_force(&self, occupation: &OccupationRef, on: Date) -> bool {
        self.editions.contains_key(&occupation.edition)
            && self.in_force_on(on).edition != occupation.edition
    }

    /// Trades of an occupation that are access-type on some day.
    pub fn access_type_trades(&self, occupation: &OccupationRef) -> Vec<String> {
        self.access_type(occupation)
            .filter(|row| !row.trade.is_empty())
            .map(|row| row.trade.clone())
            .collect()
    }

    /// What is access-type of an occupation. Codes mean something else in another edition.
    fn access_type(&self, occupation: &OccupationRef) -> impl Iterator<Item = &AccessType> {
        let code = occupation.code;
        let edition = self.editions.get(&occupation.edition).into_iter();
        let rows = edition.flat_map(|known| &known.access_type);
        rows.filter(move |row| row.code == code)
    }
}

/// The code of a verdict, for an answer that is not a refusal.
pub fn reason(verdict: &Result<&Occupation, OccupationVerdict>) -> &'static str {
    verdict.as_ref().err().map_or("", Rejection::code)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn judge(code: &str, trade: &str, on: Date) -> &'static str {
        let key = OccupationRef::new(
            Edition::OF_2015,
            OccupationCode::parse(code).expect("a code"),
        );
        reason(&Catalogue::supplied().judge(&key, trade, on))
    }

    const IN_2020: Date = date(2020, 5, 18);

    #[test]
    fn an_electrician_may_be_evaluated() {
        assert_eq!(judge("6-31-01-03", "", IN_2020), "");
    }

    #[test]
    fn welding_is_open_and_its_nuclear_direction_is_not() {
        assert_eq!(judge("6-18-02-04", "", IN_2020), "");
        assert_eq!(judge("6-18-02-04", "电焊工", IN_2020), "");
        assert_eq!(
            judge("6-18-02-04", "核安全设备焊接", IN_2020),
            "OCCUPATION_ACCESS_TYPE"
        );
        assert_eq!(judge("6-18-02-04", "水下焊接", IN_2020), "TRADE_UNKNOWN");
    }

    #[test]
    fn an_occupation_is_access_type_only_from_its_day_on() {
        assert_eq!(judge("4-07-05-01", "", IN_2020), "OCCUPATION_UNKNOWN");
        assert_eq!(
            judge("4-07-05-01", "", date(2021, 11, 23)),
            "OCCUPATION_ACCESS_TYPE"
        );
    }

    #[test]
    fn occupations_outside_the_skill_type_are_refused() {
        assert_eq!(
            judge("2-02-10-03", "", IN_2020),
            "OCCUPATION_NOT_SKILL_TYPE"
        );
    }

    #[test]
    fn an_occupation_without_standard_or_specification_is_refused() {
        assert_eq!(judge("6-05-01-02", "", IN_2020), "OCCUPATION_WITHOUT_BASIS");
        assert_eq!(judge("6-99-99-99", "", IN_2020), "OCCUPATION_UNKNOWN");
    }

    #[test]
    fn an_access_type_trade_is_named_in_its_own_edition_alone() {
        let catalogue = Catalogue::supplied();
        let welder = |edition| {
            let code = OccupationCode::parse("6-18-02-04").expect("a code");
            catalogue.access_type_trades(&OccupationRef::new(edition, code))
        };
        assert_eq!(welder(Edition::OF_2015), ["核安全设备焊接"]);
        assert!(welder(Edition::OF_2022).is_empty());
    }

    #[test]
    fn certainty_flags_are_kept() {
        let catalogue = Catalogue::supplied();
        let verified = catalogue
            .after(Edition::OF_2015, None)
            .filter(|row| row.verified)
            .count();
        assert!(verified > 0);
        assert!(verified < catalogue.after(Edition::OF_2015, None).count());
    }
}
