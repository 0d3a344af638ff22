//! The occupation catalogue (职业分类大典) by edition, and what of it may be evaluated (notice 2).

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::occupation::{Edition, OccupationCode, OccupationRef};
use kernel::rejection::Rejection;
use kernel::rejections;
use serde::Deserialize;

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

/// An occupation of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occupation {
    /// Edition and code.
    pub occupation: OccupationRef,
    /// 职业名称
    pub name: String,
    /// Whether the code was seen in a published source.
    pub verified: bool,
    /// Year of the national standard (国家职业技能标准).
    pub standard_year: Option<u16>,
    /// Trades and specializations, access-type ones included.
    pub trades: Vec<String>,
    /// A hint for applicants, such as a separate operating licence.
    pub note: String,
}

impl Occupation {
    /// Name of the standard by which it is evaluated.
    pub fn basis_name(&self) -> Option<String> {
        self.standard_year
            .map(|year| format!("{}国家职业技能标准（{year}年版）", self.name))
    }
}

/// An occupation, or one trade of it, that is access-type for a time.
#[derive(Debug, Clone, Deserialize)]
struct AccessType {
    edition: u16,
    code: OccupationCode,
    /// Empty for the whole occupation.
    trade: String,
    valid_from: Date,
    valid_until: Option<Date>,
}

impl AccessType {
    /// Whether it excludes the occupation on a day. Where only some trades are excluded, the
    /// occupation as a whole stays open.
    fn excludes(&self, occupation: &OccupationRef, trade: &str, on: Date) -> bool {
        self.is_of(occupation)
            && (self.trade.is_empty() || self.trade == trade)
            && self.valid_from <= on
            && self.valid_until.is_none_or(|until| on <= until)
    }

    /// Codes mean something else in another edition.
    fn is_of(&self, occupation: &OccupationRef) -> bool {
        self.edition == occupation.edition.year() && self.code == occupation.code
    }
}

/// A row of the supplied file.
#[derive(Deserialize)]
struct Row {
    edition: u16,
    code: OccupationCode,
    name: String,
    certainty: String,
    standard_year: Option<u16>,
    directions: String,
    access_type_directions: String,
    note: String,
}

/// The catalogue.
#[derive(Debug, Clone)]
pub struct Catalogue {
    occupations: BTreeMap<OccupationRef, Occupation>,
    access_type: Vec<AccessType>,
}

impl Catalogue {
    /// The catalogue that comes with the service: sample data with its certainty flags, until the
    /// provincial administrator imports the official one.
    ///
    /// # Panics
    /// When a file in `data/` is not readable, which a test would show first.
    pub fn supplied() -> Self {
        let rows = read::<Row>(include_bytes!("../../data/occupations.csv"));
        let occupations = rows
            .into_iter()
            .map(occupation)
            .map(|row| (row.occupation, row));
        Self {
            occupations: occupations.collect(),
            access_type: read(include_bytes!("../../data/access_type.csv")),
        }
    }

    /// The occupation with this key.
    pub fn find(&self, occupation: &OccupationRef) -> Option<&Occupation> {
        self.occupations.get(occupation)
    }

    /// Occupations of an edition after a code, in the order of their codes.
    pub fn after(
        &self,
        edition: Edition,
        code: Option<OccupationCode>,
    ) -> impl Iterator<Item = &Occupation> {
        self.occupations
            .values()
            .filter(move |row| row.occupation.edition == edition)
            .filter(move |row| code.is_none_or(|code| row.occupation.code > code))
    }

    /// Whether an occupation, or a trade of it, may be evaluated on a day.
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
        let excluded = |row: &AccessType| row.excludes(occupation, trade, on);
        if self.access_type.iter().any(excluded) {
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

    /// Trades of an occupation that are access-type on some day.
    pub fn access_type_trades(&self, occupation: &OccupationRef) -> Vec<String> {
        self.access_type
            .iter()
            .filter(|row| row.is_of(occupation) && !row.trade.is_empty())
            .map(|row| row.trade.clone())
            .collect()
    }
}

/// The code of a verdict, for an answer that is not a refusal.
pub fn reason(verdict: &Result<&Occupation, OccupationVerdict>) -> &'static str {
    verdict.as_ref().err().map_or("", Rejection::code)
}

fn read<T: for<'de> Deserialize<'de>>(file: &[u8]) -> Vec<T> {
    let mut reader = csv::Reader::from_reader(file);
    reader
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("the supplied file is readable")
}

fn occupation(row: Row) -> Occupation {
    let edition = Edition::of_year(row.edition).expect("the supplied editions are possible");
    let trades = [&row.directions, &row.access_type_directions];
    Occupation {
        occupation: OccupationRef::new(edition, row.code),
        name: row.name,
        verified: row.certainty == "published",
        standard_year: row.standard_year,
        trades: trades
            .iter()
            .flat_map(|list| list.split(';'))
            .filter(|trade| !trade.is_empty())
            .map(str::to_owned)
            .collect(),
        note: row.note,
    }
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
