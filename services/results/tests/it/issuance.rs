//! Issuance: the right asked again, gapless numbers, and facts that open to whoever knows the
//! pair and to nobody else.

use jiff::civil::date;
use kernel::certificate_number::CertificateNumber;
use kernel::identity_document::DocumentNumber;
use kernel::person_name::PersonName;
use kernel::query_key::QueryKey;
use prost::Message;
use proto::common::v1::Level;
use proto::results::v1 as pb;
use proto::results::v1::ReviewLevel as Review;
use proto::results::v1::certificate_service_server::CertificateService;
use sha2::{Digest, Sha256};
use tonic::Code;

use crate::neighbours::{NAMES, citizen_id, organization};
use crate::setup::{NOTICE_OVER, clerk_a, clerk_b, codes, confirmation, from, refused, setup};

#[tokio::test]
async fn every_approved_row_gets_its_certificate_and_every_number_is_in_the_ledger() {
    let setup = setup().await;
    let (batch, issued) = setup.issued().await;
    let numbers: Vec<_> = issued
        .iter()
        .map(|certificate| certificate.number.as_str())
        .collect();
    assert_eq!(
        numbers,
        [
            "S000037100001205000001",
            "S000037100001205000002",
            "S000037100001204000001"
        ]
    );
    assert_eq!(setup.state(&batch, 4).await, pb::ResultState::Certified);
    assert_eq!(setup.ledger(Level::Five).await, [2, 2, 0, 0]);
    assert_eq!(setup.ledger(Level::Four).await, [1, 1, 0, 0]);
    assert_eq!(setup.ledger(Level::Three).await, [0, 0, 0, 0]);
    let unexplained: i64 = sqlx::query_scalar(
        "select count(*) from number_counter counter where allocated <> (
             select count(*) from number_ledger entry
             where entry.organization_code = counter.organization_code
               and entry.year = counter.year and entry.level = counter.level
               and entry.sequence between 1 and counter.allocated)",
    )
    .fetch_one(&setup.platform.pool)
    .await
    .expect("counted");
    assert_eq!(unexplained, 0);

    let asked = setup.played.world().rights_asked.clone();
    let days: Vec<_> = asked.iter().map(|(_, _, on)| on.as_str()).collect();
    assert_eq!(days, ["2020-07-04", "2020-07-04"]);
    let again = refused(setup.propose_issuance(&batch).await);
    assert_eq!(codes(&again), ["NOTHING_TO_ISSUE"]);
}

#[tokio::test]
async fn the_fact_opens_to_the_pair_and_holds_the_lineage_and_the_leaf() {
    let setup = setup().await;
    let (batch, issued) = setup.issued().await;
    let facts = setup.published("certificate").await;
    assert_eq!(facts.len(), 3);
    let decode = |fact: &proto::common::v1::Fact| {
        assert_eq!(
            (fact.kind.as_str(), fact.published_version),
            ("certificate_issued", 1)
        );
        assert_eq!(fact.areas, ["371000"]);
        pb::CertificateFact::decode(fact.payload.clone()).expect("a certificate")
    };
    let told: Vec<_> = facts.iter().map(decode).collect();
    let told = told
        .iter()
        .find(|told| told.number == issued[0].number)
        .expect("the first");

    let number = CertificateNumber::parse(&told.number).expect("a number");
    let name = PersonName::parse(NAMES[0]).expect("a name");
    let indexer = setup.platform.indexer();
    for (purpose, key) in [
        (
            pb::IndexPurpose::NumberAndName,
            QueryKey::number_and_name(&number, &name),
        ),
        (
            pb::IndexPurpose::DocumentAndName,
            QueryKey::document_and_name(&DocumentNumber::from(&citizen_id(0)), &name),
        ),
    ] {
        let door = told
            .blind_indexes
            .iter()
            .find(|door| door.purpose() == purpose)
            .expect("a door");
        let expected = &indexer.index(key.purpose(), &key.parts())[0];
        assert_eq!(
            (&door.key_id, &door.digest[..]),
            (&expected.key_id, &expected.digest[..])
        );
    }
    let token = hex::decode(&issued[0].qr_token).expect("hexadecimal");
    assert_eq!(&Sha256::digest(token)[..], &told.qr_token_hash[..]);
    assert_eq!(
        (told.masked_name.as_str(), told.trade.as_str()),
        ("示**一", "")
    );
    assert_eq!((told.version, told.supersedes), (1, 0));
    let lineage = told.lineage.clone().expect("a lineage");
    assert_eq!(
        (lineage.batch_id.as_str(), lineage.organization_version),
        (batch.as_str(), 7)
    );
    for id in [
        &lineage.city_review_id,
        &lineage.province_review_id,
        &lineage.issuance_id,
    ] {
        assert!(id.starts_with("prop_"), "{id}");
    }
    let leaf = pb::CertificateLeaf::decode(told.canonical_leaf.clone()).expect("a leaf");
    assert_eq!(
        (leaf.commitment.len(), leaf.previous_leaf_hash.len()),
        (32, 0)
    );
}

#[tokio::test]
async fn without_the_right_on_every_day_nothing_is_issued() {
    let setup = setup().await;
    let batch = setup.approved().await;
    let proposal = setup
        .propose_issuance(&batch)
        .await
        .expect("proposed")
        .proposal;
    let facts = setup.facts().await;
    setup.played.world().right_ends = Some("2020-07-04".to_owned());
    let status = refused(setup.issue(&clerk_b(), &batch, proposal.clone()).await);
    assert_eq!(codes(&status), ["RIGHT_NOT_HELD", "RIGHT_NOT_HELD"]);
    assert!(
        status
            .message()
            .contains("the right does not hold on this day")
    );
    setup.played.world().registry_away = true;
    let away = refused(setup.issue(&clerk_b(), &batch, proposal.clone()).await);
    assert_eq!(away.code(), Code::Unavailable);
    assert_eq!(setup.facts().await, facts);
    assert_eq!(setup.ledger(Level::Five).await, [0, 0, 0, 0]);

    setup.played.world().registry_away = false;
    setup.played.world().right_ends = None;
    let issued = setup
        .issue(&clerk_b(), &batch, proposal)
        .await
        .expect("held again");
    assert_eq!(issued.len(), 3);
}

#[tokio::test]
async fn two_persons_issue_and_the_second_is_answered_alike_when_asking_again() {
    let setup = setup().await;
    let batch = setup.approved().await;
    let proposal = setup
        .propose_issuance(&batch)
        .await
        .expect("proposed")
        .proposal;
    let same = refused(setup.issue(&clerk_a(), &batch, proposal.clone()).await);
    assert_eq!(codes(&same), ["SAME_PERSON"]);
    let request = pb::IssueCertificatesRequest {
        request_id: "issue-once".to_owned(),
        batch_id: batch.clone(),
        confirmation: Some(confirmation(proposal.clone())),
    };
    let mut replies = Vec::new();
    for _ in 0..2 {
        let reply = setup
            .face
            .issue_certificates(from(&clerk_b(), request.clone()))
            .await;
        replies.push(reply.expect("issued").into_inner().encode_to_vec());
    }
    assert_eq!(
        replies[0], replies[1],
        "numbers and tokens are those of the first time"
    );
    let spent = refused(setup.issue(&clerk_b(), &batch, proposal).await);
    assert_eq!(codes(&spent), ["PROPOSAL_NOT_FOUND"]);
}

#[tokio::test]
async fn a_row_that_comes_later_gets_the_next_number() {
    let setup = setup().await;
    let batch = setup.uploaded().await;
    let result_id = setup.give_back(&batch, 1, "缺签字").await;
    setup.approve(&batch, Review::Province).await;
    assert_eq!(setup.issue_approved(&batch).await.len(), 2);

    setup.resubmit(&result_id, "已补").await.expect("answered");
    setup.approve(&batch, Review::City).await;
    setup.approve(&batch, Review::Province).await;
    setup.day(date(2020, 7, 20));
    let issued = setup.issue_approved(&batch).await;
    assert_eq!(issued[0].number, "S000037100001205000002");
    assert_eq!(setup.ledger(Level::Five).await, [2, 2, 0, 0]);
}

#[tokio::test]
async fn the_right_is_asked_at_the_issue_however_long_before_it_was_proposed() {
    let setup = setup().await;
    let batch = setup.approved().await;
    let proposal = setup
        .propose_issuance(&batch)
        .await
        .expect("proposed")
        .proposal;
    assert!(setup.played.world().rights_asked.is_empty());
    setup.day(NOTICE_OVER.tomorrow().expect("a day after"));
    setup
        .issue(&clerk_b(), &batch, proposal)
        .await
        .expect("asked on the new day");
    assert_eq!(setup.played.world().rights_asked.len(), 2);
}

#[tokio::test]
async fn a_ledger_is_asked_for_by_year_and_level_and_by_its_owner() {
    let setup = setup().await;
    let request = |organization_id: String, year, level: Level| pb::GetNumberLedgerRequest {
        organization_id,
        year,
        level: level.into(),
    };
    let wrong = request("org".to_owned(), 20, Level::Apprentice);
    let wrong = refused(setup.face.get_number_ledger(from(&clerk_a(), wrong)).await);
    assert_eq!(
        codes(&wrong),
        ["ID_PREFIX", "NUMBER_LEDGER_KEY", "NUMBER_LEDGER_KEY"]
    );
    let none = request(organization().to_string(), 2020, Level::Five);
    let none = refused(setup.face.get_number_ledger(from(&clerk_a(), none)).await);
    assert_eq!(codes(&none), ["NUMBER_LEDGER_NOT_FOUND"]);
}

#[tokio::test]
async fn numbers_that_are_used_up_end_the_issuance() {
    let setup = setup().await;
    let batch = setup.approved().await;
    sqlx::query(
        "insert into number_counter (organization_code, year, level, allocated, issued)
         values ('S000037100001', 2020, 'five', 999998, 999998)",
    )
    .execute(&setup.platform.pool)
    .await
    .expect("a counter near its end");
    let proposal = setup
        .propose_issuance(&batch)
        .await
        .expect("proposed")
        .proposal;
    let status = refused(setup.issue(&clerk_b(), &batch, proposal).await);
    assert_eq!(codes(&status), ["CERTIFICATE_NUMBERS_USED_UP"]);
    assert_eq!(setup.published("certificate").await.len(), 0);
}
