//! The sections that every service has, and what production insists on.
//!
//! What each key means stands in `config.default.toml`; here is what the code gets.

#![expect(missing_docs, reason = "config.default.toml is the reference")]

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, time::Duration};

use jiff::SignedDuration;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::access::Network;
use crate::crypto::secret_file;

/// tonic refuses larger messages by itself, whatever is set here.
const LARGEST_MESSAGE: usize = 4 * 1024 * 1024;

/// The settings common to all services. Documented in `config.default.toml`.
#[derive(Debug, Clone, Deserialize)]
pub struct Settings {
    pub service: Service,
    pub server: Server,
    pub database: Database,
    pub nats: Nats,
    pub clock: Clock,
    pub access: Access,
    pub keys: Keys,
    pub telemetry: Telemetry,
    pub neighbours: BTreeMap<String, Vec<String>>,
}

/// How strict a service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The default: real clock, real credentials.
    Production,
    /// Shown to people: business time from a file, tokens of the development issuer.
    Demo,
    /// Driven by tests.
    Test,
}

/// `[service]`
#[derive(Debug, Clone, Deserialize)]
pub struct Service {
    pub mode: Mode,
}

/// `[server]`
#[derive(Debug, Clone, Deserialize)]
pub struct Server {
    pub listen: SocketAddr,
    #[serde(deserialize_with = "duration")]
    pub request_timeout: Duration,
    pub max_message_bytes: usize,
    pub connection_calls: usize,
    pub max_header_bytes: u32,
    #[serde(deserialize_with = "duration")]
    pub connection_age: Duration,
    #[serde(deserialize_with = "duration")]
    pub keepalive_interval: Duration,
    #[serde(deserialize_with = "duration")]
    pub keepalive_timeout: Duration,
    #[serde(deserialize_with = "duration")]
    pub drain: Duration,
}

/// `[database]`
#[derive(Debug, Clone, Deserialize)]
pub struct Database {
    #[serde(deserialize_with = "optional")]
    pub url_file: Option<PathBuf>,
    #[serde(deserialize_with = "optional")]
    pub owner_url_file: Option<PathBuf>,
    pub max_connections: u32,
    #[serde(deserialize_with = "duration")]
    pub acquire_timeout: Duration,
    #[serde(deserialize_with = "duration")]
    pub statement_timeout: Duration,
}

/// `[nats]`
#[derive(Debug, Clone, Deserialize)]
pub struct Nats {
    pub url: Vec<String>,
    #[serde(deserialize_with = "optional")]
    pub credentials_file: Option<PathBuf>,
    pub replicas: usize,
    pub stream_bytes: i64,
    #[serde(deserialize_with = "duration")]
    pub overdue_after: Duration,
}

/// `[clock]`
#[derive(Debug, Clone, Deserialize)]
pub struct Clock {
    #[serde(deserialize_with = "optional")]
    pub business_time_file: Option<PathBuf>,
}

/// `[access]`
#[derive(Debug, Clone, Deserialize)]
pub struct Access {
    #[serde(deserialize_with = "optional")]
    pub jwks_file: Option<PathBuf>,
    #[serde(deserialize_with = "optional")]
    pub jwks_url: Option<String>,
    pub issuer: String,
    pub audience: String,
    #[serde(deserialize_with = "optional")]
    pub service_token_file: Option<PathBuf>,
    pub lodgings: u32,
    #[serde(deserialize_with = "duration")]
    pub lodging_period: Duration,
    pub trusted_proxies: Vec<Network>,
}

/// `[keys]`
#[derive(Debug, Clone, Deserialize)]
pub struct Keys {
    #[serde(deserialize_with = "optional")]
    pub directory: Option<PathBuf>,
}

/// `[telemetry]`
#[derive(Debug, Clone, Deserialize)]
pub struct Telemetry {
    #[serde(deserialize_with = "optional")]
    pub otlp_endpoint: Option<String>,
    pub log: String,
}

impl Database {
    /// Where the runtime role works.
    pub fn url(&self) -> crate::Result<SecretString> {
        secret_of(self.url_file.as_ref(), "database.url_file")
    }

    /// Where the owner of the tables works.
    pub fn owner_url(&self) -> crate::Result<SecretString> {
        secret_of(self.owner_url_file.as_ref(), "database.owner_url_file")
    }
}

fn secret_of(file: Option<&PathBuf>, key: &str) -> crate::Result<SecretString> {
    let file = file.ok_or_else(|| anyhow::anyhow!("{key} is not set"))?;
    Ok(SecretString::from(secret_file::read(file)?.as_str()))
}

impl Settings {
    /// Whether this is the real thing.
    pub fn in_production(&self) -> bool {
        self.service.mode == Mode::Production
    }

    /// The addresses of a neighbour.
    pub fn neighbour(&self, name: &str) -> crate::Result<&[String]> {
        let addresses = self
            .neighbours
            .get(name)
            .filter(|addresses| !addresses.is_empty());
        let addresses = addresses.ok_or_else(|| anyhow::anyhow!("neighbours.{name} is not set"))?;
        Ok(addresses)
    }

    /// What fits its type and is wrong all the same.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut checks = vec![
            (
                self.server.max_message_bytes <= LARGEST_MESSAGE,
                "server.max_message_bytes: at most 4194304",
            ),
            (
                self.server.connection_calls > 0,
                "server.connection_calls: at least 1",
            ),
            (
                self.database.max_connections > 0,
                "database.max_connections: at least 1",
            ),
            (!self.nats.url.is_empty(), "nats.url: at least one address"),
            (self.nats.replicas > 0, "nats.replicas: at least 1"),
            // One message of the largest size and what surrounds it.
            (
                self.nats.stream_bytes >= 1024 * 1024,
                "nats.stream_bytes: at least 1048576",
            ),
            (
                !self.access.issuer.is_empty(),
                "access.issuer: who issues the tokens?",
            ),
            (self.access.lodgings > 0, "access.lodgings: at least 1"),
            (
                self.access.jwks_file.is_some() != self.access.jwks_url.is_some(),
                "access.jwks_file, access.jwks_url: exactly one of the two",
            ),
        ];
        if self.in_production() {
            checks.extend(self.production_checks());
        }
        let failed = checks.into_iter().filter(|(holds, _)| !holds);
        failed.map(|(_, problem)| problem.to_owned()).collect()
    }

    fn production_checks(&self) -> [(bool, &'static str); 4] {
        [
            (
                self.clock.business_time_file.is_none(),
                "clock.business_time_file: production knows only the real clock",
            ),
            (
                self.nats.credentials_file.is_some(),
                "nats.credentials_file: production needs it",
            ),
            (
                self.keys.directory.is_some(),
                "keys.directory: production needs it",
            ),
            (
                self.access.issuer != crate::access::DEVELOPMENT_ISSUER,
                "access.issuer: production refuses the development issuer",
            ),
        ]
    }
}

/// Reads a duration above zero, such as `30s`: for `#[serde(deserialize_with = "duration")]`.
pub fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let given = SignedDuration::deserialize(deserializer)?;
    match Duration::try_from(given) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err(D::Error::custom(
            "expected a duration above zero, such as 30s",
        )),
    }
}

/// TOML has no null; an empty text says "not set", so that every key can stand in the defaults.
fn optional<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: From<String>,
{
    let text = String::deserialize(deserializer)?;
    Ok(Some(text).filter(|text| !text.is_empty()).map(T::from))
}
