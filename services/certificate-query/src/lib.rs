//! The public face: is this certificate real, and what does it say today?
//!
//! The service decides nothing and records nothing of its own. Facts of `results` come in through
//! [`events`] and become rows, which every replica of the [`index`] holds in memory; a [`question`]
//! is answered from there alone, within limits ([`limit`]), over [`grpc`], over JSON, and on a page
//! that works without JavaScript ([`http`]). An unknown number and a wrong name are answered alike, what cannot be
//! checked is never called valid, and every answer says how old it is ([`freshness`]).

use std::sync::Arc;

use anyhow::Context;
use jiff::SignedDuration;
use platform::Result;
use platform::cli::{Definition, Runtime};
use platform::crypto::BlindIndexer;
use platform::inbox::{Consumer, Owner};
use platform::server::Server;
use sqlx::migrate::Migrator;
use tokio::net::TcpListener;

pub mod config;
pub mod events;
pub mod freshness;
pub mod grpc;
pub mod http;
pub mod index;
pub mod limit;
pub mod public;
pub mod question;
mod reason;

use config::QuerySections;
use events::incoming::{CERTIFICATES, Certificates, OWNER, RESULTS, Stages};
use freshness::Freshness;
use index::{Follower, Index};
use limit::Limiter;
use public::Public;

/// The service's name.
pub const SERVICE: &str = "certificate-query";

/// The service's own migrations; the platform's come first.
pub static MIGRATIONS: Migrator = sqlx::migrate!();

/// Largest question in bytes, over either door.
const LARGEST_QUESTION: usize = 4096;

/// What the service says about itself.
pub fn definition() -> Definition {
    Definition {
        name: SERVICE,
        version: env!("CARGO_PKG_VERSION"),
        defaults: include_str!("../config.default.toml"),
        migrations: sqlx::migrate!(),
    }
}

/// Puts the service together: two doors, two consumers, what follows the tables, and what watches
/// their age. Returns once the index is loaded; until then the HTTP door says how far it is, and
/// answers no question.
///
/// # Errors
/// When keys, addresses or settings cannot be used.
pub async fn start(runtime: Runtime<QuerySections>) -> Result<Server> {
    let keys = runtime
        .settings
        .keys
        .directory
        .as_ref()
        .context("keys.directory is not set")?;
    let pool = runtime.pool.clone();
    let settings = &runtime.extra.index;
    let vouch_for = SignedDuration::try_from(settings.vouch_for).context("index.vouch_for")?;
    let indexer = BlindIndexer::load(keys)?;
    let limits = runtime.extra.limits.clone();
    let proxies = runtime.settings.access.trusted_proxies.clone();
    let limiter = Arc::new(Limiter::new(limits, proxies, &indexer));
    let index = Arc::new(Index::new(indexer, vouch_for));
    let follower = Follower::new(pool.clone(), Arc::clone(&index), settings.follow_every);
    let public = Arc::new(Public::new(index, Arc::clone(&limiter)));

    let listen = runtime.extra.http.listen;
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("listening on {listen}"))?;
    let router = http::router(Arc::clone(&public), runtime.settings.server.request_timeout);

    let owner = Owner::new(runtime.neighbour(OWNER)?);
    let (journal, bus) = (runtime.journal.clone(), runtime.bus.clone());
    let results = Consumer::new(journal.clone(), bus.clone(), RESULTS, owner.clone(), Stages);
    let certificates = Consumer::new(journal, bus.clone(), CERTIFICATES, owner, Certificates);
    let freshness = Freshness::new(pool, bus.clone());

    let server = runtime
        .server
        .add_service(grpc::service(public))
        .background(|stop| http::serve(listener, router, stop))
        .background(|stop| certificates.run(stop))
        .background(|stop| results.run(stop))
        .background(|stop| freshness.run(stop))
        .background(|stop| limit::share::run(limiter, bus, stop));
    follower.load().await?;
    Ok(server.background(|stop| follower.run(stop)))
}
