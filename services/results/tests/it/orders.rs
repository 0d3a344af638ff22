//! Orders of a centre that an organisation revoke: given, carried out, lifted.

use platform::access::Caller;
use proto::results::v1 as pb;
use proto::results::v1::certificate_service_server::CertificateService;
use proto::results::v1::revocation_order_service_server::RevocationOrderService;
use tonic::Status;

use crate::revocations::{of_one, propose, revoke_one};
use crate::setup::{
    Setup, city, clerk_a, clerk_b, codes, fields, from, province, refused, setup, stranger,
};

fn of_batch(setup: &Setup, batch: &str) -> pb::OrderRevocationRequest {
    pb::OrderRevocationRequest {
        request_id: setup.id(),
        batch_id: batch.to_owned(),
        reason: pb::RevocationReason::Cheating.into(),
        grounds: "现场监控显示考场内使用手机".to_owned(),
        ..Default::default()
    }
}

async fn order(
    setup: &Setup,
    caller: &Caller,
    request: pb::OrderRevocationRequest,
) -> Result<pb::OrderRevocationResponse, Status> {
    let reply = setup.face.order_revocation(from(caller, request)).await?;
    Ok(reply.into_inner())
}

async fn lift(setup: &Setup, caller: &Caller, id: &str, reason: &str) -> Result<(), Status> {
    let request = pb::LiftRevocationOrderRequest {
        request_id: setup.id(),
        revocation_order_id: id.to_owned(),
        reason: reason.to_owned(),
    };
    let reply = setup.face.lift_revocation_order(from(caller, request));
    reply.await.map(|_| ())
}

async fn read(
    setup: &Setup,
    caller: &Caller,
    id: &str,
    page_size: u32,
    page_token: &str,
) -> Result<pb::GetRevocationOrderResponse, Status> {
    let request = pb::GetRevocationOrderRequest {
        revocation_order_id: id.to_owned(),
        page_size,
        page_token: page_token.to_owned(),
    };
    let reply = setup
        .face
        .get_revocation_order(from(caller, request))
        .await?;
    Ok(reply.into_inner())
}

#[tokio::test]
async fn an_order_is_carried_out_by_the_issuer_and_cannot_be_given_up() {
    let setup = setup().await;
    let (batch, issued) = setup.issued().await;
    let ordered = order(&setup, &city("c-a"), of_batch(&setup, &batch)).await;
    let ordered = ordered.expect("ordered");
    assert_eq!(ordered.certificates, 3);
    let due = ordered.due.expect("a deadline").date;
    let id = &ordered.revocation_order_id;
    assert_eq!(
        setup.waiting_kinds(&clerk_a()).await,
        ["revocation_ordered"]
    );

    let before = setup.access_records().await;
    let seen = read(&setup, &clerk_a(), id, 2, "").await.expect("told");
    assert_eq!(setup.access_records().await, before + 1);
    assert_eq!(
        (seen.state(), seen.reason(), seen.due_on),
        (
            pb::RevocationOrderState::Open,
            pb::RevocationReason::Cheating,
            due
        )
    );
    assert!(seen.grounds.contains("手机"));
    assert_eq!(seen.numbers.len(), 2);
    let rest = read(&setup, &clerk_a(), id, 2, &seen.next_page_token).await;
    let rest = rest.expect("the rest");
    assert_eq!((rest.numbers.len(), rest.next_page_token.as_str()), (1, ""));

    let proposed = propose(&setup, &clerk_a(), of_one(&setup, &issued[0].number)).await;
    let abandon = pb::AbandonRevocationRequest {
        request_id: setup.id(),
        revocation_id: proposed.expect("proposed").revocation_id,
        reason: "不予撤销".to_owned(),
    };
    let given_up = setup.face.abandon_revocation(from(&clerk_b(), abandon));
    assert_eq!(codes(&refused(given_up.await)), ["REVOCATION_ORDERED"]);

    for certificate in &issued {
        revoke_one(&setup, &certificate.number).await;
    }
    let seen = read(&setup, &city("c-a"), id, 0, "").await.expect("told");
    assert_eq!(seen.state(), pb::RevocationOrderState::CarriedOut);
    assert_eq!((seen.certificates, seen.numbers.len()), (3, 0));
    let waiting = setup.waiting_kinds(&clerk_a()).await;
    assert!(!waiting.contains(&"revocation_ordered".to_owned()));
    let over = refused(lift(&setup, &city("c-a"), id, "查无实据").await);
    assert_eq!(codes(&over), ["REVOCATION_ORDER_NOT_FOUND"]);
}

#[tokio::test]
async fn an_order_is_lifted_by_the_centre_that_gave_it_and_binds_no_more() {
    let setup = setup().await;
    let (batch, issued) = setup.issued().await;
    let ordered = order(&setup, &city("c-a"), of_batch(&setup, &batch)).await;
    let id = ordered.expect("ordered").revocation_order_id;
    let silent = refused(lift(&setup, &city("c-b"), &id, "").await);
    assert_eq!(codes(&silent), ["CERTIFICATE_REASON_MISSING"]);
    let other = refused(lift(&setup, &province("p-a"), &id, "查无实据").await);
    assert_eq!(codes(&other), ["REVOCATION_ORDER_NOT_FOUND"]);
    lift(&setup, &city("c-b"), &id, "查无实据")
        .await
        .expect("lifted");
    let seen = read(&setup, &clerk_a(), &id, 0, "").await.expect("told");
    assert_eq!(seen.state(), pb::RevocationOrderState::Lifted);
    assert!(setup.waiting_kinds(&clerk_a()).await.is_empty());
    let again = refused(lift(&setup, &city("c-b"), &id, "查无实据").await);
    assert_eq!(codes(&again), ["REVOCATION_ORDER_NOT_FOUND"]);

    let proposed = propose(&setup, &clerk_a(), of_one(&setup, &issued[0].number)).await;
    let abandon = pb::AbandonRevocationRequest {
        request_id: setup.id(),
        revocation_id: proposed.expect("proposed").revocation_id,
        reason: "查无实据".to_owned(),
    };
    let given_up = setup.face.abandon_revocation(from(&clerk_b(), abandon));
    given_up.await.expect("given up");
}

#[tokio::test]
async fn an_order_is_of_certificates_in_force_in_the_centres_own_area() {
    let setup = setup().await;
    let (batch, issued) = setup.issued().await;
    let before = setup.facts().await;
    let bare = pb::OrderRevocationRequest {
        request_id: setup.id(),
        ..Default::default()
    };
    let bare = refused(order(&setup, &city("c-a"), bare).await);
    assert_eq!(
        codes(&bare),
        [
            "REVOCATION_TARGET",
            "REVOCATION_CATEGORY_MISSING",
            "CERTIFICATE_REASON_MISSING"
        ]
    );
    assert_eq!(fields(&bare), ["number", "reason", "grounds"]);
    let elsewhere = platform::testing::city_officer("q-a", "370200");
    let foreign = refused(order(&setup, &elsewhere, of_batch(&setup, &batch)).await);
    assert_eq!(codes(&foreign), ["NOTHING_TO_REVOKE"]);
    let one = pb::OrderRevocationRequest {
        number: issued[0].number.clone(),
        batch_id: String::new(),
        ..of_batch(&setup, &batch)
    };
    let foreign = refused(order(&setup, &elsewhere, one.clone()).await);
    assert_eq!(codes(&foreign), ["CERTIFICATE_NOT_FOUND"]);
    assert_eq!(setup.facts().await, before);

    revoke_one(&setup, &issued[0].number).await;
    let revoked = refused(order(&setup, &city("c-a"), one).await);
    assert_eq!(codes(&revoked), ["CERTIFICATE_REVOKED"]);
    let rest = order(&setup, &province("p-a"), of_batch(&setup, &batch)).await;
    let rest = rest.expect("those in force");
    assert_eq!(rest.certificates, 2);
    let unknown = read(&setup, &stranger(), &rest.revocation_order_id, 0, "").await;
    assert_eq!(codes(&refused(unknown)), ["REVOCATION_ORDER_NOT_FOUND"]);
}
