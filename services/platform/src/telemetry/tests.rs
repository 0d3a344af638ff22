use std::sync::{Arc, Mutex};

use tracing::{field::Empty, info, info_span};

use super::*;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("not poisoned").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Runs with telemetry and returns the lines that were logged.
fn logged(filter: &str, run: impl FnOnce()) -> Vec<serde_json::Value> {
    let lines = Lines::default();
    let writer = lines.clone();
    let provider = SdkTracerProvider::builder().build();
    let subscriber = subscriber(&provider, EnvFilter::new(filter), move || writer.clone());
    tracing::subscriber::with_default(subscriber, run);
    let bytes = lines.0.lock().expect("not poisoned").clone();
    let text = String::from_utf8(bytes).expect("JSON is text");
    text.lines().map(|line| serde_json::from_str(line).expect("one line, one object")).collect()
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
        assert!(!onward.contains("b7ad6b7169203331"), "{onward} names the parent, not this span");
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
