//! Revocation: by whoever issued, or by the province where the issuer is withdrawn; two persons, and the
//! holders heard in between; one certificate or all of a batch or organisation in one go.

use platform::access::Caller;
use proto::results::v1 as pb;
use proto::results::v1::certificate_service_server::CertificateService;
use tonic::Status;

use crate::certificates::{RIGHT_NAME, correct, facts_of, propose_correction};
use crate::neighbours::organization;
use crate::setup::{
    Setup, clerk_a, clerk_b, codes, confirmation, fields, from, province, refused, setup, stranger,
    told,
};

/// A revocation with nothing named.
fn of_nothing(setup: &Setup) -> pb::ProposeRevocationRequest {
    pb::ProposeRevocationRequest {
        request_id: setup.id(),
        reason: pb::RevocationReason::FalseMaterials.into(),
        grounds: "事后查实".to_owned(),
        ..Default::default()
    }
}

pub(crate) fn of_one(setup: &Setup, number: &str) -> pb::ProposeRevocationRequest {
    pb::ProposeRevocationRequest {
        number: number.to_owned(),
        ..of_nothing(setup)
    }
}

pub(crate) async fn propose(
    setup: &Setup,
    caller: &Caller,
    request: pb::ProposeRevocationRequest,
) -> Result<pb::ProposeRevocationResponse, Status> {
    let reply = setup.face.propose_revocation(from(caller, request)).await?;
    Ok(reply.into_inner())
}

pub(crate) async fn hear(
    setup: &Setup,
    caller: &Caller,
    revocation: &str,
    number: &str,
    statement: &str,
) -> Result<u32, Status> {
    let request = pb::RecordHearingRequest {
        request_id: setup.id(),
        revocation_id: revocation.to_owned(),
        number: number.to_owned(),
        statement: statement.to_owned(),
        waived: statement.is_empty(),
    };
    let reply = setup.face.record_hearing(from(caller, request)).await?;
    Ok(reply.into_inner().waiting)
}

pub(crate) async fn revoke(
    setup: &Setup,
    caller: &Caller,
    proposed: &pb::ProposeRevocationResponse,
) -> Result<pb::RevokeCertificatesResponse, Status> {
    let request = pb::RevokeCertificatesRequest {
        request_id: setup.id(),
        revocation_id: proposed.revocation_id.clone(),
        confirmation: Some(confirmation(proposed.proposal.clone())),
    };
    let reply = setup
        .face
        .revoke_certificates(from(caller, request))
        .await?;
    Ok(reply.into_inner())
}

/// A certificate is revoked, its holder having nothing to say.
pub(crate) async fn revoke_one(setup: &Setup, number: &str) {
    let proposed = propose(setup, &clerk_a(), of_one(setup, number)).await;
    let proposed = proposed.expect("proposed");
    let heard = hear(setup, &clerk_a(), &proposed.revocation_id, number, "").await;
    heard.expect("heard");
    let done = revoke(setup, &clerk_b(), &proposed).await;
    done.expect("revoked");
}

#[tokio::test]
async fn a_revocation_is_for_good_and_tells_its_category() {
    let setup = setup().await;
    let (_, issued) = setup.issued().await;
    let number = &issued[2].number;
    let proposed = propose(&setup, &clerk_a(), of_one(&setup, number)).await;
    let proposed = proposed.expect("proposed");
    assert_eq!(proposed.certificates, 1);
    let waiting = hear(&setup, &clerk_a(), &proposed.revocation_id, number, "").await;
    assert_eq!(waiting.expect("heard"), 0);
    let same = refused(revoke(&setup, &clerk_a(), &proposed).await);
    assert_eq!(codes(&same), ["SAME_PERSON"]);
    let done = revoke(&setup, &clerk_b(), &proposed).await;
    let done = done.expect("revoked");
    assert_eq!(
        (done.revoked_on.as_str(), done.certificates),
        ("2020-07-14", 1)
    );
    let told = facts_of(&setup, number).await;
    let newest = &told[1];
    assert_eq!(newest.status(), pb::CertificateStatus::Revoked);
    assert_eq!(newest.public_reason, "false_materials");
    assert_eq!(
        (newest.version, newest.status_since.as_str()),
        (1, "2020-07-14")
    );
    assert!(newest.blind_indexes == told[0].blind_indexes);

    let again = refused(propose(&setup, &clerk_a(), of_one(&setup, number)).await);
    assert_eq!(codes(&again), ["CERTIFICATE_REVOKED"]);
    let corrected = refused(propose_correction(&setup, number, RIGHT_NAME).await);
    assert_eq!(codes(&corrected), ["CERTIFICATE_REVOKED"]);
    let over = refused(revoke(&setup, &clerk_b(), &proposed).await);
    assert_eq!(codes(&over), ["REVOCATION_NOT_FOUND"]);
}

#[tokio::test]
async fn holders_are_heard_before_they_lose_a_certificate() {
    let setup = setup().await;
    let (batch, issued) = setup.issued().await;
    let of_batch = pb::ProposeRevocationRequest {
        batch_id: batch,
        ..of_nothing(&setup)
    };
    let proposed = propose(&setup, &clerk_a(), of_batch)
        .await
        .expect("proposed");
    assert_eq!(proposed.certificates, 3);
    let until = proposed.hearing_until.clone().expect("a deadline").date;
    assert_eq!(until, "2020-07-21", "five working days");
    let id = &proposed.revocation_id;
    let statement = "本人材料属实";
    let waiting = hear(&setup, &clerk_a(), id, &issued[0].number, statement).await;
    assert_eq!(waiting.expect("heard"), 2);
    let early = refused(revoke(&setup, &clerk_b(), &proposed).await);
    assert_eq!(codes(&early), ["REVOCATION_HEARING_OPEN"]);
    let row: String =
        sqlx::query_scalar("select string_agg(t::text, '') from revocation_certificate t")
            .fetch_one(&setup.platform.pool)
            .await
            .expect("read");
    assert!(!row.contains(statement) && !row.contains(&hex::encode(statement)));

    let foreign = hear(&setup, &clerk_a(), id, "S000037100001205999999", "").await;
    assert_eq!(codes(&refused(foreign)), ["REVOCATION_WITHOUT_CERTIFICATE"]);
    let silent = pb::RecordHearingRequest {
        request_id: setup.id(),
        revocation_id: id.clone(),
        number: issued[1].number.clone(),
        ..Default::default()
    };
    let silent = refused(setup.face.record_hearing(from(&clerk_a(), silent)).await);
    assert_eq!(codes(&silent), ["REVOCATION_STATEMENT_MISSING"]);
    setup.day(jiff::civil::date(2020, 7, 22));
    let done = revoke(&setup, &clerk_b(), &proposed).await;
    assert_eq!(done.expect("their time is over").certificates, 3);
    for certificate in &issued {
        let told = facts_of(&setup, &certificate.number).await;
        assert_eq!(told[1].status(), pb::CertificateStatus::Revoked);
    }
}

#[tokio::test]
async fn the_province_revokes_where_the_issuer_is_withdrawn_and_nowhere_else() {
    let setup = setup().await;
    setup.issued().await;
    let of_all = || pb::ProposeRevocationRequest {
        organization_id: organization().to_string(),
        ..of_nothing(&setup)
    };
    let (first, second) = (province("p-a"), province("p-b"));
    let facts = setup.facts().await;
    let active = refused(propose(&setup, &first, of_all()).await);
    assert_eq!(codes(&active), ["REVOCATION_ISSUER_IN_CHARGE"]);
    assert_eq!(setup.facts().await, facts);
    setup.played.world().withdrawn = true;
    let proposed = propose(&setup, &first, of_all()).await.expect("withdrawn");
    let other_side = refused(revoke(&setup, &clerk_b(), &proposed).await);
    assert_eq!(codes(&other_side), ["REVOCATION_NOT_FOUND"]);
    setup.day(jiff::civil::date(2020, 7, 22));
    let done = revoke(&setup, &second, &proposed).await.expect("revoked");
    assert_eq!(done.certificates, 3);
    let nothing = refused(propose(&setup, &first, of_all()).await);
    assert_eq!(codes(&nothing), ["NOTHING_TO_REVOKE"]);
}

#[tokio::test]
async fn a_correction_in_between_voids_a_revocation() {
    let setup = setup().await;
    let (_, issued) = setup.issued().await;
    let number = &issued[0].number;
    let proposed = propose(&setup, &clerk_a(), of_one(&setup, number)).await;
    let proposed = proposed.expect("proposed");
    let correction = propose_correction(&setup, number, RIGHT_NAME).await;
    let corrected = correct(&setup, &clerk_b(), number, correction.expect("proposed")).await;
    corrected.expect("corrected");
    setup.day(jiff::civil::date(2020, 7, 22));
    let changed = refused(revoke(&setup, &clerk_b(), &proposed).await);
    assert_eq!(codes(&changed), ["CONTENT_CHANGED"]);
}

#[tokio::test]
async fn a_revocation_that_is_given_up_is_over() {
    let setup = setup().await;
    let (_, issued) = setup.issued().await;
    let proposed = propose(&setup, &clerk_a(), of_one(&setup, &issued[0].number)).await;
    let proposed = proposed.expect("proposed");
    let abandon = |reason: &str| pb::AbandonRevocationRequest {
        request_id: setup.id(),
        revocation_id: proposed.revocation_id.clone(),
        reason: reason.to_owned(),
    };
    let silent = setup.face.abandon_revocation(from(&clerk_b(), abandon("")));
    assert_eq!(
        codes(&refused(silent.await)),
        ["CERTIFICATE_REASON_MISSING"]
    );
    let foreign = setup
        .face
        .abandon_revocation(from(&stranger(), abandon("查无实据")));
    assert_eq!(codes(&refused(foreign.await)), ["REVOCATION_NOT_FOUND"]);
    let given_up = setup
        .face
        .abandon_revocation(from(&clerk_b(), abandon("查无实据")));
    given_up.await.expect("given up");
    setup.day(jiff::civil::date(2020, 7, 22));
    let over = refused(revoke(&setup, &clerk_b(), &proposed).await);
    assert_eq!(codes(&over), ["REVOCATION_NOT_FOUND"]);
}

#[tokio::test]
async fn a_revocation_names_what_it_is_about_category_and_grounds() {
    let setup = setup().await;
    let (batch, issued) = setup.issued().await;
    let bare = pb::ProposeRevocationRequest {
        request_id: setup.id(),
        ..Default::default()
    };
    let bare = refused(propose(&setup, &clerk_a(), bare).await);
    assert_eq!(
        codes(&bare),
        [
            "REVOCATION_TARGET",
            "REVOCATION_CATEGORY_MISSING",
            "CERTIFICATE_REASON_MISSING"
        ]
    );
    let both = pb::ProposeRevocationRequest {
        batch_id: batch,
        ..of_one(&setup, &issued[0].number)
    };
    let both = refused(propose(&setup, &clerk_a(), both).await);
    assert_eq!(
        (codes(&both)[0].as_str(), fields(&both)[0].as_str()),
        ("REVOCATION_TARGET", "number")
    );
}

#[tokio::test]
async fn a_foreign_certificate_is_answered_like_one_that_does_not_exist() {
    let setup = setup().await;
    let (batch, issued) = setup.issued().await;
    let foreign = propose(&setup, &stranger(), of_one(&setup, &issued[0].number)).await;
    let unknown = of_one(&setup, "S000037100001205999999");
    let unknown = propose(&setup, &clerk_a(), unknown).await;
    let (foreign, unknown) = (refused(foreign), refused(unknown));
    assert_eq!(codes(&foreign), ["CERTIFICATE_NOT_FOUND"]);
    assert_eq!(told(&foreign), told(&unknown));
    let of_batch = pb::ProposeRevocationRequest {
        batch_id: batch,
        ..of_nothing(&setup)
    };
    let foreign = refused(propose(&setup, &stranger(), of_batch).await);
    assert_eq!(codes(&foreign), ["NOTHING_TO_REVOKE"]);
}
