//! The relay: carries pending publications to the service's stream.
//!
//! A publication is pending until the stream's acknowledgement is written beside it; there is no
//! cursor, so a commit that arrives late is simply taken late. Messages of different aggregates
//! are in flight together, those of one aggregate strictly one after another. Whoever holds the
//! advisory lock relays; two at once would only send duplicates, which every inbox knows.
//!
//! The stream can be lost. Its creation time and last sequence are remembered, and when it turns
//! out to be another stream, or to end before what it had acknowledged, everything it forgot
//! becomes pending again.

use std::collections::BTreeMap;
use std::time::Duration;

use async_nats::jetstream::message::PublishMessage;
use futures::{StreamExt, stream};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use prost::Message;
use proto::common::v1 as common;
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, Postgres};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};
use uuid::Uuid;

use super::feed;
use crate::bus::{Bus, away, stream_name, watermark_subject};
use crate::error::Result;
use crate::status::Chain;

/// Messages taken at once.
const TAKEN: i64 = 256;
/// Aggregates in flight together.
const IN_FLIGHT: usize = 128;
/// Pause when nothing is pending.
const IDLE: Duration = Duration::from_millis(50);
/// Longest pause after a failure.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// Key of the advisory lock; the lock is per database.
const RELAY_LOCK: i64 = 0x6c75_6261_6e00_0001;

/// The relay of one service.
pub struct Relay {
    pool: PgPool,
    bus: Bus,
    service: &'static str,
    /// Last stream sequence acknowledged, by aggregate kind; what watermarks tell.
    published: BTreeMap<String, i64>,
}

struct Pending {
    fact_id: Uuid,
    aggregate_kind: String,
    aggregate_id: Uuid,
    subject: String,
    message_id: String,
    message: Vec<u8>,
}

/// A message that the stream acknowledged.
struct Acknowledged {
    fact_id: Uuid,
    aggregate_kind: String,
    sequence: i64,
}

impl Relay {
    /// A relay of a service's publications.
    pub fn new(pool: PgPool, bus: Bus, service: &'static str) -> Self {
        Self { pool, bus, service, published: BTreeMap::new() }
    }

    /// Relays until told to stop. Failures are waited out: a fact is never given up.
    pub async fn run(mut self, stop: CancellationToken) -> Result<()> {
        let mut pause = IDLE;
        while !stop.is_cancelled() {
            match self.relay_while_leading(&stop).await {
                Ok(()) => pause = IDLE,
                Err(error) => {
                    warn!(error = %Chain(&error), "relay paused");
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
            let _ = tokio::time::timeout(pause, stop.cancelled()).await;
        }
        Ok(())
    }

    async fn relay_while_leading(&mut self, stop: &CancellationToken) -> Result<()> {
        let Some(mut lease) = self.lead().await? else { return Ok(()) };
        self.reconcile().await?;
        self.published = self.last_published().await?;
        info!(service = self.service, "relay leads");
        let mut next_watermark = tokio::time::Instant::now();
        while !stop.is_cancelled() {
            // The lock lives as long as its connection: a lost one ends the term.
            sqlx::query_scalar!("select 1 as one").fetch_one(&mut *lease).await?;
            let published = self.step().await?;
            if tokio::time::Instant::now() >= next_watermark {
                self.reconcile().await?;
                self.publish_watermark().await?;
                next_watermark = tokio::time::Instant::now() + Duration::from_secs(1);
            }
            if published == 0 {
                let _ = tokio::time::timeout(IDLE, stop.cancelled()).await;
            }
        }
        sqlx::query_scalar!("select pg_advisory_unlock($1)", RELAY_LOCK)
            .fetch_one(&mut *lease)
            .await?;
        Ok(())
    }

    /// A connection that holds the lock, unless somebody else leads.
    async fn lead(&self) -> Result<Option<PoolConnection<Postgres>>> {
        let mut lease = self.pool.acquire().await?;
        let leads = sqlx::query_scalar!("select pg_try_advisory_lock($1)", RELAY_LOCK)
            .fetch_one(&mut *lease)
            .await?;
        Ok(leads.unwrap_or(false).then_some(lease))
    }

    /// Publishes what is pending, up to one batch; returns how much that was.
    pub async fn step(&mut self) -> Result<usize> {
        let pending = self.take().await?;
        let mut by_aggregate: BTreeMap<Uuid, Vec<Pending>> = BTreeMap::new();
        for publication in pending {
            by_aggregate.entry(publication.aggregate_id).or_default().push(publication);
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

    async fn take(&self) -> Result<Vec<Pending>> {
        let pending = sqlx::query_as!(
            Pending,
            "select fact_id, aggregate_kind, aggregate_id, subject, message_id, message
             from platform.publication where stream_sequence is null
             order by position limit $1",
            TAKEN,
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(pending)
    }

    /// Publishes messages of one aggregate, each after the acknowledgement of the one before.
    async fn publish_in_order(&self, pending: Vec<Pending>) -> (Vec<Acknowledged>, Result<()>) {
        let mut acknowledged = Vec::with_capacity(pending.len());
        for publication in pending {
            match self.publish(&publication).await {
                Ok(sequence) => {
                    let Pending { fact_id, aggregate_kind, .. } = publication;
                    acknowledged.push(Acknowledged { fact_id, aggregate_kind, sequence });
                }
                Err(error) => return (acknowledged, Err(error)),
            }
        }
        (acknowledged, Ok(()))
    }

    async fn publish(&self, publication: &Pending) -> Result<i64> {
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
        Ok(acknowledgement.sequence.cast_signed())
    }

    /// Writes acknowledgements beside their publications, and appends the facts to their areas'
    /// feeds.
    async fn mark(&mut self, acknowledged: Vec<Acknowledged>) -> Result<()> {
        if acknowledged.is_empty() {
            return Ok(());
        }
        let (ids, sequences): (Vec<_>, Vec<_>) =
            acknowledged.iter().map(|done| (done.fact_id, done.sequence)).unzip();
        let mut transaction = self.pool.begin().await?;
        sqlx::query!(
            "update platform.publication set stream_sequence = new.sequence
             from unnest($1::uuid[], $2::bigint[]) as new (fact_id, sequence)
             where publication.fact_id = new.fact_id",
            &ids,
            &sequences,
        )
        .execute(&mut *transaction)
        .await?;
        feed::append(&mut transaction, &ids).await?;
        remember_last(&mut transaction, self.service, sequences.iter().copied().max()).await?;
        transaction.commit().await?;
        for done in acknowledged {
            let last = self.published.entry(done.aggregate_kind).or_default();
            *last = done.sequence.max(*last);
        }
        Ok(())
    }

    async fn last_published(&self) -> Result<BTreeMap<String, i64>> {
        let rows = sqlx::query!(
            r#"select aggregate_kind, max(stream_sequence) as "sequence!"
               from platform.publication where stream_sequence is not null
               group by aggregate_kind"#
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(|row| (row.aggregate_kind, row.sequence)).collect())
    }

    /// Compares the stream with what it was; what it forgot becomes pending again.
    async fn reconcile(&self) -> Result<()> {
        let stream = self.bus.ensure_stream(self.service).await?;
        let found = stream.get_info().await.map_err(|error| away("the stream", error))?;
        let created = microseconds(found.created.unix_timestamp_nanos())?;
        let last = found.state.last_sequence.cast_signed();
        let name = stream_name(self.service);

        let mut transaction = self.pool.begin().await?;
        let seen = sqlx::query!(
            "select created_at, last_sequence from platform.stream_seen where stream = $1
             for update",
            name,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let kept_up_to = match seen {
            Some(seen) if seen.created_at.to_jiff() != created => Some(0),
            Some(seen) if last < seen.last_sequence => Some(last),
            Some(_) => None,
            None => Some(0),
        };
        if let Some(kept_up_to) = kept_up_to {
            // What was published is told anew by the next term's watermarks.
            let forgotten = sqlx::query!(
                "update platform.publication set stream_sequence = null
                 where stream_sequence > $1",
                kept_up_to,
            )
            .execute(&mut *transaction)
            .await?
            .rows_affected();
            sqlx::query!(
                "insert into platform.stream_seen (stream, created_at, last_sequence)
                 values ($1, $2, $3)
                 on conflict (stream) do update
                     set created_at = excluded.created_at, last_sequence = excluded.last_sequence",
                name,
                created.to_sqlx() as _,
                kept_up_to,
            )
            .execute(&mut *transaction)
            .await?;
            if forgotten > 0 {
                warn!(stream = name, forgotten, "the stream forgot facts; they are pending again");
            }
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Tells listeners up to when everything recorded has been published.
    async fn publish_watermark(&self) -> Result<()> {
        // A transaction still open may yet commit facts recorded since it began.
        let as_of = sqlx::query_scalar!(
            r#"select least(
                   (select min(fact.recorded_at) from platform.publication
                    join platform.fact using (fact_id) where stream_sequence is null),
                   (select min(xact_start) from pg_stat_activity
                    where datname = current_database() and backend_xid is not null),
                   now()
               ) as "as_of!""#
        )
        .fetch_one(&self.pool)
        .await?
        .to_jiff();
        let epoch = sqlx::query_scalar!("select epoch from platform.incarnation")
            .fetch_one(&self.pool)
            .await?;
        let watermark = common::Watermark {
            service: self.service.to_owned(),
            epoch: epoch.cast_unsigned(),
            as_of: Some(prost_types::Timestamp {
                seconds: as_of.as_second(),
                nanos: as_of.subsec_nanosecond(),
            }),
            published: self
                .published
                .iter()
                .map(|(aggregate_kind, sequence)| common::PublishedUpTo {
                    aggregate_kind: aggregate_kind.clone(),
                    stream_sequence: sequence.cast_unsigned(),
                })
                .collect(),
        };
        self.bus
            .client()
            .publish(watermark_subject(self.service), watermark.encode_to_vec().into())
            .await
            .map_err(|error| away("the bus", error))
    }
}

async fn remember_last(
    connection: &mut PgConnection,
    service: &str,
    last: Option<i64>,
) -> Result<()> {
    sqlx::query!(
        "update platform.stream_seen set last_sequence = greatest(last_sequence, $2)
         where stream = $1",
        stream_name(service),
        last,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A server's time at the precision that the database keeps.
fn microseconds(nanoseconds: i128) -> Result<Timestamp> {
    let microseconds = i64::try_from(nanoseconds / 1000).map_err(anyhow::Error::from)?;
    Ok(Timestamp::from_microsecond(microseconds).map_err(anyhow::Error::from)?)
}
