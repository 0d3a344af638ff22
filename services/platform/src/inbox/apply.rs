//! One fact or many, one transaction.

use prost::Message;
use proto::common::v1::Fact;
use tracing::{Instrument, error, info_span, warn};

use super::{Delivery, Handler, quarantine};
use crate::error::Result;
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

    async fn take_alone(&self, fact: &Fact) -> Outcome {
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
        if fact.hash != facts::hash(fact).as_slice() {
            return Err(anyhow::anyhow!("a fact's hash is not its own").into());
        }
        if !self.first_time(unit, fact, &delivery).await? {
            return Ok(());
        }
        let applied = self.gate(unit, fact, &delivery).await?;
        if delivery.version <= applied {
            return Ok(());
        }
        if delivery.version > applied + 1 {
            return self.park(unit, fact, &delivery).await;
        }
        self.apply(unit, fact, &delivery).await?;
        // A fact that failed before and is applied now has nothing to answer for.
        sqlx::query!(
            "delete from platform.quarantine where consumer = $1 and fact_id = $2",
            self.consumer,
            delivery.fact_id,
        )
        .execute(unit.connection())
        .await?;
        self.apply_parked(unit, fact, delivery).await
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
    pub(super) async fn apply_parked(
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

    /// Takes the next fact of the aggregate out of the parked ones, if it is there.
    async fn unpark(
        &self,
        unit: &mut Unit,
        applied: &Fact,
        delivery: &Delivery,
    ) -> Result<Option<Fact>> {
        let next = sqlx::query_scalar!(
            "delete from platform.parked
             where consumer = $1 and aggregate_kind = $2 and aggregate_id = $3 and version = $4
                 and epoch = $5
             returning message",
            self.consumer,
            applied.aggregate_kind,
            delivery.aggregate_id,
            delivery.version + 1,
            delivery.epoch,
        )
        .fetch_optional(unit.connection())
        .await?;
        let next = next.map(|message| Fact::decode(message.as_slice()));
        Ok(next.transpose().map_err(anyhow::Error::from)?)
    }

    /// Applies a fact whose inbox entry exists already: one taken out of quarantine.
    pub(super) async fn apply_again(&self, unit: &mut Unit, fact: &Fact) -> Result<()> {
        let delivery = Delivery::of(fact)?;
        if self.gate(unit, fact, &delivery).await? + 1 == delivery.version {
            self.apply(unit, fact, &delivery).await?;
            self.apply_parked(unit, fact, delivery).await?;
        }
        Ok(())
    }
}
