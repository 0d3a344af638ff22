//! One fact or many, one transaction.

use prost::Message;
use proto::common::v1::Fact;
use tracing::{Instrument, error, info_span, warn};

use super::{Delivery, Handler, Unreadable, quarantine};
use crate::error::{Error, Result};
use crate::facts;
use crate::status::{self, Chain};
use crate::telemetry;
use crate::unit::{Journal, Unit};

/// Failures of one fact before it is given up.
const ATTEMPTS: i32 = 5;

/// The inbox of one consumer.
pub struct Inbox<H> {
    pub(super) journal: Journal,
    pub(super) consumer: String,
    handler: H,
}

/// What was done with a fact, so that the bus can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is in the database for good: applied, known before, parked or given up.
    Taken,
    /// Its effect failed; deliver it again later.
    Failed,
}

/// What the gate did with a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passed {
    /// It was the next one, and so it and what waited behind it are applied.
    Applied,
    /// Its version was applied before.
    Before,
    /// It waits for those before it.
    Parked,
}

impl<H: Handler> Inbox<H> {
    /// The inbox of a consumer, with what it does about facts.
    pub fn new(journal: Journal, consumer: String, handler: H) -> Self {
        Self {
            journal,
            consumer,
            handler,
        }
    }

    /// Takes facts in one transaction; where that fails, one by one. An outcome for each.
    pub async fn take(&self, facts: &[Fact]) -> Vec<Outcome> {
        match self.take_together(facts).await {
            Ok(()) => vec![Outcome::Taken; facts.len()],
            // Then one by one is no better, and takes the longer the more there are.
            Err(failure) if is_without_database(&failure) => {
                warn!(consumer = self.consumer, error = %Chain(&failure), "facts have to wait");
                vec![Outcome::Failed; facts.len()]
            }
            Err(_) => {
                let mut outcomes = Vec::with_capacity(facts.len());
                for fact in facts {
                    outcomes.push(self.take_alone(fact).await);
                }
                outcomes
            }
        }
    }

    async fn take_together(&self, facts: &[Fact]) -> Result<()> {
        let mut unit = self.journal.begin_own().await?;
        for fact in facts {
            self.take_in(&mut unit, fact).await?;
        }
        unit.commit().await
    }

    /// Keeps a message that cannot be delivered at all; it counts as taken.
    pub(super) async fn set_aside(&self, message: &[u8], why: Unreadable) -> Outcome {
        match quarantine::keep(&self.journal, &self.consumer, message, why).await {
            Ok(()) => {
                error!(consumer = self.consumer, %why, "a message is quarantined");
                Outcome::Taken
            }
            Err(error) => {
                warn!(consumer = self.consumer, error = %Chain(&error), "a message was not kept");
                Outcome::Failed
            }
        }
    }

    async fn take_alone(&self, fact: &Fact) -> Outcome {
        if let Err(unreadable) = Delivery::of(fact) {
            return self.set_aside(&fact.encode_to_vec(), unreadable).await;
        }
        let failure = match self.take_together(std::slice::from_ref(fact)).await {
            Ok(()) => return Outcome::Taken,
            Err(failure) => failure,
        };
        warn!(consumer = self.consumer, kind = fact.kind, error = %Chain(&failure),
            "a fact's effect failed");
        match quarantine::note_failure(&self.journal, &self.consumer, fact, &failure, ATTEMPTS)
            .await
        {
            Ok(true) => {
                error!(
                    consumer = self.consumer,
                    kind = fact.kind,
                    "a fact is quarantined"
                );
                Outcome::Taken
            }
            Ok(false) => Outcome::Failed,
            Err(error) => {
                warn!(consumer = self.consumer, error = %Chain(&error), "a failure was not noted");
                Outcome::Failed
            }
        }
    }

    async fn take_in(&self, unit: &mut Unit, fact: &Fact) -> Result<()> {
        let delivery = Delivery::of(fact)?;
        if !self.first_time(unit, fact, &delivery).await? {
            return Ok(());
        }
        if self.pass(unit, fact).await? == Passed::Applied {
            // A fact that failed before and is applied now has nothing to answer for.
            quarantine::release(unit, &self.consumer, delivery.fact_id).await?;
        }
        Ok(())
    }

    /// Applies a fact if it is the next one, and what was parked behind it.
    pub(super) async fn pass(&self, unit: &mut Unit, fact: &Fact) -> Result<Passed> {
        let delivery = Delivery::of(fact)?;
        if fact.hash != facts::hash(fact).as_slice() {
            return Err(anyhow::anyhow!("a fact's hash is not its own").into());
        }
        let applied = self.gate(unit, fact, &delivery).await?;
        if delivery.version <= applied {
            return Ok(Passed::Before);
        }
        if delivery.version > applied + 1 {
            self.park(unit, fact, &delivery).await?;
            return Ok(Passed::Parked);
        }
        self.apply(unit, fact, &delivery).await?;
        self.apply_parked(unit, fact, delivery).await?;
        Ok(Passed::Applied)
    }

    /// Whether the fact is new here. The same id with another hash is corruption or forgery.
    async fn first_time(&self, unit: &mut Unit, fact: &Fact, delivery: &Delivery) -> Result<bool> {
        let inserted = sqlx::query!(
            "insert into platform.inbox (consumer, fact_id, message_hash) values ($1, $2, $3)
             on conflict do nothing",
            self.consumer,
            delivery.fact_id,
            &fact.hash[..],
        )
        .execute(unit.connection())
        .await?;
        if inserted.rows_affected() == 1 {
            return Ok(true);
        }
        let known = sqlx::query_scalar!(
            "select message_hash from platform.inbox where consumer = $1 and fact_id = $2",
            self.consumer,
            delivery.fact_id,
        )
        .fetch_one(unit.connection())
        .await?;
        if known != fact.hash {
            return Err(anyhow::anyhow!("a known fact came with another hash").into());
        }
        Ok(false)
    }

    /// The last version applied of the fact's aggregate, locked until the unit ends.
    async fn gate(&self, unit: &mut Unit, fact: &Fact, delivery: &Delivery) -> Result<i64> {
        let gate = sqlx::query!(
            "insert into platform.gate (consumer, aggregate_kind, aggregate_id, epoch, version)
             values ($1, $2, $3, $4, 0)
             on conflict (consumer, aggregate_kind, aggregate_id)
                 do update set version = gate.version
             returning epoch, version",
            self.consumer,
            fact.aggregate_kind,
            delivery.aggregate_id,
            delivery.epoch,
        )
        .fetch_one(unit.connection())
        .await?;
        // After a restore the owner may have forgotten what was applied here: that is for people.
        if delivery.epoch > gate.epoch && delivery.version <= gate.version {
            return Err(anyhow::anyhow!("the owner was restored to before what is applied").into());
        }
        // What is left over from before a restore never happened.
        if delivery.epoch < gate.epoch && delivery.version > gate.version {
            return Err(anyhow::anyhow!("a fact that its owner has forgotten").into());
        }
        Ok(gate.version)
    }

    async fn apply(&self, unit: &mut Unit, fact: &Fact, delivery: &Delivery) -> Result<()> {
        let span = info_span!(
            "fact.apply",
            consumer = self.consumer,
            kind = fact.kind,
            trace_id = tracing::field::Empty
        );
        telemetry::continue_trace(&span, &fact.traceparent);
        async {
            unit.follow_trace();
            self.handler.apply(unit, fact).await
        }
        .instrument(span)
        .await?;
        sqlx::query!(
            "update platform.gate set version = $4, epoch = $5
             where consumer = $1 and aggregate_kind = $2 and aggregate_id = $3",
            self.consumer,
            fact.aggregate_kind,
            delivery.aggregate_id,
            delivery.version,
            delivery.epoch,
        )
        .execute(unit.connection())
        .await?;
        Ok(())
    }

    async fn park(&self, unit: &mut Unit, fact: &Fact, delivery: &Delivery) -> Result<()> {
        sqlx::query!(
            "insert into platform.parked
                 (consumer, aggregate_kind, aggregate_id, version, message, epoch)
             values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
            self.consumer,
            fact.aggregate_kind,
            delivery.aggregate_id,
            delivery.version,
            fact.encode_to_vec(),
            delivery.epoch,
        )
        .execute(unit.connection())
        .await?;
        Ok(())
    }

    /// Applies what was parked right behind the fact just applied. One that fails by itself is
    /// given up at once, without taking back those before it.
    async fn apply_parked(
        &self,
        unit: &mut Unit,
        applied: &Fact,
        mut delivery: Delivery,
    ) -> Result<()> {
        while let Some(fact) = self.unpark(unit, applied, &delivery).await? {
            delivery = Delivery::of(&fact)?;
            sqlx::query!("savepoint parked")
                .execute(unit.connection())
                .await?;
            match self.apply(unit, &fact, &delivery).await {
                Ok(()) => {}
                Err(failure) if status::is_passing(&failure) => return Err(failure),
                Err(failure) => {
                    sqlx::query!("rollback to savepoint parked")
                        .execute(unit.connection())
                        .await?;
                    error!(consumer = self.consumer, kind = fact.kind, error = %Chain(&failure),
                        "a parked fact is quarantined");
                    return quarantine::give_up(unit, &self.consumer, &fact, &failure).await;
                }
            }
        }
        Ok(())
    }

    /// Takes the next fact of the aggregate out of the parked ones, if it is there. An owner that
    /// was restored gives a version anew, and then its last word counts.
    async fn unpark(
        &self,
        unit: &mut Unit,
        applied: &Fact,
        delivery: &Delivery,
    ) -> Result<Option<Fact>> {
        let next = sqlx::query!(
            "delete from platform.parked
             where consumer = $1 and aggregate_kind = $2 and aggregate_id = $3 and version = $4
             returning epoch, message",
            self.consumer,
            applied.aggregate_kind,
            delivery.aggregate_id,
            delivery.version + 1,
        )
        .fetch_all(unit.connection())
        .await?;
        let next = next.into_iter().filter(|row| row.epoch >= delivery.epoch);
        let next = next.max_by_key(|row| row.epoch);
        let next = next.map(|row| Fact::decode(row.message.as_slice()));
        Ok(next.transpose().map_err(anyhow::Error::from)?)
    }
}

fn is_without_database(failure: &Error) -> bool {
    use sqlx::Error::{Io, PoolClosed, PoolTimedOut};
    matches!(failure, Error::Database(Io(_) | PoolClosed | PoolTimedOut))
}
