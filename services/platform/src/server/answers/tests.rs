//! What tonic would answer in its own words, sent over the wire.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use http_body_util::Full;
use tonic::body::Body;
use tonic_types::StatusExt;
use tower::ServiceExt;

use super::super::tests::{Gate, Running, settings_with};
use super::*;

const METHOD: &str = "/luban.certificate.v1.CertificateQueryService/VerifyCertificate";
const IN_MODE: (&str, &str) = ("LUBAN__SERVICE__MODE", "test");

async fn send(running: &Running, path: &str, headers: HeaderMap, bytes: &'static [u8]) -> Status {
    let mut request = Request::new(Body::new(Full::new(Bytes::from_static(bytes))));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = path.parse().expect("a path");
    *request.headers_mut() = headers;
    let content = HeaderValue::from_static("application/grpc");
    request.headers_mut().insert("content-type", content);
    let answer = running.channel.clone().oneshot(request).await;
    let answer = answer.expect("answered");
    Status::from_header_map(answer.headers()).expect("a status at once")
}

#[tokio::test]
async fn what_is_no_call_is_told_by_name_and_in_both_languages() {
    let settings = settings_with([IN_MODE, ("LUBAN__SERVER__MAX_MESSAGE_BYTES", "1048576")]);
    let running = Running::start_with(&settings, &Gate::closed()).await;
    let plain = HeaderMap::new;
    let zipped = || {
        let gzip = HeaderValue::from_static("gzip");
        HeaderMap::from_iter([(HeaderName::from_static("grpc-encoding"), gzip)])
    };
    let not_here = "/luban.registry.v1.CatalogueService/ListOccupations";
    let nowhere = "/luban.certificate.v1.CertificateQueryService/Nothing";
    let no_utf8 = b"\0\0\0\0\x04\x0a\x02\xff\xfe".as_slice();
    let malformed = (Code::InvalidArgument, "MESSAGE_MALFORMED");
    let unknown = (Code::Unimplemented, "METHOD_UNKNOWN");
    for (path, headers, bytes, (code, reason)) in [
        (METHOD, plain(), no_utf8, malformed),
        (METHOD, plain(), b"\0\0\0\0\x09\x0a", malformed),
        (METHOD, plain(), b"\x01\0\0\0\0", malformed),
        (METHOD, plain(), b"\x07\0\0\0\0", malformed),
        (METHOD, plain(), b"", malformed),
        (
            METHOD,
            plain(),
            b"\0\0\x4c\x4b\x40",
            (Code::ResourceExhausted, "MESSAGE_TOO_LARGE"),
        ),
        (
            METHOD,
            zipped(),
            b"",
            (Code::Unimplemented, "MESSAGE_ENCODING"),
        ),
        (nowhere, plain(), b"", unknown),
        (not_here, plain(), b"", unknown),
        ("/", plain(), b"", unknown),
    ] {
        let status = send(&running, path, headers, bytes).await;
        let details = status.get_error_details();
        let info = details.error_info().expect("a reason");
        assert_eq!((status.code(), &*info.reason), (code, reason), "{bytes:x?}");
        let chinese = details.localized_message().expect("in Chinese too");
        assert!(!chinese.message.is_empty() && !status.message().is_empty());
        assert!(!status.message().contains("decode"), "not tonic's words");
    }
    running.stop().await.expect("a clean end");
}

#[tokio::test]
async fn a_refused_encoding_is_answered_with_those_that_are_taken() {
    let settings = settings_with([IN_MODE, IN_MODE]);
    let running = Running::start_with(&settings, &Gate::closed()).await;
    let gzip = HeaderValue::from_static("gzip");
    let headers = HeaderMap::from_iter([(HeaderName::from_static("grpc-encoding"), gzip)]);
    let status = send(&running, METHOD, headers, b"").await;
    let taken = status.metadata().get(ENCODINGS_TAKEN).expect("said");
    assert_eq!(taken, "identity");
    running.stop().await.expect("a clean end");
}

#[tokio::test]
async fn a_call_that_takes_too_long_is_ended_by_name() {
    let settings = settings_with([IN_MODE, ("LUBAN__SERVER__REQUEST_TIMEOUT", "20ms")]);
    let running = Running::start_with(&settings, &Gate::closed()).await;
    let status = running.call("").await.expect("no panic");
    let status = status.err().expect("the gate stays closed");
    let info = status.get_details_error_info().expect("a reason");
    assert_eq!(
        (status.code(), info.reason.as_str()),
        (Code::DeadlineExceeded, "CALL_TIMEOUT")
    );
    running.stop().await.expect("a clean end");
}

#[test]
fn what_handlers_said_is_left_as_it_is() {
    let layer = AnswerLayer {
        call_timeout: Duration::ZERO,
        message_bytes: 0,
    };
    let internal = status::failure(Code::Internal);
    assert_eq!(layer.meant(&internal), None);
    assert_eq!(layer.meant(&Status::not_found("no such service")), None);
}
