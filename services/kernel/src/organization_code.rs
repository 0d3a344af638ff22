//! The code of an evaluation organisation (评价机构代码): positions 1–13 of every certificate
//! number it issues.
//!
//! The national rule (人社鉴发〔2019〕2号) fixes the first seven characters and leaves the six of
//! the site to each province. No text of Shandong's own rule is known to us; two codes in use
//! (a provincial association's and a Weihai school's) show two digits of city, `00` for the
//! province, and a running number of four. So the site is split for province 37 only, and stays
//! opaque for all others.
//!
//! Not to be confused with the organisation code of GB 11714 inside the credit code.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    ascii::{Ascii, all_digits, text_form},
    division::{DivisionCode, is_province_part},
    typed,
};

/// The city part of former Laiwu (莱芜), withdrawn in 2019; in old codes only.
const WITHDRAWN_CITY_PART: &str = "12";
/// City parts run from 00, the province itself, to 17, Heze.
const LAST_CITY_PART: &str = "17";

crate::rejections! {
    /// Why text is not the code of an evaluation organisation, or none can be made.
    pub enum OrganizationCodeRejection {
        /// The code has thirteen characters.
        Length { given: usize } => "ORGANIZATION_CODE_LENGTH", InvalidArgument, "人社鉴发〔2019〕2号 positions 1-13",
            "评价机构代码应为 13 位，收到 {given} 位", "the code of an evaluation organisation has 13 characters, not {given}";
        /// The first letter names the category.
        Category => "ORGANIZATION_CODE_CATEGORY", InvalidArgument, "人社鉴发〔2019〕2号 position 1",
            "评价机构代码应以 Y（用人单位）或 S（社会培训评价组织）开头", "the code of an evaluation organisation begins with Y (employer) or S (social organisation)";
        /// All but the first are digits.
        Digits => "ORGANIZATION_CODE_DIGITS", InvalidArgument, "人社鉴发〔2019〕2号 positions 2-13",
            "评价机构代码首位之后应为 12 位数字", "after its letter the code of an evaluation organisation has 12 digits";
        /// Digits six and seven name no province.
        Province => "ORGANIZATION_CODE_PROVINCE", InvalidArgument, "人社鉴发〔2019〕2号 positions 6-7",
            "评价机构代码第 6、7 位不是省级代码", "characters 6 and 7 of the code of an evaluation organisation name no province";
        /// No city of Shandong, or one that no longer exists.
        CityPart => "ORGANIZATION_CODE_CITY_PART", InvalidArgument, "人社鉴发〔2019〕2号 positions 8-13",
            "没有这个市级部分，或该市已撤销", "there is no such city part, or the city no longer exists";
        /// Running numbers have four digits and begin with one.
        RunningNumber => "ORGANIZATION_CODE_RUNNING_NUMBER", InvalidArgument, "人社鉴发〔2019〕2号 positions 8-13",
            "机构顺序号应为 1 至 9999", "the running number of an organisation runs from 1 to 9999";
    }
}

/// Who evaluates (position 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganizationCategory {
    /// `Y`, 用人单位: an employer, for its own people.
    Employer,
    /// `S`, 社会培训评价组织: a social training evaluation organisation, the subject of the notice.
    SocialOrganization,
}

impl OrganizationCategory {
    /// The letter.
    pub fn code(self) -> char {
        match self {
            Self::Employer => 'Y',
            Self::SocialOrganization => 'S',
        }
    }

    /// Name in Chinese.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Employer => "用人单位",
            Self::SocialOrganization => "社会培训评价组织",
        }
    }
}

/// Code of an evaluation organisation (机构代码): letter, MOHRSS number 4, province 2, site 6.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EvaluationOrganizationCode(Ascii<13>);

impl EvaluationOrganizationCode {
    /// Parses a typed code.
    ///
    /// # Errors
    /// When length, letter, digits or province are wrong. A city part that Shandong does not
    /// have is let through: the split is our inference, and codes in use are facts.
    pub fn parse(typed: &str) -> Result<Self, OrganizationCodeRejection> {
        let text = typed::normalise_number(typed);
        let given = text.chars().count();
        if given != 13 {
            return Err(OrganizationCodeRejection::Length { given });
        }
        if !text.starts_with(['Y', 'S']) {
            return Err(OrganizationCodeRejection::Category);
        }
        if !all_digits(&text[1..]) {
            return Err(OrganizationCodeRejection::Digits);
        }
        if !is_province_part(&text[5..7]) {
            return Err(OrganizationCodeRejection::Province);
        }
        Ok(Self(
            Ascii::new(&text).expect("a letter and twelve digits are ascii"),
        ))
    }

    /// The code of a social organisation first filed in Shandong: `S0000 37`, city part, running
    /// number. The city part of a division is [`DivisionCode::city_part`]; `00` is the province.
    ///
    /// # Errors
    /// When Shandong has no such city, or the running number is not within 1 to 9999.
    pub fn for_shandong(city_part: &str, running: u16) -> Result<Self, OrganizationCodeRejection> {
        let exists = city_part.len() == 2
            && all_digits(city_part)
            && city_part <= LAST_CITY_PART
            && city_part != WITHDRAWN_CITY_PART;
        if !exists {
            return Err(OrganizationCodeRejection::CityPart);
        }
        if !(1..=9999).contains(&running) {
            return Err(OrganizationCodeRejection::RunningNumber);
        }
        Self::parse(&format!("S000037{city_part}{running:04}"))
    }

    /// The thirteen characters.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Who evaluates.
    pub fn category(&self) -> OrganizationCategory {
        if self
            .as_str()
            .starts_with(OrganizationCategory::Employer.code())
        {
            OrganizationCategory::Employer
        } else {
            OrganizationCategory::SocialOrganization
        }
    }

    /// The number given by MOHRSS; `0000` when the organisation was first filed with a province.
    pub fn national_number(&self) -> &str {
        &self.as_str()[1..5]
    }

    /// The two digits of the province of the organisation or its site.
    pub fn province(&self) -> &str {
        &self.as_str()[5..7]
    }

    /// The six digits each province fills by its own rule.
    pub fn site(&self) -> &str {
        &self.as_str()[7..]
    }

    /// Whether the organisation or its site is in Shandong.
    pub fn is_of_shandong(&self) -> bool {
        self.province() == DivisionCode::SHANDONG.province_part()
    }

    /// The two digits of the city; of codes of Shandong only.
    pub fn city_part(&self) -> Option<&str> {
        self.is_of_shandong().then(|| &self.site()[..2])
    }

    /// The running number within the city; of codes of Shandong only.
    pub fn running_number(&self) -> Option<u16> {
        self.is_of_shandong()
            .then(|| u16::try_from(self.0.number(9..13)).expect("four digits fit"))
    }

    /// The city, or the province, that gave the code; of codes of Shandong only. Whether there is
    /// such a city is a question for the stored table.
    pub fn division(&self) -> Option<DivisionCode> {
        let city_part = self.city_part()?;
        DivisionCode::parse(&format!("37{city_part}00")).ok()
    }

    /// Whether the code carries the city part of former Laiwu, withdrawn in 2019: suspicious,
    /// worth a warning, but not wrong in form.
    pub fn has_withdrawn_city_part(&self) -> bool {
        self.city_part() == Some(WITHDRAWN_CITY_PART)
    }
}

impl fmt::Display for EvaluationOrganizationCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

text_form!(EvaluationOrganizationCode, OrganizationCodeRejection);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(text: &str) -> EvaluationOrganizationCode {
        EvaluationOrganizationCode::parse(text).expect("a code written for this test")
    }

    #[test]
    fn a_code_of_shandong_is_taken_apart() {
        let weihai = code("S000037100001");
        assert_eq!(weihai.category(), OrganizationCategory::SocialOrganization);
        assert_eq!(weihai.national_number(), "0000");
        assert_eq!(weihai.province(), "37");
        assert_eq!(weihai.site(), "100001");
        assert_eq!(weihai.city_part(), Some("10"));
        assert_eq!(weihai.running_number(), Some(1));
        assert_eq!(weihai.division(), DivisionCode::parse("371000").ok());
        assert_eq!(
            code("S000037000072").division(),
            Some(DivisionCode::SHANDONG)
        );
    }

    #[test]
    fn the_site_of_another_province_stays_opaque() {
        let elsewhere = code("Y000123100001");
        assert_eq!(elsewhere.category(), OrganizationCategory::Employer);
        assert_eq!(elsewhere.site(), "100001");
        assert_eq!(elsewhere.city_part(), None);
        assert_eq!(elsewhere.running_number(), None);
        assert_eq!(elsewhere.division(), None);
        assert!(!code("S000023120001").has_withdrawn_city_part());
    }

    #[test]
    fn a_withdrawn_city_part_is_read_with_a_warning_and_never_given_again() {
        assert!(code("S000037120001").has_withdrawn_city_part());
        assert!(!code("S000037100001").has_withdrawn_city_part());
        assert_eq!(
            EvaluationOrganizationCode::for_shandong("12", 1),
            Err(OrganizationCodeRejection::CityPart)
        );
    }

    #[test]
    fn what_is_not_such_a_code_is_refused_by_name() {
        for (typed, rejection) in [
            (
                "S00003710000",
                OrganizationCodeRejection::Length { given: 12 },
            ),
            ("A000037100001", OrganizationCodeRejection::Category),
            ("0000037100001", OrganizationCodeRejection::Category),
            ("S00003710000A", OrganizationCodeRejection::Digits),
            ("S00003710000山", OrganizationCodeRejection::Digits),
            ("S000038100001", OrganizationCodeRejection::Province),
        ] {
            assert_eq!(EvaluationOrganizationCode::parse(typed), Err(rejection));
        }
        for city_part in ["", "1", "18", "99", "0A", "山", "001"] {
            assert_eq!(
                EvaluationOrganizationCode::for_shandong(city_part, 1),
                Err(OrganizationCodeRejection::CityPart)
            );
        }
        for running in [0, 10_000] {
            assert_eq!(
                EvaluationOrganizationCode::for_shandong("10", running),
                Err(OrganizationCodeRejection::RunningNumber)
            );
        }
    }

    proptest! {
        #[test]
        fn a_code_reads_back_as_it_is_written(text in "[YS][0-9]{4}(37|11|23|65)[0-9]{6}") {
            let parsed = code(&text);
            prop_assert_eq!(parsed.to_string(), text);
            let json = serde_json::to_string(&parsed).expect("a code is text");
            prop_assert_eq!(serde_json::from_str::<EvaluationOrganizationCode>(&json).expect("it was one"), parsed);
        }

        #[test]
        fn a_code_made_for_shandong_gives_its_parts_back(city in 0_u8..=17, running in 1_u16..=9999) {
            prop_assume!(city != 12);
            let city_part = format!("{city:02}");
            let made = EvaluationOrganizationCode::for_shandong(&city_part, running).expect("within bounds");
            prop_assert_eq!(made.city_part(), Some(city_part.as_str()));
            prop_assert_eq!(made.running_number(), Some(running));
            prop_assert!(!made.has_withdrawn_city_part());
        }
    }
}
