use super::ResultState as State;
use kernel::level::Level;

use super::*;
use crate::domain::review::ReviewRoute;
use crate::domain::samples::{
    candidate, every_command, passing, proposal, scored, showing, waiting, written,
};

fn close(row: CandidateResult) -> CandidateResult {
    let command = ResultCommand::CloseScoring {
        passing: passing(),
        showing: Some(showing()),
    };
    row.carry_out(command).expect("scored").result
}

fn then(row: CandidateResult, command: ResultCommand) -> CandidateResult {
    row.carry_out(command).expect("the next step").result
}

#[test]
fn exactly_sixty_in_every_part_passes_and_fifty_nine_in_one_does_not() {
    assert_eq!(close(scored(1, 60, 60)).state, ResultState::InPublicNotice);
    assert_eq!(close(scored(2, 59, 100)).state, ResultState::NotPassed);
    assert_eq!(close(scored(3, 100, 59)).state, ResultState::NotPassed);
}

#[test]
fn a_part_that_the_level_takes_and_that_nobody_sat_is_not_passed() {
    let mut row = scored(1, 100, 100);
    let technician = Passing::of(Level::Two, 60);
    assert!(!row.passes(technician), "without a review");
    row.parts.pop();
    assert!(!row.passes(passing()), "without the skill part");
}

#[test]
fn whoever_was_absent_or_cheated_does_not_pass_whatever_the_other_parts() {
    for attendance in [Attendance::Absent, Attendance::Void] {
        let mut row = scored(1, 100, 100);
        row.parts[1] = PartResult {
            attendance,
            score: None,
            ..row.parts[1]
        };
        assert_eq!(close(row).state, ResultState::NotPassed, "{attendance:?}");
    }
}

#[test]
fn a_row_goes_from_the_notice_through_both_reviews_to_its_certificate() {
    let row = then(close(scored(1, 80, 80)), ResultCommand::ConcludeNotice);
    let row = then(
        row,
        ResultCommand::Upload {
            route: ReviewRoute::CityThenProvince,
        },
    );
    assert_eq!(row.state, ResultState::InCityReview);
    let (city, province) = (proposal(1), proposal(2));
    let row = then(
        row,
        ResultCommand::Approve {
            level: ReviewLevel::City,
            review: city,
        },
    );
    assert_eq!(row.state, ResultState::InProvinceReview);
    let row = then(
        row,
        ResultCommand::Approve {
            level: ReviewLevel::Province,
            review: province,
        },
    );
    assert_eq!(row.state, ResultState::Approved);
    assert_eq!(
        (row.city_review, row.province_review),
        (Some(city), Some(province))
    );
    let certify = every_command().pop().expect("certifying comes last");
    assert_eq!(then(row, certify).state, ResultState::Certified);
}

#[test]
fn what_the_province_reviews_alone_never_waits_for_a_city() {
    let row = then(close(scored(1, 80, 80)), ResultCommand::ConcludeNotice);
    let row = then(
        row,
        ResultCommand::Upload {
            route: ReviewRoute::ProvinceAlone,
        },
    );
    assert_eq!(row.state, ResultState::InProvinceReview);
}

#[test]
fn a_row_given_back_returns_to_the_review_that_gave_it_back() {
    for level in [ReviewLevel::City, ReviewLevel::Province] {
        let reason = written("缺签字");
        let back = ResultCommand::GiveBack {
            level,
            review: proposal(1),
            reason,
        };
        let row = then(waiting(1, level), back);
        assert_eq!(
            (row.state, &row.returned_reason),
            (level.returned(), &Some(written("缺签字")))
        );
        let row = then(
            row,
            ResultCommand::Resubmit {
                answer: written("已补"),
            },
        );
        assert_eq!(
            (row.state, &row.answer),
            (level.waiting(), &Some(written("已补")))
        );
    }
}

#[test]
fn every_step_is_taken_from_where_it_begins_and_from_nowhere_else() {
    let mut taken = Vec::new();
    for state in ResultState::ALL {
        let row = CandidateResult {
            state: *state,
            ..scored(1, 80, 80)
        };
        for command in every_command() {
            match row.decide(command) {
                Ok(_) => taken.push(*state),
                Err(refused) => {
                    let code = refused.codes()[0];
                    let codes = ["RESULT_STATE", "SCORING_CLOSED", "SCORE_NOT_CHANGEABLE"];
                    assert!(codes.contains(&code), "{code}");
                }
            }
        }
    }
    assert_eq!(
        taken,
        [
            State::Scoring,
            State::Scoring,
            State::NotPassed,
            State::InPublicNotice,
            State::InPublicNotice,
            State::InPublicNotice,
            State::InPublicNotice,
            State::NoticeConcluded,
            State::NoticeConcluded,
            State::InCityReview,
            State::InCityReview,
            State::InProvinceReview,
            State::InProvinceReview,
            State::ReturnedByCity,
            State::ReturnedByCity,
            State::ReturnedByProvince,
            State::ReturnedByProvince,
            State::Approved,
            State::ObjectionUpheld,
        ]
    );
}

#[test]
fn scoring_does_not_end_before_every_present_part_is_scored() {
    let close = ResultCommand::CloseScoring {
        passing: passing(),
        showing: Some(showing()),
    };
    assert_eq!(
        candidate(1).decide(close).expect_err("two parts").codes(),
        ["RESULT_STATE"]
    );
}

#[test]
fn nobody_passes_without_being_shown() {
    let unseen = ResultCommand::CloseScoring {
        passing: passing(),
        showing: None,
    };
    let failed = scored(1, 59, 60).carry_out(unseen.clone());
    assert_eq!(failed.expect("no notice").result.state, State::NotPassed);
    let passed = scored(2, 60, 60).decide(unseen);
    assert_eq!(passed.expect_err("not shown").codes(), ["RESULT_STATE"]);
}

#[test]
fn the_hash_follows_the_content_and_the_salt() {
    let row = scored(1, 80, 80);
    let same = row.clone();
    assert_eq!(row.content_hash(), same.content_hash());
    assert_ne!(row.content_hash(), scored(1, 80, 81).content_hash());
    assert_ne!(
        row.content_hash(),
        CandidateResult {
            salt: [8; 32],
            ..same
        }
        .content_hash()
    );
}

#[test]
fn a_fact_names_parts_and_reviews_but_no_score_and_no_text() {
    let scores = ResultFact::ScoresRecorded {
        scores: [(ExamPart::Skill, 77)].into(),
    };
    let json = serde_json::to_string(&scores).expect("a fact is JSON");
    assert_eq!(json, r#"{"parts":["skill"]}"#);
    let level = ReviewLevel::City;
    let back = ResultFact::ResultReturned {
        level,
        review: proposal(1),
        reason: written("某某"),
    };
    assert!(
        !serde_json::to_string(&back)
            .expect("a fact is JSON")
            .contains("某某")
    );
}
