//! What an operator does about facts that could not be applied.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use clap::{Args, Subcommand};
use kernel::ids::FactId;
use kernel::rejection::Rejection;
use sqlx::PgPool;

use super::Config;
use crate::inbox::operator::{self, Quarantined, Replay};
use crate::{Result, config::Settings, db};

/// How long a replay is waited for; a running consumer comes to it within about a second.
const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(200);

#[derive(Subcommand)]
pub(super) enum Action {
    /// Show what waits: id, consumer, aggregate and version, attempts, last failure, its time.
    List(Config),
    /// Have a fact tried again by the running service, with what waits behind it.
    Replay(OneFact),
    /// Throw away what was never a fact of its owner's. A genuine one must be replayed.
    Discard(OneFact),
}

#[derive(Args)]
pub(super) struct OneFact {
    /// The id that `list` shows.
    #[arg(value_parser = fact_id)]
    fact_id: FactId,
    #[command(flatten)]
    config: Config,
}

fn fact_id(text: &str) -> Result<FactId, String> {
    FactId::parse(text).map_err(|rejection| rejection.english())
}

impl Action {
    pub(super) fn config(&self) -> &Config {
        match self {
            Self::List(config) => config,
            Self::Replay(one) | Self::Discard(one) => &one.config,
        }
    }

    pub(super) async fn perform(&self, settings: &Settings, service: &str) -> Result<()> {
        let pool = db::pool(settings, service)?;
        let told = match self {
            Self::List(_) => listing(&operator::list(&pool).await?),
            Self::Replay(one) => replay(&pool, one.fact_id).await?,
            Self::Discard(one) => discard(&pool, one.fact_id).await?,
        };
        let written = io::stdout().write_all(told.as_bytes());
        Ok(written.map_err(anyhow::Error::new)?)
    }
}

fn listing(quarantined: &[Quarantined]) -> String {
    let line = |row: &Quarantined| {
        let place = row.place.as_ref().map_or_else(
            || "no fact".to_owned(),
            |place| {
                let (kind, id) = (&place.aggregate_kind, place.aggregate_id);
                format!("{kind} {id} version {}", place.version)
            },
        );
        let (id, consumer, at) = (row.fact_id, &row.consumer, row.last_tried_at);
        let (attempts, failure) = (row.attempts, &row.failure);
        format!("{id}  {consumer}  {place}  {attempts} attempts  {failure}  {at}\n")
    };
    quarantined.iter().map(line).collect()
}

/// Asks, and waits for what becomes of it.
async fn replay(pool: &PgPool, fact_id: FactId) -> Result<String> {
    let known = operator::list(pool).await?;
    let asked = known.into_iter().find(|row| row.fact_id == fact_id);
    let asked = asked.ok_or_else(|| not_there(fact_id))?;
    operator::ask_for_replay(pool, fact_id).await?;
    let began = Instant::now();
    loop {
        match operator::outcome(pool, &asked).await? {
            Replay::Applied => return Ok("applied\n".to_owned()),
            Replay::Parked => return Ok("waits for facts before it\n".to_owned()),
            Replay::Failed(failure) => {
                return Err(anyhow::anyhow!("it failed again: {failure}").into());
            }
            Replay::Asked if began.elapsed() > PATIENCE => {
                return Err(anyhow::anyhow!(
                    "not tried yet; it will be as soon as the service runs and can"
                )
                .into());
            }
            Replay::Asked => tokio::time::sleep(POLL).await,
        }
    }
}

async fn discard(pool: &PgPool, fact_id: FactId) -> Result<String> {
    if operator::discard(pool, fact_id).await? {
        Ok("discarded\n".to_owned())
    } else {
        Err(not_there(fact_id))
    }
}

fn not_there(fact_id: FactId) -> crate::Error {
    anyhow::anyhow!("{fact_id} is not in quarantine").into()
}
