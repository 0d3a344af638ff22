//! A register of certificates that says what it is told to, over real gRPC.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use proto::common::v1::PersonRef;
use proto::results::v1::holding_service_server::{HoldingService, HoldingServiceServer};
use proto::results::v1::{Holder, Holding, ListHoldingsRequest, ListHoldingsResponse};
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

/// Who holds what, by document.
type Holders = HashMap<String, Vec<Holding>>;

/// A register; nothing at all where it is away.
#[derive(Clone)]
pub(crate) struct FakeResults(Arc<Mutex<Option<Holders>>>);

impl Default for FakeResults {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Some(HashMap::new()))))
    }
}

impl FakeResults {
    /// Gives somebody a certificate.
    pub(crate) fn gives(&self, person: &str, holding: Holding) {
        let mut holders = self.0.lock().expect("no test panics with it");
        let holders = holders.as_mut().expect("not away");
        holders.entry(person.to_owned()).or_default().push(holding);
    }

    /// Goes away.
    pub(crate) fn goes_away(&self) {
        *self.0.lock().expect("no test panics with it") = None;
    }

    /// Comes back, with nobody holding anything.
    pub(crate) fn comes_back(&self) {
        *self.0.lock().expect("no test panics with it") = Some(HashMap::new());
    }

    /// Serves on a free port until the test's runtime ends.
    pub(crate) fn serve(self) -> String {
        let any_port = "127.0.0.1:0".parse().expect("an address");
        let incoming = TcpIncoming::bind(any_port).expect("a free port");
        let address = incoming.local_addr().expect("bound");
        let server =
            tonic::transport::Server::builder().add_service(HoldingServiceServer::new(self));
        tokio::spawn(server.serve_with_incoming(incoming));
        format!("http://{address}")
    }
}

#[tonic::async_trait]
impl HoldingService for FakeResults {
    async fn list_holdings(
        &self,
        request: Request<ListHoldingsRequest>,
    ) -> Result<Response<ListHoldingsResponse>, Status> {
        assert!(
            request.metadata().contains_key("authorization"),
            "services show their token"
        );
        let holders = self.0.lock().expect("no test panics with it");
        let holders = holders
            .as_ref()
            .ok_or_else(|| Status::unavailable("away"))?;
        let people = &request.get_ref().people;
        let holder = |person: &PersonRef| Holder {
            holdings: holders.get(&person.citizen_id).cloned().unwrap_or_default(),
        };
        Ok(Response::new(ListHoldingsResponse {
            holders: people.iter().map(holder).collect(),
        }))
    }
}
