//! The gRPC server of every service, with its public pages on the same port.
//!
//! A call passes telemetry, the limit of its time and access, then reaches its method. The server says that it is
//! healthy once everything is in place, offers reflection outside production, keeps within
//! limits, and carries the service's background tasks: relay, consumers, sweeps.
//!
//! Asked to stop, it says that it is not serving, lets the background tasks finish what they have
//! in hand, answers the calls that are under way, and is gone when the time for that is over,
//! however long somebody holds a connection open. A background task that fails stops the whole
//! service: half of one would look healthy.

mod answers;
mod pages;

use std::{convert::Infallible, net::SocketAddr};

use proto::common::v1::fact_feed_service_server::FactFeedServiceServer;
use sqlx::PgPool;
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;
use tonic::{
    body::Body,
    server::NamedService,
    service::Routes,
    transport::{self, server::TcpIncoming},
};
use tonic_health::{ServingStatus, server::HealthReporter};
use tower::Service;

use answers::AnswerLayer;
pub use answers::CallRejection;
use pages::PagesLayer;

use crate::{
    Error, Result,
    access::AccessLayer,
    config::{self, Settings},
    facts::feed::Feed,
    status::Chain,
    telemetry::CallLayer,
};

/// The name under which the health of the whole server is asked.
const WHOLE: &str = "";

/// A server in the making; [`Server::run`] serves until stopped.
pub struct Server {
    listener: TcpListener,
    limits: config::Server,
    access: AccessLayer,
    routes: Routes,
    pages: Option<axum::Router>,
    health: HealthReporter,
    names: Vec<&'static str>,
    tasks: JoinSet<Result<()>>,
    stop: CancellationToken,
}

impl Server {
    /// Takes the address, so that it is known even when the settings leave the port open, but
    /// answers nobody yet. `stop` ends the server and its background tasks.
    pub async fn bind(
        settings: &Settings,
        access: AccessLayer,
        stop: CancellationToken,
    ) -> Result<Self> {
        let address = settings.server.listen;
        let listener = TcpListener::bind(address).await.map_err(|error| {
            anyhow::Error::new(error).context(format!("listening on {address}"))
        })?;
        let (health, health_service) = tonic_health::server::health_reporter();
        health
            .set_service_status(WHOLE, ServingStatus::NotServing)
            .await;
        let mut routes = Routes::new(health_service);
        if !settings.in_production() {
            let reflection = tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(proto::DESCRIPTOR_SET)
                .build_v1()
                .map_err(anyhow::Error::new)?;
            routes = routes.add_service(reflection);
        }
        Ok(Self {
            listener,
            limits: settings.server.clone(),
            access,
            routes,
            pages: None,
            health,
            names: vec![WHOLE],
            tasks: JoinSet::new(),
            stop,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> Result<SocketAddr> {
        Ok(self.listener.local_addr().map_err(anyhow::Error::new)?)
    }

    /// Adds a generated service. Give it `max_decoding_message_size` from the settings first:
    /// only the generated type can hold that limit, and without it tonic takes 4 MiB.
    #[must_use]
    pub fn add_service<S>(mut self, service: S) -> Self
    where
        S: Service<http::Request<Body>, Response = http::Response<Body>, Error = Infallible>
            + NamedService
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send + 'static,
    {
        self.names.push(S::NAME);
        self.routes = self.routes.add_service(service);
        self
    }

    /// Adds the feed of the service's facts.
    #[must_use]
    pub fn add_feed(self, pool: PgPool) -> Self {
        let feed = FactFeedServiceServer::new(Feed::new(pool, self.stop.clone()));
        let most_bytes = self.limits.max_message_bytes;
        self.add_service(feed.max_decoding_message_size(most_bytes))
    }

    /// Adds what the public may read over HTTP/1.1 and HTTP/2; see [`crate::pages::shown`]. No token is
    /// asked for and nothing can be changed: whatever is not gRPC comes here.
    #[must_use]
    pub fn add_pages(mut self, pages: axum::Router) -> Self {
        self.pages = Some(self.pages.unwrap_or_default().merge(pages));
        self
    }

    /// Starts a task beside the calls. It has to end soon after the token it is given.
    #[must_use]
    pub fn background<F>(mut self, task: impl FnOnce(CancellationToken) -> F) -> Self
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        self.tasks.spawn(task(self.stop.clone()));
        self
    }

    /// Serves until stopped.
    ///
    /// # Errors
    /// The first failure of a background task or of the server itself.
    pub async fn run(mut self) -> Result<()> {
        let address = self.address()?;
        let closing = CancellationToken::new();
        let router = builder(&self.limits)
            .accept_http1(self.pages.is_some())
            .layer(PagesLayer(self.pages))
            .layer(CallLayer::new(self.access.rules()))
            .layer(AnswerLayer::new(&self.limits))
            .layer(self.access)
            .add_routes(self.routes);
        let incoming = TcpIncoming::from(self.listener).with_nodelay(Some(true));
        let closed = closing.clone().cancelled_owned();
        self.tasks.spawn(async move {
            let served = router.serve_with_incoming_shutdown(incoming, closed).await;
            Ok(served.map_err(anyhow::Error::new)?)
        });
        for name in &self.names {
            self.health
                .set_service_status(name, ServingStatus::Serving)
                .await;
        }
        tracing::info!(%address, "serving");

        let ended = tokio::select! {
            () = self.stop.cancelled() => Ok(()),
            failure = first_failure(&mut self.tasks) => Err(failure),
        };

        self.stop.cancel();
        tracing::info!("stopping");
        for name in &self.names {
            self.health
                .set_service_status(name, ServingStatus::NotServing)
                .await;
            // Ends the streams of those who watch, which would else be waited for.
            self.health.clear_service_status(name).await;
        }
        closing.cancel();
        let drained = tokio::time::timeout(self.limits.drain, drain(&mut self.tasks)).await;
        match drained {
            Ok(()) => tracing::info!("stopped"),
            Err(_) => tracing::warn!(left = self.tasks.len(), "stopped before all was finished"),
        }
        ended
    }
}

/// The limits of a connection. Those against rapid resets are left as they are: hyper's own are the
/// defence. tonic's own limit of a call's time is not used, since it answers `CANCELLED`, which is
/// what a caller does who gives up.
fn builder(limits: &config::Server) -> transport::Server {
    transport::Server::builder()
        .concurrency_limit_per_connection(limits.connection_calls)
        .load_shed(true)
        .max_concurrent_streams(u32::try_from(limits.connection_calls).unwrap_or(u32::MAX))
        .http2_max_header_list_size(limits.max_header_bytes)
        .http2_keepalive_interval(Some(limits.keepalive_interval))
        .http2_keepalive_timeout(Some(limits.keepalive_timeout))
        // Without `max_connection_age_grace`: with it, tonic 0.14 skips the polite part and cuts
        // the connection, calls under way included.
        .max_connection_age(limits.connection_age)
}

/// A task that ends well before its time has done what it was for; one that does not ends all.
async fn first_failure(tasks: &mut JoinSet<Result<()>>) -> Error {
    loop {
        match tasks.join_next().await {
            Some(Ok(Ok(()))) => {}
            Some(Ok(Err(error))) => return error,
            Some(Err(panicked)) => return Error::Internal(panicked.into()),
            None => std::future::pending().await,
        }
    }
}

async fn drain(tasks: &mut JoinSet<Result<()>>) {
    while let Some(ended) = tasks.join_next().await {
        match ended {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(cause = %Chain(&error), "a task did not end well"),
            Err(error) => tracing::warn!(cause = %Chain(&error), "a task did not end well"),
        }
    }
}

#[cfg(test)]
mod tests;
