//! What kind of number somebody typed into the query.
//!
//! People hold certificates of three decades and several schemes, and type whatever number the
//! paper shows. "Not found" would tell the holder of an old qualification certificate that the
//! paper is false. So the query first says what the number is, and where such are checked.

use crate::{ascii::all_digits, certificate_number::CertificateNumber, typed};

/// What a typed number looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recognised {
    /// A skill level certificate by the national rule of 2019 (职业技能等级证书), of any province.
    National(CertificateNumber),
    /// A certificate of special-grade technician or above (特级技师): 22 characters, a second
    /// letter among them.
    SpecialTechnician,
    /// A national qualification certificate of the time before (国家职业资格证书): 16 digits.
    Qualification16,
    /// An old Shanghai certificate: 13 digits, which the national query wants with three zeros
    /// in front.
    OldShanghai13,
    /// A number of another provincial scheme: `R`, filing level, kind and 17 digits.
    ProvincialVariant20,
    /// None of these.
    Unknown {
        /// How many characters were typed, separators not counted.
        length: usize,
    },
}

/// Says what kind of number somebody typed.
pub fn recognise(typed: &str) -> Recognised {
    let text = typed::normalise_number(typed);
    if is_special_technician(&text) {
        return Recognised::SpecialTechnician;
    }
    if let Ok(number) = CertificateNumber::parse(&text) {
        return Recognised::National(number);
    }
    let length = text.chars().count();
    match length {
        16 if all_digits(&text) => Recognised::Qualification16,
        13 if all_digits(&text) => Recognised::OldShanghai13,
        20 if is_provincial_variant(&text) => Recognised::ProvincialVariant20,
        _ => Recognised::Unknown { length },
    }
}

/// Two letters and twenty digits, the first of them the category. The published rule does not
/// say where the second letter stands; the level is the only part that could hold it.
fn is_special_technician(text: &str) -> bool {
    let letters = text.bytes().filter(u8::is_ascii_uppercase).count();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    text.starts_with(['Y', 'S']) && text.len() == 22 && letters == 2 && digits == 20
}

fn is_provincial_variant(text: &str) -> bool {
    let rest = text
        .strip_prefix('R')
        .and_then(|rest| rest.strip_prefix(['G', 'S', 'C', 'X']))
        .and_then(|rest| rest.strip_prefix(['N', 'W']));
    rest.is_some_and(all_digits)
}

impl Recognised {
    /// Where such a certificate is checked, in Chinese.
    pub fn hint_chinese(&self) -> &'static str {
        match self {
            Self::National(number) if number.organization_code().is_of_shandong() => {
                "职业技能等级证书编码，可在本系统查询"
            }
            Self::National(_) => "外省机构颁发的职业技能等级证书，请到全国联网查询系统查询",
            Self::SpecialTechnician => {
                "特级技师（首席技师）类证书由用人单位颁发，请向发证单位或全国联网查询系统查询"
            }
            Self::Qualification16 => {
                "这是原国家职业资格证书的 16 位编码，不是职业技能等级证书，请到全国联网查询系统查询"
            }
            Self::OldShanghai13 => {
                "这可能是上海市早期证书的 13 位编码，请在前面补三个 0，到全国联网查询系统查询"
            }
            Self::ProvincialVariant20 => "这是其他省份使用的 20 位编码，请向发证省份的查询系统查询",
            Self::Unknown { .. } => {
                "不是可识别的证书编码；职业技能等级证书编码为 1 位字母加 21 位数字，请与证书核对"
            }
        }
    }

    /// Where such a certificate is checked, in English.
    pub fn hint_english(&self) -> &'static str {
        match self {
            Self::National(number) if number.organization_code().is_of_shandong() => {
                "number of a skill level certificate, checked here"
            }
            Self::National(_) => {
                "skill level certificate of an organisation in another province, checked in the national query"
            }
            Self::SpecialTechnician => {
                "certificates of special-grade and chief technicians are issued by employers, checked with the issuer or in the national query"
            }
            Self::Qualification16 => {
                "16-digit number of a former national qualification certificate, not a skill level certificate, checked in the national query"
            }
            Self::OldShanghai13 => {
                "possibly the 13-digit number of an old Shanghai certificate, checked in the national query with three zeros in front"
            }
            Self::ProvincialVariant20 => {
                "20-character number used by another province, checked in the query of that province"
            }
            Self::Unknown { .. } => {
                "not a certificate number we recognise; that of a skill level certificate is one letter and 21 digits, please compare"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_number_a_query_box_receives_is_called_by_its_name() {
        for (typed, recognised) in [
            ("Y00013710000120T000001", Recognised::SpecialTechnician),
            ("YT00013710000120000001", Recognised::SpecialTechnician),
            ("2037010011400001", Recognised::Qualification16),
            ("O837 0100 1140 0001", Recognised::Qualification16),
            ("0809000000123", Recognised::OldShanghai13),
            ("RGN37010000120400001", Recognised::ProvincialVariant20),
            ("ABC37010000120400001", Recognised::Unknown { length: 20 }),
            ("S00003710000120400001", Recognised::Unknown { length: 21 }),
            ("S000037100001204000000", Recognised::Unknown { length: 22 }),
            ("山东", Recognised::Unknown { length: 2 }),
            ("", Recognised::Unknown { length: 0 }),
        ] {
            assert_eq!(recognise(typed), recognised, "{typed}");
        }
    }

    #[test]
    fn a_number_of_the_national_rule_is_sent_to_the_place_that_knows_it() {
        let here = recognise("s0000 37100001 20 4 000001");
        let elsewhere = recognise("Y000123100001195000001");
        assert!(matches!(here, Recognised::National(number) if number.sequence() == 1));
        assert!(matches!(elsewhere, Recognised::National(_)));
        assert!(here.hint_chinese().contains("本系统"));
        assert!(elsewhere.hint_chinese().contains("全国"));
    }

    proptest! {
        #[test]
        fn nothing_typed_makes_it_panic_or_leaves_it_without_a_hint(typed in any::<String>()) {
            let recognised = recognise(&typed);
            prop_assert!(!recognised.hint_chinese().is_empty());
            prop_assert!(!recognised.hint_english().is_empty());
        }
    }
}
