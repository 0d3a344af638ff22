//! Settings of this service beside the platform's; `config.default.toml` is the reference.

use std::net::SocketAddr;
use std::time::Duration;

use platform::config::{Sections, duration};
use serde::Deserialize;

use crate::limit::Limits;

/// The service's own sections.
#[derive(Debug, Clone, Deserialize)]
pub struct QuerySections {
    /// `[http]`
    pub http: Http,
    /// `[index]`
    pub index: Index,
    /// `[limits]`
    pub limits: Limits,
}

impl Sections for QuerySections {
    /// The index holds masked names and keyed digests; nothing in it is sealed.
    const KEEPS_PERSONAL_DATA: bool = false;
}

/// `[http]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// Where the page and its JSON door are served.
    pub listen: SocketAddr,
}

/// `[index]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// How often the changes in the database are taken over.
    #[serde(deserialize_with = "duration")]
    pub follow_every: Duration,
    /// How old the data may be and still be answered from.
    #[serde(deserialize_with = "duration")]
    pub vouch_for: Duration,
}
