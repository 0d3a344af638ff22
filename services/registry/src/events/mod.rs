//! Facts on their way out and in.

mod incoming;
mod outgoing;

pub use incoming::ReviewFacts;
