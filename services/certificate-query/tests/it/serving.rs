//! Stopping, and clients that do not behave.

use std::time::Duration;

use certificate_query::http;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::setup::{Door, World, public};

#[tokio::test]
async fn a_body_that_does_not_come_or_is_too_large_by_its_own_word_is_its_senders_fault() {
    let world = World::quiet().await;
    let stop = CancellationToken::new();
    let public = public(Arc::clone(&world.index));
    let door = Door::within(public, Duration::from_millis(50), &stop).await;
    for (path, length, status, words) in [
        (API, 50, "408", "BODY_INCOMPLETE"),
        ("/", 50, "408", "请求内容未完整送达"),
        (API, 10_000_000_000_u64, "413", "BODY_TOO_LARGE"),
        ("/", 10_000_000_000, "413", "请求内容不能超过 4096 字节"),
    ] {
        let mut asking = TcpStream::connect(door.address).await.expect("connected");
        let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n{{");
        asking.write_all(head.as_bytes()).await.expect("written");
        let mut answer = String::new();
        asking
            .read_to_string(&mut answer)
            .await
            .expect("answered and closed");
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{path}: {answer}"
        );
        assert!(answer.contains(words), "{path}: {answer}");
    }
    stop.cancel();
}

const API: &str = "/api/v1/certificates:verify";
const QUESTION: &str = r#"{"number":"S000037100001205000001","name":"王示例"}"#;

#[tokio::test]
async fn a_request_under_way_is_answered_before_the_service_is_gone() {
    let world = World::quiet().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    let stop = CancellationToken::new();
    let router = http::router(public(Arc::clone(&world.index)), Duration::from_secs(10));
    let serving = tokio::spawn(http::serve(listener, router, stop.clone()));

    let mut idle = TcpStream::connect(address).await.expect("connected");
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .expect("written");
    let mut answer = vec![0; 1024];
    let length = idle.read(&mut answer).await.expect("readable");
    assert!(answer[..length].starts_with(b"HTTP/1.1 200"));

    let mut asking = TcpStream::connect(address).await.expect("connected");
    let head = format!(
        "POST /api/v1/certificates:verify HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\n\
         content-length: {}\r\n\r\n",
        QUESTION.len()
    );
    asking.write_all(head.as_bytes()).await.expect("written");
    let mut line = [0; 12];
    asking
        .read_exact(&mut line)
        .await
        .expect("the request is under way");
    assert_eq!(&line, b"HTTP/1.1 100");

    stop.cancel();
    let closed = idle.read(&mut answer).await.expect("closed in good order");
    assert_eq!(closed, 0, "who has nothing under way is let go");
    TcpStream::connect(address)
        .await
        .expect_err("nobody new is let in");
    asking
        .write_all(QUESTION.as_bytes())
        .await
        .expect("written");
    let mut rest = String::new();
    asking
        .read_to_string(&mut rest)
        .await
        .expect("answered and closed");
    assert!(
        rest.contains("200 OK") && rest.ends_with(r#"{"status":"not_found"}"#),
        "{rest}"
    );
    serving.await.expect("no panic").expect("ended well");
}
