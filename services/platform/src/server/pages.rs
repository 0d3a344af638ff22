//! The way to a service's pages: whoever asks for something else than gRPC asks for a page.

use std::convert::Infallible;
use std::task::{Context, Poll};

use axum::Router;
use futures::{FutureExt, future::BoxFuture};
use http::{Method, Request, Response, header};
use tonic::body::Body;
use tower::{Layer, Service, ServiceExt};

/// Puts pages in front of a server. Without any, everything goes to the server.
#[derive(Clone)]
pub(super) struct PagesLayer(pub(super) Option<Router>);

impl<S> Layer<S> for PagesLayer {
    type Service = Pages<S>;

    fn layer(&self, inner: S) -> Pages<S> {
        Pages {
            inner,
            router: self.0.clone(),
        }
    }
}

/// A server with pages in front of it.
#[derive(Clone)]
pub(super) struct Pages<S> {
    inner: S,
    router: Option<Router>,
}

impl<S> Service<Request<Body>> for Pages<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response<Body>, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        match &self.router {
            Some(router) if !is_call(&request) => {
                let answer = router.clone().oneshot(request.map(axum::body::Body::new));
                async move {
                    let Ok::<_, Infallible>(answer) = answer.await;
                    Ok(answer.map(Body::new))
                }
                .boxed()
            }
            _ => self.inner.call(request).boxed(),
        }
    }
}

/// Whether it is gRPC, which only ever POSTs and says what it sends. Another POST would be told by
/// a status of gRPC alone, under which HTTP says that all is well.
fn is_call(request: &Request<Body>) -> bool {
    let sent = request.headers().get(header::CONTENT_TYPE);
    let sent = sent.map_or(&[][..], |sent| sent.as_bytes());
    request.method() == Method::POST && sent.starts_with(b"application/grpc")
}
