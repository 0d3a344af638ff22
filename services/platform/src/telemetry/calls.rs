//! One span and one line in the log for every call: which method, how it ended, how long it took.
//! No address of the caller, nothing of the request; of its path only what the contract knows.

use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use futures::{FutureExt, future::BoxFuture};
use http::{HeaderMap, Request, Response};
use tonic::{Code, Status};
use tower::{Layer, Service};
use tracing::{Instrument, Span, field::Empty};

use super::{TRACEPARENT, continue_trace};
use crate::access::Rules;
use crate::status::failure;

/// Wraps a server in [`Calls`].
#[derive(Clone)]
pub struct CallLayer(Arc<Rules>);

impl CallLayer {
    /// For the methods that these rules know.
    pub fn new(rules: Arc<Rules>) -> Self {
        Self(rules)
    }
}

impl<S> Layer<S> for CallLayer {
    type Service = Calls<S>;

    fn layer(&self, inner: S) -> Calls<S> {
        let methods = Arc::clone(&self.0);
        Calls { inner, methods }
    }
}

/// Continues the caller's trace, notes the end of each call, and turns a panic into an answer.
#[derive(Clone)]
pub struct Calls<S> {
    inner: S,
    methods: Arc<Rules>,
}

impl<S, B, R> Service<Request<B>> for Calls<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
    R: Default + Send + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response<R>, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The platform asks itself for its health all the time.
        if request.uri().path().starts_with("/grpc.health.v1.") {
            return self.inner.call(request).boxed();
        }
        let call = Call::begin(&request, &self.methods);
        let span = call.span.clone();
        let answer = span.in_scope(|| self.inner.call(request));
        async move {
            let answer = AssertUnwindSafe(answer).catch_unwind().await;
            // The panic's hook has logged it.
            let answer = answer.unwrap_or_else(|_| Ok(failure(Code::Internal).into_http()));
            if let Ok(response) = &answer {
                call.end(code(response.headers()));
            }
            answer
        }
        .instrument(span)
        .boxed()
    }
}

/// A call under way. Dropped before its end when the caller hung up or time ran out.
struct Call {
    span: Span,
    began: Instant,
    ended: bool,
}

impl Call {
    fn begin<B>(request: &Request<B>, methods: &Rules) -> Self {
        let path = request.uri().path();
        let known = methods.get(path).and_then(|_| path[1..].split_once('/'));
        let (service, method) = known.unwrap_or(("unknown", "unknown"));
        let span = tracing::info_span!(
            "call",
            otel.name = format!("{service}/{method}"),
            otel.kind = "server",
            otel.status_code = Empty,
            rpc.system = "grpc",
            rpc.service = service,
            rpc.method = method,
            rpc.grpc.status_code = Empty,
            trace_id = Empty,
        );
        let traceparent = request.headers().get(TRACEPARENT);
        continue_trace(
            &span,
            traceparent
                .and_then(|value| value.to_str().ok())
                .unwrap_or(""),
        );
        Self {
            span,
            began: Instant::now(),
            ended: false,
        }
    }

    fn end(mut self, code: Code) {
        self.note(code, "answered");
    }

    fn note(&mut self, code: Code, how: &'static str) {
        self.ended = true;
        self.span.record("rpc.grpc.status_code", code as i32);
        if matches!(
            code,
            Code::Internal | Code::Unknown | Code::DataLoss | Code::Unavailable
        ) {
            self.span.record("otel.status_code", "ERROR");
        }
        let milliseconds = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(parent: &self.span, ?code, milliseconds, "{how}");
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if !self.ended {
            self.note(Code::Cancelled, "given up");
        }
    }
}

/// An answer that failed says so in its headers; one that did not only in its trailers.
fn code(headers: &HeaderMap) -> Code {
    headers
        .get(Status::GRPC_STATUS)
        .map_or(Code::Ok, |status| Code::from_bytes(status.as_bytes()))
}
