//! Accepting connections. axum's own loop waits for ever for headers that do not come, and the
//! public is who this address is for.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use platform::Result;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::Service;

use super::visitor::Peer;

/// Time for the headers of a request, and for the next request on a connection.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// Largest list of headers, in bytes.
const LARGEST_HEADERS: usize = 16 * 1024;
/// Pause when the process has no more files for connections.
const BREATH: Duration = Duration::from_millis(100);

/// Serves until stopped; then finishes the requests under way. How long it may take to do so is
/// the server's to say, to which this is a background task.
///
/// # Errors
/// None: a connection that fails is the end of that connection.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) -> Result<()> {
    let connections = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .max_buf_size(LARGEST_HEADERS);
    while let Some((stream, peer)) = stop.run_until_cancelled(accept(&listener)).await {
        let router = router.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            router.clone().call(request)
        });
        let connection = http.serve_connection(TokioIo::new(stream), service);
        let connection = connections.watch(connection);
        // That a client goes away in the middle is its own business.
        tokio::spawn(async move { drop(connection.await) });
    }
    drop(listener);
    connections.shutdown().await;
    Ok(())
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Answers are small and complete: nothing is gained by waiting for more.
                let _ = stream.set_nodelay(true);
                return (stream, peer);
            }
            Err(error) => {
                tracing::warn!(kind = %error.kind(), "a connection was not accepted");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}
