use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::domain::exam::Attendance;
use crate::domain::samples::{candidate, scored, showing, subjects};

fn entry(number: u16, part: ExamPart, score: u32) -> ScoreEntry {
    ScoreEntry {
        spot: Spot::Listed(0),
        ticket_number: candidate(number).ticket_number,
        part: Some(part),
        score,
    }
}

/// The entries in the order of their list.
fn listed(mut entries: Vec<ScoreEntry>) -> Vec<ScoreEntry> {
    for (index, entry) in entries.iter_mut().enumerate() {
        entry.spot = Spot::Listed(index);
    }
    entries
}

/// Of a batch with a level five and a level four.
fn rules(mark: u8) -> PassRules<'static> {
    static SUBJECTS: LazyLock<Vec<Subject>> = LazyLock::new(subjects);
    PassRules {
        subjects: &SUBJECTS,
        mark,
    }
}

fn faults(rows: Vec<CandidateResult>, entries: &[ScoreEntry]) -> Vec<(String, &'static str)> {
    let faults = record_scores(rows, entries).expect_err("something is wrong");
    let told = faults.all().iter();
    told.map(|fault| (fault.field.clone().unwrap_or_default(), fault.code))
        .collect()
}

#[test]
fn all_that_is_wrong_with_a_call_is_told_at_once_and_nothing_is_recorded() {
    let mut absent = candidate(2);
    absent.parts[0].attendance = Attendance::Absent;
    absent.parts[1].attendance = Attendance::Void;
    let closed = CandidateResult {
        state: ResultState::NotPassed,
        ..scored(3, 1, 1)
    };
    let entries = listed(vec![
        entry(1, ExamPart::Theory, 101),
        entry(1, ExamPart::Theory, 50),
        entry(1, ExamPart::Review, 50),
        entry(2, ExamPart::Theory, 50),
        entry(2, ExamPart::Skill, u32::MAX),
        entry(3, ExamPart::Skill, 50),
        entry(4, ExamPart::Skill, 50),
        ScoreEntry {
            part: None,
            ..entry(4, ExamPart::Skill, 101)
        },
    ]);
    let told = faults(vec![candidate(1), absent, closed], &entries);
    let told: Vec<_> = told
        .iter()
        .map(|(field, code)| (field.as_str(), *code))
        .collect();
    assert_eq!(
        told,
        [
            ("scores[0].score", "SCORE_OUT_OF_RANGE"),
            ("scores[1].ticket_number", "SCORE_TWICE"),
            ("scores[2].part", "SCORE_PART_NOT_EXAMINED"),
            ("scores[3].part", "SCORE_PART_ABSENT"),
            ("scores[4].score", "SCORE_OUT_OF_RANGE"),
            ("scores[4].part", "SCORE_PART_VOID"),
            ("scores[5].part", "SCORING_CLOSED"),
            ("scores[6].ticket_number", "TICKET_UNKNOWN"),
            ("scores[7].score", "SCORE_OUT_OF_RANGE"),
            ("scores[7].part", "SCORE_PART_UNKNOWN"),
            ("scores[7].ticket_number", "TICKET_UNKNOWN"),
        ]
    );
}

#[test]
fn the_last_word_counts_while_scores_are_recorded() {
    let changes = record_scores(vec![scored(1, 50, 50)], &[entry(1, ExamPart::Skill, 60)]);
    let changes = changes.expect("a correction");
    let scores: Vec<_> = changes[0]
        .result
        .parts
        .iter()
        .map(|part| part.score)
        .collect();
    assert_eq!(scores, [Some(50), Some(60)]);
}

#[test]
fn a_call_has_one_to_five_hundred_scores() {
    for given in [0, 501] {
        let entries = vec![entry(1, ExamPart::Theory, 50); given];
        let told = faults(vec![candidate(1)], &entries);
        assert_eq!(told, [("scores".to_owned(), "SCORES_COUNT")]);
    }
    let five_hundred = (0..500).map(|number| entry(number, ExamPart::Theory, 50));
    check_form(&five_hundred.collect::<Vec<_>>()).expect("as many as a call takes");
}

#[test]
fn a_call_that_does_not_reach_its_batch_is_told_what_is_wrong_with_its_form() {
    let entries = listed(vec![
        entry(1, ExamPart::Theory, 101),
        entry(1, ExamPart::Theory, 50),
        ScoreEntry {
            part: None,
            ..entry(2, ExamPart::Theory, 50)
        },
    ]);
    let told = check_form(&entries).expect_err("three faults").codes();
    let expected = ["SCORE_OUT_OF_RANGE", "SCORE_TWICE", "SCORE_PART_UNKNOWN"];
    assert_eq!(told, expected);
}

#[test]
fn scoring_ends_once_when_all_is_scored() {
    let codes = |rows: &[CandidateResult]| passed(rows, rules(60)).expect_err("not yet").codes();
    assert_eq!(
        codes(&[scored(1, 80, 80), candidate(2)]),
        ["SCORES_MISSING"]
    );
    let shown = CandidateResult {
        state: ResultState::InPublicNotice,
        ..scored(1, 80, 80)
    };
    assert_eq!(codes(&[shown]), ["RESULT_NOTICE_ALREADY_OPEN"]);
    let rows = vec![scored(1, 60, 60), scored(2, 59, 60)];
    assert_eq!(passed(&rows, rules(60)).expect("one passed").len(), 1);
    let closed = close(rows, rules(60), Some(showing())).expect("all scored");
    let states: Vec<_> = closed.iter().map(|change| change.result.state).collect();
    assert_eq!(
        states,
        [ResultState::InPublicNotice, ResultState::NotPassed]
    );
}

#[test]
fn where_nobody_passed_scoring_ends_without_a_notice() {
    let rows = vec![scored(1, 80, 59), scored(2, 0, 0)];
    assert!(passed(&rows, rules(60)).expect("all scored").is_empty());
    let closed = close(rows, rules(60), None).expect("nothing to show");
    let mut states = closed.iter().map(|change| change.result.state);
    assert!(states.all(|state| state == ResultState::NotPassed));
}

proptest! {
    #[test]
    fn a_candidate_passes_exactly_when_the_worst_part_does(theory in 0_u8..=100, skill in 0_u8..=100, mark in 1_u8..=100) {
        let row = scored(1, theory, skill);
        prop_assert_eq!(row.passes(rules(mark).of(&row)), theory.min(skill) >= mark);
    }

    #[test]
    fn whatever_is_handed_in_either_all_of_it_counts_or_none(
        scores in prop::collection::vec((1_u16..4, 0_u32..120), 1..6),
    ) {
        let rows = (1..3).map(candidate).collect();
        let entries: Vec<_> =
            scores.iter().map(|(number, score)| entry(*number, ExamPart::Skill, *score)).collect();
        if let Ok(changes) = record_scores(rows, &entries) {
            for (number, score) in scores {
                let ticket = candidate(number).ticket_number;
                let change = changes.iter().find(|change| change.result.ticket_number == ticket);
                let recorded = change.expect("every ticket is known").result.parts[1].score;
                prop_assert_eq!(recorded.map(u32::from), Some(score));
            }
        }
    }
}
