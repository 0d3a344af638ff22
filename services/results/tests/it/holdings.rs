//! What people hold, for those who judge who may be examined.

use platform::access::Caller;
use proto::common::v1::{DocumentType, IdentityDocument, PersonRef};
use proto::results::v1 as pb;
use proto::results::v1::certificate_service_server::CertificateService;
use proto::results::v1::holding_service_server::HoldingService;

use crate::certificates::correct;
use crate::neighbours::{NAMES, person};
use crate::revocations::{hear, of_one, propose, revoke};
use crate::setup::{Setup, clerk_a, clerk_b, from, setup};

async fn holdings(setup: &Setup, people: &[usize]) -> Vec<Vec<(String, bool)>> {
    let people = people.iter().copied().map(person);
    of_people(setup, people.collect()).await
}

async fn of_people(setup: &Setup, people: Vec<PersonRef>) -> Vec<Vec<(String, bool)>> {
    let request = pb::ListHoldingsRequest { people };
    let caller = Caller::service("exam-scheduling");
    let reply = setup.face.list_holdings(from(&caller, request)).await;
    let held = |holder: pb::Holder| {
        let told = holder.holdings.into_iter();
        told.map(|one| (one.number, one.valid)).collect()
    };
    let holders = reply.expect("an answer").into_inner().holders;
    holders.into_iter().map(held).collect()
}

#[tokio::test]
async fn whoever_asks_with_a_number_is_told_what_its_holder_holds_and_what_became_of_it() {
    let setup = setup().await;
    assert_eq!(holdings(&setup, &[0]).await, [Vec::new()]);
    let (_, issued) = setup.issued().await;
    let number = issued[0].number.clone();
    let held = holdings(&setup, &[0, 99]).await;
    assert_eq!(held, [vec![(number.clone(), true)], Vec::new()]);
    let by_passport = holdings(&setup, &[NAMES.len() - 1]).await;
    assert_eq!(by_passport[0].len(), 1);
    let proposed = propose(&setup, &clerk_a(), of_one(&setup, &number)).await;
    let proposed = proposed.expect("proposed");
    let heard = hear(&setup, &clerk_a(), &proposed.revocation_id, &number, "").await;
    heard.expect("heard");
    let revoked = revoke(&setup, &clerk_b(), &proposed).await;
    revoked.expect("revoked");
    assert_eq!(holdings(&setup, &[0]).await, [vec![(number, false)]]);
}

#[tokio::test]
async fn a_certificate_is_held_by_whom_its_newest_version_names() {
    let setup = setup().await;
    let (_, issued) = setup.issued().await;
    let number = issued[0].number.clone();
    let permit = IdentityDocument {
        r#type: DocumentType::TaiwanPermit.into(),
        number: "01234567".to_owned(),
        born_on: "1990-03-07".to_owned(),
    };
    let request = pb::ProposeCorrectionRequest {
        request_id: setup.id(),
        number: number.clone(),
        reason: "证件录错".to_owned(),
        corrected_document: Some(permit.clone()),
        ..pb::ProposeCorrectionRequest::default()
    };
    let proposed = setup.face.propose_correction(from(&clerk_a(), request));
    let proposal = proposed.await.expect("proposed").into_inner().proposal;
    let corrected = correct(&setup, &clerk_b(), &number, proposal).await;
    assert_eq!(corrected.expect("corrected").version, 2);
    assert_eq!(holdings(&setup, &[0]).await, [Vec::new()]);
    let right = PersonRef {
        citizen_id: String::new(),
        document: Some(permit),
    };
    let held = of_people(&setup, vec![right]).await;
    assert_eq!(held, [vec![(number, true)]]);
}
