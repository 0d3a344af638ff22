//! From settings to a running service, and to its end.

use std::{sync::Arc, time::Duration};

use sqlx::PgPool;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::Definition;
use crate::{
    Result,
    access::{AccessLayer, ServiceToken},
    bus::Bus,
    client::{self, Neighbour},
    clock::BusinessClock,
    config::{self, Sections, Settings},
    crypto::{KeyRing, Vault},
    db,
    server::Server,
    status,
    unit::Journal,
};

/// Pause before a step of the start is taken again.
const AGAIN: Duration = Duration::from_secs(1);
/// How long closing the database may take.
const CLOSE: Duration = Duration::from_secs(2);

/// What a service is given to start with. The database has its schema, the bus connects.
pub struct Runtime<Extra> {
    /// The platform's settings.
    pub settings: Settings,
    /// The service's own.
    pub extra: Extra,
    /// The database.
    pub pool: PgPool,
    /// Where units of work begin.
    pub journal: Journal,
    /// NATS.
    pub bus: Bus,
    /// The server, to which the service adds its gRPC services and background tasks.
    pub server: Server,
    token: Option<Arc<ServiceToken>>,
}

impl<Extra> Runtime<Extra> {
    /// A channel to a neighbour.
    pub fn neighbour(&self, name: &str) -> Result<Neighbour> {
        let token = self.token.clone();
        let token = token.ok_or_else(|| anyhow::anyhow!("access.service_token_file is not set"))?;
        client::connect(&self.settings, name, token)
    }
}

/// Serves until asked to stop.
pub(super) async fn serve<Extra, Start, Started>(
    definition: Definition,
    settings: Settings,
    extra: Extra,
    start: Start,
) -> Result<()>
where
    Extra: Sections,
    Start: FnOnce(Runtime<Extra>) -> Started,
    Started: Future<Output = Result<Server>>,
{
    let stop = stop_on_signal()?;
    let pool = db::pool(&settings, definition.name)?;
    let started = async {
        db::wait_for_schema(&pool, &definition.migrations).await?;
        let runtime = runtime(&definition, settings, extra, pool.clone(), stop.clone()).await?;
        start(runtime).await
    };
    let server = tokio::select! {
        () = stop.cancelled() => return Ok(()),
        server = started => server?,
    };
    let served = server.run().await;
    // Whatever is still at work after the drain has lost its caller.
    let _ = tokio::time::timeout(CLOSE, pool.close()).await;
    served
}

async fn runtime<Extra: Sections>(
    definition: &Definition,
    settings: Settings,
    extra: Extra,
    pool: PgPool,
    stop: CancellationToken,
) -> Result<Runtime<Extra>> {
    if settings.in_production() {
        patiently(|| db::require_durability(&pool)).await?;
    }
    let vault = if Extra::KEEPS_PERSONAL_DATA {
        let keys = settings.keys.directory.as_ref();
        let keys = keys.ok_or_else(|| anyhow::anyhow!("keys.directory is not set"))?;
        let vault = patiently(async || Vault::open(pool.clone(), KeyRing::load(keys)?).await);
        Some(Arc::new(vault.await?))
    } else {
        None
    };
    let clock = BusinessClock::new(&settings.clock);
    let journal = || Journal::open(pool.clone(), vault.clone(), clock.clone(), definition.name);
    let journal = patiently(journal).await?;
    let bus = connect_bus(&settings.nats, definition.name).await?;
    let access = AccessLayer::new(&settings.access)?;
    let server = Server::bind(&settings, access, stop).await?;
    let token = settings.access.service_token_file.as_ref();
    let token = token.map(|file| Arc::new(ServiceToken::from_file(file)));
    Ok(Runtime {
        settings,
        extra,
        pool,
        journal,
        bus,
        server,
        token,
    })
}

/// Takes a step of the start again while the database is away; another failure ends the start.
async fn patiently<T>(mut step: impl AsyncFnMut() -> Result<T>) -> Result<T> {
    loop {
        match step().await {
            Err(error) if status::is_passing(&error) => {
                tracing::warn!(cause = %status::Chain(&error), "the start waits");
                tokio::time::sleep(AGAIN).await;
            }
            done => return done,
        }
    }
}

/// Does not insist on being connected: the relay and the consumers wait for the bus by themselves.
async fn connect_bus(settings: &config::Nats, service: &str) -> Result<Bus> {
    let mut options = async_nats::ConnectOptions::new()
        .name(service)
        .retry_on_initial_connect();
    if let Some(file) = &settings.credentials_file {
        options = options
            .credentials_file(file)
            .await
            .map_err(anyhow::Error::new)?;
    }
    let client = options
        .connect(&settings.url)
        .await
        .map_err(anyhow::Error::new)?;
    Ok(Bus::new(client, settings))
}

/// A token that is cancelled by SIGTERM (Kubernetes, `scripts/down`) and SIGINT (Ctrl-C).
fn stop_on_signal() -> Result<CancellationToken> {
    let mut terminate = signal(SignalKind::terminate()).map_err(anyhow::Error::new)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(anyhow::Error::new)?;
    let stop = CancellationToken::new();
    let asked = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        asked.cancel();
    });
    Ok(stop)
}
