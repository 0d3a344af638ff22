//! Correction: two persons, a new version, the number never changes.

use kernel::person_name::PersonName;
use kernel::query_key::QueryKey;
use platform::access::Caller;
use prost::Message;
use proto::common::v1 as common;
use proto::results::v1 as pb;
use proto::results::v1::certificate_service_server::CertificateService;
use sha2::{Digest, Sha256};
use tonic::Status;

use crate::neighbours::{NAMES, citizen_id};
use crate::setup::{Setup, clerk_a, clerk_b, codes, confirmation, fields, from, refused, setup};

pub(crate) const RIGHT_NAME: &str = "示例甲一一";

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
        corrected_document_number: String::new(),
        corrected_document: None,
    };
    Ok(setup
        .face
        .propose_correction(from(&clerk_a(), request))
        .await?
        .into_inner()
        .proposal)
}

pub(crate) async fn correct(
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

/// What was told about the certificate with this number.
pub(crate) async fn facts_of(setup: &Setup, number: &str) -> Vec<pb::CertificateFact> {
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
    let nothing = refused(propose_correction(&setup, number, "").await);
    assert_eq!(codes(&nothing), ["CORRECTION_UNCHANGED"]);
    let both = pb::ProposeCorrectionRequest {
        request_id: setup.id(),
        number: number.clone(),
        corrected_name: NAMES[0].to_owned(),
        reason: "核对".to_owned(),
        corrected_document_number: citizen_id(0).reveal().to_owned(),
        corrected_document: None,
    };
    let both = refused(setup.face.propose_correction(from(&clerk_a(), both)).await);
    assert_eq!(
        fields(&both),
        ["corrected_name", "corrected_document_number"]
    );
    let bare = pb::ProposeCorrectionRequest {
        request_id: setup.id(),
        number: "S0000".to_owned(),
        corrected_name: "示例1".to_owned(),
        reason: String::new(),
        corrected_document_number: "3700".to_owned(),
        corrected_document: None,
    };
    let bare = refused(setup.face.propose_correction(from(&clerk_a(), bare)).await);
    assert_eq!(
        codes(&bare),
        [
            "CERTIFICATE_NUMBER_LENGTH",
            "PERSON_NAME_CHARACTERS",
            "CITIZEN_ID_LENGTH",
            "CERTIFICATE_REASON_MISSING"
        ]
    );
}

#[tokio::test]
async fn a_document_number_is_corrected_and_the_name_stays() {
    let setup = setup().await;
    let (_, issued) = setup.issued().await;
    let number = &issued[0].number;
    let right = citizen_id(77);
    let request = pb::ProposeCorrectionRequest {
        request_id: setup.id(),
        number: number.clone(),
        corrected_name: String::new(),
        reason: "证件号码录错".to_owned(),
        corrected_document_number: right.reveal().to_owned(),
        corrected_document: None,
    };
    let proposed = setup.face.propose_correction(from(&clerk_a(), request));
    let proposal = proposed.await.expect("proposed").into_inner().proposal;
    let corrected = correct(&setup, &clerk_b(), number, proposal).await;
    assert_eq!(corrected.expect("corrected").version, 2);

    let told = facts_of(&setup, number).await;
    assert_eq!(told[1].masked_name, told[0].masked_name);
    assert_eq!(told[1].masked_document_number, right.masked());
    // The door of number and name is the one before; that of the document is another.
    let doors = |told: &pb::CertificateFact, purpose: pb::IndexPurpose| {
        let mut doors = told.blind_indexes.iter();
        let door = doors.find(|door| door.purpose() == purpose);
        door.expect("a door").digest.clone()
    };
    let [by_name, by_document] = [
        pb::IndexPurpose::NumberAndName,
        pb::IndexPurpose::DocumentAndName,
    ];
    assert_eq!(doors(&told[1], by_name), doors(&told[0], by_name));
    assert_ne!(doors(&told[1], by_document), doors(&told[0], by_document));
}
