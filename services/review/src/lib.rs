//! How an applicant becomes an evaluation organisation.
//!
//! An applicant opens an application, hands in its materials, and corrects what is given back. The
//! centre of the city or the province assesses it by documents, experts and a visit, two persons
//! decide, and the public is shown the decision for five working days. When nobody has objected the
//! organisation is selected; the registry hears that, gives the code, and the receipt follows. The
//! city reports it to the province (notice 3).
//!
//! A command comes in through `grpc`, where all faults of its form are told at once, becomes a
//! use case in `app`, is decided in [`domain`] without I/O, and is saved by `store` together
//! with its facts, which `events` turns into messages. What the registry publishes comes in
//! through `events` too; deadlines come from a sweep in `app`. All take the same way.

use sqlx::migrate::Migrator;

mod annexes;
mod app;
mod config;
mod desk;
pub mod domain;
mod events;
mod grpc;
mod messages;
mod pages;
mod scopes;
mod service;
mod sheets;
mod store;

pub use app::{
    App, DueSweep, MaterialSweep, Materials, Press, PublicNoticeSweep, Registry, SilenceSweep,
};
pub use config::Sections;
pub use desk::desk;
pub use events::{BatchFacts, CertificateFacts, PlanFacts, RegistryFacts};
pub use grpc::Review;
pub use service::{definition, start};

/// The service's own migrations; the platform's come first.
pub static MIGRATIONS: Migrator = sqlx::migrate!();
