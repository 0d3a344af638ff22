//! Watermarks: everything recorded before this time is on the stream.

use prost::Message;
use proto::common::v1 as common;
use sqlx::PgPool;

use crate::bus::{Bus, away, watermark_subject};
use crate::error::Result;

/// Tells listeners up to when everything recorded has been published.
pub(super) async fn publish(pool: &PgPool, bus: &Bus, service: &str) -> Result<()> {
    // First whoever is still writing, then what is pending: a unit that commits in between is seen
    // by the second look.
    let writing_since = sqlx::query_scalar!(
        r#"select least(now(), (select min(xact_start) from pg_stat_activity
                                where datname = current_database() and backend_xid is not null))
               as "writing_since!""#
    )
    .fetch_one(pool)
    .await?
    .to_jiff();
    let pending_since = sqlx::query_scalar!(
        "select min(recorded_at) from platform.publication where stream_sequence is null"
    )
    .fetch_one(pool)
    .await?
    .map(jiff_sqlx::Timestamp::to_jiff);
    let as_of = pending_since.map_or(writing_since, |since| since.min(writing_since));
    let published =
        sqlx::query!("select aggregate_kind, stream_sequence from platform.published_up_to")
            .fetch_all(pool)
            .await?;
    let epoch = sqlx::query_scalar!("select epoch from platform.incarnation")
        .fetch_one(pool)
        .await?;
    let watermark = common::Watermark {
        service: service.to_owned(),
        epoch: epoch.cast_unsigned(),
        as_of: Some(prost_types::Timestamp {
            seconds: as_of.as_second(),
            nanos: as_of.subsec_nanosecond(),
        }),
        published: published
            .into_iter()
            .map(|row| common::PublishedUpTo {
                aggregate_kind: row.aggregate_kind,
                stream_sequence: row.stream_sequence.cast_unsigned(),
            })
            .collect(),
    };
    bus.client()
        .publish(watermark_subject(service), watermark.encode_to_vec().into())
        .await
        .map_err(|error| away("the bus", error))
}
