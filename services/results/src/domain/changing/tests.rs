use super::*;
use crate::domain::result::ResultState;
use crate::domain::samples::{proposal, scored, showing, subjects, written};
use crate::domain::scoring::Spot;

fn row(number: u16, state: ResultState) -> CandidateResult {
    CandidateResult {
        state,
        ..scored(number, 80, 59)
    }
}

fn entry(row: &CandidateResult, score: u32) -> ScoreEntry {
    ScoreEntry {
        spot: Spot::Listed(0),
        ticket_number: row.ticket_number.clone(),
        part: Some(ExamPart::Skill),
        score,
    }
}

fn propose(
    row: &CandidateResult,
    score: u32,
    held: &BTreeSet<String>,
) -> Result<ScoreChange, Faults> {
    let (reason, contact) = (written("合分有误"), written("示例中心"));
    let entries = [entry(row, score)];
    ScoreChange::propose(vec![row.clone()], &entries, held, &reason, &contact)
}

#[test]
fn scores_are_changed_after_the_scoring_and_not_under_a_review_or_a_certificate() {
    for state in ResultState::ALL {
        let proposed = propose(&row(1, *state), 60, &BTreeSet::new());
        match proposed {
            Ok(_) => assert!(state.takes_changes()),
            Err(refused) => {
                assert_eq!(refused.codes(), ["SCORE_NOT_CHANGEABLE"]);
                assert!(!state.takes_changes());
            }
        }
    }
}

#[test]
fn a_change_changes_something_and_waits_for_an_objection() {
    let row = row(1, ResultState::InPublicNotice);
    let same = propose(&row, 59, &BTreeSet::new()).err();
    assert_eq!(same.expect("the same").codes(), ["SCORE_UNCHANGED"]);
    let held = BTreeSet::from([row.ticket_number.clone()]);
    let objected = propose(&row, 60, &held).err();
    let told = ["SCORE_CHANGE_WHILE_OBJECTED"];
    assert_eq!(objected.expect("held").codes(), told);
    let change = propose(&row, 60, &BTreeSet::new()).expect("a change");
    let subjects = subjects();
    let rules = PassRules {
        subjects: &subjects,
        mark: 60,
    };
    let late = change.carry_out(proposal(1), vec![row], &held, rules, Some(showing()));
    assert_eq!(late.expect_err("held by now").codes(), told);
}

#[test]
fn who_passes_with_the_changed_score_is_shown_anew_and_nobody_else() {
    let subjects = subjects();
    let rules = PassRules {
        subjects: &subjects,
        mark: 60,
    };
    for (score, shown, state) in [
        (60, 1, ResultState::InPublicNotice),
        (58, 0, ResultState::NotPassed),
    ] {
        let row = row(1, ResultState::ReturnedByProvince);
        let change = propose(&row, score, &BTreeSet::new()).expect("a change");
        let rows = vec![row];
        assert_eq!(change.passing(&rows, rules).len(), shown);
        let held = BTreeSet::new();
        let showing = (shown == 1).then(showing);
        let changes = change.carry_out(proposal(1), rows, &held, rules, showing);
        let changes = changes.expect("changed");
        assert_eq!(changes[0].result.state, state);
        assert_eq!(changes[0].result.public_notice, showing.map(|it| it.notice));
    }
}

#[test]
fn a_row_that_changed_in_between_voids_the_change() {
    let row = row(1, ResultState::NotPassed);
    let change = propose(&row, 60, &BTreeSet::new()).expect("a change");
    let others = [row.clone(), scored(2, 1, 1)];
    let hash = change.hash_over(&others);
    assert_eq!(change.hash_over(std::slice::from_ref(&row)), hash);
    let mut moved = row;
    moved.parts[0].score = Some(81);
    assert_ne!(change.hash_over(&[moved]), hash);
}
