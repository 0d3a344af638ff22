//! The gRPC door.

use std::net::SocketAddr;
use std::sync::Arc;

use certificate_query::grpc;
use certificate_query::index::Index;
use platform::contract;
use prost::Message;
use proto::certificate::v1::certificate_query_service_client::CertificateQueryServiceClient;
use proto::certificate::v1::{
    VerificationStatus, VerifyCertificateRequest, VerifyCertificateResponse,
};
use tokio::net::TcpListener;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Server};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::setup::{FOR_EVER, HOLDER, NUMBER, World, corrected, issued, public, revoked};

async fn client(index: Arc<Index>) -> CertificateQueryServiceClient<Channel> {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address: SocketAddr = listener.local_addr().expect("bound");
    let server = Server::builder().add_service(grpc::service(public(index)));
    tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
    CertificateQueryServiceClient::connect(format!("http://{address}"))
        .await
        .expect("connected")
}

fn pair(number: &str, name: &str) -> VerifyCertificateRequest {
    VerifyCertificateRequest {
        number: number.to_owned(),
        name: name.to_owned(),
    }
}

#[tokio::test]
async fn a_certificate_is_answered_as_over_json() {
    let world = World::start().await;
    let indexer = world.results.indexer();
    let first = issued(NUMBER, HOLDER, &indexer);
    world.tell(&first).await;
    world.until("valid", NUMBER, HOLDER).await;
    let mut client = client(Arc::clone(&world.index)).await;

    let reply = client
        .verify_certificate(pair(NUMBER, HOLDER))
        .await
        .expect("ok")
        .into_inner();
    assert!(reply.status() == VerificationStatus::Valid);
    let told = reply.certificate.expect("the pair matches");
    assert_eq!((told.holder.as_str(), told.trade.as_str()), ("王*例", "--"));
    assert_eq!(told.organization_code, "S000037100001");
    let level = contract::level(told.level).expect("a level");
    assert_eq!(level.chinese(), "五级/初级工");

    let reply = client
        .verify_certificate(pair(NUMBER, "李示例"))
        .await
        .expect("ok")
        .into_inner();
    assert!(reply.status() == VerificationStatus::NotFound);
    assert!(reply.certificate.is_none());

    let second = corrected(&first, "王正确", &indexer);
    world.tell(&second).await;
    world.until("corrected", NUMBER, HOLDER).await;
    let reply = client
        .verify_certificate(pair(NUMBER, HOLDER))
        .await
        .expect("ok")
        .into_inner();
    assert!(reply.status() == VerificationStatus::Superseded);
    assert!(reply.certificate.is_none());

    world.tell(&revoked(&second)).await;
    world.until("revoked", NUMBER, HOLDER).await;
    let reply = client
        .verify_certificate(pair(NUMBER, "王正确"))
        .await
        .expect("ok")
        .into_inner();
    assert!(reply.status() == VerificationStatus::Revoked);
    let told = reply.certificate.expect("the pair matches");
    assert_eq!(
        (told.status_since.as_str(), told.public_reason.as_str()),
        ("2020-07-01", "issued_in_error")
    );
}

#[tokio::test]
async fn a_wrong_name_and_an_unknown_number_are_answered_alike_to_the_byte() {
    let world = World::start().await;
    world
        .tell(&issued(NUMBER, HOLDER, &world.results.indexer()))
        .await;
    world.until("valid", NUMBER, HOLDER).await;
    let mut client = client(Arc::clone(&world.index)).await;
    let mut answers = Vec::new();
    for (number, name) in [
        (NUMBER, "李示例"),
        ("S000037100001205999999", HOLDER),
        ("1234567890123456", HOLDER),
        ("abc", "某"),
    ] {
        let reply = client.verify_certificate(pair(number, name)).await;
        let mut reply = reply.expect("an answer").into_inner();
        // Time alone may differ.
        reply.data_as_of = None;
        answers.push(reply.encode_to_vec());
    }
    let nothing = VerifyCertificateResponse {
        status: VerificationStatus::NotFound.into(),
        ..VerifyCertificateResponse::default()
    };
    assert_eq!(answers, vec![nothing.encode_to_vec(); 4]);
}

#[tokio::test]
async fn faults_come_as_details_and_an_outage_as_unavailable() {
    let world = World::quiet().await;
    let mut client = client(Arc::clone(&world.index)).await;
    let refused = |status: &Status| {
        let request = status.get_details_bad_request().expect("details");
        let fields = request.field_violations.into_iter();
        fields
            .map(|violation| (violation.field, violation.reason))
            .collect::<Vec<_>>()
    };
    let status = client
        .verify_certificate(pair("", ""))
        .await
        .err()
        .expect("nothing typed");
    assert_eq!(status.code(), Code::InvalidArgument);
    let expected = [
        ("number", "CERTIFICATE_NUMBER_MISSING"),
        ("name", "HOLDER_NAME_MISSING"),
    ];
    assert_eq!(
        refused(&status),
        expected.map(|(field, code)| (field.to_owned(), code.to_owned()))
    );

    let indexer = world.results.indexer();
    let empty = Arc::new(Index::new(indexer, FOR_EVER));
    let mut client = self::client(empty).await;
    let status = client
        .verify_certificate(pair(NUMBER, HOLDER))
        .await
        .err()
        .expect("not loaded");
    assert_eq!(status.code(), Code::Unavailable);
    let why = status.get_details_error_info().expect("details");
    assert_eq!(why.reason, "STATUS_UNAVAILABLE");
}
