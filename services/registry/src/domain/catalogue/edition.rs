//! One edition: what is in it, and what of it is access-type.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use kernel::level::Level;
use kernel::occupation::{Edition, OccupationCode, OccupationRef};
use serde::{Deserialize, Serialize};

/// The day on which the edition of 2015 was promulgated.
const SUPPLIED_FROM: Date = date(2015, 7, 29);

/// An edition of the catalogue (大典版本).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueEdition {
    /// The year it is named by.
    pub edition: Edition,
    /// First day on which it is in force, until that of the next one.
    pub in_force_from: Date,
    /// Its occupations.
    pub occupations: BTreeMap<OccupationCode, Occupation>,
    /// What of it is access-type (准入类).
    pub access_type: Vec<AccessType>,
}

/// An occupation of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occupation {
    /// Edition and code.
    pub occupation: OccupationRef,
    /// 职业名称
    pub name: String,
    /// Whether the code was seen in a published source.
    pub verified: bool,
    /// Year of the national standard (国家职业技能标准).
    pub standard_year: Option<u16>,
    /// Levels that the standard has; empty where the catalogue does not say.
    pub levels: BTreeSet<Level>,
    /// Trades and specializations, access-type ones included.
    pub trades: Vec<String>,
    /// Occupations of earlier editions that it takes the place of (承接职业).
    pub succeeds: Vec<OccupationRef>,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessType {
    /// The occupation, which the edition need not have.
    pub code: OccupationCode,
    /// Empty for the whole occupation.
    pub trade: String,
    /// First day.
    pub valid_from: Date,
    /// Last day.
    pub valid_until: Option<Date>,
}

impl AccessType {
    /// Whether it excludes its occupation on a day. Where only some trades are excluded, the
    /// occupation as a whole stays open.
    pub(super) fn excludes(&self, trade: &str, on: Date) -> bool {
        (self.trade.is_empty() || self.trade == trade)
            && self.valid_from <= on
            && self.valid_until.is_none_or(|until| on <= until)
    }
}

/// A row of the supplied file.
#[derive(Deserialize)]
struct Row {
    edition: Edition,
    code: OccupationCode,
    name: String,
    certainty: String,
    standard_year: Option<u16>,
    directions: String,
    access_type_directions: String,
    note: String,
}

impl CatalogueEdition {
    /// The edition that comes with the service.
    ///
    /// # Panics
    /// When a file in `data/` is not readable, which a test would show first.
    pub(super) fn supplied() -> Self {
        let rows: Vec<Row> = read(include_bytes!("../../../data/occupations.csv"));
        let occupations = rows.into_iter().map(|row| (row.code, occupation(row)));
        Self {
            edition: Edition::OF_2015,
            in_force_from: SUPPLIED_FROM,
            occupations: occupations.collect(),
            access_type: read(include_bytes!("../../../data/access_type.csv")),
        }
    }
}

fn read<T: for<'de> Deserialize<'de>>(file: &[u8]) -> Vec<T> {
    let mut reader = csv::Reader::from_reader(file);
    reader
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("the supplied file is readable")
}

fn occupation(row: Row) -> Occupation {
    let trades = [&row.directions, &row.access_type_directions];
    Occupation {
        occupation: OccupationRef::new(row.edition, row.code),
        name: row.name,
        verified: row.certainty == "published",
        standard_year: row.standard_year,
        levels: BTreeSet::new(),
        trades: trades
            .iter()
            .flat_map(|list| list.split(';'))
            .filter(|trade| !trade.is_empty())
            .map(str::to_owned)
            .collect(),
        succeeds: Vec::new(),
        note: row.note,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_supplied_edition_is_of_one_year_and_reads_back_as_it_is_written() {
        let supplied = CatalogueEdition::supplied();
        let mut occupations = supplied.occupations.values();
        assert!(occupations.all(|row| row.occupation.edition == Edition::OF_2015));
        let written = serde_json::to_string(&supplied).expect("plain values are JSON");
        let read: CatalogueEdition = serde_json::from_str(&written).expect("it was one");
        assert_eq!(read, supplied);
    }
}
