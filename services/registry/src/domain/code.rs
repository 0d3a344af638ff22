//! Evaluation organisation codes (机构代码): given once, never again.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use serde::Serialize;

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
        /// A call names between one and 500 codes.
        CodesOutOfBounds { limit: usize } => "ORGANIZATION_CODES_OUT_OF_BOUNDS", InvalidArgument, "platform",
            "一次可预留 1 至 {limit} 个机构代码", "a call reserves 1 to {limit} codes";
    }
}

/// What happened to the book of codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum CodeBookFact {
    /// Codes in use elsewhere were set aside.
    CodesReserved {
        /// The codes that were new.
        codes: Vec<EvaluationOrganizationCode>,
        /// Where they are in use.
        reason: String,
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

/// Sets codes aside. `taken` are those given or reserved already.
///
/// # Errors
/// Every code that is not ours, at its place.
pub fn reserve(
    codes: &[EvaluationOrganizationCode],
    taken: &BTreeSet<EvaluationOrganizationCode>,
    reason: String,
    on: Date,
) -> Result<Vec<CodeBookFact>, Faults> {
    let mut faults = FaultList::default();
    faults.require(
        (1..=RESERVED_AT_ONCE).contains(&codes.len()),
        "organization_codes",
        &CodeRejection::CodesOutOfBounds {
            limit: RESERVED_AT_ONCE,
        },
    );
    for (index, code) in codes.iter().enumerate() {
        faults.require(
            code.is_of_shandong() && code.as_str().starts_with('S'),
            format!("organization_codes[{index}]"),
            &CodeRejection::CodeNotOurs,
        );
    }
    faults.finish()?;
    let new: BTreeSet<_> = codes
        .iter()
        .copied()
        .filter(|code| !taken.contains(code))
        .collect();
    if new.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![CodeBookFact::CodesReserved {
        codes: new.into_iter().collect(),
        reason,
        on,
    }])
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

    #[test]
    fn codes_of_others_cannot_be_reserved() {
        let foreign = EvaluationOrganizationCode::parse("S000023100001").expect("a code");
        let employer = EvaluationOrganizationCode::parse("Y000037100001").expect("a code");
        let faults = reserve(
            &[foreign, code(1), employer],
            &BTreeSet::new(),
            String::new(),
            date(2020, 5, 18),
        )
        .expect_err("refused");
        assert_eq!(faults.codes(), ["ORGANIZATION_CODE_NOT_OURS"; 2]);
        let none = reserve(&[], &BTreeSet::new(), String::new(), date(2020, 5, 18));
        assert_eq!(
            none.expect_err("refused").codes(),
            ["ORGANIZATION_CODES_OUT_OF_BOUNDS"]
        );
    }

    #[test]
    fn reserving_a_code_again_changes_nothing() {
        let again = reserve(
            &[code(1)],
            &BTreeSet::from([code(1)]),
            String::new(),
            date(2020, 5, 18),
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
