//! What the journey is told: where the platform stands and who issues tokens there.
//!
//! `scripts/up` writes the file. Apart from the clock it holds what any visitor knows; no address
//! of a database or of the broker is in it, so the journey cannot look behind the contract.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::Deserialize;

/// Settings of a journey.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Who issues tokens.
    pub access: Access,
    /// Where the services listen.
    pub services: Addresses,
    /// Where the public page is.
    pub http: Http,
    /// Where business time stands.
    pub clock: Clock,
    /// What is printed.
    pub papers: Papers,
}

/// What is printed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Papers {
    /// Folder in which it is kept, to be looked at.
    pub directory: PathBuf,
}

/// Who issues tokens.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// Folder of the development issuer's key.
    pub issuer_directory: PathBuf,
    /// `iss` that the services expect.
    pub issuer: String,
    /// `aud` that the services expect.
    pub audience: String,
}

/// Addresses of the gRPC servers, such as `http://127.0.0.1:27101`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "one field for each service, named like it")]
pub struct Addresses {
    pub registry: String,
    pub review: String,
    pub exam_scheduling: String,
    pub results: String,
    pub certificate_query: String,
}

/// Where the public page is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// Address of the page, with a slash at its end.
    pub page: String,
}

/// Where business time stands.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// The file that all services read.
    pub business_time_file: PathBuf,
}

impl Config {
    /// Reads the settings from a TOML file.
    pub fn read(file: &Path) -> Result<Self> {
        let text =
            fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
        toml::from_str(&text).with_context(|| format!("settings in {}", file.display()))
    }
}
