//! Who brings something forward by name (实名): of an age to act, reachable, and once.

use std::fmt;

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::PartyRejection;
use crate::{citizen_id::CitizenId, person_name::PersonName};

/// Below it nobody acts for oneself (民法总则 article 20).
pub const AGE_TO_ACT: i16 = 8;

/// Digits of a telephone number, from a small exchange's to an international one's.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=20;

/// A telephone number, kept as close as a name.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Phone(Box<str>);

impl Phone {
    /// Parses a typed number: full width made half width, trimmed.
    ///
    /// # Errors
    /// When it is none: digits, hyphens, spaces, brackets and a leading `+`.
    pub fn parse(typed: &str) -> Result<Self, PartyRejection> {
        let text: String = typed.nfkc().collect();
        let text = text.trim();
        let number = text.strip_prefix('+').unwrap_or(text);
        let digits = number.chars().filter(char::is_ascii_digit).count();
        let written = |character: char| character.is_ascii_digit() || "- ()".contains(character);
        if PHONE_DIGITS.contains(&digits) && number.len() <= 40 && number.chars().all(written) {
            Ok(Self(text.into()))
        } else {
            Err(PartyRejection::Phone)
        }
    }

    /// The number. The one way out: whoever calls this answers for what becomes of it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Phone(******)")
    }
}

/// Somebody who stands for something by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The name.
    pub name: PersonName,
    /// The citizen id, by which somebody is found a second time.
    pub citizen_id: CitizenId,
    /// Where the outcome can be told.
    pub phone: Phone,
}

/// Where a matter stands that the same person brought forward before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Earlier {
    /// Nobody has closed it yet.
    Open,
    /// It has its outcome.
    Closed,
}

/// Whether somebody is of an age to act.
///
/// # Errors
/// When the person is too young, or not born yet.
pub fn of_age(person: &CitizenId, today: Date) -> Result<(), PartyRejection> {
    if person.age_on(today) < AGE_TO_ACT {
        return Err(PartyRejection::TooYoung { age: AGE_TO_ACT });
    }
    Ok(())
}

/// Whether somebody may object to a row, to which the same person may have objected earlier. An
/// objection holds its row, so one person without new grounds could else hold it for ever.
///
/// # Errors
/// When so, whatever became of it.
pub fn once(earlier: Option<Earlier>) -> Result<(), PartyRejection> {
    match earlier {
        None => Ok(()),
        Some(Earlier::Open) => Err(PartyRejection::ObjectionOpen),
        Some(Earlier::Closed) => Err(PartyRejection::ObjectionDecided),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::rejection::Rejection;

    const TODAY: Date = date(2020, 9, 11);

    #[test]
    fn whoever_objects_is_of_an_age_to_act() {
        let code = |born| {
            let objector = CitizenId::synthetic("370099", born, 1);
            of_age(&objector, TODAY).err().map(|refused| refused.code())
        };
        assert_eq!(code(date(2012, 9, 11)), None, "eight today");
        for born in [date(2012, 9, 12), date(2020, 9, 1), date(2031, 1, 1)] {
            assert_eq!(code(born), Some("PARTY_TOO_YOUNG"));
        }
    }

    #[test]
    fn a_person_objects_once() {
        let code = |earlier| once(earlier).err().map(|refused| refused.code());
        assert_eq!(code(None), None);
        assert_eq!(code(Some(Earlier::Open)), Some("OBJECTION_OPEN"));
        assert_eq!(code(Some(Earlier::Closed)), Some("OBJECTION_DECIDED"));
    }

    #[test]
    fn a_telephone_number_is_written_in_many_ways_and_is_one() {
        for given in [
            "19900001234",
            "+86 199 0000 1234",
            "0631-0000000",
            "（0631）0000000",
            "１９９００００１２３４",
        ] {
            assert!(Phone::parse(given).is_ok(), "{given}");
        }
        for given in ["", " ", "123456", "电话", "1990000123x", "1+9900001234"] {
            let refused = Phone::parse(given).expect_err("none");
            assert_eq!(refused.code(), "PARTY_PHONE", "{given}");
        }
        assert!(Phone::parse(&"1".repeat(21)).is_err());
        assert!(Phone::parse(&format!("1234567{}", "-".repeat(40))).is_err());
        let phone = Phone::parse("19900001234").expect("one");
        assert!(!format!("{phone:?}").contains("1990"));
    }
}
