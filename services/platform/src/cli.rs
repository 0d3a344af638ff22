//! The command line that every service has, and what happens before its own code begins.
//!
//! A service describes itself and says how it starts; the rest is the same for all:
//!
//! ```text
//! registry serve       --config F   waits for its schema, serves until SIGTERM
//! registry migrate     --config F   brings the database to the newest schema, as its owner
//! registry healthcheck --config F   asks its own address; the exit code is the answer
//! ```

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use sqlx::{PgPool, migrate::Migrator};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tonic::transport::Endpoint;
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};

use crate::{
    Result,
    access::{AccessLayer, ServiceToken, Verifier},
    bus::Bus,
    client::{self, Neighbour},
    clock::BusinessClock,
    config::{self, Sections, Settings},
    crypto::{KeyRing, Vault},
    db,
    server::Server,
    status::Chain,
    telemetry::Telemetry,
    unit::Journal,
};

const PROBE: Duration = Duration::from_secs(3);
const CLOSE: Duration = Duration::from_secs(2);

/// What a service says about itself.
pub struct Definition {
    /// Its name, in traces, in the database's list of connections, and in its token.
    pub name: &'static str,
    /// Its version: `env!("CARGO_PKG_VERSION")`.
    pub version: &'static str,
    /// Its settings' defaults: `include_str!("../config.default.toml")`.
    pub defaults: &'static str,
    /// Its migrations: `sqlx::migrate!()`.
    pub migrations: Migrator,
}

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

#[derive(Parser)]
#[command(disable_help_subcommand = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve until asked to stop.
    Serve(Config),
    /// Bring the database to the newest schema, as its owner.
    Migrate(Config),
    /// Ask the service at its own address whether it is serving.
    Healthcheck(Config),
}

#[derive(Args)]
struct Config {
    /// File with the settings that differ from the defaults.
    #[arg(long = "config", value_name = "FILE")]
    file: Option<PathBuf>,
}

/// The whole `main` of a service.
pub fn run<Extra, Start, Started>(definition: Definition, start: Start) -> ExitCode
where
    Extra: Sections,
    Start: FnOnce(Runtime<Extra>) -> Started,
    Started: Future<Output = Result<Server>>,
{
    let matches =
        CommandLine::command().name(definition.name).version(definition.version).get_matches();
    let command = CommandLine::from_arg_matches(&matches).unwrap_or_else(|error| error.exit()).command;
    let (Command::Serve(config) | Command::Migrate(config) | Command::Healthcheck(config)) =
        &command;
    let variables = config::process_variables();
    let loaded = config::load(definition.defaults, config.file.as_deref(), &variables);
    let (settings, extra) = match loaded {
        Ok(loaded) => loaded,
        Err(problems) => return complain(&problems),
    };
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&error),
    };
    runtime.block_on(async {
        match command {
            Command::Serve(_) => {
                let telemetry = settings.telemetry.clone();
                let (name, version) = (definition.name, definition.version);
                logged(&telemetry, name, version, serve(definition, settings, extra, start)).await
            }
            Command::Migrate(_) => {
                let migration = db::migrate(&settings, definition.migrations);
                let (name, version) = (definition.name, definition.version);
                logged(&settings.telemetry, name, version, migration).await
            }
            Command::Healthcheck(_) => match probe(settings.server.listen).await {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => complain(&Chain(&error)),
            },
        }
    })
}

/// Before there is a log, and where a person is looking.
fn complain(error: &dyn fmt::Display) -> ExitCode {
    eprintln!("error: {error}");
    ExitCode::FAILURE
}

/// Does the work with telemetry around it, and tells its end by log and exit code.
async fn logged(
    settings: &config::Telemetry,
    service: &'static str,
    version: &'static str,
    work: impl Future<Output = Result<()>>,
) -> ExitCode {
    let telemetry = match Telemetry::start(settings, service, version) {
        Ok(telemetry) => telemetry,
        Err(error) => return complain(&Chain(&error)),
    };
    let code = match work.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(cause = %Chain(&error), "ended");
            ExitCode::FAILURE
        }
    };
    telemetry.stop();
    code
}

async fn serve<Extra, Start, Started>(
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
        db::require_durability(&pool).await?;
    }
    let keys = settings.keys.directory.as_ref();
    let keys = keys.ok_or_else(|| anyhow::anyhow!("keys.directory is not set"))?;
    let vault = if Extra::KEEPS_PERSONAL_DATA {
        Some(Arc::new(Vault::open(pool.clone(), KeyRing::load(keys)?).await?))
    } else {
        None
    };
    let clock = BusinessClock::new(&settings.clock);
    let journal = Journal::open(pool.clone(), vault, clock, definition.name).await?;
    let bus = connect_bus(&settings.nats, definition.name).await?;
    let access = AccessLayer::new(Verifier::new(&settings.access)?)?;
    let server = Server::bind(&settings, access, stop).await?;
    let token = settings.access.service_token_file.as_ref();
    let token = token.map(|file| Arc::new(ServiceToken::from_file(file)));
    Ok(Runtime { settings, extra, pool, journal, bus, server, token })
}

/// Does not insist on being connected: the relay and the consumers wait for the bus by themselves.
async fn connect_bus(settings: &config::Nats, service: &str) -> Result<Bus> {
    let mut options = async_nats::ConnectOptions::new().name(service).retry_on_initial_connect();
    if let Some(file) = &settings.credentials_file {
        options = options.credentials_file(file).await.map_err(anyhow::Error::new)?;
    }
    let client = options.connect(&settings.url).await.map_err(anyhow::Error::new)?;
    Ok(Bus::new(client, settings.replicas))
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

/// Asks the service at an address whether it is serving.
async fn probe(listen: SocketAddr) -> Result<()> {
    let endpoint = Endpoint::from_shared(format!("http://{}", reachable(listen)))
        .map_err(anyhow::Error::new)?
        .connect_timeout(PROBE)
        .timeout(PROBE);
    let channel = endpoint.connect().await.map_err(anyhow::Error::new)?;
    let whole = HealthCheckRequest { service: String::new() };
    let answer = HealthClient::new(channel).check(whole).await;
    let answer = answer.map_err(|status| client::away("the service", status))?;
    match answer.into_inner().status() {
        ServingStatus::Serving => Ok(()),
        other => Err(anyhow::anyhow!("{}", other.as_str_name()).into()),
    }
}

/// An address that stands for all of the machine's is asked on the loopback.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_commands_take_a_file_or_none() {
        for command in ["serve", "migrate", "healthcheck"] {
            CommandLine::try_parse_from(["registry", command]).expect("defaults may be enough");
            CommandLine::try_parse_from(["registry", command, "--config", "f.toml"]).expect("file");
        }
        assert!(CommandLine::try_parse_from(["registry"]).is_err());
        CommandLine::command().debug_assert();
    }

    #[test]
    fn a_wildcard_address_is_asked_on_the_loopback() {
        for (listen, asked) in [
            ("0.0.0.0:1", "127.0.0.1:1"),
            ("[::]:1", "[::1]:1"),
            ("192.0.2.7:1", "192.0.2.7:1"),
        ] {
            let listen = listen.parse().expect("an address");
            assert_eq!(reachable(listen).to_string(), asked);
        }
    }
}
