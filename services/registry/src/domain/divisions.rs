//! The province and its cities, GB/T 2260, with their part in the organisation code.

use kernel::division::DivisionCode;
use serde::Deserialize;

/// A division of the province.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Division {
    /// Six digits.
    pub code: DivisionCode,
    /// Its name.
    pub name: String,
    /// `province` or `city`.
    level: String,
    /// Two digits that stand for it in an organisation code; concluded from codes in use.
    pub organization_code_part: String,
    /// `current`, or since when it is not.
    status: String,
}

impl Division {
    /// Whether it is current; withdrawn ones get no new organisations.
    pub fn is_current(&self) -> bool {
        self.status == "current"
    }
}

/// All divisions that the platform knows.
#[derive(Debug, Clone)]
pub struct Divisions(Vec<Division>);

impl Divisions {
    /// The divisions that come with the service.
    ///
    /// # Panics
    /// When the file in `data/` is not readable, which a test would show first.
    pub fn supplied() -> Self {
        let mut reader = csv::Reader::from_reader(&include_bytes!("../../data/divisions.csv")[..]);
        let mut divisions: Vec<Division> = reader
            .deserialize()
            .collect::<Result<_, _>>()
            .expect("the supplied file is readable");
        divisions.sort_by_key(|division| division.code);
        Self(divisions)
    }

    /// In the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = &Division> {
        self.0.iter()
    }

    /// Whether a code is that of a city as it is today.
    pub fn is_current_city(&self, code: DivisionCode) -> bool {
        self.find(code)
            .is_some_and(|division| division.level == "city" && division.is_current())
    }

    /// The part that stands for a division in an organisation code, where new codes may have it.
    pub fn organization_code_part(&self, code: DivisionCode) -> Option<&str> {
        self.find(code)
            .filter(|division| division.is_current())
            .map(|division| division.organization_code_part.as_str())
    }

    /// Whether this part stands for a division in organisation codes, be it one that was withdrawn:
    /// its codes are still in use.
    pub fn have_code_part(&self, part: &str) -> bool {
        self.iter()
            .any(|division| division.organization_code_part == part)
    }

    fn find(&self, code: DivisionCode) -> Option<&Division> {
        self.0.iter().find(|division| division.code == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> DivisionCode {
        DivisionCode::parse(text).expect("a division code")
    }

    #[test]
    fn the_province_has_sixteen_current_cities() {
        let divisions = Divisions::supplied();
        let cities = divisions
            .iter()
            .filter(|division| divisions.is_current_city(division.code));
        assert_eq!(cities.count(), 16);
    }

    #[test]
    fn a_withdrawn_city_gets_no_new_codes() {
        let divisions = Divisions::supplied();
        assert_eq!(divisions.organization_code_part(code("371000")), Some("10"));
        assert_eq!(divisions.organization_code_part(code("370000")), Some("00"));
        assert_eq!(divisions.organization_code_part(code("371200")), None);
    }
}
