//! Who asks over HTTP.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderValue;
use axum::http::request::Parts;
use platform::access::Source;

use crate::public::{PROOF, Public, Visitor};

/// The other end of the connection, as the listener saw it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) SocketAddr);

/// Somebody who asks, and whom.
pub(super) struct Asking {
    public: Arc<Public>,
    source: Source,
    proof: Option<HeaderValue>,
}

impl Asking {
    /// Asks.
    pub(super) fn ask<T>(&self, ask: impl FnOnce(&Public, &Visitor<'_>) -> T) -> T {
        let proof = self.proof.as_ref();
        let visitor = Visitor {
            source: self.source,
            proof: proof.and_then(|proof| proof.to_str().ok()),
        };
        ask(&self.public, &visitor)
    }

    /// Asks with what the page sent as proof.
    pub(super) fn ask_with<T>(
        &self,
        proof: &str,
        ask: impl FnOnce(&Public, &Visitor<'_>) -> T,
    ) -> T {
        let visitor = Visitor {
            source: self.source,
            proof: Some(proof).filter(|proof| !proof.is_empty()),
        };
        ask(&self.public, &visitor)
    }
}

impl FromRequestParts<Arc<Public>> for Asking {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        public: &Arc<Public>,
    ) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0);
        let proxies = public.limiter().trusted_proxies();
        Ok(Self {
            source: Source::of(peer, &parts.headers, proxies),
            proof: parts.headers.get(PROOF).cloned(),
            public: Arc::clone(public),
        })
    }
}
