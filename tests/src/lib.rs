//! The whole platform driven from outside.

pub mod harness;
pub mod journey;
