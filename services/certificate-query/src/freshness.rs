//! How old the answers are.
//!
//! `results` says every second up to which moment everything recorded is on its stream, and up to
//! which place. Once our consumer has acknowledged that place, and nothing is parked or given up,
//! the moment holds for the tables, where it is written down; a replica takes it over with the
//! changes before it, so that it is known after a start without NATS, too. The consumer's
//! acknowledgements are asked for and not counted here, since several replicas share one consumer
//! and one database.

use futures::StreamExt;
use jiff::Timestamp;
use platform::Result;
use platform::bus::Bus;
use platform::inbox;
use platform::status::Chain;
use proto::common::v1::Watermark;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::events::incoming::{CERTIFICATES, OWNER, RESULTS};
use crate::index::store::age;

/// Follows the owner's watermarks.
pub struct Freshness {
    pool: PgPool,
    bus: Bus,
}

impl Freshness {
    /// What keeps the age of a database up to date.
    pub fn new(pool: PgPool, bus: Bus) -> Self {
        Self { pool, bus }
    }

    /// Follows until told to stop. A failure costs one watermark; the next one comes.
    pub async fn run(self, stop: CancellationToken) -> Result<()> {
        let mut watermarks = self.bus.watermarks(OWNER).await?;
        while let Some(Some(watermark)) = stop.run_until_cancelled(watermarks.next()).await {
            if let Err(error) = self.hear(&watermark).await {
                tracing::info!(cause = %Chain(&error), "a watermark passed unheard");
            }
        }
        Ok(())
    }

    /// Takes a watermark over once the tables have come as far.
    pub async fn hear(&self, watermark: &Watermark) -> Result<()> {
        let Some(as_of) = watermark.as_of else {
            return Ok(());
        };
        for subscription in [&CERTIFICATES, &RESULTS] {
            let up_to = watermark.published.iter();
            let sequence = up_to
                .filter(|published| published.aggregate_kind == subscription.aggregate_kind)
                .map(|published| published.stream_sequence)
                .max();
            let sequence = sequence.unwrap_or(0);
            if !inbox::has_applied(&self.pool, &self.bus, subscription, sequence).await? {
                return Ok(());
            }
        }
        let as_of = Timestamp::new(as_of.seconds, as_of.nanos).map_err(anyhow::Error::from)?;
        age::advance(&self.pool, as_of).await
    }
}
