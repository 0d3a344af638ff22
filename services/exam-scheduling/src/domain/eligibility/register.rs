//! What our own register of certificates says: of a certificate that is claimed, and of a level that
//! somebody holds already.

use jiff::civil::Date;
use kernel::certificate_number::CertificateNumber;
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use kernel::organization_code::OrganizationCategory;

use super::claim::Claim;
use super::rejection::EligibilityRejection;

/// A certificate of our register.
#[derive(Clone, PartialEq, Eq)]
pub struct Holding {
    /// 证书编号
    pub number: CertificateNumber,
    /// The occupation.
    pub occupation: OccupationRef,
    /// 工种 or 职业方向; empty where there is none.
    pub trade: String,
    /// The level.
    pub level: Level,
    /// Day of issue.
    pub issued_on: Date,
    /// Whether it is in force.
    pub valid: bool,
}

/// Puts what the register says of the certificate claimed in the place of what is claimed.
/// Certificates of others, and of before there were such numbers, stay as they are stated: the
/// organisation looks them up where they are from.
///
/// # Errors
/// When the certificate would be in our register, and is not this person's or not in force.
pub fn settle(claim: &mut Claim, holdings: &[Holding]) -> Result<(), EligibilityRejection> {
    let Some(claimed) = &mut claim.certificate else {
        return Ok(());
    };
    let Ok(number) = CertificateNumber::parse(&claimed.number) else {
        return Ok(());
    };
    let issuer = number.organization_code();
    let ours = issuer.category() == OrganizationCategory::SocialOrganization;
    if !(ours && issuer.is_of_shandong()) {
        return Ok(());
    }
    match holdings.iter().find(|held| held.number == number) {
        None => Err(EligibilityRejection::CertificateNotHeld),
        Some(held) if !held.valid => Err(EligibilityRejection::CertificateNotInForce),
        Some(held) => {
            number.as_str().clone_into(&mut claimed.number);
            (claimed.level, claimed.issued_on) = (held.level, held.issued_on);
            Ok(())
        }
    }
}

/// Whether somebody holds this level of an occupation or a higher one, in force.
pub fn holds(holdings: &[Holding], occupation: OccupationRef, trade: &str, level: Level) -> bool {
    let same = |held: &&Holding| held.occupation.code == occupation.code && held.trade == trade;
    let mut of_occupation = holdings.iter().filter(same);
    of_occupation.any(|held| held.valid && held.level >= level)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::rejection::Rejection;

    use super::super::claim::PriorCertificate;
    use super::*;

    const OURS: &str = "S000037100001205000001";

    fn holding(number: &str, valid: bool) -> Holding {
        Holding {
            number: CertificateNumber::parse(number).expect("a number"),
            occupation: OccupationRef::parse("2015:6-31-01-03").expect("electrician"),
            trade: String::new(),
            level: Level::Five,
            issued_on: date(2020, 7, 1),
            valid,
        }
    }

    fn claim(number: &str) -> Claim {
        Claim {
            certificate: Some(PriorCertificate {
                number: number.to_owned(),
                level: Level::Three,
                issued_on: date(2010, 1, 1),
            }),
            ..crate::domain::samples::applicant(0).claim.expect("a claim")
        }
    }

    #[test]
    fn the_register_knows_its_own_certificates_better_than_a_claim() {
        let mut typed = claim("s0000 3710 0001 2050 0000 1");
        assert_eq!(settle(&mut typed, &[holding(OURS, true)]), Ok(()));
        let settled = typed.certificate.expect("still there");
        assert_eq!(settled.number, OURS);
        assert_eq!(
            (settled.level, settled.issued_on),
            (Level::Five, date(2020, 7, 1))
        );
    }

    #[test]
    fn a_certificate_of_ours_that_is_another_s_or_revoked_is_none() {
        for (holdings, code) in [
            (vec![], "ELIGIBILITY_CERTIFICATE_NOT_HELD"),
            (
                vec![holding("S000037100001205000002", true)],
                "ELIGIBILITY_CERTIFICATE_NOT_HELD",
            ),
            (
                vec![holding(OURS, false)],
                "ELIGIBILITY_CERTIFICATE_NOT_IN_FORCE",
            ),
        ] {
            let refused = settle(&mut claim(OURS), &holdings).expect_err(code);
            assert_eq!(refused.code(), code);
        }
    }

    #[test]
    fn certificates_of_others_stay_as_they_are_stated() {
        for number in [
            "S000011010001205000001",
            "Y000137100001205000001",
            "1637000000500001",
            "示例",
        ] {
            let mut stated = claim(number);
            assert_eq!(settle(&mut stated, &[]), Ok(()));
            assert!(stated == claim(number));
        }
    }

    #[test]
    fn a_level_is_held_by_whoever_holds_it_or_a_higher_one_in_force() {
        let electrician = OccupationRef::parse("2015:6-31-01-03").expect("electrician");
        let welder = OccupationRef::parse("2015:6-18-02-04").expect("welder");
        let held = [holding(OURS, true)];
        assert!(holds(&held, electrician, "", Level::Five));
        assert!(!holds(&held, electrician, "", Level::Four));
        assert!(!holds(&held, electrician, "工种", Level::Five));
        assert!(!holds(&held, welder, "", Level::Five));
        assert!(!holds(
            &[holding(OURS, false)],
            electrician,
            "",
            Level::Five
        ));
    }
}
