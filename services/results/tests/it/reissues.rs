//! Re-issue (补发): two persons, a new version with a new token, and nothing else new.

use platform::access::Caller;
use proto::common::v1 as common;
use proto::results::v1 as pb;
use proto::results::v1::certificate_service_server::CertificateService;
use sha2::{Digest, Sha256};
use tonic::Status;

use crate::certificates::{RIGHT_NAME, correct, facts_of, propose_correction};
use crate::setup::{Setup, clerk_a, clerk_b, codes, confirmation, from, refused, setup, stranger};

async fn propose(
    setup: &Setup,
    caller: &Caller,
    number: &str,
    reason: &str,
) -> Result<Option<common::Proposal>, Status> {
    let request = pb::ProposeReissueRequest {
        request_id: setup.id(),
        number: number.to_owned(),
        reason: reason.to_owned(),
    };
    let reply = setup.face.propose_reissue(from(caller, request)).await?;
    Ok(reply.into_inner().proposal)
}

pub(crate) async fn reissue(
    setup: &Setup,
    caller: &Caller,
    number: &str,
    proposal: Option<common::Proposal>,
) -> Result<pb::IssuedCertificate, Status> {
    let request = pb::ReissueCertificateRequest {
        request_id: setup.id(),
        number: number.to_owned(),
        confirmation: Some(confirmation(proposal)),
    };
    let reply = setup
        .face
        .reissue_certificate(from(caller, request))
        .await?;
    Ok(reply.into_inner().certificate.expect("a certificate"))
}

#[tokio::test]
async fn a_lost_certificate_is_issued_anew_under_its_number_with_another_token() {
    let setup = setup().await;
    let (_, issued) = setup.issued().await;
    let number = &issued[0].number;
    let proposal = propose(&setup, &clerk_a(), number, "持证人遗失").await;
    let proposal = proposal.expect("proposed");
    let same = reissue(&setup, &clerk_a(), number, proposal.clone()).await;
    assert_eq!(codes(&refused(same)), ["SAME_PERSON"]);
    let anew = reissue(&setup, &clerk_b(), number, proposal).await;
    let anew = anew.expect("issued anew");
    assert_eq!((anew.version, &anew.number), (2, number));
    assert_ne!(anew.qr_token, issued[0].qr_token);

    let told = facts_of(&setup, number).await;
    let [first, newest] = &told[..] else {
        panic!("two versions");
    };
    assert_eq!(newest.event(), pb::CertificateEvent::Reissued);
    assert_eq!((newest.version, newest.supersedes), (2, 1));
    let token = hex::decode(&anew.qr_token).expect("hexadecimal");
    assert_eq!(newest.qr_token_hash[..], Sha256::digest(token)[..]);
    assert_ne!(newest.qr_token_hash, first.qr_token_hash);
    assert_eq!(newest.masked_name, first.masked_name);
    assert_eq!(newest.issued_on, first.issued_on);
}

#[tokio::test]
async fn a_re_issue_says_why_is_the_issuers_and_of_the_certificate_as_it_stands() {
    let setup = setup().await;
    let (_, issued) = setup.issued().await;
    let number = &issued[0].number;
    let before = setup.facts().await;
    let bare = refused(propose(&setup, &clerk_a(), "S0000", "").await);
    assert_eq!(
        codes(&bare),
        ["CERTIFICATE_NUMBER_LENGTH", "CERTIFICATE_REASON_MISSING"]
    );
    let foreign = refused(propose(&setup, &stranger(), number, "遗失").await);
    assert_eq!(codes(&foreign), ["CERTIFICATE_NOT_FOUND"]);
    assert_eq!(setup.facts().await, before);

    let anew = propose(&setup, &clerk_a(), number, "遗失").await;
    let anew = anew.expect("proposed");
    let right = propose_correction(&setup, number, RIGHT_NAME).await;
    let right = right.expect("proposed");
    correct(&setup, &clerk_b(), number, right)
        .await
        .expect("corrected");
    let changed = refused(reissue(&setup, &clerk_b(), number, anew).await);
    assert_eq!(codes(&changed), ["CONTENT_CHANGED"]);
}
