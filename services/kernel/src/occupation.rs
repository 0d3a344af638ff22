//! Occupations (职业) as the national classification (职业分类大典) numbers them.
//!
//! Codes changed between editions: welders were 6-04-02-05 in 1999 and are 6-18-02-04 since
//! 2015. A code alone says nothing; the key of the catalogue is edition and code together. A
//! trade (工种) has a name under its occupation and no number of its own.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    ascii::{Ascii, all_digits, text_form},
    typed,
};

crate::rejections! {
    /// Why text or a number is not a reference to an occupation.
    pub enum OccupationRejection {
        /// Not of the shape `d-dd-dd-dd`.
        Shape => "OCCUPATION_CODE_SHAPE", InvalidArgument, "职业分类大典",
            "职业编码应为“大类-中类-小类-细类”形式，如 6-31-01-03", "an occupation code has the form d-dd-dd-dd, such as 6-31-01-03";
        /// There are eight major groups (大类).
        MajorGroup => "OCCUPATION_CODE_MAJOR_GROUP", InvalidArgument, "职业分类大典",
            "职业编码的大类应为 1 至 8", "the major group of an occupation code runs from 1 to 8";
        /// The first edition is of 1999.
        Edition => "OCCUPATION_EDITION", InvalidArgument, "职业分类大典",
            "职业分类大典的版本应为 1999 年及以后的四位年份", "an edition of the classification is a year of four digits from 1999 on";
        /// Edition and code are joined by a colon.
        Reference => "OCCUPATION_REFERENCE", InvalidArgument, "platform",
            "职业引用应为“版本:编码”形式，如 2015:6-31-01-03", "a reference to an occupation has the form edition:code, such as 2015:6-31-01-03";
    }
}

/// Code of an occupation (职业编码) within one edition: `6-31-01-03`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OccupationCode(Ascii<10>);

impl OccupationCode {
    /// Parses a typed code; any kind of hyphen will do, or none at all.
    ///
    /// # Errors
    /// When it is not of the form `d-dd-dd-dd` or the major group is none of the eight.
    pub fn parse(typed: &str) -> Result<Self, OccupationRejection> {
        let text = typed::normalise_hyphenated(typed);
        let hyphenated = if text.len() == 7 && all_digits(&text) {
            format!(
                "{}-{}-{}-{}",
                &text[..1],
                &text[1..3],
                &text[3..5],
                &text[5..]
            )
        } else {
            text
        };
        let shaped = hyphenated.len() == 10
            && hyphenated
                .bytes()
                .enumerate()
                .all(|(index, byte)| match index {
                    1 | 4 | 7 => byte == b'-',
                    _ => byte.is_ascii_digit(),
                });
        if !shaped {
            return Err(OccupationRejection::Shape);
        }
        if !matches!(hyphenated.as_bytes()[0], b'1'..=b'8') {
            return Err(OccupationRejection::MajorGroup);
        }
        Ok(Self(
            Ascii::new(&hyphenated).expect("the shape has ten ascii characters"),
        ))
    }

    /// The code with its hyphens.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for OccupationCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

text_form!(OccupationCode, OccupationRejection);

/// Edition of the classification (大典版本), named by its year: 1999, 2015, 2022. Serialised as
/// the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Edition(u16);

impl Edition {
    /// The first edition.
    pub const OF_1999: Self = Self(1999);
    /// The second edition, the one in force when the notice was written.
    pub const OF_2015: Self = Self(2015);
    /// The third edition.
    pub const OF_2022: Self = Self(2022);

    /// The edition of a year. Which editions there are is data; the year must only be possible.
    ///
    /// # Errors
    /// When the year is before the first edition or has more than four digits.
    pub fn of_year(year: u16) -> Result<Self, OccupationRejection> {
        if (1999..=9999).contains(&year) {
            Ok(Self(year))
        } else {
            Err(OccupationRejection::Edition)
        }
    }

    /// Parses a typed year.
    ///
    /// # Errors
    /// When it is not a possible year of an edition.
    pub fn parse(typed: &str) -> Result<Self, OccupationRejection> {
        let text = typed::normalise_number(typed);
        let year = if all_digits(&text) {
            text.parse().ok()
        } else {
            None
        };
        year.ok_or(OccupationRejection::Edition)
            .and_then(Self::of_year)
    }

    /// The year the edition is named by.
    pub fn year(self) -> u16 {
        self.0
    }
}

impl TryFrom<u16> for Edition {
    type Error = String;

    fn try_from(year: u16) -> Result<Self, Self::Error> {
        Self::of_year(year).map_err(|rejection| crate::rejection::Rejection::english(&rejection))
    }
}

impl From<Edition> for u16 {
    fn from(edition: Edition) -> Self {
        edition.0
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}

/// Key of an occupation in the catalogue: edition and code, written `2015:6-31-01-03`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OccupationRef {
    /// The edition in which the code is to be read.
    pub edition: Edition,
    /// The code within that edition.
    pub code: OccupationCode,
}

impl OccupationRef {
    /// The occupation with this code in this edition.
    pub fn new(edition: Edition, code: OccupationCode) -> Self {
        Self { edition, code }
    }

    /// Parses the written form.
    ///
    /// # Errors
    /// When edition and code are not joined by a colon, or either is wrong.
    pub fn parse(typed: &str) -> Result<Self, OccupationRejection> {
        let (edition, code) = typed
            .split_once([':', '：'])
            .ok_or(OccupationRejection::Reference)?;
        Ok(Self {
            edition: Edition::parse(edition)?,
            code: OccupationCode::parse(code)?,
        })
    }
}

impl fmt::Display for OccupationRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.edition, self.code)
    }
}

text_form!(OccupationRef, OccupationRejection);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_is_taken_with_any_hyphens_or_with_none() {
        for typed in [
            "6-31-01-03",
            "6310103",
            " ６－３１－０１－０３ ",
            "6–31—01-03",
        ] {
            assert_eq!(
                OccupationCode::parse(typed)
                    .expect("one of the habits")
                    .as_str(),
                "6-31-01-03"
            );
        }
    }

    #[test]
    fn what_is_not_an_occupation_is_refused_by_name() {
        for (typed, rejection) in [
            ("", OccupationRejection::Shape),
            ("6-31-01", OccupationRejection::Shape),
            ("6-31-0103", OccupationRejection::Shape),
            ("63-1-01-03", OccupationRejection::Shape),
            ("6-31-01-0X", OccupationRejection::Shape),
            ("山-1-2", OccupationRejection::Shape),
            ("0-31-01-03", OccupationRejection::MajorGroup),
            ("9-31-01-03", OccupationRejection::MajorGroup),
        ] {
            assert_eq!(OccupationCode::parse(typed), Err(rejection));
        }
        for year in ["", "1998", "15", "20155", "+2015", "99999"] {
            let parsed = Edition::parse(year);
            assert_eq!(parsed, Err(OccupationRejection::Edition));
        }
        assert_eq!(
            OccupationRef::parse("6-31-01-03"),
            Err(OccupationRejection::Reference)
        );
        assert_eq!(
            OccupationRef::parse("1990:6-31-01-03"),
            Err(OccupationRejection::Edition)
        );
        assert_eq!(
            OccupationRef::parse("2015:6-31"),
            Err(OccupationRejection::Shape)
        );
        assert!(serde_json::from_str::<Edition>("1998").is_err());
    }

    #[test]
    fn the_same_code_in_two_editions_is_two_occupations() {
        let code = OccupationCode::parse("6-18-02-04").expect("a code of the right shape");
        assert_ne!(
            OccupationRef::new(Edition::OF_2015, code),
            OccupationRef::new(Edition::OF_2022, code)
        );
    }

    proptest! {
        #[test]
        fn a_reference_reads_back_as_it_is_written(
            text in "(1999|2015|2022):[1-8]-[0-9]{2}-[0-9]{2}-[0-9]{2}",
        ) {
            let reference = OccupationRef::parse(&text).expect("built by the rule");
            prop_assert_eq!(reference.to_string(), text);
            let json = serde_json::to_string(&reference).expect("a reference is text");
            prop_assert_eq!(serde_json::from_str::<OccupationRef>(&json).expect("it was one"), reference);
        }
    }
}
