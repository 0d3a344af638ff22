//! The unified social credit code (统一社会信用代码), GB 32100.
//!
//! Every legal person has one. It carries two checks, one over the whole (GB 32100) and one over
//! the organisation code inside (组织机构代码, GB 11714), so a slip of the fingers rarely passes
//! both. A few codes in use fail a check all the same; the platform refuses them, and letting one
//! in is an officer's decision with a reason, not a parse.

use std::fmt;

use crate::{
    ascii::{Ascii, all_digits, text_form},
    typed,
};

/// Digits and capitals without I, O, S, V, Z; a character's value is its place.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Powers of three modulo 31.
const WEIGHTS: [usize; 17] = [
    1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28,
];
/// Weights of the organisation code inside.
const INNER_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

crate::rejections! {
    /// Why text is not a unified social credit code.
    pub enum CreditCodeRejection {
        /// The code has eighteen characters.
        Length { given: usize } => "CREDIT_CODE_LENGTH", InvalidArgument, "GB 32100-2015 structure",
            "统一社会信用代码应为 18 位，收到 {given} 位", "a unified social credit code has 18 characters, not {given}";
        /// A character that the standard does not use.
        Characters => "CREDIT_CODE_CHARACTERS", InvalidArgument, "GB 32100-2015 characters",
            "统一社会信用代码只能由数字和除 I、O、S、V、Z 外的大写字母组成",
            "a unified social credit code is made of digits and capitals without I, O, S, V and Z";
        /// The place of registration is not six digits.
        Region => "CREDIT_CODE_REGION", InvalidArgument, "GB 32100-2015 region of the registration authority",
            "统一社会信用代码第 3 至 8 位应为登记机关行政区划代码", "characters 3 to 8 of a unified social credit code are the digits of a division";
        /// The organisation code inside does not check.
        InnerCheck => "CREDIT_CODE_INNER_CHECK", InvalidArgument, "GB 11714-1997 check character",
            "统一社会信用代码中的组织机构代码校验码不符，请核对", "the organisation code inside the unified social credit code does not check, please compare";
        /// The code as a whole does not check.
        Check => "CREDIT_CODE_CHECK", InvalidArgument, "GB 32100-2015 check character",
            "统一社会信用代码校验码不符，请核对", "the check character of the unified social credit code does not match, please compare";
    }
}

/// Unified social credit code (统一社会信用代码), GB 32100: kind 2, region 6, organisation code 9,
/// check 1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnifiedSocialCreditCode(Ascii<18>);

impl UnifiedSocialCreditCode {
    /// Parses a typed credit code.
    ///
    /// # Errors
    /// The first thing that is wrong: length, characters, region, inner check, outer check.
    pub fn parse(typed: &str) -> Result<Self, CreditCodeRejection> {
        let code = Self::admit(typed)?;
        code.check()?;
        Ok(code)
    }

    /// Reads a credit code for which somebody vouches, whether its checks match or not.
    ///
    /// # Errors
    /// When it has not even the form of one: length, characters, region.
    pub fn admit(typed: &str) -> Result<Self, CreditCodeRejection> {
        let text = typed::normalise(typed);
        let given = text.chars().count();
        if given != 18 {
            return Err(CreditCodeRejection::Length { given });
        }
        if !text.bytes().all(|byte| ALPHABET.contains(&byte)) {
            return Err(CreditCodeRejection::Characters);
        }
        if !all_digits(&text[2..8]) {
            return Err(CreditCodeRejection::Region);
        }
        Ok(Self(
            Ascii::new(&text).expect("eighteen characters of the alphabet are ascii"),
        ))
    }

    /// Whether both checks match.
    ///
    /// # Errors
    /// The first that does not.
    pub fn check(&self) -> Result<(), CreditCodeRejection> {
        let text = self.as_str().as_bytes();
        if text[16] != inner_check(&text[8..16]) {
            return Err(CreditCodeRejection::InnerCheck);
        }
        if text[17] != outer_check(&text[..17]) {
            return Err(CreditCodeRejection::Check);
        }
        Ok(())
    }

    /// A code for tests and demonstrations, with both checks computed.
    ///
    /// # Panics
    /// When the prefix is not two characters of the alphabet, the region is not six digits, or
    /// the serial has more than eight digits.
    pub fn synthetic(prefix: &str, region: &str, serial: u32) -> Self {
        let inner = format!("{serial:08}");
        let inner_check = char::from(inner_check(inner.as_bytes()));
        let body = format!("{prefix}{region}{inner}{inner_check}");
        assert!(
            body.len() == 17 && body.bytes().all(|byte| ALPHABET.contains(&byte)),
            "a synthetic credit code is made of 2 + 6 + 8 characters of the alphabet"
        );
        let check = char::from(outer_check(body.as_bytes()));
        Self::parse(&format!("{body}{check}"))
            .expect("the parts of a synthetic credit code have the right form")
    }

    /// The eighteen characters.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Registration authority and kind: `91` enterprises, `51` associations, `52` private
    /// non-enterprise units, `12` public institutions. Good for a warning, not for a refusal.
    pub fn kind_prefix(&self) -> &str {
        &self.as_str()[..2]
    }

    /// The six digits of the division whose authority registered it.
    pub fn registered_in(&self) -> &str {
        &self.as_str()[2..8]
    }

    /// The organisation code inside (组织机构代码), check character included.
    pub fn inner_organization_code(&self) -> &str {
        &self.as_str()[8..17]
    }
}

impl fmt::Display for UnifiedSocialCreditCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

text_form!(UnifiedSocialCreditCode, CreditCodeRejection);

fn outer_check(body: &[u8]) -> u8 {
    let sum: usize = body
        .iter()
        .zip(WEIGHTS)
        .map(|(&byte, weight)| value(byte) * weight)
        .sum();
    ALPHABET[(31 - sum % 31) % 31]
}

/// Place in the alphabet. Called only where the parse saw the alphabet.
fn value(byte: u8) -> usize {
    ALPHABET
        .iter()
        .position(|&character| character == byte)
        .expect("the characters were checked before the check was computed")
}

/// GB 11714 counts letters from A = 10 to Z = 35, and writes X for 10.
fn inner_check(body: &[u8]) -> u8 {
    let value = |byte: u8| {
        char::from(byte)
            .to_digit(36)
            .expect("a digit or a capital letter")
    };
    let sum: u32 = body
        .iter()
        .zip(INNER_WEIGHTS)
        .map(|(&byte, weight)| value(byte) * weight)
        .sum();
    match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0' + u8::try_from(digit).expect("a remainder of 11 fits"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_code() -> impl Strategy<Value = UnifiedSocialCreditCode> {
        let prefix = prop::sample::select(vec!["91", "51", "52", "12", "Y1", "92"]);
        (prefix, "37[0-9]{4}", 0_u32..100_000_000).prop_map(|(prefix, region, serial)| {
            UnifiedSocialCreditCode::synthetic(prefix, &region, serial)
        })
    }

    #[test]
    fn the_example_of_the_standard_is_taken_apart() {
        let code =
            UnifiedSocialCreditCode::parse("91350100M000100Y43").expect("a widely printed example");
        assert_eq!(code.kind_prefix(), "91");
        assert_eq!(code.registered_in(), "350100");
        assert_eq!(code.inner_organization_code(), "M000100Y4");
    }

    #[test]
    fn what_is_not_a_credit_code_is_refused_by_name() {
        for (typed, rejection) in [
            ("", CreditCodeRejection::Length { given: 0 }),
            (
                "91350100M000100Y4",
                CreditCodeRejection::Length { given: 17 },
            ),
            ("91350100O000100Y43", CreditCodeRejection::Characters),
            ("9135010山000100Y43X", CreditCodeRejection::Characters),
            ("9135A100M000100Y43", CreditCodeRejection::Region),
            ("91350100M000100Y53", CreditCodeRejection::InnerCheck),
            ("91350100M000100Y44", CreditCodeRejection::Check),
        ] {
            assert_eq!(UnifiedSocialCreditCode::parse(typed), Err(rejection));
        }
    }

    #[test]
    fn a_code_that_does_not_check_is_admitted_as_it_is_and_nothing_else_is() {
        let admitted = UnifiedSocialCreditCode::admit("91350100m000100y44").expect("its form");
        assert_eq!(admitted.as_str(), "91350100M000100Y44");
        assert_eq!(admitted.check(), Err(CreditCodeRejection::Check));
        for typed in [
            "91350100M000100Y4",
            "91350100O000100Y43",
            "9135A100M000100Y43",
        ] {
            let admitted = UnifiedSocialCreditCode::admit(typed);
            assert_eq!(admitted, UnifiedSocialCreditCode::parse(typed), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn a_code_reads_back_as_it_is_written(code in any_code()) {
            prop_assert_eq!(UnifiedSocialCreditCode::parse(&code.to_string().to_lowercase()), Ok(code));
            let json = serde_json::to_string(&code).expect("a code is text");
            prop_assert_eq!(serde_json::from_str::<UnifiedSocialCreditCode>(&json).expect("it was one"), code);
        }

        #[test]
        fn every_change_of_a_single_character_is_noticed(code in any_code(), position in 0_usize..18, other in 0_usize..31) {
            let mut text = code.as_str().as_bytes().to_vec();
            prop_assume!(text[position] != ALPHABET[other]);
            text[position] = ALPHABET[other];
            let text = String::from_utf8(text).expect("the alphabet is ascii");
            prop_assert!(UnifiedSocialCreditCode::parse(&text).is_err());
        }

        #[test]
        fn nothing_typed_makes_the_parse_panic(typed in any::<String>()) {
            let _outcome = UnifiedSocialCreditCode::parse(&typed);
        }
    }
}
