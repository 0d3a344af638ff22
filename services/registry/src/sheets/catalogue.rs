//! An edition of the catalogue, one occupation a row.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kernel::level::Level;
use kernel::occupation::{OccupationCode, OccupationRef};
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use platform::contract::{date, line};
use platform::sheets::MOST_FAULTS;
use sheet::{Column, Limits, Row};

use super::list;
use crate::app::NewEdition;
use crate::domain::catalogue::{AccessType, Catalogue, CatalogueEdition, Occupation};

const CODE: Column = Column::required("code", "职业编码");
const NAME: Column = Column::required("name", "职业名称");
const STANDARD_YEAR: Column = Column::required("standard_year", "国家职业标准年份");
const TRADES: Column = Column::required("trades", "工种");
// Were it left out, everything would be open.
const ACCESS_TYPE: Column = Column::required("access_type", "准入类");
const ACCESS_TYPE_FROM: Column = Column::optional("access_type_from", "准入起始日期");
const ACCESS_TYPE_UNTIL: Column = Column::optional("access_type_until", "准入截止日期");
const LEVELS: Column = Column::optional("levels", "等级");
const SUCCEEDS: Column = Column::optional("succeeds", "承接职业");
const NOTE: Column = Column::optional("note", "备注");

const COLUMNS: [Column; 10] = [
    CODE,
    NAME,
    STANDARD_YEAR,
    TRADES,
    ACCESS_TYPE,
    ACCESS_TYPE_FROM,
    ACCESS_TYPE_UNTIL,
    LEVELS,
    SUCCEEDS,
    NOTE,
];

/// The edition of 2022 has some 1,600 occupations.
pub(crate) const LIMITS: Limits = Limits {
    bytes: 4 * 1024 * 1024,
    unpacked_bytes: 64 * 1024 * 1024,
    rows: 10_000,
    cell_characters: 4_000,
    faults: MOST_FAULTS,
};

/// Characters of a name or a trade, and of a note.
const LONGEST_NAME: usize = 100;
const LONGEST_NOTE: usize = 200;

rejections! {
    /// Why a row is no occupation of an edition.
    pub enum CatalogueRowRejection {
        /// A code stands for one occupation.
        OccupationTwice => "CATALOGUE_OCCUPATION_TWICE", InvalidArgument, "notice 2",
            "职业编码重复", "the code is there twice";
        /// Not a year, or none in which there were standards.
        StandardYear => "CATALOGUE_STANDARD_YEAR", InvalidArgument, "notice 2",
            "标准年份应为 1990 年以后的四位数字，没有标准的留空",
            "the year of a standard has four digits and is 1990 or later; empty where there is none";
        /// Days that belong to nothing, or run backwards.
        AccessTypeDays => "CATALOGUE_ACCESS_TYPE_DAYS", InvalidArgument, "notice 2",
            "准入起止日期应随准入类填写，且截止日期不早于起始日期",
            "the days go with what is access-type, and the last one is not before the first";
        /// Only what was known before can be succeeded.
        SucceedsUnknown => "CATALOGUE_SUCCEEDS_UNKNOWN", InvalidArgument, "notice 2",
            "承接的职业应为较早版本大典中已有的职业",
            "what it succeeds has to be an occupation of an earlier edition that is known";
    }
}

/// Reads an edition beside those that are known.
///
/// # Errors
/// What is wrong with the file, or with each row.
pub(crate) fn read(
    file: &[u8],
    new: &NewEdition,
    known: &Catalogue,
) -> Result<CatalogueEdition, Faults> {
    let mut rows = Rows {
        new,
        known,
        occupations: BTreeMap::new(),
        access_type: Vec::new(),
    };
    sheet::read(file, &COLUMNS, &LIMITS, |row, faults| {
        rows.take(row, faults);
    })?;
    Ok(CatalogueEdition {
        edition: new.edition,
        in_force_from: new.in_force_from,
        occupations: rows.occupations,
        access_type: rows.access_type,
    })
}

/// The rows read so far.
struct Rows<'a> {
    new: &'a NewEdition,
    known: &'a Catalogue,
    occupations: BTreeMap<OccupationCode, Occupation>,
    access_type: Vec<AccessType>,
}

impl Rows<'_> {
    fn take(&mut self, row: &Row<'_>, faults: &mut FaultList) {
        let code = row.read(CODE, faults, OccupationCode::parse);
        let name = row.read(NAME, faults, |text| line(text, LONGEST_NAME));
        let standard_year = row.read(STANDARD_YEAR, faults, year);
        let mut trades = list(row, TRADES, faults, |text| line(text, LONGEST_NAME));
        let levels = list(row, LEVELS, faults, Level::parse);
        let succeeds = list(row, SUCCEEDS, faults, OccupationRef::parse);
        let known = succeeds.iter().all(|before| self.is_of_earlier(before));
        faults.require(
            known,
            row.field(SUCCEEDS),
            &CatalogueRowRejection::SucceedsUnknown,
        );
        let note = row.read(NOTE, faults, |text| match text {
            "" => Ok(String::new()),
            text => line(text, LONGEST_NOTE),
        });
        let access_type = list(row, ACCESS_TYPE, faults, |text| line(text, LONGEST_NAME));
        let days = self.access_type_days(row, !access_type.is_empty(), faults);
        let Some(code) = code else { return };
        if self.occupations.contains_key(&code) {
            faults.add(row.field(CODE), &CatalogueRowRejection::OccupationTwice);
            return;
        }
        let (valid_from, valid_until) = days.unwrap_or((self.new.in_force_from, None));
        for trade in access_type {
            let whole = matches!(trade.as_str(), "all" | "全部");
            if !whole && !trades.contains(&trade) {
                trades.push(trade.clone());
            }
            self.access_type.push(AccessType {
                code,
                trade: if whole { String::new() } else { trade },
                valid_from,
                valid_until,
            });
        }
        let occupation = Occupation {
            occupation: OccupationRef::new(self.new.edition, code),
            name: name.unwrap_or_default(),
            verified: true,
            standard_year: standard_year.flatten(),
            levels: BTreeSet::from_iter(levels),
            trades,
            succeeds,
            note: note.unwrap_or_default(),
        };
        self.occupations.insert(code, occupation);
    }

    /// From when until when something is access-type: from the first day of the edition on, if
    /// nothing is said.
    fn access_type_days(
        &self,
        row: &Row<'_>,
        something: bool,
        faults: &mut FaultList,
    ) -> Option<(Date, Option<Date>)> {
        let day = |text: &str| match text {
            "" => Ok(None),
            text => date(text).map(Some),
        };
        let from = row.read(ACCESS_TYPE_FROM, faults, day)?;
        let until = row.read(ACCESS_TYPE_UNTIL, faults, day)?;
        let first = from.unwrap_or(self.new.in_force_from);
        let forwards = until.is_none_or(|until| first <= until);
        let of_something = something || (from.is_none() && until.is_none());
        faults.require(
            forwards && of_something,
            row.field(ACCESS_TYPE_FROM),
            &CatalogueRowRejection::AccessTypeDays,
        );
        Some((first, until))
    }

    /// Whether it is an occupation of an earlier edition.
    fn is_of_earlier(&self, occupation: &OccupationRef) -> bool {
        occupation.edition < self.new.edition && self.known.find(occupation).is_some()
    }
}

/// The year of a standard, if there is one.
fn year(text: &str) -> Result<Option<u16>, CatalogueRowRejection> {
    if text.is_empty() {
        return Ok(None);
    }
    let year = Some(text).filter(|text| text.len() == 4);
    let year = year.and_then(|text| text.parse().ok());
    let year = year.filter(|year| (1990..=9999).contains(year));
    year.map(Some).ok_or(CatalogueRowRejection::StandardYear)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::occupation::Edition;

    use super::*;

    fn of_2022(file: &str) -> Result<CatalogueEdition, Faults> {
        let new = NewEdition {
            edition: Edition::OF_2022,
            in_force_from: date(2022, 9, 28),
            source: "示例".to_owned(),
        };
        read(file.as_bytes(), &new, &Catalogue::supplied())
    }

    const COLUMNS: &str = "职业编码,职业名称,国家职业标准年份,工种,准入类,准入起始日期,准入截止日期,等级,承接职业,备注\n";

    #[test]
    fn a_row_says_all_there_is_to_know_of_an_occupation() {
        let file = format!(
            "{COLUMNS}6310103,电工,2018,高压电工；低压电工,防爆电气,2023-01-01,2023-12-31,5;4;3,2015:6-31-01-03,示例\n\
             4-07-05-04,消防设施操作员,,,全部,,,,,\n"
        );
        let edition = of_2022(&file).expect("an edition");
        let code = |text| OccupationCode::parse(text).expect("a code");
        let electrician = &edition.occupations[&code("6-31-01-03")];
        assert_eq!(electrician.trades, ["高压电工", "低压电工", "防爆电气"]);
        assert_eq!(electrician.levels, BTreeSet::from(Level::PILOT));
        assert_eq!(electrician.standard_year, Some(2018));
        assert!(electrician.verified);
        let catalogue = Catalogue::supplied_and([edition]);
        let judge = |text, trade, on| {
            let key = OccupationRef::parse(text).expect("an occupation");
            crate::domain::catalogue::reason(&catalogue.judge(&key, trade, on))
        };
        let on = date(2022, 10, 1);
        assert_eq!(judge("2022:6-31-01-03", "防爆电气", on), "");
        let within = date(2023, 6, 1);
        assert_eq!(
            judge("2022:6-31-01-03", "防爆电气", within),
            "OCCUPATION_ACCESS_TYPE"
        );
        assert_eq!(judge("2022:6-31-01-03", "", within), "");
        assert_eq!(judge("2022:4-07-05-04", "", on), "OCCUPATION_ACCESS_TYPE");
        let before = OccupationRef::parse("2015:6-31-01-03").expect("an occupation");
        assert_eq!(catalogue.successors(&before).len(), 1);
        assert!(catalogue.has_another_in_force(&before, on));
        assert!(!catalogue.has_another_in_force(&before, date(2022, 9, 27)));
    }

    #[test]
    fn a_list_has_an_end() {
        let trades = |count: u32| {
            let trades: Vec<_> = (0..count).map(|number| number.to_string()).collect();
            format!("{COLUMNS}6310103,电工,2018,{},,,,,,\n", trades.join(";"))
        };
        assert!(of_2022(&trades(100)).is_ok());
        let refused = of_2022(&trades(101)).expect_err("refused");
        assert_eq!(refused.codes(), ["SHEET_LIST_TOO_LONG"]);
    }

    #[test]
    fn every_fault_of_every_row_is_told_with_row_and_column() {
        let file = format!(
            "{COLUMNS}6-31-01,,18,电工；电工,,2023-01-01,,九,2022:6-31-01-03,\n\
             6-31-01-03,电工,1989,,全部,2023-01-02,2023-01-01,,2015:6-99-99-99,\n\
             6-31-01-03,电工,2018,,,,,,x,\n"
        );
        let refused = of_2022(&file).expect_err("refused");
        let told: Vec<_> = refused
            .all()
            .iter()
            .map(|fault| (fault.field.as_deref().unwrap_or_default(), fault.code))
            .collect();
        assert_eq!(
            told,
            [
                ("file.rows[2].code", "OCCUPATION_CODE_SHAPE"),
                ("file.rows[2].name", "FIELD_REQUIRED"),
                ("file.rows[2].standard_year", "CATALOGUE_STANDARD_YEAR"),
                ("file.rows[2].trades", "SHEET_LIST_TWICE"),
                ("file.rows[2].levels", "LEVEL_UNKNOWN"),
                ("file.rows[2].succeeds", "CATALOGUE_SUCCEEDS_UNKNOWN"),
                (
                    "file.rows[2].access_type_from",
                    "CATALOGUE_ACCESS_TYPE_DAYS"
                ),
                ("file.rows[3].standard_year", "CATALOGUE_STANDARD_YEAR"),
                ("file.rows[3].succeeds", "CATALOGUE_SUCCEEDS_UNKNOWN"),
                (
                    "file.rows[3].access_type_from",
                    "CATALOGUE_ACCESS_TYPE_DAYS"
                ),
                ("file.rows[4].succeeds", "OCCUPATION_REFERENCE"),
                ("file.rows[4].code", "CATALOGUE_OCCUPATION_TWICE"),
            ]
        );
    }
}
