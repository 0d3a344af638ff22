//! Results: from the locked roster of an exam to certificates that anybody can check.
//!
//! This service owns scores, outcomes, public notices of results and the objections against them,
//! the review by city and province, certificate numbers and their ledger, and certificates with
//! their corrections and revocations (notice 4.3 and 4.4). It hears of plans from exam-scheduling,
//! asks it for the roster and registry for the right, and tells certificate-query what the public
//! may know.
//!
//! How a command travels: `grpc` parses it, with all its faults at once; `app` begins a unit,
//! locks the batch or certificate, loads what is concerned, lets [`domain`] decide, saves, records
//! the facts that `events` put into words, and finishes. Deadlines are commands too: a sweep
//! issues them when the day has come.

pub mod app;
pub mod config;
mod convert;
mod desk;
pub mod domain;
mod events;
pub mod grpc;
mod page;
mod papers;
mod service;
mod sheets;
mod show;
mod store;

use sqlx::migrate::Migrator;

pub use desk::desk;
pub use events::incoming::Plans;
pub use service::{definition, start};

/// The service's own migrations; the platform's come first.
pub static MIGRATIONS: Migrator = sqlx::migrate!();
