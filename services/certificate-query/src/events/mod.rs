//! Facts of neighbours. This service only listens: it has none of its own.

pub mod incoming;
