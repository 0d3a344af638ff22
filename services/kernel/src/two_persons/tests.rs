//! Who may confirm what.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn subject(text: &str) -> Subject {
    Subject::parse(text).expect("a subject written for this test")
}

fn proposal() -> Proposal {
    Proposal {
        id: ProposalId::from_uuid(Uuid::from_u128(1)),
        action: "issue_certificates".to_owned(),
        content_hash: ContentHash::of_bytes(b"the list"),
        proposed_by: subject("first"),
        proposed_by_service: false,
    }
}

fn stated(proposal: &Proposal) -> Stated {
    Stated {
        proposal: proposal.id,
        action: proposal.action.clone(),
        content_hash: proposal.content_hash,
    }
}

fn codes(outcome: Result<(), Faults>) -> Vec<&'static str> {
    outcome
        .expect_err("this confirmation does not count")
        .codes()
}

#[test]
fn another_person_confirms_what_has_not_changed() {
    let proposal = proposal();
    let hash = proposal.content_hash;
    assert_eq!(confirm(&proposal, hash, &subject("second"), false), Ok(()));
    assert_eq!(
        confirm_stated(
            &proposal,
            &stated(&proposal),
            hash,
            &subject("second"),
            false
        ),
        Ok(())
    );
}

#[test]
fn the_same_person_does_not_count_twice() {
    let proposal = proposal();
    let outcome = confirm(&proposal, proposal.content_hash, &subject(" first "), false);
    assert_eq!(codes(outcome), ["SAME_PERSON"]);
}

#[test]
fn another_spelling_is_no_second_person() {
    let proposal = Proposal {
        proposed_by: subject("sp-a"),
        ..proposal()
    };
    let judged = |text: &str| confirm(&proposal, proposal.content_hash, &subject(text), false);
    for text in ["SP-A", "ｓp-a", "sp－a", "sp\u{2010}a", "sp -a", "ⓢp-a"] {
        assert_eq!(codes(judged(text)), ["SAME_PERSON"], "{text}");
    }
    for text in ["spa", "sp-b", "sp-á"] {
        assert_eq!(judged(text), Ok(()), "{text}");
    }
}

#[test]
fn a_service_counts_neither_first_nor_second() {
    let mut proposal = proposal();
    let hash = proposal.content_hash;
    assert_eq!(
        codes(confirm(&proposal, hash, &subject("second"), true)),
        ["SERVICE_CANNOT_CONFIRM"]
    );
    proposal.proposed_by_service = true;
    assert_eq!(
        codes(confirm(&proposal, hash, &subject("second"), false)),
        ["SERVICE_CANNOT_PROPOSE"]
    );
}

#[test]
fn a_change_of_the_content_voids_the_proposal() {
    let proposal = proposal();
    let changed = ContentHash::of_bytes(b"the list with one more row");
    assert_eq!(
        codes(confirm(&proposal, changed, &subject("second"), false)),
        ["CONTENT_CHANGED"]
    );
}

#[test]
fn what_is_stated_must_be_what_was_proposed() {
    let proposal = proposal();
    let right = stated(&proposal);
    for wrong in [
        Stated {
            proposal: ProposalId::from_uuid(Uuid::from_u128(2)),
            ..right.clone()
        },
        Stated {
            action: "revoke_certificates".to_owned(),
            ..right.clone()
        },
        Stated {
            content_hash: ContentHash::of_bytes(b"yesterday's list"),
            ..right.clone()
        },
    ] {
        let outcome = confirm_stated(
            &proposal,
            &wrong,
            proposal.content_hash,
            &subject("second"),
            false,
        );
        assert_eq!(codes(outcome), ["PROPOSAL_MISMATCH"]);
    }
}

#[test]
fn all_reasons_are_told_at_once() {
    let proposal = proposal();
    let changed = ContentHash::of_bytes(b"changed");
    assert_eq!(
        codes(confirm(&proposal, changed, &subject("first"), true)),
        ["SERVICE_CANNOT_CONFIRM", "SAME_PERSON", "CONTENT_CHANGED"]
    );
}

#[test]
fn a_subject_is_never_empty_and_hides_nothing() {
    let too_long = "a".repeat(256);
    for text in [
        "",
        "  ",
        &too_long,
        "a\nb",
        "a\n",
        "a\0",
        "sp-a\u{200b}",
        "sp\u{ad}-a",
        "\u{202e}a",
        "\u{2028}a",
        "a\u{3164}",
        "a\u{fe0f}",
        "a\u{e0041}",
    ] {
        assert_eq!(
            Subject::parse(text),
            Err(TwoPersonsRejection::Subject),
            "{text:?}"
        );
    }
}

proptest! {
    #[test]
    fn it_takes_two_people_and_one_content(
        first in "[ab]", second in "[ab]",
        first_is_service: bool, second_is_service: bool,
        proposed in 0_u8..2, current in 0_u8..2,
    ) {
        let proposal = Proposal {
            content_hash: ContentHash::of_bytes(&[proposed]),
            proposed_by: subject(&first),
            proposed_by_service: first_is_service,
            ..proposal()
        };
        let outcome = confirm(&proposal, ContentHash::of_bytes(&[current]), &subject(&second), second_is_service);
        let counts = first != second && !first_is_service && !second_is_service && proposed == current;
        prop_assert_eq!(outcome.is_ok(), counts);
    }
}
