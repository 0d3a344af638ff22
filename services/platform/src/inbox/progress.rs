//! How far a consumer has come.

use sqlx::PgPool;

use crate::bus::{Bus, Subscription};
use crate::error::Result;

/// Whether every fact of a subscription up to a stream sequence has had its effect: taken from the
/// bus, and none of them parked or given up. A later fact that is parked makes this false too,
/// which only delays the answer.
pub async fn has_applied(
    pool: &PgPool,
    bus: &Bus,
    subscription: &Subscription,
    stream_sequence: u64,
) -> Result<bool> {
    // In this order: what is acknowledged by now is in the tables that are looked at next.
    if bus.acknowledged_up_to(subscription).await? < stream_sequence {
        return Ok(false);
    }
    let waiting = sqlx::query_scalar!(
        r#"select exists (select from platform.parked where consumer = $1)
               or exists (select from platform.quarantine where consumer = $1 and given_up)
               as "waiting!""#,
        subscription.name(),
    )
    .fetch_one(pool)
    .await?;
    Ok(!waiting)
}
