//! Watermarks: everything recorded before this time is on the stream.

use std::collections::BTreeMap;

use prost::Message;
use proto::common::v1 as common;
use sqlx::PgPool;

use crate::bus::{Bus, away, watermark_subject};
use crate::error::Result;

/// Tells listeners up to when everything recorded has been published.
pub(super) async fn publish(
    pool: &PgPool,
    bus: &Bus,
    service: &str,
    published: &BTreeMap<String, i64>,
) -> Result<()> {
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
    .fetch_one(pool)
    .await?
    .to_jiff();
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
            .iter()
            .map(|(aggregate_kind, sequence)| common::PublishedUpTo {
                aggregate_kind: aggregate_kind.clone(),
                stream_sequence: sequence.cast_unsigned(),
            })
            .collect(),
    };
    bus.client()
        .publish(watermark_subject(service), watermark.encode_to_vec().into())
        .await
        .map_err(|error| away("the bus", error))
}
