//! How old the answers are.
//!
//! `results` says every second up to which moment everything recorded is on its stream, and up to
//! which place. Once our consumer has acknowledged that place, and nothing is parked or given up,
//! the moment holds for the index too. The consumer's acknowledgements are asked for and not
//! counted here, since several replicas share one consumer and one database. The moment never goes
//! back: a stream that was lost and published again takes nothing out of the index.

use std::sync::Arc;

use futures::StreamExt;
use jiff::Timestamp;
use platform::Result;
use platform::bus::Bus;
use platform::inbox;
use platform::status::Chain;
use proto::common::v1::Watermark;
use sqlx::PgPool;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::events::incoming::{CERTIFICATES, OWNER};

/// The moment up to which the index is complete; absent until it is known. Clones share it.
#[derive(Clone)]
pub struct DataAsOf(Arc<watch::Sender<Option<Timestamp>>>);

impl DataAsOf {
    /// Not known yet.
    pub fn unknown() -> Self {
        Self(Arc::new(watch::Sender::new(None)))
    }

    /// The moment, if it is known.
    pub fn get(&self) -> Option<Timestamp> {
        *self.0.borrow()
    }

    fn advance(&self, to: Timestamp) {
        self.0.send_if_modified(|known| {
            let later = known.is_none_or(|known| known < to);
            if later {
                *known = Some(to);
            }
            later
        });
    }
}

/// Follows the owner's watermarks.
pub struct Freshness {
    pool: PgPool,
    bus: Bus,
    data_as_of: DataAsOf,
}

impl Freshness {
    /// What keeps `data_as_of` up to date.
    pub fn new(pool: PgPool, bus: Bus, data_as_of: DataAsOf) -> Self {
        Self {
            pool,
            bus,
            data_as_of,
        }
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

    /// Takes a watermark over once the index has come as far.
    pub async fn hear(&self, watermark: &Watermark) -> Result<()> {
        let Some(as_of) = watermark.as_of else {
            return Ok(());
        };
        let up_to = watermark.published.iter();
        let sequence = up_to
            .filter(|published| published.aggregate_kind == CERTIFICATES.aggregate_kind)
            .map(|published| published.stream_sequence)
            .max();
        if inbox::has_applied(&self.pool, &self.bus, &CERTIFICATES, sequence.unwrap_or(0)).await? {
            let as_of = Timestamp::new(as_of.seconds, as_of.nanos).map_err(anyhow::Error::from)?;
            self.data_as_of.advance(as_of);
        }
        Ok(())
    }
}
