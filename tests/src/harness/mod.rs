//! The whole platform as real processes, started for one test and gone with it.
//!
//! [`Platform`] is five services with databases and roles of their own, a private nats-server and,
//! where tests kill it, a private PostgreSQL. Everything listens on the loopback, lies in one
//! folder, and ends with the test however that ends. The binaries are those that were built last:
//! `./scripts/test` builds them before it tests.
//!
//! Around it is what tests look with: [`Collector`] receives the services' traces, [`Records`]
//! reads their tables as the superuser, [`streams`] what is on the bus, and [`Findings`] is what
//! two runs are compared by. [`Search`] looks for people in all of these. [`Chaos`] breaks the platform while a journey is on its way.

mod broker;
mod chaos;
mod collector;
mod databases;
pub mod drill;
mod findings;
mod keeper;
mod platform;
mod postgres;
mod program;
mod records;
mod search;
mod service;
mod settings;
pub mod streams;

pub use self::platform::{Options, Platform};
pub use chaos::{Chaos, Damage, Kill, Target};
pub use collector::{Collector, Span};
pub use findings::Findings;
pub use records::Records;
pub use search::Search;
pub use service::Service;
