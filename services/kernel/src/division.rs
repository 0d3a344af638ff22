//! Administrative divisions (行政区划), GB/T 2260.
//!
//! A division says where an organisation is filed, which centre answers for it and which rows an
//! officer may see. Names live in data; this module knows the structure of the code alone: two
//! digits of province, two of city, two of district.

use std::fmt;

use crate::{
    ascii::{Ascii, all_digits, text_form},
    typed,
};

/// The province parts GB/T 2260 gives out, and `83`, which residence permits use for Taiwan.
const PROVINCE_PARTS: [&str; 35] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41",
    "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71",
    "81", "82", "83",
];

crate::rejections! {
    /// Why text is not a division code.
    pub enum DivisionRejection {
        /// A division code has six characters.
        Length { given: usize } => "DIVISION_CODE_LENGTH", InvalidArgument, "GB/T 2260",
            "行政区划代码应为 6 位数字，收到 {given} 位", "a division code has 6 digits, not {given}";
        /// A division code is made of digits.
        Digits => "DIVISION_CODE_DIGITS", InvalidArgument, "GB/T 2260",
            "行政区划代码只能由数字组成", "a division code is made of digits only";
        /// The first two digits name no province.
        Province => "DIVISION_CODE_PROVINCE", InvalidArgument, "GB/T 2260",
            "行政区划代码的前两位不是省级代码", "the first two digits of the division code name no province";
        /// A district cannot belong to no city.
        DistrictWithoutCity => "DIVISION_CODE_DISTRICT", InvalidArgument, "GB/T 2260",
            "行政区划代码有县级部分而无市级部分", "the division code names a district without a city";
    }
}

/// Code of an administrative division (行政区划代码), GB/T 2260: `371000` is Weihai.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DivisionCode(Ascii<6>);

impl DivisionCode {
    /// Shandong (山东省), `370000`.
    pub const SHANDONG: Self = Self(Ascii::literal(*b"370000"));
    /// The province this platform serves.
    pub const PROVINCE: Self = Self::SHANDONG;

    /// Parses a typed division code.
    ///
    /// # Errors
    /// When it is not six digits, names no province, or names a district of no city. Whether the
    /// division exists, or has been withdrawn, is a question for the stored table.
    pub fn parse(typed: &str) -> Result<Self, DivisionRejection> {
        let text = typed::normalise_number(typed);
        let given = text.chars().count();
        if given != 6 {
            return Err(DivisionRejection::Length { given });
        }
        if !all_digits(&text) {
            return Err(DivisionRejection::Digits);
        }
        if !is_province_part(&text[..2]) {
            return Err(DivisionRejection::Province);
        }
        if &text[2..4] == "00" && &text[4..] != "00" {
            return Err(DivisionRejection::DistrictWithoutCity);
        }
        Ok(Self(
            Ascii::new(&text).expect("six digits are six ascii characters"),
        ))
    }

    /// The six digits.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The two digits of the province: `37`.
    pub fn province_part(&self) -> &str {
        &self.as_str()[..2]
    }

    /// The two digits of the city within its province; `00` for the province itself. In Shandong
    /// they are the city part of an evaluation organisation code too.
    pub fn city_part(&self) -> &str {
        &self.as_str()[2..4]
    }

    /// Whether this is a province as a whole (省级).
    pub fn is_province(&self) -> bool {
        self.as_str().ends_with("0000")
    }

    /// Whether this is a city as a whole (设区的市).
    pub fn is_city(&self) -> bool {
        !self.is_province() && self.as_str().ends_with("00")
    }

    /// Whether this is a district or county (县级).
    pub fn is_district(&self) -> bool {
        !self.as_str().ends_with("00")
    }

    /// The province this division lies in; a province lies in itself.
    #[must_use]
    pub fn province(&self) -> Self {
        Self(Ascii::new(&format!("{}0000", self.province_part())).expect("digits stay digits"))
    }

    /// The city this division lies in; a city lies in itself, a province in none.
    pub fn city(&self) -> Option<Self> {
        let city = format!("{}00", &self.as_str()[..4]);
        (!self.is_province()).then(|| Self(Ascii::new(&city).expect("digits stay digits")))
    }

    /// Whether the other division is this one or lies inside it: a province contains its cities
    /// and their districts, a city its districts, and each contains itself.
    pub fn contains(&self, other: &Self) -> bool {
        if self.is_province() {
            self.province_part() == other.province_part()
        } else if self.is_city() {
            Some(*self) == other.city()
        } else {
            self == other
        }
    }
}

/// Whether two digits are the province part of a GB/T 2260 code.
pub(crate) fn is_province_part(part: &str) -> bool {
    PROVINCE_PARTS.contains(&part)
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

text_form!(DivisionCode, DivisionRejection);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn division(text: &str) -> DivisionCode {
        DivisionCode::parse(text).expect("a code written for this test")
    }

    #[test]
    fn what_is_not_a_division_code_is_refused_by_name() {
        for (typed, rejection) in [
            ("", DivisionRejection::Length { given: 0 }),
            ("3710", DivisionRejection::Length { given: 4 }),
            ("3710000", DivisionRejection::Length { given: 7 }),
            ("37100A", DivisionRejection::Digits),
            ("380000", DivisionRejection::Province),
            ("370001", DivisionRejection::DistrictWithoutCity),
        ] {
            assert_eq!(DivisionCode::parse(typed), Err(rejection));
        }
    }

    #[test]
    fn the_province_contains_its_cities_and_a_city_its_districts() {
        let (jinan, laiwu, weihai) = (division("370100"), division("370116"), division("371000"));
        assert!(DivisionCode::SHANDONG.contains(&jinan));
        assert!(DivisionCode::SHANDONG.contains(&laiwu));
        assert!(jinan.contains(&laiwu));
        assert!(!weihai.contains(&laiwu));
        assert!(!laiwu.contains(&jinan));
        assert!(!jinan.contains(&DivisionCode::SHANDONG));
        assert!(!DivisionCode::SHANDONG.contains(&division("320100")));
    }

    #[test]
    fn a_division_knows_its_rank_and_where_it_lies() {
        let laiwu = division("370116");
        assert!(laiwu.is_district() && !laiwu.is_city() && !laiwu.is_province());
        assert_eq!(laiwu.city(), Some(division("370100")));
        assert_eq!(laiwu.province(), DivisionCode::SHANDONG);
        assert!(DivisionCode::SHANDONG.is_province() && !DivisionCode::SHANDONG.is_city());
        assert_eq!(DivisionCode::SHANDONG.city(), None);
        assert!(division("371000").is_city());
        assert_eq!(division("371000").city_part(), "10");
    }

    proptest! {
        #[test]
        fn containing_is_a_partial_order(
            texts in prop::array::uniform3("37(0000|0[1-3](00|01|02))"),
        ) {
            let [outer, middle, inner] = texts.map(|text| division(&text));
            prop_assert!(outer.contains(&outer));
            if outer.contains(&middle) && middle.contains(&inner) {
                prop_assert!(outer.contains(&inner));
            }
            if outer.contains(&middle) && middle.contains(&outer) {
                prop_assert_eq!(outer, middle);
            }
        }

        #[test]
        fn a_code_reads_back_as_it_is_written(text in "37(0[1-9]|1[0-7])[0-9]{2}") {
            let code = division(&text);
            prop_assert_eq!(code.to_string(), text);
            let json = serde_json::to_string(&code).expect("a code is text");
            prop_assert_eq!(serde_json::from_str::<DivisionCode>(&json).expect("it was a code"), code);
        }
    }
}
