//! An OTLP collector inside the test: what the services send there can be asked.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1 as otlp;
use prost::Message;
use tokio::sync::oneshot;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

/// Receives spans for as long as it lives.
pub struct Collector {
    address: SocketAddr,
    received: Received,
    _stop: oneshot::Sender<()>,
}

#[derive(Clone, Default)]
struct Received(Arc<Mutex<Vec<ExportTraceServiceRequest>>>);

/// A span as far as tests ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The service that sent it.
    pub service: String,
    /// Its name.
    pub name: String,
    /// The trace it belongs to, in hexadecimal.
    pub trace: String,
    /// Its own id, in hexadecimal.
    pub id: String,
    /// The span above it, in hexadecimal; empty at the top.
    pub parent: String,
    /// Its attributes that are texts.
    pub attributes: BTreeMap<String, String>,
}

impl Collector {
    /// Starts a collector on a free port. It has a thread of its own, since it may be shared by
    /// tests, each of which has a runtime that ends with it.
    pub fn start() -> anyhow::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let received = Received::default();
        let (stop, stopped) = oneshot::channel::<()>();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let server = TraceServiceServer::new(received.clone());
        std::thread::spawn(move || {
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener)?;
                let end = async { drop(stopped.await) };
                let server = Server::builder().add_service(server);
                server
                    .serve_with_incoming_shutdown(TcpIncoming::from(listener), end)
                    .await?;
                anyhow::Ok(())
            })
        });
        Ok(Self {
            address,
            received,
            _stop: stop,
        })
    }

    /// What services are told.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All spans so far.
    pub fn spans(&self) -> Vec<Span> {
        let requests = self
            .received
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let of_resources = requests.iter().flat_map(|request| &request.resource_spans);
        of_resources.flat_map(spans_of).collect()
    }

    /// Everything received as it came over the wire, texts included.
    pub fn bytes(&self) -> Vec<Vec<u8>> {
        let requests = self
            .received
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        requests.iter().map(Message::encode_to_vec).collect()
    }
}

#[tonic::async_trait]
impl TraceService for Received {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        requests.push(request.into_inner());
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

fn spans_of(resource: &otlp::ResourceSpans) -> Vec<Span> {
    let attributes = resource
        .resource
        .iter()
        .flat_map(|resource| &resource.attributes);
    let service = texts(attributes).remove("service.name").unwrap_or_default();
    let spans = resource.scope_spans.iter().flat_map(|scope| &scope.spans);
    spans
        .map(|span| Span {
            service: service.clone(),
            name: span.name.clone(),
            trace: hex::encode(&span.trace_id),
            id: hex::encode(&span.span_id),
            parent: hex::encode(&span.parent_span_id),
            attributes: texts(&span.attributes),
        })
        .collect()
}

fn texts<'a>(attributes: impl IntoIterator<Item = &'a KeyValue>) -> BTreeMap<String, String> {
    let text = |attribute: &KeyValue| match &attribute.value {
        Some(AnyValue {
            value: Some(Value::StringValue(text)),
        }) => Some((attribute.key.clone(), text.clone())),
        _ => None,
    };
    attributes.into_iter().filter_map(text).collect()
}
