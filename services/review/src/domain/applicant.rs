//! Who applies, as the registry enrolled it, and where it may apply (notice 3.2).

use kernel::content_hash::ContentHash;
use kernel::credit_code::UnifiedSocialCreditCode;
use kernel::division::DivisionCode;
use kernel::rejection::Rejection;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use strum::{EnumIter, EnumString, IntoStaticStr};

/// Kind of body (机构性质), annex 1.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumIter, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum BodyKind {
    /// 企业
    Enterprise,
    /// 行业协会
    IndustryAssociation,
    /// 高等院校
    HigherEducation,
    /// 技工院校
    TechnicianCollege,
    /// 民办职业培训机构
    PrivateTraining,
}

impl BodyKind {
    /// Name for machines, as stored.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Name in Chinese, as annex 1 and the public notice print it.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Enterprise => "企业",
            Self::IndustryAssociation => "行业协会",
            Self::HigherEducation => "高等院校",
            Self::TechnicianCollege => "技工院校",
            Self::PrivateTraining => "民办职业培训机构",
        }
    }
}

/// How paths of the head of annex 1 begin.
const HEAD: &str = "applicant.";

/// To whom a body belongs (隶属关系).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Affiliation {
    /// 省属
    Provincial,
    /// 市属
    City,
    /// Neither (民办).
    Private,
}

impl Affiliation {
    /// Name for machines.
    fn name(self) -> &'static str {
        self.into()
    }
}

/// The applicant as it was enrolled: the head of annex 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applicant {
    /// 单位名称
    pub name: String,
    /// 地址
    pub address: String,
    /// 统一社会信用代码; one that does not check, an officer vouched for.
    #[serde(deserialize_with = "admitted")]
    pub credit_code: UnifiedSocialCreditCode,
    /// 注册登记机构
    pub registration_authority: String,
    /// 机构性质
    pub kind: BodyKind,
    /// 隶属关系
    pub affiliation: Affiliation,
    /// Seat: the city in which it is registered, or a division of that city.
    pub seat: DivisionCode,
}

fn admitted<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<UnifiedSocialCreditCode, D::Error> {
    let text = String::deserialize(deserializer)?;
    UnifiedSocialCreditCode::admit(&text).map_err(|rejection| D::Error::custom(rejection.english()))
}

impl Applicant {
    /// Fingerprint of all of it: what a printed form has in its head.
    pub fn digest(&self) -> ContentHash {
        let bytes = serde_json::to_vec(self).expect("texts and codes always serialise");
        ContentHash::of_bytes(&bytes)
    }

    /// What the head says at a path, if it has such a field.
    pub fn value_at(&self, path: &str) -> Option<String> {
        let value = match path.strip_prefix(HEAD)? {
            "name" => self.name.clone(),
            "address" => self.address.clone(),
            "unified_social_credit_code" => self.credit_code.to_string(),
            "registration_authority" => self.registration_authority.clone(),
            "kind" => self.kind.name().to_owned(),
            "affiliation" => self.affiliation.name().to_owned(),
            "division_code" => self.seat.to_string(),
            _ => return None,
        };
        Some(value)
    }

    /// Whether the applicant may file there (notice 3.2): provincial bodies with the province or
    /// the city of their seat, all others with that city alone, and private training institutions
    /// never with the province. The notice does not speak of private enterprises, associations
    /// and colleges; they are nobody's but their city's, so they file there.
    pub fn may_file_with(&self, division: DivisionCode) -> bool {
        let of_the_province =
            self.affiliation == Affiliation::Provincial && self.kind != BodyKind::PrivateTraining;
        self.seat.city() == Some(division)
            || (of_the_province && division == DivisionCode::PROVINCE)
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::super::samples::applicant;
    use super::*;

    fn division(text: &str) -> DivisionCode {
        DivisionCode::parse(text).expect("a code written for this test")
    }

    #[test]
    fn where_a_body_may_file_follows_from_its_kind_and_affiliation() {
        let (province, own, other) = (
            DivisionCode::PROVINCE,
            division("371000"),
            division("370100"),
        );
        for kind in BodyKind::iter() {
            for affiliation in [
                Affiliation::Provincial,
                Affiliation::City,
                Affiliation::Private,
            ] {
                let applicant = Applicant {
                    kind,
                    affiliation,
                    seat: own,
                    ..applicant()
                };
                let with_province =
                    affiliation == Affiliation::Provincial && kind != BodyKind::PrivateTraining;
                assert_eq!(
                    applicant.may_file_with(province),
                    with_province,
                    "{applicant:?}"
                );
                assert!(applicant.may_file_with(own), "{applicant:?}");
                assert!(!applicant.may_file_with(other), "{applicant:?}");
            }
        }
    }

    #[test]
    fn a_district_is_no_filing_authority_even_where_the_seat_is() {
        let seat = division("371002");
        let applicant = Applicant {
            kind: BodyKind::Enterprise,
            seat,
            ..applicant()
        };
        assert!(applicant.may_file_with(division("371000")));
        assert!(!applicant.may_file_with(seat));
    }
}
