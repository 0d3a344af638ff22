//! What others are told. Nothing comes in: this service asks its neighbour and hears no facts.

mod outgoing;

pub(crate) use outgoing::{PlanFact, StandardRecord};
