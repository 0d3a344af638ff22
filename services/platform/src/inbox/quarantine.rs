//! Facts whose effect keeps failing: counted, given up, kept, replayed on command.

use kernel::ids::FactId;
use prost::Message;
use proto::common::v1::Fact;

use super::{Delivery, Handler, Inbox};
use crate::error::{Error, Result};
use crate::status;
use crate::unit::{Journal, Unit};

/// Notes a failure. After so many attempts the fact is given up: it counts as taken, and the
/// aggregate's later facts are parked behind it. Returns whether it was given up.
pub(super) async fn note_failure(
    journal: &Journal,
    consumer: &str,
    fact: &Fact,
    failure: &Error,
    attempts_allowed: i32,
) -> Result<bool> {
    let delivery = Delivery::of(fact)?;
    let mut unit = journal.begin_own().await?;
    let attempts = sqlx::query_scalar!(
        "insert into platform.quarantine
             (consumer, fact_id, aggregate_kind, aggregate_id, version, message, attempts, failure)
         values ($1, $2, $3, $4, $5, $6, $8, $7)
         on conflict (consumer, fact_id) do update
             set attempts = quarantine.attempts + excluded.attempts, failure = excluded.failure,
                 last_tried_at = now()
         returning attempts",
        consumer,
        delivery.fact_id,
        fact.aggregate_kind,
        delivery.aggregate_id,
        delivery.version,
        fact.encode_to_vec(),
        name(failure),
        // An outage says nothing about the fact.
        i32::from(!status::is_passing(failure)),
    )
    .fetch_one(unit.connection())
    .await?;
    // An outage is waited out, however long; only what fails by itself is given up.
    let gives_up = attempts >= attempts_allowed && !status::is_passing(failure);
    if gives_up {
        give_up(&mut unit, consumer, fact, failure).await?;
    }
    unit.commit().await?;
    Ok(gives_up)
}

/// Keeps a fact for a replay on command, and counts it as taken.
pub(super) async fn give_up(
    unit: &mut Unit,
    consumer: &str,
    fact: &Fact,
    failure: &Error,
) -> Result<()> {
    let delivery = Delivery::of(fact)?;
    sqlx::query!(
        "insert into platform.quarantine (consumer, fact_id, aggregate_kind, aggregate_id, version,
             message, attempts, failure, given_up)
         values ($1, $2, $3, $4, $5, $6, 1, $7, true)
         on conflict (consumer, fact_id) do update set given_up = true",
        consumer,
        delivery.fact_id,
        fact.aggregate_kind,
        delivery.aggregate_id,
        delivery.version,
        fact.encode_to_vec(),
        name(failure),
    )
    .execute(unit.connection())
    .await?;
    sqlx::query!(
        "insert into platform.inbox (consumer, fact_id, message_hash) values ($1, $2, $3)
         on conflict do nothing",
        consumer,
        delivery.fact_id,
        &fact.hash[..],
    )
    .execute(unit.connection())
    .await?;
    Ok(())
}

/// Applies a quarantined fact again, with what was parked behind it. Returns whether there was one.
pub async fn replay<H: Handler>(inbox: &Inbox<H>, fact_id: FactId) -> Result<bool> {
    let mut unit = inbox.journal.begin_own().await?;
    let message = sqlx::query_scalar!(
        "delete from platform.quarantine where consumer = $1 and fact_id = $2 and given_up
         returning message",
        inbox.consumer,
        fact_id.uuid(),
    )
    .fetch_optional(unit.connection())
    .await?;
    let Some(message) = message else {
        return Ok(false);
    };
    let fact = Fact::decode(message.as_slice()).map_err(anyhow::Error::from)?;
    inbox.apply_again(&mut unit, &fact).await?;
    unit.commit().await?;
    Ok(true)
}

/// What the failure is called; a text could repeat a value.
fn name(failure: &Error) -> String {
    match failure {
        Error::Refused(faults) => faults.leading().code.to_owned(),
        Error::Database(sqlx::Error::Database(database)) => format!(
            "database {} {}",
            database.code().unwrap_or_default(),
            database.constraint().unwrap_or_default(),
        ),
        Error::Database(_) => "database".to_owned(),
        Error::Unavailable { what, .. } => format!("{what} unavailable"),
        Error::Internal(_) => "internal".to_owned(),
    }
}
