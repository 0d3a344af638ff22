//! What becomes of facts when the stream is lost.
//!
//! The stream's creation time and last sequence are remembered. When it turns out to be another
//! stream, or to end before what it had acknowledged, everything it forgot becomes pending again.
//! So it does when the stream gives a new message a place that it had given before: then its end
//! was lost and grew over between two looks.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{PgConnection, PgPool};
use tracing::warn;

use crate::bus::{Bus, away, stream_name};
use crate::error::Result;

/// Compares the stream with what it was; what it forgot becomes pending again.
pub(super) async fn reconcile(pool: &PgPool, bus: &Bus, service: &str) -> Result<()> {
    let stream = bus.ensure_stream(service).await?;
    let found = stream
        .get_info()
        .await
        .map_err(|error| away("the stream", error))?;
    let created = microseconds(found.created.unix_timestamp_nanos())?;
    let last = found.state.last_sequence.cast_signed();
    let name = stream_name(service);

    let mut transaction = pool.begin().await?;
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
        forget(&mut transaction, &name, kept_up_to).await?;
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
    }
    transaction.commit().await?;
    Ok(())
}

/// Looks at the lowest place that the stream has just given to new messages: it lies behind all
/// that were given before, or those from there on are lost. Two relays at once may see that where
/// nothing is lost; then facts are sent twice, and the broker knows them.
pub(super) async fn notice_overtaken(
    connection: &mut PgConnection,
    service: &str,
    lowest_fresh: Option<i64>,
) -> Result<()> {
    let Some(lowest) = lowest_fresh else {
        return Ok(());
    };
    let name = stream_name(service);
    let overtaken = sqlx::query!(
        "update platform.stream_seen set last_sequence = $2 - 1
         where stream = $1 and last_sequence >= $2",
        name,
        lowest,
    )
    .execute(&mut *connection)
    .await?;
    if overtaken.rows_affected() > 0 {
        forget(connection, &name, lowest - 1).await?;
    }
    Ok(())
}

/// Makes pending again whatever was acknowledged beyond a sequence, and counts anew what watermarks
/// tell.
async fn forget(connection: &mut PgConnection, stream: &str, kept_up_to: i64) -> Result<()> {
    // Years of facts may be pending again; that takes longer than any call may.
    sqlx::query!("set local statement_timeout = 0")
        .execute(&mut *connection)
        .await?;
    let forgotten = sqlx::query!(
        "update platform.publication set stream_sequence = null where stream_sequence > $1",
        kept_up_to,
    )
    .execute(&mut *connection)
    .await?
    .rows_affected();
    if forgotten > 0 {
        warn!(
            stream,
            forgotten, "the stream forgot facts; they are pending again"
        );
    }
    sqlx::query!("delete from platform.published_up_to")
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "insert into platform.published_up_to (aggregate_kind, stream_sequence)
         select aggregate_kind, max(stream_sequence) from platform.publication
         where stream_sequence is not null group by aggregate_kind",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Remembers the last sequence that the stream acknowledged.
pub(super) async fn remember_last(
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
