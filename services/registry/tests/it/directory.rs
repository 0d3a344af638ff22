//! The directory shows what was reported, once the department has published it.

use kernel::ids::OrganizationId;
use platform::access::{Caller, Role};
use proto::common::v1::{Level, OccupationRef};
use proto::registry::v1::directory_service_server::DirectoryService;
use proto::registry::v1::{
    GetDirectoryEntryRequest, HistoryEntry, HistoryKind, ListDirectoryRequest,
    ListDirectoryResponse, OrganizationStanding, PublishDirectoryRequest,
};
use tower::ServiceExt;

use crate::published_rules::electrician;
use crate::setup::{QINGDAO, Setup, WEIHAI, codes, from, reported, selected_by, setup};

fn department() -> Caller {
    Caller {
        subject: "publisher".to_owned(),
        role: Role::Department,
        division: None,
        organization: None,
    }
}

async fn list(setup: &Setup, request: ListDirectoryRequest) -> ListDirectoryResponse {
    let asked = from(&Caller::public(), request);
    setup
        .registry
        .list_directory(asked)
        .await
        .expect("a page")
        .into_inner()
}

#[tokio::test]
async fn an_organization_stands_in_the_directory_after_report_and_publication() {
    let setup = setup().await;
    let publish = |request_id: &str| {
        let request = PublishDirectoryRequest {
            request_id: request_id.to_owned(),
        };
        setup
            .registry
            .publish_directory(from(&department(), request))
    };
    let id = setup.registered(1).await;
    assert_eq!(
        codes(&publish("p1").await.err().expect("nothing yet")),
        ["DIRECTORY_EMPTY"]
    );

    setup.inbox.take(&[reported(id, 1)]).await;
    assert!(
        list(&setup, ListDirectoryRequest::default())
            .await
            .organizations
            .is_empty()
    );

    let reply = publish("p2").await.expect("published").into_inner();
    assert_eq!((reply.edition, reply.organizations), (1, 1));
    let again = publish("p3").await.err().expect("nothing new");
    assert_eq!(codes(&again), ["DIRECTORY_UNCHANGED"]);
    let other = setup.registered(2).await;
    setup.inbox.take(&[reported(other, 2)]).await;
    let reply = publish("p4").await.expect("published").into_inner();
    assert_eq!((reply.edition, reply.organizations), (2, 2));
    let page = list(&setup, ListDirectoryRequest::default()).await;
    assert_eq!(
        (page.edition, page.published_on.as_str()),
        (2, "2020-05-18")
    );
    assert_eq!(page.organizations[0].organization_id, id.to_string());
    assert_eq!(page.organizations[0].rights.len(), 1);
}

#[tokio::test]
async fn what_is_filed_with_the_province_waits_for_no_report() {
    let setup = setup().await;
    let body = setup.enrolled(1).await;
    let id = OrganizationId::parse(&body.organization_id).expect("an id");
    setup.inbox.take(&[selected_by("370000", id, 1)]).await;
    let request = PublishDirectoryRequest {
        request_id: "p1".to_owned(),
    };
    let asked = from(&department(), request);
    let reply = setup.registry.publish_directory(asked).await;
    assert_eq!(reply.expect("published").into_inner().organizations, 1);
    let page = list(&setup, ListDirectoryRequest::default()).await;
    assert_eq!(page.organizations[0].organization_id, id.to_string());
    assert_eq!(page.organizations[0].filing_division, "370000");
}

#[tokio::test]
async fn the_directory_is_read_page_by_page_and_by_area() {
    let setup = setup().await;
    for serial in 1..=3 {
        let id = setup.registered(serial).await;
        setup.inbox.take(&[reported(id, serial.into())]).await;
    }
    let request = PublishDirectoryRequest {
        request_id: "p".to_owned(),
    };
    setup
        .registry
        .publish_directory(from(&department(), request))
        .await
        .expect("published");

    let mut seen = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListDirectoryRequest {
            page_size: 2,
            page_token,
            ..Default::default()
        };
        let page = list(&setup, request).await;
        seen.extend(
            page.organizations
                .into_iter()
                .map(|row| row.organization_code),
        );
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, ["S000037100001", "S000037100002", "S000037100003"]);
    let elsewhere = ListDirectoryRequest {
        filing_division: QINGDAO.to_owned(),
        ..Default::default()
    };
    assert!(list(&setup, elsewhere).await.organizations.is_empty());

    // A token as somebody might have copied it stands for the same place.
    let copied = ListDirectoryRequest {
        page_token: " s0000 3710 0001".to_owned(),
        ..Default::default()
    };
    assert_eq!(list(&setup, copied).await.organizations.len(), 2);
    let foreign = ListDirectoryRequest {
        filing_division: "3710".to_owned(),
        page_token: "6-31-01-03".to_owned(),
        ..Default::default()
    };
    let asked = from(&Caller::public(), foreign);
    let refused = setup.registry.list_directory(asked).await.err();
    assert_eq!(
        codes(&refused.expect("refused")),
        ["DIVISION_CODE_LENGTH", "PAGE_TOKEN_MALFORMED"]
    );
}

async fn published(setup: &Setup, serials: std::ops::RangeInclusive<u32>) -> Vec<OrganizationId> {
    let mut ids = Vec::new();
    for serial in serials {
        let id = setup.registered(serial).await;
        setup.inbox.take(&[reported(id, serial.into())]).await;
        ids.push(id);
    }
    let request = PublishDirectoryRequest {
        request_id: "p".to_owned(),
    };
    setup
        .registry
        .publish_directory(from(&department(), request))
        .await
        .expect("published");
    ids
}

/// The directory as a website reads it.
async fn get(setup: &Setup, path: &str) -> (u16, serde_json::Value) {
    let pages = registry::directory_pages(setup.app.clone(), std::time::Duration::from_secs(5));
    let request = axum::http::Request::get(path)
        .body(axum::body::Body::empty())
        .expect("a request");
    let answer = pages.oneshot(request).await.expect("an answer");
    let status = answer.status().as_u16();
    let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await;
    let body = serde_json::from_slice(&body.expect("whole")).expect("JSON");
    (status, body)
}

#[tokio::test]
async fn the_directory_is_searched_by_everything_that_the_public_knows() {
    let setup = setup().await;
    published(&setup, 1..=3).await;
    let found = async |change: fn(&mut ListDirectoryRequest)| {
        let mut request = ListDirectoryRequest::default();
        change(&mut request);
        list(&setup, request).await.organizations.len()
    };
    assert_eq!(found(|request| request.city = WEIHAI.to_owned()).await, 3);
    assert_eq!(found(|request| request.city = QINGDAO.to_owned()).await, 0);
    assert_eq!(
        found(|request| request.occupation = Some(electrician())).await,
        3
    );
    assert_eq!(found(|request| request.level = Level::Four.into()).await, 3);
    assert_eq!(
        found(|request| request.level = Level::Three.into()).await,
        0
    );
    assert_eq!(found(|request| request.name = "学院2".to_owned()).await, 1);
    assert_eq!(found(|request| request.name = "%".to_owned()).await, 0);
    let standing = OrganizationStanding::Active;
    assert_eq!(
        found(|request| request.standing = 1).await,
        3,
        "{standing:?}"
    );
    let standing = OrganizationStanding::Withdrawn;
    assert_eq!(
        found(|request| request.standing = 4).await,
        0,
        "{standing:?}"
    );
    let wrong = ListDirectoryRequest {
        city: "3710".to_owned(),
        occupation: Some(OccupationRef::default()),
        level: 99,
        name: "\u{7}".to_owned(),
        standing: 9,
        ..ListDirectoryRequest::default()
    };
    let refused = setup
        .registry
        .list_directory(from(&Caller::public(), wrong))
        .await;
    assert_eq!(
        codes(&refused.err().expect("refused")),
        [
            "DIVISION_CODE_LENGTH",
            "OCCUPATION_EDITION",
            "LEVEL_UNKNOWN",
            "FIELD_CHARACTERS",
            "STANDING_UNKNOWN"
        ]
    );
}

#[tokio::test]
async fn an_entry_tells_rules_fees_and_history_over_grpc_and_http_alike() {
    let setup = setup().await;
    let ids = published(&setup, 1..=1).await;
    setup.publish_all(ids[0]).await;
    let request = GetDirectoryEntryRequest {
        organization_code: "S000037100001".to_owned(),
    };
    let asked = from(&Caller::public(), request);
    let entry = setup.registry.get_directory_entry(asked).await;
    let entry = entry.expect("found").into_inner();
    assert_eq!(entry.rules.len(), 4);
    let kinds: Vec<_> = entry.history.iter().map(HistoryEntry::kind).collect();
    let expected = [HistoryKind::Registered, HistoryKind::Reported];
    assert_eq!(kinds[..2], expected);
    assert_eq!(kinds[2..], [HistoryKind::RulesPublished; 4]);

    let (status, json) = get(&setup, "/api/v1/directory/S000037100001").await;
    assert_eq!(status, 200);
    assert_eq!(json["organization"]["organization_code"], "S000037100001");
    assert_eq!(json["history"][0]["kind"], "HISTORY_KIND_REGISTERED");
    assert_eq!(json["rules"].as_array().map(Vec::len), Some(4));
    let (_, json) = get(
        &setup,
        "/api/v1/directory?city=371000&occupation=2015:6-31-01-03&level=five&standing=active",
    )
    .await;
    assert_eq!(
        json["organizations"][0]["name"],
        "威海示例技师学院1（示例）"
    );
    for (path, expected, code) in [
        (
            "/api/v1/directory/S000037100009",
            404,
            "DIRECTORY_ENTRY_NOT_FOUND",
        ),
        ("/api/v1/directory/x", 400, "ORGANIZATION_CODE_LENGTH"),
        ("/api/v1/directory?standing=closed", 400, "STANDING_UNKNOWN"),
        ("/api/v1/directory?towm=371000", 400, "QUERY_MALFORMED"),
        (
            "/api/v1/announcements?page_token=S000037100001",
            400,
            "PAGE_TOKEN_MALFORMED",
        ),
        ("/api/v1/nothing", 404, "ADDRESS_UNKNOWN"),
    ] {
        let (status, json) = get(&setup, path).await;
        assert_eq!(
            (status, json["faults"][0]["code"].as_str()),
            (expected, Some(code)),
            "{path}"
        );
    }
}
