//! Refusals as a caller receives them: over real HTTP/2, where the details of a status are a header,
//! and clients take no more than some kilobytes of headers.

use jiff::civil::date;
use kernel::citizen_id::CitizenId;
use proto::exam::v1::plan_service_client::PlanServiceClient;
use proto::exam::v1::plan_service_server::PlanServiceServer;
use proto::exam::v1::{ImportRosterRequest, RosterCandidate};
use tonic::transport::Channel;
use tonic::transport::server::TcpIncoming;
use tonic::{Code, Request, Status};
use tonic_types::StatusExt;

use crate::samples::row;
use crate::setup::{Setup, setup};

/// A client of the service, as the clerk behind the door.
async fn client(setup: &Setup) -> PlanServiceClient<Channel> {
    let any_port = "127.0.0.1:0".parse().expect("an address");
    let incoming = TcpIncoming::bind(any_port).expect("a free port");
    let address = incoming.local_addr().expect("bound");
    let clerk = setup.clerk.clone();
    let admitted = move |mut request: Request<()>| {
        request.extensions_mut().insert(clerk.clone());
        Ok::<_, Status>(request)
    };
    let plans = PlanServiceServer::with_interceptor(setup.exams.clone(), admitted);
    let server = tonic::transport::Server::builder().add_service(plans);
    tokio::spawn(server.serve_with_incoming(incoming));
    let address = format!("http://{address}");
    PlanServiceClient::connect(address).await.expect("served")
}

#[tokio::test]
async fn a_class_of_children_is_refused_in_words_that_arrive() {
    let setup = setup().await;
    let plan_id = setup.drafted().await.plan_id;
    let mut client = client(&setup).await;
    for (count, at_least) in [(40, 40), (500, 40)] {
        let child = |number| RosterCandidate {
            citizen_id: CitizenId::synthetic("370099", date(2010, 1, 1), number)
                .reveal()
                .to_owned(),
            ..row(number)
        };
        let request = ImportRosterRequest {
            request_id: format!("import-{count}"),
            plan_id: plan_id.clone(),
            candidates: (0..count).map(child).collect(),
        };
        let status = client.import_roster(request).await;
        let status = status.err().expect("nobody is sixteen");
        assert_eq!(status.code(), Code::FailedPrecondition, "{status:?}");
        let details = status.get_error_details();
        let told = &details.bad_request().expect("faults").field_violations;
        assert!(told.len() >= at_least, "{} of {count}", told.len());
        for (index, fault) in told.iter().enumerate() {
            assert_eq!(fault.field, format!("candidates[{index}].citizen_id"));
            assert_eq!(fault.reason, "CANDIDATE_UNDER_AGE");
        }
        let info = details.error_info().expect("always there");
        assert_eq!(info.metadata["faults"], count.to_string());
    }
}
