//! Logs, spans and the trace that runs through the platform.
//!
//! One line of JSON per event on standard output, with the spans around it and the trace they
//! belong to. Spans go to a collector over OTLP when one is set. Traces are made in any case: the
//! context is stored with every fact, so that a consumer continues the trace of the command.

mod calls;

use std::{collections::HashMap, io, panic, time::Duration};

use opentelemetry::{
    Context, KeyValue, global,
    propagation::TextMapPropagator,
    trace::{TraceContextExt, TracerProvider},
};
use opentelemetry_otlp::WithExportConfig;
use opentelemetry_sdk::{Resource, propagation::TraceContextPropagator, trace::SdkTracerProvider};
use tracing::{Span, Subscriber, level_filters::LevelFilter};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{
    EnvFilter, Layer, fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt,
};

pub use calls::{CallLayer, Calls};

use crate::{Result, config};

/// Header and field that carry the trace context (W3C Trace Context).
pub const TRACEPARENT: &str = "traceparent";

/// How long sending the last spans may take.
const LAST_SPANS: Duration = Duration::from_secs(3);

/// Keeps telemetry going; stop it to send what is left.
#[derive(Debug)]
#[must_use = "spans that were not sent are lost unless it is stopped"]
pub struct Telemetry(SdkTracerProvider);

impl Telemetry {
    /// Starts logging and tracing for this process. Needs a tokio runtime.
    pub fn start(
        settings: &config::Telemetry,
        service: &'static str,
        version: &'static str,
    ) -> Result<Self> {
        let provider = provider(settings, service, version)?;
        let filter = EnvFilter::try_new(&settings.log).map_err(anyhow::Error::new)?;
        subscriber(&provider, filter, io::stdout)
            .try_init()
            .map_err(anyhow::Error::new)?;
        global::set_text_map_propagator(TraceContextPropagator::new());
        panic::set_hook(Box::new(log_panic));
        Ok(Self(provider))
    }

    /// Sends what has not been sent yet.
    pub fn stop(self) {
        if let Err(error) = self.0.shutdown_with_timeout(LAST_SPANS) {
            tracing::warn!(%error, "spans were left behind");
        }
    }
}

fn provider(
    settings: &config::Telemetry,
    service: &'static str,
    version: &'static str,
) -> Result<SdkTracerProvider> {
    let resource = Resource::builder()
        .with_service_name(service)
        .with_attribute(KeyValue::new("service.namespace", "luban"))
        .with_attribute(KeyValue::new("service.version", version))
        .build();
    let builder = SdkTracerProvider::builder().with_resource(resource);
    let Some(endpoint) = &settings.otlp_endpoint else {
        return Ok(builder.build());
    };
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint)
        .build()
        .map_err(anyhow::Error::new)?;
    Ok(builder.with_batch_exporter(exporter).build())
}

/// The filter is for the log alone: a quiet log does not cut traces.
fn subscriber<W>(
    provider: &SdkTracerProvider,
    filter: EnvFilter,
    writer: W,
) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let log = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(true)
        .with_writer(writer)
        .with_filter(filter);
    let traces = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("luban"))
        .with_location(false)
        .with_threads(false)
        .with_filter(LevelFilter::INFO);
    tracing_subscriber::registry().with(traces).with(log)
}

/// A panic is logged with its place. Its text only where the program's source fixed it: a
/// formatted one can hold whatever was in hand.
fn log_panic(info: &panic::PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string);
    let text = info.payload().downcast_ref::<&'static str>();
    tracing::error!(place, text, "panicked");
}

/// The trace context of the current span as text; empty outside any trace.
pub fn traceparent() -> String {
    let mut carrier = HashMap::new();
    TraceContextPropagator::new().inject_context(&Span::current().context(), &mut carrier);
    carrier.remove(TRACEPARENT).unwrap_or_default()
}

/// Makes a span part of the trace that `traceparent` tells of, and notes the trace's id in the
/// span's field `trace_id`, if it has one. For a span that was not entered yet.
pub fn continue_trace(span: &Span, traceparent: &str) {
    let parent = context(traceparent);
    if parent.span().span_context().is_valid() {
        // Fails only for a span that is filtered out, which then has nothing to continue.
        let _ = span.set_parent(parent);
    }
    note_trace_id(span);
}

/// Points from a span that has a trace of its own to the one that led to it: a sweep's to the
/// command that set the deadline.
pub fn link_trace(span: &Span, traceparent: &str) {
    span.add_link(context(traceparent).span().span_context().clone());
    note_trace_id(span);
}

fn context(traceparent: &str) -> Context {
    let carrier = HashMap::from([(TRACEPARENT.to_owned(), traceparent.to_owned())]);
    TraceContextPropagator::new().extract_with_context(&Context::new(), &carrier)
}

fn note_trace_id(span: &Span) {
    let context = span.context();
    let trace = context.span().span_context().trace_id();
    span.record("trace_id", tracing::field::display(trace));
}

#[cfg(test)]
mod tests;
