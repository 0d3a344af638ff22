//! The citizen number (公民身份号码), GB 11643.
//!
//! Eighteen characters that open most doors of a person's life. The type therefore keeps them to
//! itself: no `Display`, no `Serialize`, a `Debug` of stars, memory wiped on drop, and one way
//! out, [`CitizenId::reveal`], whose callers can be counted.
//!
//! The same shape and the same check serve the residence permits of people from Hong Kong, Macao
//! and Taiwan (regions 81, 82, 83) and, since 2023, the permanent residence card of foreigners
//! (beginning with 9). Old numbers of fifteen digits occur in history only and are refused.

use std::fmt;

use jiff::civil::Date;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{ascii::all_digits, division::is_province_part, typed};

/// Check characters by remainder; the weights are powers of two modulo 11 (ISO 7064 MOD 11-2).
const CHECK_CHARACTERS: &[u8; 11] = b"10X98765432";
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// The standard's own example is of somebody born in 1880; nobody's number is older than this.
const EARLIEST_BIRTH_YEAR: i16 = 1800;

crate::rejections! {
    /// Why text is not a citizen number. The number itself is in none of the texts.
    pub enum CitizenIdRejection {
        /// The number has eighteen characters.
        Length { given: usize } => "CITIZEN_ID_LENGTH", InvalidArgument, "GB 11643-1999 structure",
            "公民身份号码应为 18 位，收到 {given} 位", "a citizen number has 18 characters, not {given}";
        /// Seventeen digits, then a digit or X.
        Characters => "CITIZEN_ID_CHARACTERS", InvalidArgument, "GB 11643-1999 structure",
            "公民身份号码前 17 位应为数字，末位为数字或 X", "a citizen number is 17 digits followed by a digit or X";
        /// The first digits name no province and no kind of residence permit.
        Region => "CITIZEN_ID_REGION", InvalidArgument, "GB 11643-1999 address code",
            "公民身份号码的地址码不存在", "the address code of the citizen number does not exist";
        /// The birth date is not a day of the calendar.
        BirthDate => "CITIZEN_ID_BIRTH_DATE", InvalidArgument, "GB 11643-1999 birth date code",
            "公民身份号码中的出生日期不存在", "the birth date in the citizen number does not exist";
        /// The check character is another: most likely a slip of the fingers.
        CheckCharacter => "CITIZEN_ID_CHECK", InvalidArgument, "GB 11643-1999 check character",
            "公民身份号码校验码不符，请核对", "the check character of the citizen number does not match, please compare";
    }
}

/// A citizen number (公民身份号码) that is right in form: GB 11643, 18 characters.
///
/// Right in form is not the same as real: whether such a person exists only the police know.
#[derive(Clone, PartialEq, Eq, Hash, Zeroize, ZeroizeOnDrop)]
pub struct CitizenId(Box<str>);

impl CitizenId {
    /// Parses a typed citizen number.
    ///
    /// # Errors
    /// The first thing that is wrong: length, characters, region, birth date, check character.
    /// A birth date in the future is for the caller to refuse, who knows today's date.
    pub fn parse(typed: &str) -> Result<Self, CitizenIdRejection> {
        let text = typed::normalise_secret(typed);
        let given = text.chars().count();
        if given != 18 {
            return Err(CitizenIdRejection::Length { given });
        }
        let (body, check) = text
            .split_at_checked(17)
            .filter(|(body, check)| all_digits(body) && (all_digits(check) || *check == "X"))
            .ok_or(CitizenIdRejection::Characters)?;
        if !is_region(body) {
            return Err(CitizenIdRejection::Region);
        }
        if read_birth_date(body).is_none() {
            return Err(CitizenIdRejection::BirthDate);
        }
        if check.as_bytes() != [check_character(body)] {
            return Err(CitizenIdRejection::CheckCharacter);
        }
        Ok(Self(text.as_str().into()))
    }

    /// A number nobody was given, for tests and demonstrations, with the right check character.
    ///
    /// # Panics
    /// When the region is not six digits of a known province, the birth year is before 1800 or
    /// the sequence has more than three digits.
    pub fn synthetic(region: &str, birth: Date, sequence: u16) -> Self {
        let birth = birth.strftime("%Y%m%d");
        let body = format!("{region}{birth}{sequence:03}");
        assert!(
            body.len() == 17 && all_digits(&body),
            "a synthetic number is made of 6 + 8 + 3 digits"
        );
        let check = char::from(check_character(&body));
        Self::parse(&format!("{body}{check}"))
            .expect("region and birth date of a synthetic number exist")
    }

    /// For people who must recognise a number without learning it: the first six, eight stars,
    /// the last four. The birth date is what the stars cover.
    pub fn masked(&self) -> String {
        format!("{}********{}", &self.0[..6], &self.0[14..])
    }

    /// The date of birth that the number carries.
    pub fn birth_date(&self) -> Date {
        read_birth_date(&self.0).expect("the birth date was checked by the parse")
    }

    /// Age in full years (周岁) on a day; the birthday itself counts as completed, and somebody
    /// born on 29 February completes a year on 1 March where there is no 29th. Negative before
    /// birth.
    pub fn age_on(&self, day: Date) -> i16 {
        full_years(self.birth_date(), day)
    }

    /// The eighteen characters. The one way out: whoever calls this answers for what becomes of
    /// them.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CitizenId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CitizenId(******)")
    }
}

/// A province, residence permits of the special regions among them, or a foreigner's card.
/// Districts are not looked up: numbers keep the codes of districts long withdrawn.
fn is_region(body: &str) -> bool {
    body.starts_with('9') || is_province_part(&body[..2])
}

/// Full years from one day to another; the day on which a year completes counts.
pub(crate) fn full_years(birth: Date, day: Date) -> i16 {
    let birthday_to_come = (day.month(), day.day()) < (birth.month(), birth.day());
    day.year() - birth.year() - i16::from(birthday_to_come)
}

fn read_birth_date(number: &str) -> Option<Date> {
    let year = number[6..10].parse().ok()?;
    let month = number[10..12].parse().ok()?;
    let day = number[12..14].parse().ok()?;
    let birth = Date::new(year, month, day).ok()?;
    (year >= EARLIEST_BIRTH_YEAR).then_some(birth)
}

fn check_character(body: &str) -> u8 {
    let sum: u32 = body
        .bytes()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    CHECK_CHARACTERS[usize::try_from(sum % 11).expect("a remainder of 11 fits")]
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::rejection::Rejection;

    // District 3700 does not exist, so no number of it was ever given to anybody.
    const NOWHERE: &str = "370099";

    fn someone() -> impl Strategy<Value = CitizenId> {
        (1900_i16..2020, 1_i8..=12, 1_i8..=28, 0_u16..1000).prop_map(
            |(year, month, day, sequence)| {
                CitizenId::synthetic(NOWHERE, date(year, month, day), sequence)
            },
        )
    }

    #[test]
    fn the_example_printed_in_the_standard_is_taken() {
        let example = CitizenId::parse("11010519491231002x").expect("the standard prints it");
        assert_eq!(example.birth_date(), date(1949, 12, 31));
        assert!(example.reveal().ends_with('X'));
        CitizenId::parse("440524188001010014").expect("the standard prints it too");
    }

    #[test]
    fn what_is_not_a_citizen_number_is_refused_by_name() {
        for (typed, rejection) in [
            ("", CitizenIdRejection::Length { given: 0 }),
            ("370099900101001", CitizenIdRejection::Length { given: 15 }),
            ("37009919900101001山", CitizenIdRejection::Characters),
            ("山70099199001010010", CitizenIdRejection::Characters),
            ("37009919900101X010", CitizenIdRejection::Characters),
            ("370099199001010Y10", CitizenIdRejection::Characters),
            ("390099199001010010", CitizenIdRejection::Region),
            ("370099199002300010", CitizenIdRejection::BirthDate),
            ("370099190002290010", CitizenIdRejection::BirthDate),
            ("370099079901010010", CitizenIdRejection::BirthDate),
        ] {
            assert_eq!(CitizenId::parse(typed), Err(rejection));
        }
    }

    #[test]
    fn permits_of_the_special_regions_and_foreigners_cards_have_the_same_shape() {
        for region in ["810000", "820000", "830000", "911156"] {
            let id = CitizenId::synthetic(region, date(1990, 1, 1), 1);
            assert!(id.reveal().starts_with(region));
        }
    }

    #[test]
    fn a_number_shows_stars_where_it_is_shown_at_all() {
        let id = CitizenId::synthetic(NOWHERE, date(1990, 2, 3), 123);
        assert_eq!(format!("{id:?}"), "CitizenId(******)");
        assert_eq!(id.masked().len(), 18);
        assert!(id.masked().starts_with("370099********123"));
    }

    #[test]
    fn age_is_counted_in_full_years_from_birthday_to_birthday() {
        let id = CitizenId::synthetic(NOWHERE, date(2004, 2, 29), 1);
        for (day, age) in [
            (date(2004, 2, 29), 0),
            (date(2020, 2, 28), 15),
            (date(2020, 2, 29), 16),
            (date(2022, 2, 28), 17),
            (date(2022, 3, 1), 18),
            (date(2004, 2, 28), -1),
        ] {
            assert_eq!(id.age_on(day), age, "on {day}");
        }
    }

    proptest! {
        #[test]
        fn a_number_is_taken_however_it_is_typed(id in someone()) {
            let number = id.reveal();
            let grouped = format!(" {} {}-{} ", &number[..6], &number[6..14], number[14..].to_lowercase());
            prop_assert_eq!(CitizenId::parse(&grouped), Ok(id.clone()));
        }

        #[test]
        fn every_change_of_a_single_character_is_noticed(id in someone(), position in 0_usize..18, other in 0_usize..11) {
            let mut number = id.reveal().as_bytes().to_vec();
            let other = b"0123456789X"[other];
            prop_assume!(number[position] != other);
            number[position] = other;
            let number = String::from_utf8(number).expect("digits are utf-8");
            prop_assert!(CitizenId::parse(&number).is_err());
        }

        #[test]
        fn two_neighbours_changing_places_are_noticed(id in someone()) {
            for position in 0..17 {
                let mut number = id.reveal().as_bytes().to_vec();
                number.swap(position, position + 1);
                let number = String::from_utf8(number).expect("digits are utf-8");
                prop_assert!(number == id.reveal() || CitizenId::parse(&number).is_err());
            }
        }

        #[test]
        fn a_refusal_never_repeats_what_was_typed(typed in "[0-9]{14,19}[0-9X山]") {
            if let Err(rejection) = CitizenId::parse(&typed) {
                let told = format!("{rejection:?} {} {}", rejection.chinese(), rejection.english());
                let digits: Vec<char> = typed.chars().collect();
                for part in digits.windows(6) {
                    prop_assert!(!told.contains(&part.iter().collect::<String>()));
                }

            }
        }

        #[test]
        fn nothing_typed_makes_the_parse_panic(typed in any::<String>()) {
            let _outcome = CitizenId::parse(&typed);
        }
    }
}
