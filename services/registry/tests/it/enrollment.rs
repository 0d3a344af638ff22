//! Bodies enrol once, and exist for those who may see them.

use kernel::ids::OrganizationId;
use platform::testing::{city_officer, clerk, province_officer};
use proto::registry::v1::body_service_server::BodyService;
use proto::registry::v1::{EnrollBodyRequest, GetBodyRequest};

use crate::setup::{QINGDAO, WEIHAI, codes, enrollment, from, setup};

#[tokio::test]
async fn the_same_request_is_answered_as_before_and_leaves_one_fact() {
    let setup = setup().await;
    let officer = city_officer("officer", WEIHAI);
    let mut ids = Vec::new();
    for _ in 0..2 {
        let reply = setup
            .registry
            .enroll_body(from(&officer, enrollment("r1", 1)))
            .await;
        ids.push(
            reply
                .expect("enrolled")
                .into_inner()
                .body
                .expect("a body")
                .organization_id,
        );
    }
    assert_eq!(ids[0], ids[1]);
    let facts = sqlx::query_scalar::<_, i64>("select count(*) from platform.fact")
        .fetch_one(&setup.platform.pool)
        .await
        .expect("count");
    assert_eq!(facts, 1);
}

#[tokio::test]
async fn a_request_id_with_another_body_is_refused_and_another_callers_is_not_met() {
    let setup = setup().await;
    let (first, second) = (
        city_officer("first", WEIHAI),
        city_officer("second", WEIHAI),
    );
    setup
        .registry
        .enroll_body(from(&first, enrollment("r1", 1)))
        .await
        .expect("enrolled");
    let reused = setup
        .registry
        .enroll_body(from(&first, enrollment("r1", 2)))
        .await;
    assert_eq!(
        codes(&reused.err().expect("refused")),
        ["REQUEST_ID_REUSED"]
    );
    setup
        .registry
        .enroll_body(from(&second, enrollment("r1", 2)))
        .await
        .expect("enrolled");
}

#[tokio::test]
async fn a_body_is_enrolled_once_however_many_try() {
    let setup = setup().await;
    let attempts = (0..8).map(|number| {
        let officer = city_officer(&format!("officer {number}"), WEIHAI);
        setup
            .registry
            .enroll_body(from(&officer, enrollment("r1", 1)))
    });
    let outcomes = futures::future::join_all(attempts).await;
    let refused: Vec<_> = outcomes
        .iter()
        .filter_map(|outcome| outcome.as_ref().err())
        .collect();
    assert_eq!(refused.len(), 7);
    for status in refused {
        assert_eq!(codes(status), ["BODY_ENROLLED_ALREADY"]);
    }
}

#[tokio::test]
async fn a_refused_enrolment_leaves_nothing_behind() {
    let setup = setup().await;
    let officer = city_officer("officer", QINGDAO);
    let refused = setup
        .registry
        .enroll_body(from(&officer, enrollment("r1", 1)))
        .await;
    assert_eq!(
        codes(&refused.err().expect("refused")),
        ["DIVISION_OF_ANOTHER_CENTRE"]
    );
    let empty = setup
        .registry
        .enroll_body(from(&officer, EnrollBodyRequest::default()))
        .await;
    assert!(codes(&empty.err().expect("refused")).len() >= 7);
    for table in [
        "platform.fact",
        "platform.request_log",
        "platform.aggregate",
        "body",
    ] {
        let query = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
        let rows = sqlx::query_scalar::<_, i64>(query)
            .fetch_one(&setup.platform.pool)
            .await;
        assert_eq!(rows.expect("count"), 0, "{table}");
    }
}

#[tokio::test]
async fn a_foreign_body_is_answered_like_one_that_does_not_exist() {
    let setup = setup().await;
    let body = setup.enrolled(1).await;
    let id = OrganizationId::parse(&body.organization_id).expect("an id");
    let ask = |id: OrganizationId| GetBodyRequest {
        organization_id: id.to_string(),
    };
    let nobody = OrganizationId::from_uuid(uuid::Uuid::from_u128(7));

    for own in [
        city_officer("a", WEIHAI),
        clerk("b", id),
        province_officer("c"),
    ] {
        setup
            .registry
            .get_body(from(&own, ask(id)))
            .await
            .expect("their own");
    }
    let missing = setup
        .registry
        .get_body(from(&province_officer("c"), ask(nobody)))
        .await;
    let missing = missing.err().expect("there is none");
    for foreign in [city_officer("a", QINGDAO), clerk("b", nobody)] {
        let refused = setup
            .registry
            .get_body(from(&foreign, ask(id)))
            .await
            .err()
            .expect("foreign");
        assert_eq!(
            (refused.code(), refused.message()),
            (missing.code(), missing.message())
        );
        assert_eq!(codes(&refused), codes(&missing));
    }
}
