//! Facts whose effect keeps failing: counted, given up, kept, and tried again when somebody asks.

use prost::Message;
use proto::common::v1::Fact;
use sha2::{Digest, Sha256};
use tracing::{info, warn};
use uuid::Uuid;

use super::apply::Passed;
use super::{Delivery, Handler, Inbox, Unreadable};
use crate::error::{Error, Result};
use crate::status::{self, Chain};
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

/// Keeps the bytes of a message that is no fact. Delivered again, it is the same message.
pub(super) async fn keep(
    journal: &Journal,
    consumer: &str,
    message: &[u8],
    why: Unreadable,
) -> Result<()> {
    let mut unit = journal.begin_own().await?;
    let hash = Sha256::digest(message);
    let id = Uuid::from_slice(&hash[..16]).map_err(anyhow::Error::from)?;
    sqlx::query!(
        "insert into platform.quarantine (consumer, fact_id, message, attempts, failure, given_up)
         values ($1, $2, $3, 1, $4, true)
         on conflict (consumer, fact_id) do update
             set attempts = quarantine.attempts + 1, last_tried_at = now()",
        consumer,
        id,
        message,
        why.to_string(),
    )
    .execute(unit.connection())
    .await?;
    unit.commit().await
}

/// Takes a fact out of quarantine.
pub(super) async fn release(unit: &mut Unit, consumer: &str, fact_id: Uuid) -> Result<()> {
    sqlx::query!(
        "delete from platform.quarantine where consumer = $1 and fact_id = $2",
        consumer,
        fact_id,
    )
    .execute(unit.connection())
    .await?;
    Ok(())
}

impl<H: Handler> Inbox<H> {
    /// Tries again what [`operator::ask_for_replay`](super::operator::ask_for_replay) was called
    /// for. What fails again stays in quarantine under its new failure.
    pub async fn replay_asked(&self) -> Result<()> {
        loop {
            let mut unit = self.journal.begin_own().await?;
            let asked = sqlx::query!(
                "select fact_id, message from platform.quarantine
                 where consumer = $1 and replay_asked limit 1 for update skip locked",
                self.consumer,
            )
            .fetch_optional(unit.connection())
            .await?;
            let Some(asked) = asked else {
                return Ok(());
            };
            match self.replay(unit, asked.fact_id, &asked.message).await {
                Ok(passed) => info!(consumer = self.consumer, ?passed, "replayed"),
                Err(failure) if status::is_passing(&failure) => return Err(failure),
                Err(failure) => {
                    warn!(consumer = self.consumer, error = %Chain(&failure), "a replay failed");
                    self.note_replay(asked.fact_id, &failure).await?;
                }
            }
        }
    }

    async fn replay(&self, mut unit: Unit, fact_id: Uuid, message: &[u8]) -> Result<Passed> {
        release(&mut unit, &self.consumer, fact_id).await?;
        let fact = Fact::decode(message).map_err(|_| Unreadable("no fact"))?;
        let passed = self.pass(&mut unit, &fact).await?;
        unit.commit().await?;
        Ok(passed)
    }

    async fn note_replay(&self, fact_id: Uuid, failure: &Error) -> Result<()> {
        let mut unit = self.journal.begin_own().await?;
        sqlx::query!(
            "update platform.quarantine
             set replay_asked = false, attempts = attempts + 1, failure = $3, last_tried_at = now()
             where consumer = $1 and fact_id = $2",
            self.consumer,
            fact_id,
            name(failure),
        )
        .execute(unit.connection())
        .await?;
        unit.commit().await
    }
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
        Error::Internal(cause) => cause
            .downcast_ref::<Unreadable>()
            .map_or_else(|| "internal".to_owned(), ToString::to_string),
    }
}
