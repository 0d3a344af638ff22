//! Faults keep their order and their fields, and every table of this crate keeps the house style.

use std::collections::BTreeSet;

use super::*;
use crate::{
    certificate_number::CertificateNumberRejection,
    citizen_id::CitizenIdRejection,
    content_hash::ContentHashRejection,
    credit_code::CreditCodeRejection,
    division::DivisionRejection,
    identity_document::DocumentRejection,
    ids::IdRejection,
    level::LevelRejection,
    occupation::OccupationRejection,
    organization_code::OrganizationCodeRejection,
    person_name::PersonNameRejection,
    public_notice::NoticeRejection,
    two_persons::TwoPersonsRejection,
    working_day::{CalendarRejection, YearWithoutData},
};

crate::rejections! {
    /// Two refusals for these tests.
    enum Sample {
        /// With a field.
        TooMany { limit: u8, given: usize } => "TOO_MANY", ResourceExhausted, "notice 2",
            "至多 {limit} 个，收到 {given} 个", "at most {limit}, not {given}";
        /// Without, and with a field that no text names.
        Silent { hidden: u8 } => "SILENT", Unavailable, "platform", "未答复", "no answer";
    }
}

const MANY: Sample = Sample::TooMany { limit: 3, given: 4 };
const SILENT: Sample = Sample::Silent { hidden: 7 };

#[test]
fn a_refusal_tells_its_code_kind_rule_and_texts() {
    assert_eq!(MANY.code(), "TOO_MANY");
    assert_eq!(MANY.kind(), RejectionKind::ResourceExhausted);
    assert_eq!(MANY.rule(), "notice 2");
    assert_eq!(MANY.chinese(), "至多 3 个，收到 4 个");
    assert_eq!(MANY.english(), "at most 3, not 4");
    assert_eq!(SILENT.kind(), RejectionKind::Unavailable);
    assert_eq!(Sample::CODES, ["TOO_MANY", "SILENT"]);
}

#[test]
fn faults_are_told_in_the_order_in_which_they_were_found() {
    let mut faults = FaultList::default();
    assert!(faults.is_empty());
    assert_eq!(faults.take("occupations", Err::<(), _>(MANY)), None);
    faults.require(true, "never", &SILENT);
    faults.require(false, "roster[3].name", &SILENT);
    faults.refuse(&SILENT);
    faults.extend(Faults::at("inner", &MANY));
    assert!(!faults.is_empty());

    let faults = faults.finish().expect_err("four faults were noted");
    assert_eq!(faults.codes(), ["TOO_MANY", "SILENT", "SILENT", "TOO_MANY"]);
    assert_eq!(faults.leading().field.as_deref(), Some("occupations"));
    assert_eq!(faults.all()[2].field, None);
    assert_eq!(
        faults.to_string(),
        "refused: TOO_MANY at occupations, SILENT at roster[3].name, SILENT, TOO_MANY at inner"
    );
}

#[test]
fn a_value_that_parses_is_kept_and_leaves_no_fault() {
    let mut faults = FaultList::default();
    assert_eq!(faults.take("count", Ok::<_, Sample>(3)), Some(3));
    assert_eq!(faults.finish(), Ok(()));
}

#[test]
fn a_single_refusal_turns_into_faults_of_the_whole_command() {
    let faults = Faults::from(MANY);
    assert_eq!(faults.codes(), ["TOO_MANY"]);
    assert_eq!(faults.leading().field, None);
    assert_eq!(faults.leading().english, MANY.english());
}

#[test]
fn every_code_of_this_crate_is_unique_and_in_screaming_snake_case() {
    let tables = [
        CertificateNumberRejection::CODES,
        CitizenIdRejection::CODES,
        ContentHashRejection::CODES,
        CreditCodeRejection::CODES,
        DivisionRejection::CODES,
        DocumentRejection::CODES,
        IdRejection::CODES,
        LevelRejection::CODES,
        OccupationRejection::CODES,
        OrganizationCodeRejection::CODES,
        PersonNameRejection::CODES,
        NoticeRejection::CODES,
        TwoPersonsRejection::CODES,
        CalendarRejection::CODES,
        YearWithoutData::CODES,
    ];
    let mut seen = BTreeSet::new();
    for code in tables.concat() {
        assert!(seen.insert(code), "{code} is in two tables");
        assert!(
            code.bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte == b'_'),
            "{code}"
        );
    }
}
