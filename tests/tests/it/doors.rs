//! Every method of the contract as a door that somebody knocks at over the wire.

use platform::access::{DevIssuer, Rule, Rules};
use platform::config::Mode;
use prost_reflect::{DescriptorPool, DynamicMessage, MethodDescriptor};
use tests::harness::Service;
use tonic::client::Grpc;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};
use tonic_prost::ProstCodec;
use tonic_types::StatusExt;

use crate::walked::Walked;

/// A method at the service that serves it.
pub(crate) struct Door {
    channel: Channel,
    pub(crate) server: Service,
    pub(crate) path: String,
    pub(crate) rule: Rule,
    pub(crate) method: MethodDescriptor,
}

impl Door {
    /// A request with nothing in it.
    pub(crate) fn empty(&self) -> DynamicMessage {
        DynamicMessage::new(self.method.input())
    }

    /// Calls. One message is a stream of one, so this does for both kinds.
    pub(crate) async fn call(
        &self,
        token: Option<&str>,
        message: DynamicMessage,
    ) -> Result<(), Status> {
        let mut request = Request::new(message);
        if let Some(token) = token {
            let value = format!("Bearer {token}").parse().expect("a header");
            request.metadata_mut().insert("authorization", value);
        }
        let mut client = Grpc::new(self.channel.clone());
        client
            .ready()
            .await
            .map_err(|error| Status::unavailable(error.to_string()))?;
        let path = self.path.parse().expect("a path");
        client
            .unary(request, path, ProstCodec::<DynamicMessage, ()>::default())
            .await
            .map(|_| ())
    }
}

/// Every method of the contract, at every service that serves it.
pub(crate) fn doors(walked: &Walked) -> Vec<Door> {
    let pool = DescriptorPool::decode(proto::DESCRIPTOR_SET).expect("the contract");
    let rules = Rules::of_contract().expect("its rules");
    let mut doors = Vec::new();
    for service in pool.services() {
        let servers = Service::serving(service.full_name());
        assert!(!servers.is_empty(), "nobody serves {}", service.full_name());
        for (method, server) in service
            .methods()
            .flat_map(|method| servers.iter().map(move |server| (method.clone(), server)))
        {
            let path = format!("/{}/{}", service.full_name(), method.name());
            let rule = rules
                .get(&path)
                .unwrap_or_else(|| panic!("{path} has no rule"))
                .clone();
            let address = walked.platform.address(*server);
            let channel = Endpoint::from_shared(address)
                .expect("an address")
                .connect_lazy();
            doors.push(Door {
                channel,
                server: *server,
                path,
                rule,
                method,
            });
        }
    }
    assert!(doors.len() > 40, "only {} methods", doors.len());
    doors
}

/// Whose tokens the platform takes.
pub(crate) fn issuer(walked: &Walked) -> DevIssuer {
    DevIssuer::open(&walked.platform.issuer(), Mode::Test).expect("the platform's issuer")
}

/// The stable code of a refusal.
pub(crate) fn reason_of(status: &Status) -> String {
    status
        .get_details_error_info()
        .map(|info| info.reason)
        .unwrap_or_default()
}
