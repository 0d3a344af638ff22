//! Organisation codes: reserved ones are never given, no one is given twice.

use platform::testing::province_officer;
use proto::registry::v1::ReserveOrganizationCodesRequest;
use proto::registry::v1::organization_service_server::OrganizationService;

use crate::setup::{codes, from, selected, setup};

fn reservation(request_id: &str, codes: &[&str]) -> ReserveOrganizationCodesRequest {
    ReserveOrganizationCodesRequest {
        request_id: request_id.to_owned(),
        organization_codes: codes.iter().map(ToString::to_string).collect(),
        reason: "在原系统使用".to_owned(),
    }
}

#[tokio::test]
async fn a_code_in_use_elsewhere_is_passed_over() {
    let setup = setup().await;
    let officer = province_officer("officer");
    let request = reservation("r1", &["S000037100001", "S000037000072"]);
    let reply = setup
        .registry
        .reserve_organization_codes(from(&officer, request))
        .await;
    assert_eq!(reply.expect("reserved").into_inner().reserved, 2);
    let again = reservation("r2", &["S000037100001", "S000037100003"]);
    let reply = setup
        .registry
        .reserve_organization_codes(from(&officer, again))
        .await;
    assert_eq!(reply.expect("reserved").into_inner().reserved, 1);

    let mut given = Vec::new();
    for serial in [1, 2] {
        let id = setup.registered(serial).await;
        given.push(code_of(&setup, id).await);
    }
    assert_eq!(given, ["S000037100002", "S000037100004"]);
}

#[tokio::test]
async fn every_wrong_code_is_told_at_its_place() {
    let setup = setup().await;
    let request = reservation("r1", &["S000037100001", "S0000371000", "Y000037100001"]);
    let refused = setup
        .registry
        .reserve_organization_codes(from(&province_officer("o"), request))
        .await;
    assert_eq!(codes(&refused.err().expect("refused")).len(), 1);
}

#[tokio::test]
async fn a_selection_heard_twice_gives_one_code() {
    let setup = setup().await;
    let id = setup.registered(1).await;
    let mut again = selected(id, 1);
    // Even as a fact of its own, the same selection registers nobody again.
    again.fact_id = kernel::ids::FactId::from_uuid(uuid::Uuid::from_u128(99)).to_string();
    again.published_version = 2;
    again.hash = platform::facts::hash(&again).to_vec().into();
    setup.inbox.take(&[selected(id, 1), again]).await;
    let facts = sqlx::query_scalar::<_, i64>(
        "select count(*) from platform.fact where kind = 'organization_registered'",
    );
    assert_eq!(
        facts.fetch_one(&setup.platform.pool).await.expect("count"),
        1
    );
    assert_eq!(code_of(&setup, id).await, "S000037100001");
}

async fn code_of(setup: &crate::setup::Setup, id: kernel::ids::OrganizationId) -> String {
    sqlx::query_scalar("select organization_code from organization where organization_id = $1")
        .bind(id.uuid())
        .fetch_one(&setup.platform.pool)
        .await
        .expect("a registered organisation")
}
