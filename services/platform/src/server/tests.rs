use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use proto::certificate::v1::{
    FindCertificatesRequest, FindCertificatesResponse, GetCandidateStageRequest,
    GetCandidateStageResponse, VerifyCertificateByTokenRequest, VerifyCertificateByTokenResponse,
    VerifyCertificateRequest, VerifyCertificateResponse,
    certificate_query_service_client::CertificateQueryServiceClient as Client,
    certificate_query_service_server::{
        CertificateQueryService, CertificateQueryServiceServer as QueryServer,
    },
};
use tokio::{sync::Semaphore, task::JoinHandle};
use tonic::{Code, Request, Response, Status, transport::Channel};
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus as Health, health_client::HealthClient,
};

use super::*;
use crate::config::{NoSections, load};

/// A public method whose answer the test holds back.
#[derive(Clone)]
pub(super) struct Gate {
    entered: Arc<Semaphore>,
    opened: Arc<Semaphore>,
}

impl Gate {
    pub(super) fn closed() -> Self {
        Self {
            entered: Arc::new(Semaphore::new(0)),
            opened: Arc::new(Semaphore::new(0)),
        }
    }
}

#[tonic::async_trait]
impl CertificateQueryService for Gate {
    async fn verify_certificate(
        &self,
        request: Request<VerifyCertificateRequest>,
    ) -> Result<Response<VerifyCertificateResponse>, Status> {
        assert_ne!(request.get_ref().number, "panic", "as the test asked");
        self.entered.add_permits(1);
        self.opened.acquire().await.expect("never closed").forget();
        Ok(Response::new(VerifyCertificateResponse::default()))
    }

    async fn verify_certificate_by_token(
        &self,
        _: Request<VerifyCertificateByTokenRequest>,
    ) -> Result<Response<VerifyCertificateByTokenResponse>, Status> {
        Err(Status::unimplemented("not asked here"))
    }

    async fn find_certificates(
        &self,
        _: Request<FindCertificatesRequest>,
    ) -> Result<Response<FindCertificatesResponse>, Status> {
        Err(Status::unimplemented("not asked here"))
    }

    async fn get_candidate_stage(
        &self,
        _: Request<GetCandidateStageRequest>,
    ) -> Result<Response<GetCandidateStageResponse>, Status> {
        Err(Status::unimplemented("not asked here"))
    }
}

fn settings(mode: &str, drain: &str) -> Settings {
    settings_with([
        ("LUBAN__SERVICE__MODE", mode),
        ("LUBAN__SERVER__DRAIN", drain),
    ])
}

pub(super) fn settings_with(given: [(&str, &str); 2]) -> Settings {
    let variables = [
        ("LUBAN__SERVER__LISTEN", "127.0.0.1:0"),
        ("LUBAN__ACCESS__ISSUER", "https://issuer.test"),
        ("LUBAN__ACCESS__JWKS_FILE", "/nowhere"),
        ("LUBAN__NATS__CREDENTIALS_FILE", "/nowhere"),
        ("LUBAN__KEYS__DIRECTORY", "/nowhere"),
    ];
    let variables = given.into_iter().chain(variables);
    let variables = variables
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    load::<NoSections>("", None::<&Path>, &variables)
        .expect("usable")
        .0
}

pub(super) async fn bound(settings: &Settings, stop: &CancellationToken) -> Server {
    let access = AccessLayer::new(&settings.access).expect("the contract's rules");
    Server::bind(settings, access, stop.clone())
        .await
        .expect("a free port")
}

pub(super) struct Running {
    pub(super) channel: Channel,
    served: JoinHandle<Result<()>>,
    stop: CancellationToken,
}

impl Running {
    async fn start(gate: &Gate) -> Self {
        Self::start_with(&settings("test", "25s"), gate).await
    }

    pub(super) async fn start_with(settings: &Settings, gate: &Gate) -> Self {
        let stop = CancellationToken::new();
        let server = bound(settings, &stop).await;
        Self::with(server.add_service(QueryServer::new(gate.clone())), stop).await
    }

    async fn with(server: Server, stop: CancellationToken) -> Self {
        let address = server.address().expect("bound");
        let served = tokio::spawn(server.run());
        let endpoint = Channel::from_shared(format!("http://{address}")).expect("an address");
        let channel = endpoint.connect().await.expect("it listens");
        Self {
            channel,
            served,
            stop,
        }
    }

    pub(super) fn call(
        &self,
        number: &str,
    ) -> JoinHandle<Result<Response<VerifyCertificateResponse>, Status>> {
        let mut client = Client::new(self.channel.clone());
        let request = VerifyCertificateRequest {
            number: number.to_owned(),
            ..Default::default()
        };
        tokio::spawn(async move { client.verify_certificate(request).await })
    }

    pub(super) async fn stop(self) -> Result<()> {
        self.stop.cancel();
        self.served.await.expect("no panic")
    }
}

fn health_of(service: &str) -> HealthCheckRequest {
    HealthCheckRequest {
        service: service.to_owned(),
    }
}

#[tokio::test]
async fn asked_to_stop_it_says_so_at_once_and_still_answers_what_is_under_way() {
    let gate = Gate::closed();
    let running = Running::start(&gate).await;
    let mut health = HealthClient::new(running.channel.clone());
    let name = "luban.certificate.v1.CertificateQueryService";
    let mut watch = health
        .watch(health_of(name))
        .await
        .expect("answered")
        .into_inner();
    let mut next = async || {
        watch
            .message()
            .await
            .expect("open")
            .map(|answer| answer.status())
    };
    // It can be seen while it is being put up.
    while next().await != Some(Health::Serving) {}

    let call = running.call("");
    gate.entered.acquire().await.expect("never closed").forget();
    running.stop.cancel();
    assert_eq!(next().await, Some(Health::NotServing));
    assert!(!running.served.is_finished());

    gate.opened.add_permits(1);
    call.await
        .expect("no panic")
        .expect("answered in spite of the stop");
    assert_eq!(next().await, None, "whoever watches is let go");
    running.stop().await.expect("a clean end");
}

#[tokio::test]
async fn a_panic_is_an_answer_and_the_server_goes_on() {
    let gate = Gate::closed();
    let running = Running::start(&gate).await;
    let status = running
        .call("panic")
        .await
        .expect("ours")
        .err()
        .expect("it panicked");
    assert_eq!(
        (status.code(), status.message()),
        (Code::Internal, "internal error")
    );

    gate.opened.add_permits(1);
    running
        .call("")
        .await
        .expect("no panic")
        .expect("the next call is served");
    running.stop().await.expect("a clean end");
}

#[tokio::test]
async fn a_background_task_that_fails_stops_the_service() {
    let stop = CancellationToken::new();
    let server = bound(&settings("test", "25s"), &stop).await;
    let finished = Arc::new(AtomicBool::new(false));
    let tidied_up = Arc::clone(&finished);
    let server = server
        .background(async |_| Ok(()))
        .background(async move |stop: CancellationToken| {
            stop.cancelled().await;
            tidied_up.store(true, Ordering::Relaxed);
            Ok(())
        })
        .background(async |_| Err(anyhow::anyhow!("the relay broke").into()));
    let error = server.run().await.expect_err("one of three failed");
    assert_eq!(Chain(&error).to_string(), "internal: the relay broke");
    assert!(
        finished.load(Ordering::Relaxed),
        "the others were asked to end"
    );
    assert!(stop.is_cancelled());
}

#[tokio::test]
async fn a_task_that_does_not_listen_does_not_hold_up_the_end() {
    let stop = CancellationToken::new();
    let server = bound(&settings("test", "20ms"), &stop).await;
    let server = server.background(async |_| std::future::pending().await);
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(10), server.run())
        .await
        .expect("the drain is limited")
        .expect("as asked");
}

#[tokio::test]
async fn reflection_is_offered_outside_production_only() {
    use tonic_reflection::pb::v1::{
        ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    };
    for (mode, offered) in [("test", true), ("production", false)] {
        let stop = CancellationToken::new();
        let running = Running::with(bound(&settings(mode, "25s"), &stop).await, stop).await;
        let request = tokio_stream::once(ServerReflectionRequest::default());
        let mut client = ServerReflectionClient::new(running.channel.clone());
        let answer = client.server_reflection_info(request).await;
        assert_eq!(answer.is_ok(), offered, "{mode}");
        drop(answer);
        running.stop().await.expect("a clean end");
    }
}

#[tokio::test]
async fn pages_are_read_on_the_port_of_the_calls_over_both_versions_of_http() {
    let stop = CancellationToken::new();
    let page = axum::Router::new().route("/page", axum::routing::get(async || "shown"));
    let gate = Gate::closed();
    gate.opened.add_permits(1);
    let server = bound(&settings("test", "25s"), &stop).await;
    let server = server
        .add_service(QueryServer::new(gate))
        .add_pages(crate::pages::shown(page, Duration::from_secs(5)));
    let address = server.address().expect("bound");
    let running = Running::with(server, stop).await;

    let client = |http2_only| {
        hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new())
            .http2_only(http2_only)
            .build_http::<axum::body::Body>()
    };
    for http2_only in [false, true] {
        let get = |path: &str| {
            let address = format!("http://{address}{path}");
            client(http2_only).get(address.parse().expect("an address"))
        };
        let shown = get("/page").await.expect("answered");
        assert_eq!(shown.status(), http::StatusCode::OK);
        let nowhere = get("/nowhere").await.expect("answered");
        assert_eq!(nowhere.status(), http::StatusCode::NOT_FOUND);
    }
    let post = |content_type: &str| {
        let posted = http::Request::post(format!("http://{address}/page"))
            .header(http::header::CONTENT_TYPE, content_type)
            .body(axum::body::Body::empty());
        client(false).request(posted.expect("a request"))
    };
    let posted = post("application/json").await.expect("answered");
    assert_eq!(posted.status(), http::StatusCode::METHOD_NOT_ALLOWED);
    let called = post("application/grpc+proto").await.expect("answered");
    assert!(
        called.headers().contains_key("grpc-status"),
        "a call, and of no method"
    );
    running
        .call("")
        .await
        .expect("no panic")
        .expect("calls go on as ever");
    running.stop().await.expect("a clean end");
}
