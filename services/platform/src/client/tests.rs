use std::{
    collections::HashMap,
    net::SocketAddr,
    path::Path,
    sync::{Mutex, PoisonError},
};

use futures::future::{BoxFuture, ready};
use kernel::rejections;
use proto::certificate::v1::{
    FindCertificatesRequest, FindCertificatesResponse, GetCandidateStageRequest,
    GetCandidateStageResponse, VerifyCertificateByTokenRequest, VerifyCertificateByTokenResponse,
    VerifyCertificateRequest, VerifyCertificateResponse,
    certificate_query_service_client::CertificateQueryServiceClient as Client,
    certificate_query_service_server::{
        CertificateQueryService, CertificateQueryServiceServer as QueryServer,
    },
};
use tokio::net::TcpListener;
use tonic::{
    Response,
    metadata::MetadataMap,
    transport::{Server, server::TcpIncoming},
};

use super::*;
use crate::{
    config::{NoSections, load},
    crypto::secret_file,
    status,
};

rejections! {
    /// A neighbour's refusal.
    pub enum Sample {
        /// For the test.
        NotHeld => "RIGHT_NOT_HELD", FailedPrecondition, "notice 5.1", "无此权限", "not held";
    }
}

#[test]
fn no_answer_means_unavailable() {
    for code in [
        Code::Unavailable,
        Code::DeadlineExceeded,
        Code::Cancelled,
        Code::Internal,
    ] {
        let error = away("registry", Status::new(code, "gone"));
        assert!(
            matches!(
                error,
                Error::Unavailable {
                    what: "registry",
                    ..
                }
            ),
            "{code:?}"
        );
    }
}

#[test]
fn a_refusal_is_known_by_its_code_and_else_our_own_fault() {
    let status = status::refuse(&Sample::NotHeld.into());
    assert_eq!(refusal(&status).as_deref(), Some("RIGHT_NOT_HELD"));
    assert!(matches!(away("registry", status), Error::Internal(_)));
    assert_eq!(refusal(&Status::not_found("no such thing")), None);
    assert_eq!(refusal(&status::failure(Code::Unavailable)), None);
}

#[test]
fn an_address_that_is_none_is_named() {
    let error = endpoint("not an address").expect_err("spaces");
    let text = status::Chain(&error).to_string();
    assert!(text.contains("not an address"), "{text}");
}

/// A neighbour that keeps the headers of the calls it answered.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<MetadataMap>>>);

impl Recorder {
    fn calls(&self) -> Vec<MetadataMap> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Serves until the test ends.
    async fn serve(&self) -> SocketAddr {
        self.serve_with(Server::builder()).await
    }

    async fn serve_with(&self, mut server: Server) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let router = server.add_service(QueryServer::new(self.clone()));
        tokio::spawn(router.serve_with_incoming(TcpIncoming::from(listener)));
        address
    }
}

#[tonic::async_trait]
impl CertificateQueryService for Recorder {
    async fn verify_certificate(
        &self,
        request: Request<VerifyCertificateRequest>,
    ) -> Result<Response<VerifyCertificateResponse>, Status> {
        let headers = request.metadata().clone();
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(headers);
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

/// An address where nobody listens.
async fn dead() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    listener.local_addr().expect("bound")
}

fn neighbour(addresses: &[SocketAddr], token: &Path) -> Neighbour {
    let addresses: Vec<_> = addresses
        .iter()
        .map(|address| format!("http://{address}"))
        .collect();
    let variables = HashMap::from([
        ("LUBAN__SERVICE__MODE".to_owned(), "test".to_owned()),
        (
            "LUBAN__ACCESS__ISSUER".to_owned(),
            "https://issuer.test".to_owned(),
        ),
        ("LUBAN__ACCESS__JWKS_FILE".to_owned(), "/nowhere".to_owned()),
        (
            "LUBAN__NEIGHBOURS__REGISTRY".to_owned(),
            addresses.join(","),
        ),
    ]);
    let (settings, _) = load::<NoSections>("", None, &variables).expect("usable");
    let token = Arc::new(ServiceToken::from_file(token));
    connect(&settings, "registry", token).expect("addresses")
}

#[tokio::test]
async fn replicas_take_turns_and_one_that_is_away_costs_no_call() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let token = folder.path().join("token");
    secret_file::write(&token, b"one").expect("writable");
    let (first, second) = (Recorder::default(), Recorder::default());
    let addresses = [first.serve().await, dead().await, second.serve().await];
    let mut client = Client::new(neighbour(&addresses, &token));
    for _ in 0..6 {
        client
            .verify_certificate(VerifyCertificateRequest::default())
            .await
            .expect("answered");
    }
    assert_eq!((first.calls().len(), second.calls().len()), (2, 4));
    assert_eq!(
        first.calls()[0].get("authorization").expect("added"),
        "Bearer one"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_connection_that_has_aged_costs_no_call() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let token = folder.path().join("token");
    secret_file::write(&token, b"one").expect("writable");
    let aging = Server::builder().max_connection_age(Duration::from_millis(20));
    let address = Recorder::default().serve_with(aging).await;
    let neighbour = neighbour(&[address], &token);
    let callers = (0..8).map(|_| {
        let mut client = Client::new(neighbour.clone());
        tokio::spawn(async move {
            for _ in 0..250 {
                let asked = client.verify_certificate(VerifyCertificateRequest::default());
                asked.await.expect("answered");
            }
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.expect("every call was answered");
    }
}

#[tokio::test]
async fn a_neighbour_with_no_replica_left_is_unavailable() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let token = folder.path().join("token");
    secret_file::write(&token, b"one").expect("writable");
    let mut client = Client::new(neighbour(&[dead().await, dead().await], &token));
    let answer = client
        .verify_certificate(VerifyCertificateRequest::default())
        .await;
    let status = answer.err().expect("nobody is there");
    assert_eq!(status.code(), Code::Unavailable);
    assert!(matches!(
        away("registry", status),
        Error::Unavailable {
            what: "registry",
            ..
        }
    ));
}

/// Where the name of the next test leads. One test, so one place for it.
static BEHIND: Mutex<Vec<SocketAddr>> = Mutex::new(Vec::new());

fn leads_to(addresses: &[SocketAddr]) {
    *BEHIND.lock().unwrap_or_else(PoisonError::into_inner) = addresses.to_vec();
}

#[tokio::test]
async fn the_replicas_behind_a_name_are_followed_as_they_come_and_go() {
    let (old, new) = (Recorder::default(), Recorder::default());
    let (at_old, at_new) = (old.serve().await, new.serve().await);
    let name = endpoint("http://nowhere.invalid:1").expect("an address");
    let look_up = |_| -> BoxFuture<'static, _> {
        let found = BEHIND.lock().unwrap_or_else(PoisonError::into_inner);
        Box::pin(ready(Ok(found.clone())))
    };
    let replicas = Replicas::follow(vec![name], look_up, Duration::from_millis(1));
    let mut client = Client::new(Failover::new(Arc::clone(&replicas)));

    // Before the first look there is one, too: the name itself.
    for behind in [
        vec![at_old, at_new],
        vec![at_old],
        vec![at_old, at_new],
        vec![at_new],
    ] {
        leads_to(&behind);
        until(|| replicas.now().len() == behind.len()).await;
        let before = (old.calls().len(), new.calls().len());
        for _ in 0..4 {
            let asked = client.verify_certificate(VerifyCertificateRequest::default());
            asked.await.expect("answered");
        }
        let calls = (old.calls().len() - before.0, new.calls().len() - before.1);
        assert_eq!(calls.0 > 0, behind.contains(&at_old), "{calls:?}");
        assert_eq!(calls.1 > 0, behind.contains(&at_new), "{calls:?}");
    }

    // Nobody is told of any more: those that were there are asked on.
    leads_to(&[]);
    tokio::task::yield_now().await;
    let asked = client.verify_certificate(VerifyCertificateRequest::default());
    asked.await.expect("answered");
}

async fn until(holds: impl Fn() -> bool) {
    while !holds() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
