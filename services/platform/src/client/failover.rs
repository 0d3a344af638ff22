//! Turns among the replicas of a neighbour.
//!
//! tonic's own balancing goes on choosing a replica that is away, and each such call fails. Here
//! a call that never left this process is given to the next replica instead. One that was sent
//! and got no answer is not: whether it had an effect is for its caller to find out, with the
//! same request id.

use std::{
    convert::Infallible,
    error::Error as StdError,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use futures::{FutureExt, future::BoxFuture};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use tonic::{ConnectError, body::Body, transport::Channel};
use tower::{BoxError, Service, ServiceExt};

/// The replicas of one neighbour, as if they were one channel. For calls with one request
/// message, which is kept in memory until it is sent.
#[derive(Debug, Clone)]
pub struct Failover {
    channels: Arc<[Channel]>,
    turn: Arc<AtomicUsize>,
}

impl Failover {
    pub(super) fn new(channels: Vec<Channel>) -> Self {
        Self {
            channels: channels.into(),
            turn: Arc::default(),
        }
    }

    /// Every replica once, beginning with the one whose turn it is.
    fn round(&self) -> impl Iterator<Item = Channel> + use<> {
        let count = self.channels.len();
        let first = self.turn.fetch_add(1, Ordering::Relaxed);
        let channels = Arc::clone(&self.channels);
        (0..count).map(move |step| channels[first.wrapping_add(step) % count].clone())
    }
}

impl Service<Request<Body>> for Failover {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<Body>, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let round = self.round();
        async move {
            let (head, body) = request.into_parts();
            let body = body.collect().await?.to_bytes();
            let mut failed = BoxError::from("no address");
            for channel in round {
                let body = Full::new(body.clone()).map_err(|never: Infallible| match never {});
                let request = Request::from_parts(head.clone(), Body::new(body));
                match channel.oneshot(request).await {
                    Err(error) if was_never_sent(&error) => failed = error.into(),
                    answer => return Ok(answer?),
                }
            }
            Err(failed)
        }
        .boxed()
    }
}

fn was_never_sent(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(cause) = next {
        let canceled = cause
            .downcast_ref::<hyper::Error>()
            .is_some_and(hyper::Error::is_canceled);
        if canceled || cause.is::<ConnectError>() {
            return true;
        }
        next = cause.source();
    }
    false
}
