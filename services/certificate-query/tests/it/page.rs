//! The page, as a browser without JavaScript sees it.

use hyper::StatusCode;

use crate::setup::{HOLDER, NUMBER, Reply, World, corrected, issued, revoked};

const FORM: &str = "application/x-www-form-urlencoded";

async fn submit(world: &World, number: &str, name: &str) -> Reply {
    let percent = |text: &str| {
        let bytes = text.bytes().map(|byte| format!("%{byte:02X}"));
        bytes.collect::<Vec<_>>().concat()
    };
    let encoded = format!("number={}&name={}", percent(number), percent(name));
    world.door.post("/", FORM, encoded).await
}

#[tokio::test]
async fn the_page_asks_for_two_things_and_needs_nothing_from_elsewhere() {
    let world = World::quiet().await;
    let page = world.door.get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    for part in [
        r#"<form method="post" action="/""#,
        r#"<label for="number">"#,
        r#"<label for="name">"#,
        r#"<html lang="zh-CN">"#,
        r#"<link rel="stylesheet" href="/style.css">"#,
    ] {
        assert!(page.body.contains(part), "{part}");
    }
    for foreign in ["<script", "http:", "https:", "style=", "onclick"] {
        assert!(!page.body.contains(foreign), "{foreign}");
    }
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(page.header("set-cookie"), None);

    let style = world.door.get("/style.css").await;
    assert_eq!(
        style.header("content-type"),
        Some("text/css; charset=utf-8")
    );
}

#[tokio::test]
async fn faults_are_summed_up_on_top_repeated_at_the_field_and_nothing_typed_is_lost() {
    let world = World::quiet().await;
    let page = submit(&world, "S0000<37>", "").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(
        page.body.contains("<title>错误 Error: "),
        "the title says it first"
    );
    assert!(
        page.body.contains(r##"<a href="#name">输入持证人姓名"##),
        "a link to the field"
    );
    assert!(
        page.body
            .contains(r#"<p class="error" id="name-error">输入持证人姓名"#)
    );
    assert!(
        page.body
            .contains(r#"aria-describedby="name-hint name-error" aria-invalid="true""#)
    );
    assert!(
        page.body.contains(r#"value="S0000&#60;37&#62;""#),
        "kept, and harmless"
    );
    assert!(!page.body.contains(r#"id="number-error""#));

    let page = world.door.post("/", FORM, "").await;
    assert!(page.body.contains("输入证书编号") && page.body.contains("输入持证人姓名"));

    let too_much = format!("number={}", "1".repeat(5000));
    let from_here = "请在本页填写证书编号和持证人姓名后查询";
    for (kind, body, status, words, code) in [
        (
            "application/json",
            "{}",
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            from_here,
            "FORM_MALFORMED",
        ),
        (
            FORM,
            "number=1&number=2&name=%E7%8E%8B",
            StatusCode::UNPROCESSABLE_ENTITY,
            from_here,
            "FORM_MALFORMED",
        ),
        (
            FORM,
            &too_much,
            StatusCode::PAYLOAD_TOO_LARGE,
            "请求内容不能超过 4096 字节",
            "BODY_TOO_LARGE",
        ),
    ] {
        let page = world.door.post("/", kind, body.to_owned()).await;
        assert_eq!(page.status, status);
        assert!(page.body.contains(r#"<form method="post""#), "{status}");
        assert!(page.body.contains(words), "{status}");
        let marked = format!("data-code=\"{code}\"");
        assert!(page.body.contains(&marked), "{status}");
        assert!(!page.body.contains("JSON"), "{status}");
    }
}

#[tokio::test]
async fn each_state_has_its_words_and_its_sign() {
    let world = World::start().await;
    let indexer = world.results.indexer();
    let first = issued(NUMBER, HOLDER, &indexer);
    let second = corrected(&first, "王正确", &indexer);
    world.tell(&first).await;
    world.until("valid", NUMBER, HOLDER).await;

    let page = submit(&world, NUMBER, HOLDER).await;
    assert_eq!(page.status, StatusCode::OK);
    for part in [
        "证书有效",
        "王*例",
        "电工（6-31-01-03）",
        "五级/初级工",
        "示例技师学院",
        "2020-06-15",
        "<dd>--</dd>",
    ] {
        assert!(page.body.contains(part), "{part}");
    }
    assert!(
        !page.body.contains(HOLDER),
        "whole names are not shown, not even to who knows them"
    );

    world.tell(&second).await;
    world.until("corrected", NUMBER, HOLDER).await;
    let page = submit(&world, NUMBER, HOLDER).await;
    assert!(page.body.contains("证书已更正或补发，请以新证书为准"));
    assert!(!page.body.contains("王*"), "nothing of either version");

    world.tell(&revoked(&second)).await;
    world.until("revoked", NUMBER, HOLDER).await;
    let page = submit(&world, NUMBER, HOLDER).await;
    assert!(page.body.contains("证书已撤销") && page.body.contains("2020-07-01 撤销：错误颁发"));
    assert!(page.body.contains(r#"class="outcome bad""#));
}

#[tokio::test]
async fn who_finds_nothing_is_told_the_same_whatever_was_wrong() {
    let world = World::start().await;
    world
        .tell(&issued(NUMBER, HOLDER, &world.results.indexer()))
        .await;
    world.until("valid", NUMBER, HOLDER).await;

    let wrong_name = submit(&world, NUMBER, "李示例").await;
    let unknown = submit(&world, "S000037100001205999999", HOLDER).await;
    assert_eq!(wrong_name.status, StatusCode::OK);
    assert_eq!(wrong_name.body, unknown.body);
    assert!(wrong_name.body.contains("未查询到匹配的证书"));

    let too_short = submit(&world, "S00003710000120500000", HOLDER).await;
    assert!(
        too_short.body.contains("1 位字母加 21 位数字"),
        "what a number looks like"
    );
}

#[tokio::test]
async fn an_answer_has_no_address_to_come_back_to() {
    let world = World::quiet().await;
    let answer = submit(&world, NUMBER, HOLDER).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let page = world.door.get("/?number=S000037100001205000001").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        !page.body.contains("S0000371"),
        "what stands in an address is not looked at"
    );
}
