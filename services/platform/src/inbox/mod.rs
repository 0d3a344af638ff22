//! The inbox: a neighbour's facts, each applied once and in order.
//!
//! Three questions are asked of every delivery, in the transaction of its effect: was it taken
//! before (`inbox`), is it the next one of its aggregate (`gate`), and does its effect succeed. A
//! fact that is ahead is parked; what is missing before it is fetched from the owner's feed. One
//! whose effect keeps failing goes to `quarantine`, and later ones of that aggregate are parked
//! behind it, so that neither does a bad message stop the others nor does it disappear. What to do
//! about it is up to an [`operator`].

use std::future::Future;

use kernel::ids::FactId;
use proto::common::v1::Fact;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::unit::Unit;

mod apply;
mod consumer;
pub mod operator;
mod progress;
mod quarantine;

pub use apply::Inbox;
pub use consumer::{Consumer, Owner};
pub use progress::has_applied;

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
    fn of(fact: &Fact) -> Result<Self, Unreadable> {
        let fact_id = FactId::parse(&fact.fact_id).map_err(|_| Unreadable("fact id"))?;
        let aggregate_id = Uuid::parse_str(&fact.aggregate_id);
        let epoch = i32::try_from(fact.epoch).ok().filter(|epoch| *epoch > 0);
        let version = i64::try_from(fact.published_version).ok();
        Ok(Self {
            fact_id: fact_id.uuid(),
            aggregate_id: aggregate_id.map_err(|_| Unreadable("aggregate id"))?,
            epoch: epoch.ok_or(Unreadable("epoch"))?,
            version: version
                .filter(|version| *version > 0)
                .ok_or(Unreadable("published version"))?,
        })
    }
}

/// A message that is no fact, or a fact that does not tell where it belongs; by what is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unreadable: {0}")]
struct Unreadable(&'static str);

impl From<Unreadable> for Error {
    fn from(unreadable: Unreadable) -> Self {
        Self::Internal(unreadable.into())
    }
}
