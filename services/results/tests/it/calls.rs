//! Calls that meet, that are cut off, and that are made again.

use proto::common::v1::Level;
use proto::results::v1 as pb;
use proto::results::v1::ResultState as State;
use proto::results::v1::ReviewLevel as Review;
use proto::results::v1::certificate_service_server::CertificateService;
use tokio_util::sync::CancellationToken;

use crate::setup::{NOTICE_OVER, Setup, city, clerk_b, codes, confirmation, from, refused, setup};

/// An issuance of a batch's approved rows that is ready to be confirmed.
async fn ready(setup: &Setup, batch: &str) -> pb::IssueCertificatesRequest {
    let proposal = setup.propose_issuance(batch).await.expect("proposed");
    pb::IssueCertificatesRequest {
        request_id: setup.id(),
        batch_id: batch.to_owned(),
        confirmation: Some(confirmation(proposal.proposal)),
    }
}

async fn issue(setup: &Setup, request: &pb::IssueCertificatesRequest) -> Vec<String> {
    let request = from(&clerk_b(), request.clone());
    let reply = setup.face.issue_certificates(request).await;
    let certificates = reply.expect("issued").into_inner().certificates;
    certificates.into_iter().map(|new| new.number).collect()
}

#[tokio::test]
async fn two_batches_of_one_organisation_issued_at_once_leave_no_gap() {
    let setup = setup().await;
    let (one, _) = setup.shown().await;
    setup.hear_of_a_plan().await;
    let (other, _) = setup.shown().await;
    setup.day(NOTICE_OVER);
    setup.sweep.step().await.expect("swept");
    for batch in [&one, &other] {
        setup.upload(batch).await.expect("uploaded");
        setup.approve(batch, Review::City).await;
        setup.approve(batch, Review::Province).await;
    }
    let (first, second) = (ready(&setup, &one).await, ready(&setup, &other).await);
    let (first, second) = tokio::join!(issue(&setup, &first), issue(&setup, &second));
    let mut numbers = [first, second].concat();
    numbers.sort_unstable();
    assert_eq!(
        numbers,
        [
            "S000037100001204000001",
            "S000037100001204000002",
            "S000037100001205000001",
            "S000037100001205000002",
            "S000037100001205000003",
            "S000037100001205000004",
        ]
    );
    assert_eq!(setup.ledger(Level::Five).await, [4, 4, 0, 0]);
    assert_eq!(setup.ledger(Level::Four).await, [2, 2, 0, 0]);
}

#[tokio::test]
async fn an_issuance_is_carried_to_its_end_when_its_caller_is_cut_off() {
    let setup = setup().await;
    let batch = setup.approved().await;
    let request = ready(&setup, &batch).await;
    let mut held = setup.platform.pool.begin().await.expect("begun");
    sqlx::query("select from platform.aggregate where kind = 'batch' for update")
        .execute(&mut *held)
        .await
        .expect("held");
    tokio::select! {
        _ = issue(&setup, &request) => panic!("issued while the batch was held"),
        () = setup.somebody_waits() => {}
    }
    held.rollback().await.expect("let go");
    let stop = CancellationToken::new();
    stop.cancel();
    let stopped = setup.results.clone().finish(stop).await;
    stopped.expect("what was under way is finished");
    assert_eq!(setup.state(&batch, 0).await, State::Certified);
    assert_eq!(issue(&setup, &request).await.len(), 3);
    assert_eq!(setup.ledger(Level::Five).await, [2, 2, 0, 0]);
}

#[tokio::test]
async fn what_was_issued_is_answered_alike_when_the_register_is_away() {
    let setup = setup().await;
    let batch = setup.uploaded().await;
    let result_id = setup.give_back(&batch, 1, "缺签字").await;
    setup.approve(&batch, Review::Province).await;
    let request = ready(&setup, &batch).await;
    let numbers = issue(&setup, &request).await;
    setup.resubmit(&result_id, "已补").await.expect("answered");
    setup.approve(&batch, Review::City).await;
    setup.approve(&batch, Review::Province).await;
    setup.played.world().registry_away = true;
    assert_eq!(issue(&setup, &request).await, numbers);
}

#[tokio::test]
async fn of_two_confirmations_at_once_one_counts() {
    let setup = setup().await;
    let batch = setup.uploaded().await;
    let reply = setup
        .propose_review(&city("c-a"), &batch, Review::City, Vec::new())
        .await;
    let proposal = reply.expect("proposed").proposal;
    let (second, third) = (city("c-b"), city("c-c"));
    let (one, other) = tokio::join!(
        setup.confirm_review(&second, &batch, proposal.clone()),
        setup.confirm_review(&third, &batch, proposal),
    );
    let late = if one.is_ok() { other } else { one };
    assert_eq!(codes(&refused(late)), ["PROPOSAL_NOT_FOUND"]);
    assert_eq!(setup.state(&batch, 0).await, State::InProvinceReview);
}

#[tokio::test]
async fn of_two_clerks_who_upload_at_once_one_wins() {
    let setup = setup().await;
    let (batch, _) = setup.shown().await;
    setup.day(NOTICE_OVER);
    setup.sweep.step().await.expect("swept");
    let (one, other) = tokio::join!(setup.upload(&batch), setup.upload(&batch));
    let (won, lost) = if one.is_ok() {
        (one, other)
    } else {
        (other, one)
    };
    assert_eq!(won.expect("one of them").uploaded, 3);
    assert_eq!(codes(&refused(lost)), ["NOTHING_TO_UPLOAD"]);
    assert_eq!(setup.state(&batch, 0).await, State::InCityReview);
}
