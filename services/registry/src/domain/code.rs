//! Evaluation organisation codes (机构代码): given once, never again.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::organization_code::{EvaluationOrganizationCode, OrganizationCategory};
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use serde::Serialize;

use super::divisions::Divisions;

/// Codes that one call may reserve.
pub const RESERVED_AT_ONCE: usize = 500;

rejections! {
    /// Why a code is not given or reserved.
    pub enum CodeRejection {
        /// Four digits number the organisations of a city.
        CodesExhausted => "ORGANIZATION_CODES_EXHAUSTED", ResourceExhausted, "人社鉴发〔2019〕2号",
            "该地区的机构代码已用完", "the area has no organisation codes left";
        /// Only social organisations of this province have codes here.
        CodeNotOurs => "ORGANIZATION_CODE_NOT_OURS", InvalidArgument, "人社鉴发〔2019〕2号",
            "不是山东省社会培训评价组织的机构代码",
            "not the code of a social evaluation organisation of Shandong";
        /// A code stands for one organisation, and this one has one here.
        CodeGiven => "ORGANIZATION_CODE_GIVEN", FailedPrecondition, "人社鉴发〔2019〕2号",
            "该机构代码已由本平台赋予评价机构，不能预留",
            "this code was given to an organisation here and cannot be reserved";
        /// A call names between one and 500 codes.
        CodesOutOfBounds { limit: usize } => "ORGANIZATION_CODES_OUT_OF_BOUNDS", InvalidArgument, "platform",
            "一次可预留 1 至 {limit} 个机构代码", "a call reserves 1 to {limit} codes";
    }
}

/// A code in a list that somebody sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Where it stands.
    pub field: String,
    /// The code.
    pub code: EvaluationOrganizationCode,
}

/// What happened to the book of codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum CodeBookFact {
    /// Codes in use elsewhere were set aside.
    CodesReserved {
        /// The codes that were new.
        codes: Vec<EvaluationOrganizationCode>,
        /// Business day.
        on: Date,
    },
}

/// The next code of a city's part, and the running number it has. Numbers that are reserved are
/// passed over.
///
/// # Errors
/// When 9999 is passed.
pub fn next_code(
    city_part: &str,
    last_running: u16,
    reserved: &BTreeSet<EvaluationOrganizationCode>,
) -> Result<(EvaluationOrganizationCode, u16), CodeRejection> {
    (last_running + 1..=9999)
        .map(|running| {
            EvaluationOrganizationCode::for_shandong(city_part, running).map(|code| (code, running))
        })
        .find(|made| {
            made.as_ref()
                .is_ok_and(|(code, _)| !reserved.contains(code))
        })
        .and_then(Result::ok)
        .ok_or(CodeRejection::CodesExhausted)
}

/// Whether a call may name so many codes.
///
/// # Errors
/// When there is none, or more than [`RESERVED_AT_ONCE`].
pub fn within_bounds(codes: usize) -> Result<(), CodeRejection> {
    if (1..=RESERVED_AT_ONCE).contains(&codes) {
        Ok(())
    } else {
        Err(CodeRejection::CodesOutOfBounds {
            limit: RESERVED_AT_ONCE,
        })
    }
}

/// A code that an organisation of ours can have: a social one of this province, with the part of a
/// city that there is or was, and a running number.
///
/// # Errors
/// When it is another's, or nobody's.
pub fn ours(
    code: EvaluationOrganizationCode,
    divisions: &Divisions,
) -> Result<EvaluationOrganizationCode, CodeRejection> {
    let social = code.category() == OrganizationCategory::SocialOrganization;
    let of_division = code
        .city_part()
        .is_some_and(|part| divisions.have_code_part(part));
    if social && of_division && code.running_number() != Some(0) {
        Ok(code)
    } else {
        Err(CodeRejection::CodeNotOurs)
    }
}

/// Sets codes of [`ours`] aside. `given` are those that organisations have here, `reserved` those set aside
/// before.
///
/// # Errors
/// Every code that is given, at its place.
pub fn reserve(
    codes: &[Listed],
    given: &BTreeSet<EvaluationOrganizationCode>,
    reserved: &BTreeSet<EvaluationOrganizationCode>,
    on: Date,
) -> Result<Vec<CodeBookFact>, Faults> {
    let mut faults = FaultList::default();
    for Listed { field, code } in codes {
        faults.require(!given.contains(code), field, &CodeRejection::CodeGiven);
    }
    faults.finish()?;
    let new: BTreeSet<_> = codes.iter().map(|listed| listed.code).collect();
    let new: Vec<_> = new.difference(reserved).copied().collect();
    if new.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![CodeBookFact::CodesReserved { codes: new, on }])
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn code(running: u16) -> EvaluationOrganizationCode {
        EvaluationOrganizationCode::for_shandong("10", running).expect("a code")
    }

    #[test]
    fn reserved_codes_are_passed_over() {
        let reserved = BTreeSet::from([code(1), code(2), code(4)]);
        assert_eq!(next_code("10", 0, &reserved), Ok((code(3), 3)));
        assert_eq!(next_code("10", 3, &reserved), Ok((code(5), 5)));
    }

    #[test]
    fn the_last_number_is_given_and_then_no_more() {
        assert_eq!(
            next_code("10", 9998, &BTreeSet::new()),
            Ok((code(9999), 9999))
        );
        assert_eq!(
            next_code("10", 9999, &BTreeSet::new()),
            Err(CodeRejection::CodesExhausted)
        );
    }

    const ON: Date = date(2020, 5, 18);

    #[test]
    fn codes_of_others_and_of_nobody_are_none_of_ours() {
        for (text, expected) in [
            ("S000037100001", Ok(code(1))),
            (
                "S000037120001",
                Ok(EvaluationOrganizationCode::parse("S000037120001").expect("a code")),
            ),
            ("S000023100001", Err(CodeRejection::CodeNotOurs)),
            ("Y000037100001", Err(CodeRejection::CodeNotOurs)),
            ("S000037100000", Err(CodeRejection::CodeNotOurs)),
            ("S000037990001", Err(CodeRejection::CodeNotOurs)),
            ("S000037180001", Err(CodeRejection::CodeNotOurs)),
        ] {
            let parsed = EvaluationOrganizationCode::parse(text).expect("a code");
            assert_eq!(ours(parsed, &Divisions::supplied()), expected, "{text}");
        }
    }

    fn listed<const N: usize>(running: [u16; N]) -> [Listed; N] {
        let mut index = 0..;
        running.map(|running| Listed {
            field: format!("organization_codes[{}]", index.next().unwrap_or(N)),
            code: code(running),
        })
    }

    #[test]
    fn codes_given_here_cannot_be_reserved() {
        let given = BTreeSet::from([code(2), code(3)]);
        let faults =
            reserve(&listed([1, 2, 3]), &given, &BTreeSet::new(), ON).expect_err("refused");
        let told: Vec<_> = faults
            .all()
            .iter()
            .map(|fault| (fault.field.as_deref().unwrap_or_default(), fault.code))
            .collect();
        assert_eq!(
            told,
            [
                ("organization_codes[1]", "ORGANIZATION_CODE_GIVEN"),
                ("organization_codes[2]", "ORGANIZATION_CODE_GIVEN"),
            ]
        );
    }

    #[test]
    fn a_call_names_from_one_to_five_hundred_codes() {
        assert_eq!(within_bounds(1), Ok(()));
        assert_eq!(within_bounds(500), Ok(()));
        for wrong in [0, 501] {
            assert!(within_bounds(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_code_is_reserved_once_however_often_it_is_named() {
        let twice = reserve(
            &listed([1, 2, 2]),
            &BTreeSet::new(),
            &BTreeSet::from([code(1)]),
            ON,
        );
        let codes = vec![code(2)];
        assert_eq!(
            twice,
            Ok(vec![CodeBookFact::CodesReserved { codes, on: ON }])
        );
        let again = reserve(
            &listed([1]),
            &BTreeSet::new(),
            &BTreeSet::from([code(1)]),
            ON,
        );
        assert_eq!(again, Ok(Vec::new()));
    }

    proptest! {
        #[test]
        fn no_code_is_given_twice_and_none_that_is_reserved(
            reserved in prop::collection::btree_set(1_u16..60, 0..40),
        ) {
            let reserved: BTreeSet<_> = reserved.into_iter().map(code).collect();
            let mut given = BTreeSet::new();
            let mut last = 0;
            for _ in 0..30 {
                let (next, running) = next_code("10", last, &reserved).expect("numbers are left");
                prop_assert!(!reserved.contains(&next));
                prop_assert!(given.insert(next));
                last = running;
            }
        }
    }
}
