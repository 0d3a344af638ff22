//! The command line that every service has, and what happens before its own code begins.
//!
//! A service describes itself and says how it starts; the rest is the same for all:
//!
//! ```text
//! registry serve       --config F   waits for its schema, serves until SIGTERM
//! registry migrate     --config F   brings the database to the newest schema, as its owner
//! registry healthcheck --config F   asks its own address; the exit code is the answer
//! registry quarantine list|replay <fact id>|discard <fact id> --config F
//!                                   neighbours' facts that could not be applied
//! ```

mod quarantine;
mod runtime;

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use sqlx::migrate::Migrator;
use tonic::transport::Endpoint;
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};

pub use runtime::Runtime;

use crate::{
    Result, client,
    config::{self, Sections},
    db,
    server::Server,
    status::Chain,
    telemetry::Telemetry,
};

const PROBE: Duration = Duration::from_secs(3);

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
    /// Look after neighbours' facts that could not be applied.
    #[command(subcommand)]
    Quarantine(quarantine::Action),
}

impl Command {
    fn config(&self) -> &Config {
        match self {
            Self::Serve(config) | Self::Migrate(config) | Self::Healthcheck(config) => config,
            Self::Quarantine(action) => action.config(),
        }
    }
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
    let matches = CommandLine::command()
        .name(definition.name)
        .version(definition.version)
        .get_matches();
    let command = CommandLine::from_arg_matches(&matches)
        .unwrap_or_else(|error| error.exit())
        .command;
    let variables = config::process_variables();
    let file = command.config().file.as_deref();
    let loaded = config::load(definition.defaults, file, &variables);
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
                logged(
                    &telemetry,
                    name,
                    version,
                    runtime::serve(definition, settings, extra, start),
                )
                .await
            }
            Command::Migrate(_) => {
                let migration = db::migrate(&settings, definition.migrations);
                let (name, version) = (definition.name, definition.version);
                logged(&settings.telemetry, name, version, migration).await
            }
            Command::Healthcheck(_) => told(probe(settings.server.listen).await),
            Command::Quarantine(action) => told(action.perform(&settings, definition.name).await),
        }
    })
}

/// The end of a command that a person, or a prober, waits for.
fn told(ended: Result<()>) -> ExitCode {
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&Chain(&error)),
    }
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

/// Asks the service at an address whether it is serving.
async fn probe(listen: SocketAddr) -> Result<()> {
    let endpoint = Endpoint::from_shared(format!("http://{}", reachable(listen)))
        .map_err(anyhow::Error::new)?
        .connect_timeout(PROBE)
        .timeout(PROBE);
    let channel = endpoint.connect().await.map_err(anyhow::Error::new)?;
    let whole = HealthCheckRequest {
        service: String::new(),
    };
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
        let fact = "fact_00000000000000000000000001";
        CommandLine::try_parse_from(["registry", "quarantine", "list"]).expect("all of them");
        for action in ["replay", "discard"] {
            let one = ["registry", "quarantine", action, fact];
            CommandLine::try_parse_from(one).expect("one of them");
            assert!(CommandLine::try_parse_from(&one[..3]).is_err());
            assert!(CommandLine::try_parse_from(["registry", "quarantine", action, "x"]).is_err());
        }
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
