use std::{
    sync::{Arc, LazyLock, Mutex},
    time::Instant,
};

use tracing::{Dispatch, field::Empty, info, info_span};

use super::*;
use crate::access::Rules;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .expect("not poisoned")
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// While there is only one subscriber, tracing asks the thread that first passes an event whether
/// anybody listens, and believes it for good. Other tests have threads with no subscriber at all.
static SECOND: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(tracing_subscriber::registry()));

/// Runs with telemetry and returns the lines that were logged.
fn logged(filter: &str, run: impl FnOnce()) -> Vec<serde_json::Value> {
    LazyLock::force(&SECOND);
    let lines = Lines::default();
    let writer = lines.clone();
    let provider = SdkTracerProvider::builder().build();
    let subscriber = subscriber(&provider, EnvFilter::new(filter), move || writer.clone());
    tracing::subscriber::with_default(subscriber, run);
    let bytes = lines.0.lock().expect("not poisoned").clone();
    let text = String::from_utf8(bytes).expect("JSON is text");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("one line, one object"))
        .collect()
}

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

#[test]
fn a_trace_is_continued_and_handed_on() {
    let lines = logged("info", || {
        let span = info_span!("consume", trace_id = Empty);
        continue_trace(&span, PARENT);
        let _inside = span.enter();
        info!(count = 3, "applied");

        let onward = traceparent();
        assert!(onward.contains(TRACE), "{onward}");
        assert!(
            !onward.contains("b7ad6b7169203331"),
            "{onward} names the parent, not this span"
        );
    });
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["message"], "applied");
    assert_eq!(lines[0]["count"], 3);
    assert_eq!(lines[0]["spans"][0]["trace_id"], TRACE);
}

#[test]
fn a_span_without_a_past_begins_a_trace() {
    logged("info", || {
        let span = info_span!("sweep", trace_id = Empty);
        continue_trace(&span, "");
        let _inside = span.enter();
        assert_eq!(traceparent().len(), PARENT.len());
    });
}

#[test]
fn a_link_leaves_each_trace_its_own_id() {
    logged("info", || {
        let span = info_span!("sweep", trace_id = Empty);
        link_trace(&span, PARENT);
        let _inside = span.enter();
        assert!(!traceparent().contains(TRACE));
    });
}

#[test]
fn a_quiet_log_does_not_cut_the_trace() {
    let lines = logged("error", || {
        let span = info_span!("consume", trace_id = Empty);
        continue_trace(&span, PARENT);
        let _inside = span.enter();
        info!("applied");
        assert!(traceparent().contains(TRACE));
    });
    assert!(lines.is_empty());
}

#[test]
fn outside_any_trace_there_is_no_context() {
    assert_eq!(traceparent(), "");
}

/// Sends one call through the layer, to a handler that gives this answer.
fn call(path: &str, answer: tonic::Status) -> Vec<serde_json::Value> {
    use futures::FutureExt;
    use tower::{Layer, ServiceExt};

    logged("info", || {
        let handler = tower::service_fn(move |_: http::Request<()>| {
            let response = answer.clone().into_http::<()>();
            std::future::ready(Ok::<_, std::convert::Infallible>(response))
        });
        let request = http::Request::builder()
            .uri(path)
            .header(TRACEPARENT, PARENT);
        let request = request.body(()).expect("a request");
        let rules = Rules::of_contract().expect("the contract");
        let layer = CallLayer::new(Arc::new(rules));
        let answered = layer.layer(handler).oneshot(request).now_or_never();
        answered.expect("nothing to wait for").expect("infallible");
    })
}

#[test]
fn a_call_is_one_line_with_its_method_its_end_and_the_callers_trace() {
    let path = "/luban.certificate.v1.CertificateQueryService/VerifyCertificate";
    let lines = call(path, tonic::Status::not_found("no such thing"));
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(
        (&lines[0]["message"], &lines[0]["code"]),
        (&"answered".into(), &"NotFound".into())
    );
    let span = &lines[0]["spans"][0];
    assert_eq!(span["rpc.method"], "VerifyCertificate");
    assert_eq!(span["rpc.grpc.status_code"], 5);
    assert_eq!(span["trace_id"], TRACE);
}

#[test]
fn a_path_that_the_contract_does_not_know_is_not_repeated() {
    let lines = call(
        "/37010219900307001X/x",
        tonic::Status::unimplemented("none"),
    );
    assert!(!format!("{lines:?}").contains("37010219900307001X"));
    assert_eq!(lines[0]["spans"][0]["rpc.method"], "unknown");
}

/// The exporter's own tasks need threads beside the one that waits for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_does_not_hold_up_the_end() {
    use opentelemetry::trace::{Span, Tracer};

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let address = listener
        .and_then(|listener| listener.local_addr())
        .expect("was free");
    let settings = config::Telemetry {
        otlp_endpoint: Some(format!("http://{address}")),
        log: "info".to_owned(),
    };
    let provider = provider(&settings, "test", "0").expect("connects later");
    provider.tracer("test").start("lost").end();
    let began = Instant::now();
    Telemetry(provider).stop();
    assert!(began.elapsed() < 2 * LAST_SPANS);
}
