//! Two persons, and nothing in between may change.

use kernel::content_hash::ContentHash;
use platform::Error;
use platform::access::Caller;
use platform::proposal::{self, Confirmed};
use platform::testing::{TestPlatform, city_officer};
use proto::common::v1::{Confirmation, Proposal};
use uuid::Uuid;

use crate::setup::platform;

const ACTION: &str = "select_organization";

fn hash(content: &str) -> ContentHash {
    ContentHash::of_bytes(content.as_bytes())
}

async fn propose(platform: &TestPlatform, id: Uuid, caller: &Caller) -> Proposal {
    let mut unit = platform.journal.begin_own().await.expect("begin");
    let locked = unit.lock("counter", id).await.expect("lock");
    let content = "what is proposed".to_owned();
    let proposal =
        proposal::propose(&mut unit, &locked, caller, ACTION, hash(&content), &content).await;
    unit.commit().await.expect("commit");
    proposal.expect("proposed")
}

async fn confirm(
    platform: &TestPlatform,
    id: Uuid,
    caller: &Caller,
    proposal: &Proposal,
    now: &str,
) -> Result<Confirmed<String>, Vec<&'static str>> {
    let given = Confirmation {
        proposal_id: proposal.proposal_id.clone(),
        content_hash: proposal.content_hash.clone(),
    };
    let stated = proposal::parse_confirmation(Some(&given)).expect("well formed");
    let mut unit = platform.journal.begin_own().await.expect("begin");
    let locked = unit.lock("counter", id).await.expect("lock");
    let confirmed = proposal::confirm(&mut unit, &locked, caller, ACTION, stated, |_: &String| {
        hash(now)
    })
    .await;
    let outcome = confirmed.map_err(|error| match error {
        Error::Refused(faults) => faults.codes(),
        other => panic!("not a refusal: {other}"),
    })?;
    unit.commit().await.expect("commit");
    Ok(outcome)
}

#[tokio::test]
async fn a_second_person_confirms_once() {
    let platform = platform("maker").await;
    let (id, first, second) = (
        Uuid::now_v7(),
        city_officer("a", "371000"),
        city_officer("b", "371000"),
    );
    let proposal = propose(&platform, id, &first).await;
    let confirmed = confirm(&platform, id, &second, &proposal, "what is proposed").await;
    assert_eq!(confirmed.expect("confirmed").content, "what is proposed");
    let again = confirm(&platform, id, &second, &proposal, "what is proposed").await;
    assert_eq!(again.err(), Some(vec!["PROPOSAL_NOT_FOUND"]));
}

#[tokio::test]
async fn the_first_person_a_service_and_changed_content_confirm_nothing() {
    let platform = platform("maker").await;
    let (id, first, second) = (
        Uuid::now_v7(),
        city_officer("a", "371000"),
        city_officer("b", "371000"),
    );
    let proposal = propose(&platform, id, &first).await;
    let own = confirm(&platform, id, &first, &proposal, "what is proposed").await;
    assert_eq!(own.err(), Some(vec!["SAME_PERSON"]));
    let service = Caller::service("review");
    let service = confirm(&platform, id, &service, &proposal, "what is proposed").await;
    assert_eq!(service.err(), Some(vec!["SERVICE_CANNOT_CONFIRM"]));
    let changed = confirm(&platform, id, &second, &proposal, "something else").await;
    assert_eq!(changed.err(), Some(vec!["CONTENT_CHANGED"]));
}

#[tokio::test]
async fn a_new_proposal_takes_the_place_of_the_one_before() {
    let platform = platform("maker").await;
    let (id, first, second) = (
        Uuid::now_v7(),
        city_officer("a", "371000"),
        city_officer("b", "371000"),
    );
    let old = propose(&platform, id, &first).await;
    let new = propose(&platform, id, &first).await;
    let stale = confirm(&platform, id, &second, &old, "what is proposed").await;
    assert_eq!(stale.err(), Some(vec!["PROPOSAL_MISMATCH"]));
    confirm(&platform, id, &second, &new, "what is proposed")
        .await
        .expect("confirmed");
}
