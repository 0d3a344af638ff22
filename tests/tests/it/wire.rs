//! Calls over the wire with a token of whoever calls.

use jiff::SignedDuration;
use platform::access::{Caller, DevIssuer};
use platform::config::Mode;
use tests::harness::{Platform, Service};
use tonic::Request;
use tonic::transport::{Channel, Endpoint};
use uuid::Uuid;

/// A platform, and whose tokens it takes.
pub(crate) struct Wire<'a> {
    pub(crate) platform: &'a Platform,
    issuer: DevIssuer,
}

impl<'a> Wire<'a> {
    pub(crate) fn to(platform: &'a Platform) -> Self {
        let issuer = DevIssuer::open(&platform.issuer(), Mode::Test);
        Self {
            platform,
            issuer: issuer.expect("the platform's issuer"),
        }
    }

    /// A connection to a service.
    pub(crate) fn at(&self, service: Service) -> Channel {
        let address = self.platform.address(service);
        let endpoint = Endpoint::from_shared(address).expect("an address");
        endpoint.connect_lazy()
    }

    /// A message with the token of a caller.
    pub(crate) fn from<T>(&self, caller: &Caller, message: T) -> Request<T> {
        let token = self.issuer.mint(caller, SignedDuration::from_hours(1));
        let bearer = format!("Bearer {}", token.expect("a token"));
        let mut request = Request::new(message);
        let bearer = bearer.parse().expect("a header");
        request.metadata_mut().insert("authorization", bearer);
        request
    }
}

pub(crate) fn request_id() -> String {
    Uuid::now_v7().to_string()
}
