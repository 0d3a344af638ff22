use jiff::civil::date;
use uuid::Uuid;

use super::*;
use crate::domain::samples::{TODAY, measure, organization, right, suspension, weihai};

fn with(measure: Measure) -> Organization {
    Organization {
        measures: vec![measure],
        ..organization()
    }
}

fn codes(refused: Result<Vec<OrganizationFact>, Faults>) -> Vec<&'static str> {
    refused.expect_err("refused").codes()
}

#[test]
fn the_filing_centre_imposes_and_nobody_else() {
    let facts = organization().impose(weihai(), measure(Terms::Talk));
    assert!(matches!(
        facts.expect("imposed")[..],
        [OrganizationFact::MeasureImposed { .. }]
    ));
    let province = organization().impose(DivisionCode::PROVINCE, measure(Terms::Talk));
    assert_eq!(codes(province), ["NOT_FILING_CENTRE"]);
}

#[test]
fn every_fault_of_a_measure_is_told_at_once() {
    let mut wrong = measure(Terms::Rectification {
        due_on: date(2022, 6, 7),
    });
    wrong.order.effective_on = date(2020, 6, 7);
    let withdrawn = with(measure(Terms::Withdrawal));
    assert_eq!(
        codes(withdrawn.impose(DivisionCode::PROVINCE, wrong)),
        [
            "NOT_FILING_CENTRE",
            "ORGANIZATION_WITHDRAWN",
            "DAY_OUT_OF_RANGE",
            "DAY_OUT_OF_RANGE"
        ]
    );
}

#[test]
fn a_suspension_names_rights_of_the_organisation_that_do_not_rest_yet() {
    let foreign = RightId::from_uuid(Uuid::from_u128(404));
    let named = suspension([foreign], OngoingBatches::Hold);
    assert_eq!(
        codes(organization().impose(weihai(), named)),
        ["RIGHT_UNKNOWN"]
    );
    let one = || suspension([right().right_id], OngoingBatches::Hold);
    let all = || suspension([], OngoingBatches::Hold);
    for (known, wanted, refused) in [
        (one(), one(), true),
        (all(), one(), true),
        (all(), all(), true),
        (one(), all(), false),
    ] {
        let imposed = with(known).impose(weihai(), wanted);
        assert_eq!(imposed.is_err(), refused);
        if refused {
            assert_eq!(codes(imposed), ["RIGHTS_SUSPENDED_ALREADY"]);
        }
    }
}

#[test]
fn a_withdrawal_is_the_end_and_told_as_such() {
    let facts = organization().impose(weihai(), measure(Terms::Withdrawal));
    assert!(matches!(
        facts.expect("imposed")[..],
        [OrganizationFact::OrganizationWithdrawn { .. }]
    ));
    let again = with(measure(Terms::Withdrawal)).impose(weihai(), measure(Terms::Talk));
    assert_eq!(codes(again), ["ORGANIZATION_WITHDRAWN"]);
}

#[test]
fn what_review_decided_is_taken_over_once() {
    let decided = suspension([], OngoingBatches::Continue);
    assert_eq!(organization().take_over(decided.clone()).len(), 1);
    assert_eq!(with(decided.clone()).take_over(decided.clone()), []);
    assert_eq!(
        with(measure(Terms::Withdrawal)).take_over(Measure {
            measure_id: MeasureId::from_uuid(Uuid::from_u128(7)),
            ..decided
        }),
        []
    );
}

#[test]
fn a_suspension_is_ended_once_and_not_backwards() {
    let suspended = with(suspension([], OngoingBatches::Hold));
    let id = suspended.measures[0].measure_id;
    assert!(suspended.resume(weihai(), id, TODAY, TODAY).is_ok());
    assert_eq!(
        codes(suspended.resume(weihai(), id, date(2020, 6, 7), TODAY)),
        ["DAY_OUT_OF_RANGE"]
    );
    assert_eq!(
        codes(suspended.resume(DivisionCode::PROVINCE, id, TODAY, TODAY)),
        ["NOT_FILING_CENTRE"]
    );
    let mut ended = suspended.clone();
    ended.measures[0].progress.resumes_on = Some(date(2020, 7, 1));
    assert_eq!(
        codes(ended.resume(weihai(), id, TODAY, TODAY)),
        ["SUSPENSION_ENDED"]
    );
    assert_eq!(
        codes(with(measure(Terms::Talk)).resume(weihai(), id, TODAY, TODAY)),
        ["MEASURE_NOT_SUSPENSION"]
    );
}

#[test]
fn a_measure_follows_from_an_inspection_a_complaint_or_an_alert() {
    for id in [
        InspectionId::from_uuid(Uuid::nil()).to_string(),
        ComplaintId::from_uuid(Uuid::nil()).to_string(),
        AlertId::from_uuid(Uuid::nil()).to_string(),
    ] {
        assert_eq!(Origin::parse(&id).expect("one of three").to_string(), id);
    }
    let other = MeasureId::from_uuid(Uuid::nil()).to_string();
    assert_eq!(Origin::parse(&other), Err(MeasureRejection::OriginUnknown));
}

#[test]
fn measures_in_facts_stay_readable() {
    let kept = suspension([right().right_id], OngoingBatches::Hold);
    let json = serde_json::to_string(&kept).expect("plain values");
    assert_eq!(
        serde_json::from_str::<Measure>(&json).expect("as written"),
        kept
    );
}
