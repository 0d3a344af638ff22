//! Organisation codes: reserved ones are never given, no one is given twice.

use kernel::ids::OrganizationId;
use platform::testing::{eventually, province_officer};
use prost::Message;
use proto::registry::v1::ReserveOrganizationCodesRequest;
use proto::registry::v1::organization_service_server::OrganizationService;
use proto::review::v1::OrganizationSelected;

use crate::setup::{codes, from, selected, setup, violations};

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
async fn a_code_that_is_given_here_is_not_reserved_even_while_it_is_being_given() {
    let setup = setup().await;
    let officer = province_officer("officer");
    // A registration under way, as far as its counter.
    let mut registration = setup.platform.pool.begin().await.expect("begin");
    sqlx::query("insert into code_counter values ('10', 0)")
        .execute(&mut *registration)
        .await
        .expect("locked");
    let reserving = {
        let registry = setup.registry.clone();
        let request = from(
            &officer,
            reservation("r1", &["S000037100009", "S000037100001"]),
        );
        tokio::spawn(async move { registry.reserve_organization_codes(request).await })
    };
    eventually("the reservation to wait for the counter", async || {
        let waiting: i64 = sqlx::query_scalar(
            "select count(*) from pg_stat_activity
             where datname = current_database() and wait_event_type = 'Lock'",
        )
        .fetch_one(&setup.platform.pool)
        .await
        .ok()?;
        (waiting == 1).then_some(())
    })
    .await;
    registration.rollback().await.expect("it was none");
    let reply = reserving.await.expect("no panic").expect("reserved");
    assert_eq!(reply.into_inner().reserved, 2);

    let id = setup.registered(1).await;
    let given = code_of(&setup, id).await;
    assert_eq!(given, "S000037100002");
    let request = reservation("r2", &["S000037100001", &given]);
    let asked = from(&officer, request);
    let refused = setup.registry.reserve_organization_codes(asked).await;
    let refused = refused.err().expect("it has its organisation");
    assert_eq!(codes(&refused), ["ORGANIZATION_CODE_GIVEN"]);
}

#[tokio::test]
async fn codes_given_at_the_same_time_have_no_gap() {
    let setup = setup().await;
    let mut ids = Vec::new();
    for serial in 1..=8 {
        let body = setup.enrolled(serial).await;
        ids.push(OrganizationId::parse(&body.organization_id).expect("an id"));
    }
    let heard = (1..).zip(&ids);
    let heard = heard.map(|(application, id)| {
        let inbox = &setup.inbox;
        let fact = selected(*id, application);
        async move { inbox.take(&[fact]).await }
    });
    futures::future::join_all(heard).await;
    let mut given = Vec::new();
    for id in ids {
        given.push(code_of(&setup, id).await);
    }
    given.sort();
    let expected: Vec<_> = (1..=8).map(|last| format!("S00003710000{last}")).collect();
    assert_eq!(given, expected);
}

#[tokio::test]
async fn every_wrong_code_is_told_at_its_place() {
    let setup = setup().await;
    let refused = async |request| {
        let asked = from(&province_officer("o"), request);
        let reply = setup.registry.reserve_organization_codes(asked).await;
        codes(&reply.err().expect("refused"))
    };
    let wrong = [
        "S000037100001",
        "S0000371000",
        "Y000037100001",
        "S000023100001",
        "S000037100000",
        "S000037990001",
    ];
    let asked = from(&province_officer("o"), reservation("r1", &wrong));
    let reply = setup.registry.reserve_organization_codes(asked).await;
    let expected = [
        ("organization_codes[1]", "ORGANIZATION_CODE_LENGTH"),
        ("organization_codes[2]", "ORGANIZATION_CODE_NOT_OURS"),
        ("organization_codes[3]", "ORGANIZATION_CODE_NOT_OURS"),
        ("organization_codes[4]", "ORGANIZATION_CODE_NOT_OURS"),
        ("organization_codes[5]", "ORGANIZATION_CODE_NOT_OURS"),
    ];
    assert_eq!(
        violations(&reply.err().expect("refused")),
        expected.map(|(field, code)| (field.to_owned(), code.to_owned()))
    );
    for named in [0, 501] {
        let request = ReserveOrganizationCodesRequest {
            reason: String::new(),
            ..reservation("r1", &vec!["nonsense"; named])
        };
        assert_eq!(
            refused(request).await,
            ["ORGANIZATION_CODES_OUT_OF_BOUNDS", "FIELD_REQUIRED"],
            "{named}"
        );
    }
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

/// A division that is no more has no part in codes: its area applies elsewhere by now.
#[tokio::test]
async fn a_division_without_a_part_in_codes_registers_nobody() {
    let setup = setup().await;
    let body = setup.enrolled(1).await;
    let id = OrganizationId::parse(&body.organization_id).expect("an id");
    let mut fact = selected(id, 1);
    let mut message = OrganizationSelected::decode(&fact.payload[..]).expect("its message");
    "371200".clone_into(&mut message.filing_division);
    fact.payload = message.encode_to_vec().into();
    fact.hash = platform::facts::hash(&fact).to_vec().into();
    setup.inbox.take(&[fact]).await;
    let failure: String = sqlx::query_scalar("select failure from platform.quarantine")
        .fetch_one(&setup.platform.pool)
        .await
        .expect("it was not applied");
    assert_eq!(failure, "FILING_DIVISION_WITHOUT_CODE");
    let registered = sqlx::query_scalar::<_, i64>("select count(*) from organization");
    let registered = registered.fetch_one(&setup.platform.pool).await;
    assert_eq!(registered.expect("count"), 0);
}

async fn code_of(setup: &crate::setup::Setup, id: OrganizationId) -> String {
    sqlx::query_scalar("select organization_code from organization where organization_id = $1")
        .bind(id.uuid())
        .fetch_one(&setup.platform.pool)
        .await
        .expect("a registered organisation")
}
