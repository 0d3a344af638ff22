//! The shapes of the reference (domain.md, section 1.3), and what holds for every number.

use proptest::prelude::*;

use super::*;
use crate::organization_code::OrganizationCategory;

fn number(text: &str) -> CertificateNumber {
    CertificateNumber::parse(text).expect("a number written for this test")
}

#[test]
fn the_shapes_of_the_coding_rule_are_taken_apart() {
    for (text, organization, year, level, sequence) in [
        (
            "S000037100001204000001",
            "S000037100001",
            2020,
            Level::Four,
            1,
        ),
        (
            "S000037000072205000123",
            "S000037000072",
            2020,
            Level::Five,
            123,
        ),
        (
            "S000037020003213000007",
            "S000037020003",
            2021,
            Level::Three,
            7,
        ),
        (
            "S012337010001204000001",
            "S012337010001",
            2020,
            Level::Four,
            1,
        ),
        (
            "Y000037100001204000001",
            "Y000037100001",
            2020,
            Level::Four,
            1,
        ),
    ] {
        let parsed = number(text);
        assert_eq!(parsed.organization_code().as_str(), organization);
        assert_eq!(parsed.year(), year);
        assert_eq!(parsed.level(), Some(level));
        assert_eq!(parsed.sequence(), sequence);
    }
}

#[test]
fn an_employers_certificate_is_well_formed_but_says_whose_it_is() {
    let employer = number("Y000037100001204000001").organization_code();
    assert_eq!(employer.category(), OrganizationCategory::Employer);
}

#[test]
fn a_level_we_do_not_know_is_read_but_names_no_level() {
    let unknown = number("S000037100001206000001");
    assert_eq!((unknown.level_code(), unknown.level()), ('6', None));
    assert_eq!(
        number("Y00003710000120T000001").level(),
        Some(Level::Special)
    );
}

#[test]
fn a_withdrawn_city_part_is_read_with_a_warning() {
    assert!(
        number("S000037120001204000001")
            .organization_code()
            .has_withdrawn_city_part()
    );
}

#[test]
fn what_is_not_a_certificate_number_is_refused_by_name() {
    for (typed, code) in [
        ("", "CERTIFICATE_NUMBER_LENGTH"),
        ("S00003710000120400001", "CERTIFICATE_NUMBER_LENGTH"),
        ("A000037100001204000001", "CERTIFICATE_NUMBER_ORGANIZATION"),
        ("山000037100001204000001", "CERTIFICATE_NUMBER_ORGANIZATION"),
        ("S000099100001204000001", "CERTIFICATE_NUMBER_ORGANIZATION"),
        ("S0000371000012X4000001", "CERTIFICATE_NUMBER_YEAR"),
        ("S000037100001200000001", "CERTIFICATE_NUMBER_LEVEL"),
        ("S00003710000120-00000山", "CERTIFICATE_NUMBER_LENGTH"),
        ("S00003710000120400000山", "CERTIFICATE_NUMBER_SEQUENCE"),
        ("S00003710000120400000A", "CERTIFICATE_NUMBER_SEQUENCE"),
        ("S000037100001204000000", "CERTIFICATE_NUMBER_SEQUENCE"),
    ] {
        let rejection = CertificateNumber::parse(typed).expect_err("wrong in one respect");
        assert_eq!(rejection.code(), code, "{typed}");
    }
}

#[test]
fn no_number_is_composed_outside_the_rule() {
    let organization = EvaluationOrganizationCode::for_shandong("10", 1).expect("Weihai exists");
    let compose = |year, level, sequence| {
        CertificateNumber::compose(&organization, year, level, sequence)
            .map_err(|rejection| rejection.code())
    };
    assert_eq!(
        compose(1999, Level::Four, 1),
        Err("CERTIFICATE_NUMBER_YEAR")
    );
    assert_eq!(
        compose(2100, Level::Four, 1),
        Err("CERTIFICATE_NUMBER_YEAR")
    );
    assert_eq!(
        compose(2020, Level::Four, 0),
        Err("CERTIFICATE_NUMBER_SEQUENCE")
    );
    assert_eq!(
        compose(2020, Level::Four, 1_000_000),
        Err("CERTIFICATE_NUMBER_SEQUENCE")
    );
    for level in [Level::Apprentice, Level::Special, Level::Chief] {
        assert_eq!(
            compose(2020, level, 1),
            Err("CERTIFICATE_NUMBER_LEVEL_WITHOUT_CODE")
        );
    }
}

proptest! {
    #[test]
    fn a_composed_number_gives_its_parts_back(
        running in 1_u16..=9999,
        year in 2000_i16..=2099,
        level in prop::sample::select(Level::ALL[1..6].to_vec()),
        sequence in 1_u32..=LAST_SEQUENCE,
    ) {
        let organization = EvaluationOrganizationCode::for_shandong("10", running).expect("Weihai exists");
        let composed = CertificateNumber::compose(&organization, year, level, sequence).expect("within the rule");
        prop_assert_eq!(composed.organization_code(), organization);
        prop_assert_eq!(composed.year(), year);
        prop_assert_eq!(composed.level(), Some(level));
        prop_assert_eq!(composed.sequence(), sequence);
        prop_assert_eq!(CertificateNumber::parse(&composed.to_string()), Ok(composed));
        let json = serde_json::to_string(&composed).expect("a number is text");
        prop_assert_eq!(serde_json::from_str::<CertificateNumber>(&json).expect("it was one"), composed);
    }

    #[test]
    fn numbers_sort_by_sequence_within_organisation_year_and_level(one in 1_u32..=LAST_SEQUENCE, other in 1_u32..=LAST_SEQUENCE) {
        let organization = EvaluationOrganizationCode::for_shandong("00", 72).expect("the province exists");
        let compose = |sequence| CertificateNumber::compose(&organization, 2026, Level::Three, sequence).expect("within the rule");
        prop_assert_eq!(compose(one).cmp(&compose(other)), one.cmp(&other));
    }

    #[test]
    fn nothing_typed_makes_the_parse_panic(typed in any::<String>()) {
        let _outcome = CertificateNumber::parse(&typed);
    }
}
