//! The relay: carries pending publications to the service's stream.
//!
//! A publication is pending until the stream's acknowledgement is written beside it; there is no
//! cursor, so a commit that arrives late is simply taken late. Messages of different aggregates
//! are in flight together, those of one aggregate strictly one after another. Whoever holds the
//! advisory lock relays; two at once would only send duplicates, which every inbox knows.
//!
//! The stream can be lost: see `reconcile`. Every second a watermark tells listeners up to
//! when everything recorded is on the stream. What waits too long is told in the log: see
//! `overdue`.

use std::collections::BTreeMap;
use std::time::Duration;

use async_nats::jetstream::message::PublishMessage;
use futures::{StreamExt, stream};
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, Postgres};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};
use uuid::Uuid;

use super::{feed, overdue, reconcile, watermark};
use crate::bus::{self, Bus, away, stream_name};
use crate::error::Result;
use crate::status::Chain;

/// Messages taken at once.
const TAKEN: i64 = 256;
/// Aggregates in flight together.
const IN_FLIGHT: usize = 128;
/// Pause when nothing is pending.
const IDLE: Duration = Duration::from_millis(100);
/// Longest pause after a failure.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// Key of the advisory lock that the session of the leading relay holds; the lock is per database.
pub const RELAY_LOCK: i64 = 0x6c75_6261_6e00_0001;

/// The relay of one service.
pub struct Relay {
    pool: PgPool,
    bus: Bus,
    service: &'static str,
}

struct Pending {
    fact_id: Uuid,
    aggregate_id: Uuid,
    subject: String,
    message_id: String,
    message: Vec<u8>,
}

/// A message that the stream acknowledged.
struct Acknowledged {
    fact_id: Uuid,
    sequence: i64,
    /// The stream had it already.
    duplicate: bool,
}

impl Relay {
    /// A relay of a service's publications.
    pub fn new(pool: PgPool, bus: Bus, service: &'static str) -> Self {
        Self { pool, bus, service }
    }

    /// Relays until told to stop. Failures are waited out: a fact is never given up.
    ///
    /// # Errors
    /// When the server does not take the stream's settings.
    pub async fn run(self, stop: CancellationToken) -> Result<()> {
        tokio::select! {
            ended = self.relay(&stop) => ended,
            () = overdue::watch(&self.pool, self.service, self.bus.overdue_after()) => Ok(()),
        }
    }

    async fn relay(&self, stop: &CancellationToken) -> Result<()> {
        let mut pause = IDLE;
        while !stop.is_cancelled() {
            let began = Instant::now();
            match self.relay_while_leading(stop).await {
                Ok(()) => pause = IDLE,
                Err(error) if bus::is_misconfigured(&error) => return Err(error),
                Err(error) => {
                    warn!(error = %Chain(&error), "relay paused");
                    // A long good term makes up for the failures before it.
                    let lately = began.elapsed() < LONGEST_PAUSE;
                    pause = if lately {
                        (pause * 2).min(LONGEST_PAUSE)
                    } else {
                        IDLE
                    };
                }
            }
            let _ = tokio::time::timeout(pause, stop.cancelled()).await;
        }
        Ok(())
    }

    async fn relay_while_leading(&self, stop: &CancellationToken) -> Result<()> {
        let Some(mut lease) = self.lead().await? else {
            return Ok(());
        };
        reconcile::reconcile(&self.pool, &self.bus, self.service).await?;
        info!(service = self.service, "relay leads");
        let mut next_watermark = Instant::now();
        while !stop.is_cancelled() {
            // The lock lives as long as its connection, on which the work is looked for: a lost
            // one ends the term.
            let published = self.step(&mut lease).await?;
            if Instant::now() >= next_watermark {
                reconcile::reconcile(&self.pool, &self.bus, self.service).await?;
                watermark::publish(&self.pool, &self.bus, self.service).await?;
                next_watermark = Instant::now() + Duration::from_secs(1);
            }
            if published == 0 {
                let _ = tokio::time::timeout(IDLE, stop.cancelled()).await;
            }
        }
        Ok(())
    }

    /// A connection that holds the lock, unless somebody else leads.
    async fn lead(&self) -> Result<Option<PoolConnection<Postgres>>> {
        let mut lease = self.pool.acquire().await?;
        // The lock goes with the connection, so the connection does not go back to the pool.
        lease.close_on_drop();
        let leads = sqlx::query_scalar!("select pg_try_advisory_lock($1)", RELAY_LOCK)
            .fetch_one(&mut *lease)
            .await?;
        Ok(leads.unwrap_or(false).then_some(lease))
    }

    /// Publishes what is pending, up to one batch; returns how much that was.
    pub async fn step(&self, connection: &mut PgConnection) -> Result<usize> {
        let pending = take(connection).await?;
        let mut by_aggregate: BTreeMap<Uuid, Vec<Pending>> = BTreeMap::new();
        for publication in pending {
            by_aggregate
                .entry(publication.aggregate_id)
                .or_default()
                .push(publication);
        }
        let mut in_flight = stream::iter(by_aggregate.into_values())
            .map(|publications| self.publish_in_order(publications))
            .buffer_unordered(IN_FLIGHT);
        let mut acknowledged = Vec::new();
        let mut failure = None;
        while let Some((done, outcome)) = in_flight.next().await {
            acknowledged.extend(done);
            failure = outcome.err().or(failure);
        }
        drop(in_flight);
        let published = acknowledged.len();
        self.mark(acknowledged).await?;
        failure.map_or(Ok(published), Err)
    }

    /// Publishes messages of one aggregate, each after the acknowledgement of the one before.
    async fn publish_in_order(&self, pending: Vec<Pending>) -> (Vec<Acknowledged>, Result<()>) {
        let mut acknowledged = Vec::with_capacity(pending.len());
        for publication in pending {
            match self.publish(&publication).await {
                Ok(done) => acknowledged.push(done),
                Err(error) => return (acknowledged, Err(error)),
            }
        }
        (acknowledged, Ok(()))
    }

    async fn publish(&self, publication: &Pending) -> Result<Acknowledged> {
        let message = PublishMessage::build()
            .payload(publication.message.clone().into())
            .message_id(&publication.message_id);
        // The first await hands the message to the socket; only the second is the acknowledgement.
        let acknowledgement = self
            .bus
            .jetstream()
            .send_publish(publication.subject.clone(), message)
            .await
            .map_err(|error| away("the bus", error))?
            .await
            .map_err(|error| away("the bus", error))?;
        // Some servers answer a duplicate whose original was lost with sequence 0.
        if acknowledgement.sequence == 0 || acknowledgement.stream != stream_name(self.service) {
            return Err(anyhow::anyhow!("acknowledged without a place on the stream").into());
        }
        Ok(Acknowledged {
            fact_id: publication.fact_id,
            sequence: acknowledgement.sequence.cast_signed(),
            duplicate: acknowledgement.duplicate,
        })
    }

    /// Writes acknowledgements beside their publications, and appends the facts to their areas'
    /// feeds.
    async fn mark(&self, acknowledged: Vec<Acknowledged>) -> Result<()> {
        if acknowledged.is_empty() {
            return Ok(());
        }
        let (ids, sequences): (Vec<_>, Vec<_>) = acknowledged
            .iter()
            .map(|done| (done.fact_id, done.sequence))
            .unzip();
        let fresh = acknowledged.iter().filter(|done| !done.duplicate);
        let lowest_fresh = fresh.map(|done| done.sequence).min();
        let mut transaction = self.pool.begin().await?;
        reconcile::notice_overtaken(&mut transaction, self.service, lowest_fresh).await?;
        sqlx::query!(
            "update platform.publication set stream_sequence = new.sequence
             from unnest($1::uuid[], $2::bigint[]) as new (fact_id, sequence)
             where publication.fact_id = new.fact_id",
            &ids,
            &sequences,
        )
        .execute(&mut *transaction)
        .await?;
        sqlx::query!(
            "insert into platform.published_up_to (aggregate_kind, stream_sequence)
             select aggregate_kind, max(stream_sequence) from platform.publication
             where fact_id = any($1) group by aggregate_kind order by aggregate_kind
             on conflict (aggregate_kind) do update set stream_sequence =
                 greatest(published_up_to.stream_sequence, excluded.stream_sequence)",
            &ids,
        )
        .execute(&mut *transaction)
        .await?;
        feed::append(&mut transaction, &ids).await?;
        reconcile::remember_last(
            &mut transaction,
            self.service,
            sequences.iter().copied().max(),
        )
        .await?;
        transaction.commit().await?;
        Ok(())
    }
}

async fn take(connection: &mut PgConnection) -> Result<Vec<Pending>> {
    let pending = sqlx::query_as!(
        Pending,
        "select fact_id, aggregate_id, subject, message_id, message
         from platform.publication where stream_sequence is null
         order by position limit $1",
        TAKEN,
    )
    .fetch_all(connection)
    .await?;
    Ok(pending)
}
