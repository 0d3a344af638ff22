use super::*;
use crate::domain::samples::{proposal, scored, waiting, written};

fn rows() -> Vec<CandidateResult> {
    (1..4)
        .map(|number| waiting(number, ReviewLevel::City))
        .collect()
}

fn back(result: ResultId, reason: &str) -> GivenBack {
    GivenBack {
        result,
        reason: written(reason),
    }
}

#[test]
fn a_review_approves_all_but_what_it_gives_back() {
    let rows = rows();
    let given_back = [back(rows[1].id, "缺签字")];
    let content = ReviewContent::propose(ReviewLevel::City, &rows, &given_back).expect("a review");
    assert_eq!((content.approved(), content.returned()), (2, 1));
    let changes = content.carry_out(proposal(1), rows).expect("all wait");
    let states: Vec<_> = changes.iter().map(|change| change.result.state).collect();
    assert_eq!(
        states,
        [
            ResultState::InProvinceReview,
            ResultState::ReturnedByCity,
            ResultState::InProvinceReview
        ]
    );
}

#[test]
fn rows_given_back_wait_here_and_once() {
    let rows = rows();
    let elsewhere = scored(9, 80, 80).id;
    let given_back = [
        back(rows[0].id, "缺签字"),
        back(rows[0].id, "又一次"),
        back(elsewhere, "不在"),
    ];
    let refused = ReviewContent::propose(ReviewLevel::City, &rows, &given_back);
    let refused = refused.expect_err("two faults");
    assert_eq!(
        refused.codes(),
        ["RETURNED_TWICE", "RETURNED_NOT_IN_REVIEW"]
    );
    let nothing = ReviewContent::propose(ReviewLevel::City, &[], &[]);
    assert_eq!(
        nothing.expect_err("nothing waits").codes(),
        ["NOTHING_TO_REVIEW"]
    );
}

#[test]
fn any_change_of_a_row_or_of_the_list_changes_what_is_confirmed() {
    let rows = rows();
    let content = ReviewContent::propose(ReviewLevel::City, &rows, &[]).expect("a review");
    assert_eq!(content.over(&rows).hash(), content.hash());
    let mut changed = rows.clone();
    changed[0].parts[0].score = Some(81);
    assert_ne!(content.over(&changed).hash(), content.hash());
    assert_ne!(content.over(&rows[..2]).hash(), content.hash());
    let more = [rows.as_slice(), &[waiting(4, ReviewLevel::City)]].concat();
    assert_ne!(content.over(&more).hash(), content.hash());
}

#[test]
fn a_centre_reviews_on_its_own_level() {
    let (city, province) = (ReviewLevel::City, ReviewLevel::Province);
    assert_eq!(on_own_level(Some(city), city), Ok(()));
    assert_eq!(
        on_own_level(Some(city), province),
        Err(ReviewRejection::LevelForeign)
    );
    assert_eq!(on_own_level(None, city), Err(ReviewRejection::LevelForeign));
}
