//! The certificate number (证书编码), 人社鉴发〔2019〕2号: 22 characters.
//!
//! | position | part | example |
//! |---|---|---|
//! | 1–13 | code of the evaluation organisation | `S000037100001` |
//! | 14–15 | year of issue, two digits | `20` |
//! | 16 | level | `4` |
//! | 17–22 | sequence within organisation, year and level | `000001` |
//!
//! There is no check digit: a number can be right in form and still invented. Only the ledger
//! and the query can say whether a certificate exists; this type never does.

use std::fmt;

use crate::{
    ascii::{Ascii, all_digits, text_form},
    level::Level,
    organization_code::{EvaluationOrganizationCode, OrganizationCodeRejection},
    rejection::Rejection,
    typed,
};

pub use crate::recognised::{Recognised, recognise};

/// The last sequence number of an organisation, year and level.
const LAST_SEQUENCE: u32 = 999_999;

crate::rejections! {
    /// Why text is not a certificate number, or none can be composed.
    pub enum CertificateNumberRejection {
        /// The number has 22 characters.
        Length { given: usize } => "CERTIFICATE_NUMBER_LENGTH", InvalidArgument, "人社鉴发〔2019〕2号",
            "证书编码应为 22 位，收到 {given} 位", "a certificate number has 22 characters, not {given}";
        /// The first thirteen characters are no code of an evaluation organisation.
        Organization { code: &'static str, chinese: String, english: String }
            => "CERTIFICATE_NUMBER_ORGANIZATION", InvalidArgument, "人社鉴发〔2019〕2号 positions 1-13",
            "证书编码前 13 位不是评价机构代码：{chinese}（{code}）", "characters 1 to 13 of the certificate number are not the code of an evaluation organisation: {english} ({code})";
        /// The year is two digits.
        Year => "CERTIFICATE_NUMBER_YEAR", InvalidArgument, "人社鉴发〔2019〕2号 positions 14-15",
            "证书编码第 14、15 位应为发证年份，年份应在 2000 至 2099 之间", "characters 14 and 15 of a certificate number are the year of issue, which lies within 2000 to 2099";
        /// The level is a digit from 1 to 9 or a capital letter.
        LevelCode => "CERTIFICATE_NUMBER_LEVEL", InvalidArgument, "人社鉴发〔2019〕2号 position 16",
            "证书编码第 16 位不是等级代码", "character 16 of the certificate number is not the code of a level";
        /// No number is composed at a level whose code is not published.
        LevelWithoutCode { level: &'static str } => "CERTIFICATE_NUMBER_LEVEL_WITHOUT_CODE", FailedPrecondition, "人社鉴发〔2019〕2号 position 16",
            "{level}没有已公布的等级代码，不能编制证书编码", "{level} has no published code of a level, so no certificate number can be composed";
        /// The sequence runs from 1 to 999999.
        Sequence => "CERTIFICATE_NUMBER_SEQUENCE", InvalidArgument, "人社鉴发〔2019〕2号 positions 17-22",
            "证书序列号应为 000001 至 999999", "the sequence of a certificate number runs from 000001 to 999999";
    }
}

impl From<OrganizationCodeRejection> for CertificateNumberRejection {
    fn from(inner: OrganizationCodeRejection) -> Self {
        Self::Organization {
            code: inner.code(),
            chinese: inner.chinese(),
            english: inner.english(),
        }
    }
}

/// Number of a skill level certificate (职业技能等级证书编码).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CertificateNumber(Ascii<22>);

impl CertificateNumber {
    /// Parses a typed number.
    ///
    /// Any code that could be a level is let through at position 16, known to [`Level`] or not:
    /// the table of levels grows by decree, and a number on a certificate in somebody's hand is a
    /// fact. [`CertificateNumber::level`] says whether the level is known.
    ///
    /// # Errors
    /// The first thing that is wrong, from the left.
    pub fn parse(typed: &str) -> Result<Self, CertificateNumberRejection> {
        let text = typed::normalise_number(typed);
        let given = text.chars().count();
        if given != 22 {
            return Err(CertificateNumberRejection::Length { given });
        }
        let head: String = text.chars().take(13).collect();
        EvaluationOrganizationCode::parse(&head)?;
        let tail = text
            .strip_prefix(&head)
            .expect("the head was cut off this text");
        let tail = Ascii::<9>::new(tail).ok_or(CertificateNumberRejection::Sequence)?;
        let tail = tail.as_str();
        if !all_digits(&tail[..2]) {
            return Err(CertificateNumberRejection::Year);
        }
        if !matches!(tail.as_bytes()[2], b'1'..=b'9' | b'A'..=b'Z') {
            return Err(CertificateNumberRejection::LevelCode);
        }
        if !all_digits(&tail[3..]) || &tail[3..] == "000000" {
            return Err(CertificateNumberRejection::Sequence);
        }
        Ok(Self(Ascii::new(&text).expect("head and tail are ascii")))
    }

    /// Composes the number of a new certificate.
    ///
    /// # Errors
    /// When the year is not of this century, the level has no published code, or the sequence is
    /// outside 1 to 999999, which means that the range of that organisation, year and level is
    /// used up.
    pub fn compose(
        organization: &EvaluationOrganizationCode,
        year: i16,
        level: Level,
        sequence: u32,
    ) -> Result<Self, CertificateNumberRejection> {
        if !(2000..=2099).contains(&year) {
            return Err(CertificateNumberRejection::Year);
        }
        let code = level.code().filter(|_| level.code_is_verified()).ok_or(
            CertificateNumberRejection::LevelWithoutCode {
                level: level.chinese(),
            },
        )?;
        if !(1..=LAST_SEQUENCE).contains(&sequence) {
            return Err(CertificateNumberRejection::Sequence);
        }
        Self::parse(&format!(
            "{organization}{:02}{code}{sequence:06}",
            year % 100
        ))
    }

    /// The 22 characters.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The organisation that issued the certificate.
    pub fn organization_code(&self) -> EvaluationOrganizationCode {
        EvaluationOrganizationCode::parse(&self.as_str()[..13])
            .expect("the organisation was checked by the parse")
    }

    /// The two digits of the year of issue.
    pub fn year_part(&self) -> &str {
        &self.as_str()[13..15]
    }

    /// The year of issue. Certificates of this kind exist since 2019, so the century is known.
    pub fn year(&self) -> i16 {
        2000 + i16::try_from(self.0.number(13..15)).expect("two digits fit")
    }

    /// The character at position 16.
    pub fn level_code(&self) -> char {
        char::from(self.as_str().as_bytes()[15])
    }

    /// The level, if the code is one we know.
    pub fn level(&self) -> Option<Level> {
        Level::from_code(self.level_code()).ok()
    }

    /// The sequence within organisation, year and level.
    pub fn sequence(&self) -> u32 {
        self.0.number(16..22)
    }
}

impl fmt::Display for CertificateNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

text_form!(CertificateNumber, CertificateNumberRejection);

#[cfg(test)]
mod tests;
