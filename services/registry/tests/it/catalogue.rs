//! What the catalogue answers to anybody.

use platform::access::Caller;
use proto::common::v1::{BasisKind, OccupationRef};
use proto::registry::v1::catalogue_service_server::CatalogueService;
use proto::registry::v1::{
    CheckOccupationRequest, CheckOccupationResponse, DeadlineRule, ExplainDeadlineRequest,
    ListDivisionsRequest, ListOccupationsRequest,
};
use tonic::Status;

use crate::setup::{Setup, codes, from, setup};

async fn check(
    setup: &Setup,
    (edition, code, trade, on): (u32, &str, &str, &str),
) -> Result<CheckOccupationResponse, Status> {
    let request = CheckOccupationRequest {
        occupation: Some(OccupationRef {
            edition,
            code: code.to_owned(),
        }),
        trade: trade.to_owned(),
        on: on.to_owned(),
    };
    let asked = from(&Caller::public(), request);
    let reply = setup.registry.check_occupation(asked).await?;
    Ok(reply.into_inner())
}

#[tokio::test]
async fn an_occupation_that_may_be_evaluated_is_told_with_its_standard() {
    let setup = setup().await;
    let answer = check(&setup, (2015, "6-31-01-03", "", "2020-05-18")).await;
    let answer = answer.expect("an answer");
    assert!(answer.evaluable && answer.reason.is_empty());
    assert!(answer.basis() == BasisKind::NationalStandard);
    assert_eq!(answer.basis_name, "电工国家职业技能标准（2018年版）");
    assert_eq!(answer.occupation.expect("known").name, "电工");
}

#[tokio::test]
async fn one_that_may_not_is_told_with_the_reason() {
    let setup = setup().await;
    for (asked, reason, known) in [
        (
            (2015, "2-02-10-03", "", "2020-05-18"),
            "OCCUPATION_NOT_SKILL_TYPE",
            false,
        ),
        (
            (2015, "4-07-05-04", "", "2020-05-18"),
            "OCCUPATION_ACCESS_TYPE",
            false,
        ),
        (
            (2015, "6-18-02-04", "核安全设备焊接", "2020-05-18"),
            "OCCUPATION_ACCESS_TYPE",
            true,
        ),
        (
            (2015, "6-18-02-04", "水下焊接", "2020-05-18"),
            "TRADE_UNKNOWN",
            true,
        ),
        (
            (2015, "6-31-01-03", " ", "2020-05-18"),
            "TRADE_UNKNOWN",
            true,
        ),
        (
            (2015, "6-99-99-99", "", "2020-05-18"),
            "OCCUPATION_UNKNOWN",
            false,
        ),
        // Codes mean something else in another edition.
        (
            (2022, "6-31-01-03", "", "2020-05-18"),
            "OCCUPATION_UNKNOWN",
            false,
        ),
        (
            (1999, "6-31-01-03", "", "2020-05-18"),
            "OCCUPATION_UNKNOWN",
            false,
        ),
        (
            (2015, "6-05-01-02", "", "2020-05-18"),
            "OCCUPATION_WITHOUT_BASIS",
            true,
        ),
    ] {
        let answer = check(&setup, asked).await.expect("an answer");
        assert!(!answer.evaluable, "{asked:?}");
        assert_eq!(answer.reason, reason, "{asked:?}");
        assert!(answer.basis_name.is_empty(), "{asked:?}");
        assert_eq!(answer.occupation.is_some(), known, "{asked:?}");
    }
}

#[tokio::test]
async fn a_question_that_is_none_is_told_all_its_faults() {
    let setup = setup().await;
    for (asked, expected) in [
        (
            (2015, "6-31-1-3", "", "2020-5-18"),
            vec!["OCCUPATION_CODE_SHAPE", "DATE_MALFORMED"],
        ),
        (
            (0, "6-31-01-03", "", "2020-02-30"),
            vec!["OCCUPATION_EDITION", "DATE_MALFORMED"],
        ),
        (
            (99_999, "9-31-01-03", "", ""),
            vec!["OCCUPATION_EDITION", "DATE_MALFORMED"],
        ),
    ] {
        let refused = check(&setup, asked).await.err().expect("refused");
        assert_eq!(codes(&refused), expected, "{asked:?}");
    }
    let nothing = from(&Caller::public(), CheckOccupationRequest::default());
    let refused = setup.registry.check_occupation(nothing).await;
    assert_eq!(
        codes(&refused.err().expect("refused")),
        ["OCCUPATION_REFERENCE", "DATE_MALFORMED"]
    );
}

#[tokio::test]
async fn occupations_are_read_page_by_page_and_each_once() {
    let setup = setup().await;
    let list = async |page_size, page_token: &str| {
        let request = ListOccupationsRequest {
            page_size,
            page_token: page_token.to_owned(),
            ..Default::default()
        };
        let asked = from(&Caller::public(), request);
        setup.registry.list_occupations(asked).await
    };
    let code =
        |occupation: proto::registry::v1::Occupation| occupation.occupation.expect("a key").code;
    let whole = list(500, "").await.expect("a page").into_inner();
    assert!(whole.next_page_token.is_empty());
    let whole: Vec<_> = whole.occupations.into_iter().map(code).collect();

    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let page = list(7, &token).await.expect("a page").into_inner();
        assert!((1..=7).contains(&page.occupations.len()));
        seen.extend(page.occupations.into_iter().map(code));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, whole);
    assert!(seen.is_sorted());

    let foreign = list(7, "S000037100001").await.err().expect("refused");
    assert_eq!(codes(&foreign), ["PAGE_TOKEN_MALFORMED"]);
    let most = list(u32::MAX, "").await.expect("a page").into_inner();
    assert!(most.occupations.len() <= 500);
}

#[tokio::test]
async fn the_divisions_are_told_in_order_withdrawn_ones_marked() {
    let setup = setup().await;
    let asked = from(&Caller::public(), ListDivisionsRequest {});
    let reply = setup.registry.list_divisions(asked).await;
    let divisions = reply.expect("an answer").into_inner().divisions;
    assert!(divisions.is_sorted_by_key(|division| division.code.clone()));
    let withdrawn: Vec<_> = divisions
        .iter()
        .filter(|division| !division.current)
        .map(|division| division.code.as_str())
        .collect();
    assert_eq!((divisions.len(), withdrawn), (18, vec!["371200"]));
}

#[tokio::test]
async fn a_deadline_explains_itself_and_a_year_without_calendar_is_an_error_naming_it() {
    let setup = setup().await;
    let explain = async |rule: i32, from_day: &str| {
        let request = ExplainDeadlineRequest {
            rule,
            from: from_day.to_owned(),
            ..ExplainDeadlineRequest::default()
        };
        let asked = from(&Caller::public(), request);
        setup.registry.explain_deadline(asked).await
    };
    let notice_end = DeadlineRule::ResultNotice.into();
    let reply = explain(notice_end, "2020-06-22").await.expect("an answer");
    let deadline = reply.into_inner().deadline.expect("a deadline");
    // Dragon boat festival, and the Sunday after it is worked.
    assert_eq!(deadline.date, "2020-06-30");
    assert!(deadline.explanation_zh.contains("工作日"));

    let refused = explain(notice_end, "2027-01-04").await.err();
    let refused = refused.expect("no calendar");
    assert!(refused.message().contains("2027"), "{}", refused.message());
    let refused = explain(99, "").await.err().expect("refused");
    assert_eq!(codes(&refused), ["DATE_MALFORMED", "FIELD_REQUIRED"]);
}
