//! What people hold, for those who judge who may be examined.

use platform::access::Caller;
use proto::results::v1 as pb;
use proto::results::v1::holding_service_server::HoldingService;

use crate::neighbours::citizen_id;
use crate::revocations::{hear, of_one, propose, revoke};
use crate::setup::{Setup, clerk_a, clerk_b, from, setup};

async fn holdings(setup: &Setup, people: &[usize]) -> Vec<Vec<(String, bool)>> {
    let numbers = people
        .iter()
        .map(|one| citizen_id(*one).reveal().to_owned());
    let request = pb::ListHoldingsRequest {
        document_numbers: numbers.collect(),
    };
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
    let proposed = propose(&setup, &clerk_a(), of_one(&setup, &number)).await;
    let proposed = proposed.expect("proposed");
    let heard = hear(&setup, &clerk_a(), &proposed.revocation_id, &number, "").await;
    heard.expect("heard");
    let revoked = revoke(&setup, &clerk_b(), &proposed).await;
    revoked.expect("revoked");
    assert_eq!(holdings(&setup, &[0]).await, [vec![(number, false)]]);
}
