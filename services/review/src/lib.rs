//! review

pub mod domain;
mod store;
