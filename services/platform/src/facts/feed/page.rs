//! Stretches of the feed, bounded in rows and in bytes.

use kernel::division::DivisionCode;
use prost::Message;
use proto::common::v1 as common;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::FeedRejection;
use crate::error::{Error, Result};

/// Where a page ends, whatever was asked for. With one message more (256 KiB) and what surrounds
/// them it stays below the 4 MiB that a client takes.
const PAGE_BYTES: i64 = 2 * 1024 * 1024;

/// The facts of one aggregate after a published version.
pub(super) async fn of_aggregate(
    pool: &PgPool,
    kind: &str,
    id: Uuid,
    after: u64,
    size: u32,
) -> Result<Vec<common::Fact>> {
    let messages = sqlx::query_scalar!(
        r#"select message as "message!" from (
               select message, published_version,
                      sum(octet_length(message)) over (order by published_version) as up_to
               from (select message, fact.published_version
                     from platform.publication join platform.fact using (fact_id)
                     where fact.aggregate_kind = $1 and fact.aggregate_id = $2
                       and fact.published_version > $3
                     order by fact.published_version limit $4) as asked) as measured
           where up_to - octet_length(message) < $5 order by published_version"#,
        kind,
        id,
        position(after),
        i64::from(size),
        PAGE_BYTES,
    )
    .fetch_all(pool)
    .await?;
    messages.iter().map(|message| decode(message)).collect()
}

/// The entries of an area after a sequence.
pub(super) async fn of_area(
    connection: &mut PgConnection,
    area: DivisionCode,
    after: u64,
    size: u32,
) -> Result<Vec<common::FeedEntry>> {
    let rows = sqlx::query!(
        r#"select sequence as "sequence!", message as "message!", chain as "chain!" from (
               select sequence, message, chain,
                      sum(octet_length(message)) over (order by sequence) as up_to
               from (select sequence, message, chain
                     from platform.feed join platform.publication using (fact_id)
                     where area = $1 and sequence > $2
                     order by sequence limit $3) as asked) as measured
           where up_to - octet_length(message) < $4 order by sequence"#,
        area.as_str(),
        position(after),
        i64::from(size),
        PAGE_BYTES,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(common::FeedEntry {
                sequence: row.sequence.cast_unsigned(),
                fact: Some(decode(&row.message)?),
                chain: row.chain.into(),
            })
        })
        .collect()
}

/// Where the feed of an area ends. `cursor` is what somebody has of it: epoch and sequence.
///
/// # Errors
/// When the cursor is of another epoch, or beyond the end.
pub(super) async fn head(
    connection: &mut PgConnection,
    area: DivisionCode,
    cursor: (u32, u64),
) -> Result<common::FeedHead> {
    let row = sqlx::query!(
        r#"select epoch, sequence as "sequence?", chain as "chain?"
           from platform.incarnation left join platform.feed_head on area = $1"#,
        area.as_str(),
    )
    .fetch_one(connection)
    .await?;
    let epoch = row.epoch.cast_unsigned();
    let sequence = row.sequence.unwrap_or(0).cast_unsigned();
    let (told, after) = cursor;
    if told != 0 && told != epoch {
        return Err(Error::refused(FeedRejection::EpochPassed { epoch }));
    }
    if after > sequence {
        return Err(Error::refused(FeedRejection::CursorAhead { sequence }));
    }
    Ok(common::FeedHead {
        epoch,
        sequence,
        chain: row.chain.unwrap_or_default().into(),
    })
}

/// The chain of an area at a sequence.
///
/// # Errors
/// When there is no such entry.
pub(super) async fn chain_at(
    connection: &mut PgConnection,
    area: DivisionCode,
    sequence: u64,
) -> Result<Vec<u8>> {
    let chain = sqlx::query_scalar!(
        "select chain from platform.feed where area = $1 and sequence = $2",
        area.as_str(),
        position(sequence),
    )
    .fetch_optional(connection)
    .await?;
    chain.ok_or_else(|| Error::refused(FeedRejection::EntryNotFound { sequence }))
}

/// How many facts of each kind an area has up to a sequence.
pub(super) async fn counts(
    connection: &mut PgConnection,
    area: DivisionCode,
    up_to: u64,
) -> Result<Vec<common::FactCount>> {
    let rows = sqlx::query!(
        r#"select aggregate_kind, kind, count(*) as "facts!"
           from platform.feed join platform.fact using (fact_id)
           where area = $1 and sequence <= $2
           group by aggregate_kind, kind order by aggregate_kind, kind"#,
        area.as_str(),
        position(up_to),
    )
    .fetch_all(connection)
    .await?;
    let counts = rows.into_iter().map(|row| common::FactCount {
        aggregate_kind: row.aggregate_kind,
        kind: row.kind,
        facts: row.facts.cast_unsigned(),
    });
    Ok(counts.collect())
}

/// A position beyond all that there can be is the end, not the beginning.
fn position(after: u64) -> i64 {
    i64::try_from(after).unwrap_or(i64::MAX)
}

fn decode(message: &[u8]) -> Result<common::Fact> {
    Ok(common::Fact::decode(message).map_err(anyhow::Error::from)?)
}
