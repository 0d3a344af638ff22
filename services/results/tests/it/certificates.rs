//! Correction and revocation: two persons, a new version or the end, the number never changes.

use kernel::person_name::PersonName;
use kernel::query_key::QueryKey;
use platform::access::Caller;
use prost::Message;
use proto::common::v1 as common;
use proto::results::v1 as pb;
use proto::results::v1::certificate_service_server::CertificateService;
use sha2::{Digest, Sha256};
use tonic::Status;

use crate::neighbours::NAMES;
use crate::setup::{
    Setup, clerk_a, clerk_b, codes, confirmation, from, province, refused, setup, stranger, told,
};

const RIGHT_NAME: &str = "示例甲一一";

pub(crate) async fn propose_correction(
    setup: &Setup,
    number: &str,
    name: &str,
) -> Result<Option<common::Proposal>, Status> {
    let request = pb::ProposeCorrectionRequest {
        request_id: setup.id(),
        number: number.to_owned(),
        corrected_name: name.to_owned(),
        reason: "漏录一字".to_owned(),
    };
    Ok(setup
        .face
        .propose_correction(from(&clerk_a(), request))
        .await?
        .into_inner()
        .proposal)
}

async fn correct(
    setup: &Setup,
    caller: &Caller,
    number: &str,
    proposal: Option<common::Proposal>,
) -> Result<pb::IssuedCertificate, Status> {
    let (request_id, number) = (setup.id(), number.to_owned());
    let confirmation = Some(confirmation(proposal));
    let request = pb::CorrectCertificateRequest {
        request_id,
        number,
        confirmation,
    };
    let reply = setup
        .face
        .correct_certificate(from(caller, request))
        .await?;
    Ok(reply.into_inner().certificate.expect("a certificate"))
}

pub(crate) async fn propose_revocation(
    setup: &Setup,
    caller: &Caller,
    number: &str,
) -> Result<Option<common::Proposal>, Status> {
    let request = pb::ProposeRevocationRequest {
        request_id: setup.id(),
        number: number.to_owned(),
        reason: pb::RevocationReason::FalseMaterials.into(),
        grounds: "事后查实".to_owned(),
    };
    Ok(setup
        .face
        .propose_revocation(from(caller, request))
        .await?
        .into_inner()
        .proposal)
}

async fn revoke(
    setup: &Setup,
    caller: &Caller,
    number: &str,
    proposal: Option<common::Proposal>,
) -> Result<String, Status> {
    let (request_id, number) = (setup.id(), number.to_owned());
    let confirmation = Some(confirmation(proposal));
    let request = pb::RevokeCertificateRequest {
        request_id,
        number,
        confirmation,
    };
    Ok(setup
        .face
        .revoke_certificate(from(caller, request))
        .await?
        .into_inner()
        .revoked_on)
}

/// What was told about the certificate with this number.
async fn facts_of(setup: &Setup, number: &str) -> Vec<pb::CertificateFact> {
    let facts = setup.published("certificate").await;
    let decode = |fact: &common::Fact| pb::CertificateFact::decode(fact.payload.clone());
    let told = facts
        .iter()
        .map(|fact| decode(fact).expect("a certificate"));
    told.filter(|told| told.number == number).collect()
}

#[tokio::test]
async fn a_correction_supersedes_the_version_before_under_the_same_number() {
    let setup = setup().await;
    let (_, issued) = setup.issued().await;
    let number = &issued[0].number;
    let proposal = propose_correction(&setup, number, RIGHT_NAME)
        .await
        .expect("proposed");
    let same = correct(&setup, &clerk_a(), number, proposal.clone()).await;
    assert_eq!(codes(&refused(same)), ["SAME_PERSON"]);
    let corrected = correct(&setup, &clerk_b(), number, proposal)
        .await
        .expect("corrected");
    assert_eq!((corrected.version, &corrected.number), (2, number));
    assert_ne!(corrected.qr_token, issued[0].qr_token);
    assert_eq!(corrected.ticket_number, issued[0].ticket_number);

    let told = facts_of(&setup, number).await;
    assert_eq!(told.len(), 2);
    let newest = &told[1];
    assert_eq!(newest.event(), pb::CertificateEvent::Corrected);
    assert_eq!((newest.version, newest.supersedes), (2, 1));
    assert_eq!(newest.masked_name, "示***一");
    let name = PersonName::parse(RIGHT_NAME).expect("a name");
    let number = kernel::certificate_number::CertificateNumber::parse(number).expect("a number");
    let key = QueryKey::number_and_name(&number, &name);
    let door = &setup.platform.indexer().index(key.purpose(), &key.parts())[0];
    assert_eq!(newest.blind_indexes[0].digest[..], door.digest[..]);
    assert_ne!(
        newest.blind_indexes[0].digest,
        told[0].blind_indexes[0].digest
    );
    let leaf = pb::CertificateLeaf::decode(newest.canonical_leaf.clone()).expect("a leaf");
    assert_eq!(
        &leaf.previous_leaf_hash[..],
        &Sha256::digest(&told[0].canonical_leaf)[..]
    );
}

#[tokio::test]
async fn a_correction_changes_something() {
    let setup = setup().await;
    let (_, issued) = setup.issued().await;
    let number = &issued[0].number;
    let same = refused(propose_correction(&setup, number, NAMES[0]).await);
    assert_eq!(codes(&same), ["CORRECTION_UNCHANGED"]);
    let mut spaced = NAMES[0].to_owned();
    spaced.insert(
        NAMES[0].chars().next().map_or(0, char::len_utf8),
        '\u{3000}',
    );
    let same = refused(propose_correction(&setup, number, &spaced).await);
    assert_eq!(codes(&same), ["CORRECTION_UNCHANGED"]);
    let bare = pb::ProposeCorrectionRequest {
        request_id: setup.id(),
        number: "S0000".to_owned(),
        corrected_name: "示例1".to_owned(),
        reason: String::new(),
    };
    let bare = refused(setup.face.propose_correction(from(&clerk_a(), bare)).await);
    assert_eq!(
        codes(&bare),
        [
            "CERTIFICATE_NUMBER_LENGTH",
            "PERSON_NAME_CHARACTERS",
            "CERTIFICATE_REASON_MISSING"
        ]
    );
}

#[tokio::test]
async fn a_correction_in_between_voids_what_was_proposed_before() {
    let setup = setup().await;
    let (_, issued) = setup.issued().await;
    let number = &issued[0].number;
    let revocation = propose_revocation(&setup, &clerk_a(), number)
        .await
        .expect("proposed");
    let correction = propose_correction(&setup, number, RIGHT_NAME)
        .await
        .expect("proposed");
    correct(&setup, &clerk_b(), number, correction)
        .await
        .expect("corrected");
    let changed = revoke(&setup, &clerk_b(), number, revocation).await;
    assert_eq!(codes(&refused(changed)), ["CONTENT_CHANGED"]);
}

#[tokio::test]
async fn a_revocation_is_for_good_and_tells_its_category() {
    let setup = setup().await;
    let (_, issued) = setup.issued().await;
    let number = &issued[2].number;
    let (first, second) = (province("p-a"), province("p-b"));
    let proposal = propose_revocation(&setup, &first, number)
        .await
        .expect("proposed");
    let day = revoke(&setup, &second, number, proposal)
        .await
        .expect("revoked");
    assert_eq!(day, "2020-07-14");
    let told = facts_of(&setup, number).await;
    let newest = &told[1];
    assert_eq!(newest.status(), pb::CertificateStatus::Revoked);
    assert_eq!(newest.public_reason, "false_materials");
    assert_eq!(
        (newest.version, newest.status_since.as_str()),
        (1, "2020-07-14")
    );
    assert!(newest.blind_indexes == told[0].blind_indexes);

    let again = refused(propose_revocation(&setup, &clerk_a(), number).await);
    assert_eq!(codes(&again), ["CERTIFICATE_REVOKED"]);
    let corrected = refused(propose_correction(&setup, number, RIGHT_NAME).await);
    assert_eq!(codes(&corrected), ["CERTIFICATE_REVOKED"]);
}

#[tokio::test]
async fn a_revocation_names_category_and_grounds() {
    let setup = setup().await;
    let (_, issued) = setup.issued().await;
    let request = |reason: pb::RevocationReason, grounds: &str| pb::ProposeRevocationRequest {
        request_id: setup.id(),
        number: issued[0].number.clone(),
        reason: reason.into(),
        grounds: grounds.to_owned(),
    };
    let bare = request(pb::RevocationReason::Unspecified, " ");
    let bare = refused(setup.face.propose_revocation(from(&clerk_a(), bare)).await);
    assert_eq!(
        codes(&bare),
        ["REVOCATION_CATEGORY_MISSING", "CERTIFICATE_REASON_MISSING"]
    );
    let silent = request(pb::RevocationReason::Cheating, "");
    let silent = refused(
        setup
            .face
            .propose_revocation(from(&clerk_a(), silent))
            .await,
    );
    assert_eq!(codes(&silent), ["CERTIFICATE_REASON_MISSING"]);
}

#[tokio::test]
async fn a_foreign_certificate_is_answered_like_one_that_does_not_exist() {
    let setup = setup().await;
    let (_, issued) = setup.issued().await;
    let foreign = propose_revocation(&setup, &stranger(), &issued[0].number).await;
    let unknown = propose_revocation(&setup, &clerk_a(), "S000037100001205999999").await;
    let (foreign, unknown) = (refused(foreign), refused(unknown));
    assert_eq!(codes(&foreign), ["CERTIFICATE_NOT_FOUND"]);
    assert_eq!(told(&foreign), told(&unknown));
}
