//! Turns among the replicas of a neighbour.
//!
//! tonic's own balancing goes on choosing a replica that is away, and each such call fails. Here
//! such a call is given to the next replica instead. And a replica closes each connection when it
//! is of a certain age, which can meet a call that is just being sent: that one is made again over
//! a new connection. Asking twice is safe, since neighbours are asked questions and told nothing.
//! What a replica answers stands, a failure too, and one that does not answer in time is not asked
//! twice: it may be busy enough.

use std::{
    convert::Infallible,
    error::Error as StdError,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use futures::{FutureExt, future::BoxFuture};
use http::{Request, Response, request::Parts};
use http_body_util::{BodyExt, Full};
use tonic::{ConnectError, body::Body, transport::Channel};
use tower::{BoxError, Service, ServiceExt};

use super::replicas::Replicas;

/// How often one replica is asked while its connections break. Twice is not enough: a connection
/// that is being closed takes a second call in before it is seen to be closed.
const TRIES: u32 = 3;

/// The replicas of one neighbour, as if they were one channel. For calls with one request
/// message, which is kept in memory until it is sent.
#[derive(Debug, Clone)]
pub struct Failover {
    replicas: Arc<Replicas>,
    turn: Arc<AtomicUsize>,
}

impl Failover {
    pub(super) fn new(replicas: Arc<Replicas>) -> Self {
        Self {
            replicas,
            turn: Arc::default(),
        }
    }

    /// Every replica once, beginning with the one whose turn it is.
    fn round(&self) -> impl Iterator<Item = Channel> + use<> {
        let channels = self.replicas.now();
        let count = channels.len();
        let first = self.turn.fetch_add(1, Ordering::Relaxed);
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
                match ask(&channel, &head, &body).await {
                    Err(error) if lost(&*error).is_some() => failed = error,
                    answer => return answer,
                }
            }
            Err(failed)
        }
        .boxed()
    }
}

/// Asks one replica; again over a new connection, if the one at hand breaks.
async fn ask(channel: &Channel, head: &Parts, body: &Bytes) -> Result<Response<Body>, BoxError> {
    let request = || {
        let body = Full::new(body.clone()).map_err(|never: Infallible| match never {});
        Request::from_parts(head.clone(), Body::new(body))
    };
    for _ in 1..TRIES {
        match channel.clone().oneshot(request()).await {
            Err(error) if lost(&error) == Some(Lost::UnderTheCall) => {}
            answer => return Ok(answer?),
        }
    }
    Ok(channel.clone().oneshot(request()).await?)
}

/// What became of a connection.
#[derive(Debug, PartialEq, Eq)]
enum Lost {
    /// There was none, and none could be made.
    BeforeTheCall,
    /// It was closed or broke.
    UnderTheCall,
}

/// Whether it was the connection that failed, and not the neighbour.
fn lost(error: &(dyn StdError + 'static)) -> Option<Lost> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if cause.is::<ConnectError>() {
            return Some(Lost::BeforeTheCall);
        }
        if cause.is::<hyper::Error>() {
            return Some(Lost::UnderTheCall);
        }
        next = cause.source();
    }
    None
}
