//! The one way in which services call each other.
//!
//! What services ask of each other they only read; each changes what is its own. A neighbour has
//! one address for each of its replicas, or a name that stands for all of them and is looked up
//! again and again. They take turns, and a call whose connection could not be
//! made or broke is made once more, or goes to the next ([`Failover`]). Connections are made when
//! needed and made again when lost, so that the order in which services start does not matter.
//! Every call carries this service's token and the current trace.

mod failover;
mod replicas;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tonic::{
    Code, Request, Status,
    metadata::MetadataValue,
    service::{Interceptor, interceptor::InterceptedService},
    transport::Endpoint,
};
use tonic_types::StatusExt;

pub use failover::Failover;
use replicas::Replicas;

use crate::{
    Error, Result,
    access::ServiceToken,
    config::Settings,
    status::{DOMAIN, RULE},
    telemetry::{self, TRACEPARENT},
};

const CONNECT: Duration = Duration::from_secs(2);
/// Shorter than what a server gives its own call, so that there is time left to say so.
const CALL: Duration = Duration::from_secs(5);
const KEEPALIVE: Duration = Duration::from_secs(30);
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(10);

/// A channel to a neighbour, for its generated client: `RightServiceClient::new(neighbour)`.
pub type Neighbour = InterceptedService<Failover, CallHeaders>;

/// Connects to a neighbour that the settings name. Needs a tokio runtime.
pub fn connect(settings: &Settings, name: &str, token: Arc<ServiceToken>) -> Result<Neighbour> {
    let mut names = Vec::new();
    for address in settings.neighbour(name)? {
        names.push(endpoint(address)?);
    }
    let replicas = Replicas::follow(names, replicas::by_name, replicas::AGAIN);
    Ok(InterceptedService::new(
        Failover::new(replicas),
        CallHeaders { token },
    ))
}

fn endpoint(address: &str) -> Result<Endpoint> {
    let endpoint = Endpoint::from_shared(address.to_owned())
        .map_err(|error| anyhow::anyhow!("the address {address} is not usable: {error}"))?;
    Ok(within_limits(endpoint))
}

/// One replica behind a name. It is told the name all the same.
fn to(name: &Endpoint, replica: SocketAddr) -> Endpoint {
    let address = http::Uri::builder()
        .scheme(name.uri().scheme_str().unwrap_or("http"))
        .authority(replica.to_string())
        .path_and_query("/")
        .build()
        .expect("the scheme of an address, and a socket's address");
    within_limits(Endpoint::from(address)).origin(name.uri().clone())
}

fn within_limits(endpoint: Endpoint) -> Endpoint {
    endpoint
        .connect_timeout(CONNECT)
        .timeout(CALL)
        .http2_keep_alive_interval(KEEPALIVE)
        .keep_alive_timeout(KEEPALIVE_TIMEOUT)
        .keep_alive_while_idle(true)
}

/// Adds the service's token and the trace context to every call.
#[derive(Clone)]
pub struct CallHeaders {
    token: Arc<ServiceToken>,
}

impl Interceptor for CallHeaders {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let metadata = request.metadata_mut();
        metadata.insert("authorization", self.token.header_value()?);
        if let Ok(traceparent) = MetadataValue::try_from(telemetry::traceparent()) {
            metadata.insert(TRACEPARENT, traceparent);
        }
        Ok(request)
    }
}

/// The stable code of a neighbour's refusal, such as `RIGHT_NOT_HELD`; `None` when it gave no
/// answer or failed. For callers that expect a refusal and know what it means for their own command; all
/// others take [`away`].
pub fn refusal(status: &Status) -> Option<String> {
    status
        .get_details_error_info()
        .filter(|info| info.domain == DOMAIN && info.metadata.contains_key(RULE))
        .map(|info| info.reason)
}

/// What a call that brought no answer means for ours: the neighbour is away, or, if it refused
/// what we had no reason to see refused, a fault of our own.
#[expect(clippy::needless_pass_by_value, reason = "made for map_err")]
pub fn away(what: &'static str, status: Status) -> Error {
    let source = match refusal(&status) {
        Some(reason) => anyhow::anyhow!("{what}: {:?}: {reason}", status.code()),
        None => anyhow::anyhow!("{what}: {:?}: {}", status.code(), status.message()),
    };
    match status.code() {
        Code::InvalidArgument
        | Code::FailedPrecondition
        | Code::NotFound
        | Code::AlreadyExists
        | Code::OutOfRange
        | Code::PermissionDenied
        | Code::Unauthenticated
        | Code::Unimplemented => Error::Internal(source),
        _ => Error::Unavailable { what, source },
    }
}

#[cfg(test)]
mod tests;
