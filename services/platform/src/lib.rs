//! The mechanism that every service stands on, without a word of the business.
//!
//! A command comes in through [`server`], is let through by [`access`], and becomes one
//! transaction in [`unit`](mod@unit): request seen? lock, decide, save, record facts, remember the reply,
//! commit. From there the [`facts`] relay carries what must be known elsewhere to the bus, and a
//! neighbour's [`inbox`] applies it once and in order. What people bring forward is looked into by
//! way of [`inquiry`], and what waits for whom is on the [`desk`]. [`clock`] says which business day it is, [`reference`](mod@reference) what
//! all services go by on it; [`crypto`] keeps what only its owner may read.

pub mod access;
pub mod bus;
pub mod cli;
pub mod client;
pub mod clock;
pub mod config;
pub mod contract;
pub mod crypto;
pub mod db;
pub mod desk;
pub mod download;
pub mod error;
pub mod facts;
pub mod inbox;
pub mod inquiry;
pub mod pages;
pub mod proposal;
pub mod public_notice;
pub mod reference;
pub mod server;
pub mod sheets;
pub mod status;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
pub mod turns;
pub mod unit;
pub mod upload;

pub use error::{Error, Result};
