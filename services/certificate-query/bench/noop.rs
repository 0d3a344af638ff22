//! The query with nothing to ask: the same framework, the same layers, the same set-up of the
//! process, and handlers that answer with a constant as long as a certificate. What this does not
//! reach, no query can; what the query does less is the price of the answer.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::post;
use certificate_query::config::QuerySections;
use certificate_query::{definition, http};
use platform::Result;
use platform::cli::Runtime;
use platform::server::Server;
use proto::certificate::v1::certificate_query_service_server::{
    CertificateQueryService, CertificateQueryServiceServer,
};
use proto::certificate::v1::{
    FindCertificatesRequest, FindCertificatesResponse, GetCandidateStageRequest,
    GetCandidateStageResponse, VerificationStatus, VerifiedCertificate,
    VerifyCertificateByTokenRequest, VerifyCertificateByTokenResponse, VerifyCertificateRequest,
    VerifyCertificateResponse,
};
use tokio::net::TcpListener;
use tonic::{Request, Response, Status};

/// Bytes of an answer over HTTP, and of one over gRPC.
const JSON_LENGTH: usize = 420;
const MESSAGE_LENGTH: usize = 230;

/// The whole process, as the query's own.
pub(crate) fn run() -> ExitCode {
    platform::cli::run(definition(), start)
}

async fn start(runtime: Runtime<QuerySections>) -> Result<Server> {
    let listen = runtime.extra.http.listen;
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("listening on {listen}"))?;
    let fill = "*".repeat(JSON_LENGTH);
    let answer = Bytes::from(format!(r#"{{"status":"valid","number":"{fill}"}}"#));
    let handler = async move |_: Bytes| constant(answer);
    let routes = Router::new().route("/api/v1/certificates:verify", post(handler));
    let router = http::within(routes, runtime.settings.server.request_timeout);
    let grpc = CertificateQueryServiceServer::new(Constant(Arc::from("*".repeat(MESSAGE_LENGTH))));
    let server = runtime.server.add_service(grpc);
    Ok(server.background(|stop| http::serve(listener, router, stop)))
}

fn constant(answer: Bytes) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], answer)
}

struct Constant(Arc<str>);

#[tonic::async_trait]
impl CertificateQueryService for Constant {
    async fn verify_certificate(
        &self,
        _: Request<VerifyCertificateRequest>,
    ) -> Result<Response<VerifyCertificateResponse>, Status> {
        Ok(Response::new(VerifyCertificateResponse {
            status: VerificationStatus::Valid.into(),
            certificate: Some(VerifiedCertificate {
                number: (*self.0).to_owned(),
                ..VerifiedCertificate::default()
            }),
            data_as_of: None,
        }))
    }

    async fn verify_certificate_by_token(
        &self,
        _: Request<VerifyCertificateByTokenRequest>,
    ) -> Result<Response<VerifyCertificateByTokenResponse>, Status> {
        Err(Status::unimplemented("not measured"))
    }

    async fn find_certificates(
        &self,
        _: Request<FindCertificatesRequest>,
    ) -> Result<Response<FindCertificatesResponse>, Status> {
        Err(Status::unimplemented("not measured"))
    }

    async fn get_candidate_stage(
        &self,
        _: Request<GetCandidateStageRequest>,
    ) -> Result<Response<GetCandidateStageResponse>, Status> {
        Err(Status::unimplemented("not measured"))
    }
}
