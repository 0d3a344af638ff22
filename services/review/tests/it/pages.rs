//! What anybody may look at over HTTP: the list of public notices and each of them, on any day.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use proto::common::v1 as common;
use review::Review;
use tower::ServiceExt;

use crate::objections::shown;
use crate::setup::{World, refused};

async fn get(world: &World, address: &str) -> (StatusCode, String, String) {
    let pages = Review::new(world.app.clone()).pages(Duration::from_secs(5));
    let request = Request::get(address)
        .body(Body::empty())
        .expect("a request");
    let Ok(answer) = pages.oneshot(request).await;
    let (head, body) = answer.into_parts();
    let kind = head.headers[header::CONTENT_TYPE].to_str().expect("ascii");
    let body = to_bytes(body, 65536).await.expect("a whole body");
    let text = String::from_utf8(body.into()).expect("text");
    (head.status, kind.to_owned(), text)
}

#[tokio::test]
async fn anybody_reads_the_public_notices_as_pages_and_as_json() {
    let world = World::start().await;
    let (status, _, empty) = get(&world, "/public-notices").await;
    assert_eq!(status, StatusCode::OK);
    assert!(empty.contains("没有公示"));
    let (_, notice) = shown(&world).await;
    let id = notice.public_notice_id;

    let (_, kind, list) = get(&world, "/public-notices?current_only=true").await;
    assert!(kind.starts_with("text/html") && list.contains(&format!("/public-notices/{id}")));
    let (_, kind, page) = get(&world, &format!("/public-notices/{id}")).await;
    assert!(kind.starts_with("text/html"));
    for told in [
        "威海示例技师学院",
        "公示中",
        "2020-05-25",
        "威海市职业技能鉴定中心",
    ] {
        assert!(page.contains(told), "{told}");
    }
    let (_, kind, json) = get(
        &world,
        &format!("/api/v1/public-notices/{id}?on=2020-05-18"),
    )
    .await;
    assert!(kind.starts_with("application/json"));
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(
        json["public_notice"]["rows"][0]["state"],
        "PUBLIC_NOTICE_ROW_STATE_OPEN"
    );
    let (_, _, json) = get(&world, "/api/v1/public-notices?division_code=371000").await;
    assert!(json.contains(&id));
    let (_, _, json) = get(&world, "/api/v1/public-notices?division_code=370100").await;
    assert!(!json.contains(&id));

    for (address, status, code) in [
        (
            format!("/public-notices/{id}?on=2020-05-19"),
            StatusCode::BAD_REQUEST,
            "NOTICE_DAY_AHEAD",
        ),
        (
            "/public-notices/notice".to_owned(),
            StatusCode::BAD_REQUEST,
            "ID_",
        ),
        (
            "/api/v1/public-notices?area=1".to_owned(),
            StatusCode::BAD_REQUEST,
            "QUERY_MALFORMED",
        ),
        (
            "/api/v1/public-notices?page_token=x".to_owned(),
            StatusCode::BAD_REQUEST,
            "NOTICE_PAGE_TOKEN",
        ),
        (
            "/public-notices/notice_00000000000000000000000000".to_owned(),
            StatusCode::NOT_FOUND,
            "PUBLIC_NOTICE_NOT_FOUND",
        ),
    ] {
        let (told, _, body) = get(&world, &address).await;
        assert_eq!(told, status, "{address}");
        assert!(body.contains(code), "{address}: {body}");
    }
}

#[tokio::test]
async fn the_list_goes_on_from_page_to_page() {
    let world = World::start().await;
    let (_, first) = shown(&world).await;
    let (_, second) = shown(&world).await;
    let page = async |page_token: &str| {
        let request = common::ListPublicNoticesRequest {
            page_size: 1,
            page_token: page_token.to_owned(),
            ..Default::default()
        };
        let listed = world.notices().list_public_notices(request).await;
        listed.expect("listed").into_inner()
    };
    let newest = page("").await;
    assert_eq!(
        newest.public_notices[0].public_notice_id,
        second.public_notice_id
    );
    let older = page(&newest.next_page_token).await;
    assert_eq!(
        older.public_notices[0].public_notice_id,
        first.public_notice_id
    );
    assert_eq!(older.next_page_token, "");
    let stray = common::ListPublicNoticesRequest {
        division_code: "37".to_owned(),
        page_token: "obj_00000000000000000000000000".to_owned(),
        ..Default::default()
    };
    let stray = world.notices().list_public_notices(stray).await;
    assert_eq!(refused(stray)[1], "NOTICE_PAGE_TOKEN");
}
