//! A batch is opened from the roster that was locked, and from no other.

use proto::results::v1 as pb;
use proto::results::v1::batch_service_server::BatchService;
use results::domain::roster::RosterSeal;
use tonic::Code;

use crate::neighbours::{NAMES, plan_id};
use crate::setup::{clerk_a, clerk_b, codes, from, refused, setup, stranger, told};

#[tokio::test]
async fn the_roster_becomes_one_row_a_candidate() {
    let setup = setup().await;
    let batch = setup.open(&clerk_a()).await.expect("opened");
    assert_eq!(batch.filing_division, "371000");
    assert_eq!(batch.counts.len(), 1);
    assert_eq!(
        (batch.counts[0].state(), batch.counts[0].rows),
        (pb::ResultState::Scoring, 5)
    );

    let rows = setup.rows(&batch.batch_id).await;
    assert_eq!(rows.len(), 5);
    assert_eq!(rows[0].masked_name, "示**一");
    assert_eq!(rows[3].parts.len(), 2);
    let kinds: Vec<String> = sqlx::query_scalar(
        "select kind from platform.fact where aggregate_kind = 'result' or aggregate_kind = 'batch'
         order by recorded_at, kind",
    )
    .fetch_all(&setup.platform.pool)
    .await
    .expect("read");
    assert_eq!(
        kinds.iter().filter(|kind| *kind == "result_opened").count(),
        5
    );
    assert_eq!(
        kinds.iter().filter(|kind| *kind == "batch_opened").count(),
        1
    );
}

#[tokio::test]
async fn a_plan_has_one_batch_and_the_same_request_is_answered_as_before() {
    let setup = setup().await;
    let request = pb::OpenBatchRequest {
        request_id: "once".to_owned(),
        plan_id: plan_id().to_string(),
    };
    let first = setup
        .face
        .open_batch(from(&clerk_a(), request.clone()))
        .await
        .expect("opened");
    setup.played.world().registry_away = true;
    let again = setup
        .face
        .open_batch(from(&clerk_a(), request.clone()))
        .await
        .expect("answered");
    let id = |reply: tonic::Response<pb::OpenBatchResponse>| {
        reply.into_inner().batch.expect("a batch").batch_id
    };
    assert_eq!(id(first), id(again));
    setup.played.world().registry_away = false;
    let facts = setup.facts().await;
    let status = refused(setup.open(&clerk_b()).await);
    assert_eq!(codes(&status), ["BATCH_EXISTS"]);
    assert_eq!(setup.facts().await, facts);
}

#[tokio::test]
async fn a_foreign_plan_is_answered_like_one_that_does_not_exist() {
    let setup = setup().await;
    let foreign = refused(setup.open(&stranger()).await);
    let unknown = pb::OpenBatchRequest {
        request_id: setup.id(),
        plan_id: "plan_00000000000000000000000000".to_owned(),
    };
    let unknown = refused(setup.face.open_batch(from(&clerk_a(), unknown)).await);
    assert_eq!(codes(&foreign), ["LOCKED_PLAN_NOT_FOUND"]);
    assert_eq!(told(&foreign), told(&unknown));
    let malformed = pb::OpenBatchRequest {
        request_id: setup.id(),
        plan_id: "plan".to_owned(),
    };
    let malformed = refused(setup.face.open_batch(from(&clerk_a(), malformed)).await);
    assert_eq!(codes(&malformed), ["ID_PREFIX"]);
}

#[tokio::test]
async fn a_roster_that_is_not_the_locked_one_is_refused() {
    let setup = setup().await;
    let locked = setup.played.world().stated.clone();
    let lies = [
        RosterSeal {
            entries: 4,
            ..locked.clone()
        },
        RosterSeal {
            digest: [0; 32],
            ..locked.clone()
        },
    ];
    for lie in lies {
        setup.played.world().stated = lie;
        let status = refused(setup.open(&clerk_a()).await);
        assert_eq!(codes(&status), ["ROSTER_MISMATCH"]);
    }
    setup.played.world().stated = locked;
    setup.played.world().roster[1].name = NAMES[0].to_owned();
    let status = refused(setup.open(&clerk_a()).await);
    assert_eq!(codes(&status), ["ROSTER_MISMATCH"]);
    assert_eq!(setup.facts().await, 0);
}

#[tokio::test]
async fn without_an_answer_of_the_register_there_is_no_batch() {
    let setup = setup().await;
    setup.played.world().registry_away = true;
    let away = refused(setup.open(&clerk_a()).await);
    assert_eq!(away.code(), Code::Unavailable);
    setup.played.world().registry_away = false;
    setup.open(&clerk_a()).await.expect("it is back");
}
