//! Facts on their way out and in.

mod incoming;
mod outgoing;

pub(crate) use incoming::FOLLOWED;
pub use incoming::ReviewFacts;
