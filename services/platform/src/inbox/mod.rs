//! The inbox: a neighbour's facts, each applied once and in order.
//!
//! Three questions are asked of every delivery, in the transaction of its effect: was it taken
//! before (`inbox`), is it the next one of its aggregate (`gate`), and does its effect succeed. A
//! fact that is ahead is parked; what is missing before it is fetched from the owner's feed. One
//! whose effect keeps failing goes to `quarantine`, and later ones of that aggregate are parked
//! behind it, so that neither does a bad message stop the others nor does it disappear.

use std::future::Future;

use kernel::ids::FactId;
use proto::common::v1::Fact;
use uuid::Uuid;

use crate::error::Result;
use crate::unit::Unit;

mod apply;
mod consumer;
mod progress;
mod quarantine;

pub use apply::Inbox;
pub use consumer::{Consumer, Owner};
pub use progress::has_applied;
pub use quarantine::replay;

/// What a service does when it hears a fact. Kinds it does not care for are answered with `Ok`:
/// they only advance the gate.
pub trait Handler: Send + Sync + 'static {
    /// Applies the fact inside the unit; what it does commits together with the inbox.
    fn apply(&self, unit: &mut Unit, fact: &Fact) -> impl Future<Output = Result<()>> + Send;
}

/// The parts of a fact that decide about its delivery.
#[derive(Debug, Clone, Copy)]
struct Delivery {
    fact_id: Uuid,
    aggregate_id: Uuid,
    epoch: i32,
    version: i64,
}

impl Delivery {
    fn of(fact: &Fact) -> Result<Self> {
        let fact_id = FactId::parse(&fact.fact_id)
            .map_err(|_| anyhow::anyhow!("a fact without a readable id"))?;
        Ok(Self {
            fact_id: fact_id.uuid(),
            aggregate_id: Uuid::parse_str(&fact.aggregate_id).map_err(anyhow::Error::from)?,
            epoch: fact.epoch.cast_signed(),
            version: fact.published_version.cast_signed(),
        })
    }
}
