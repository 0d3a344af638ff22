//! Who may evaluate what.
//!
//! The registry enrols bodies, gives selected ones their evaluation organisation code and their
//! rights (occupation × trade × level × area × dates), answers live whether a right is held, and
//! keeps the public directory, of which it tells over gRPC and as JSON over HTTP. What happens to an
//! organisation afterwards is kept here, too: changes of its entry, rights that come and end,
//! measures on it, the rules and fees that it publishes, and the messages that it is told all this by. It also holds what everybody refers to: occupations by edition,
//! divisions, working days.
//!
//! A command comes in through `grpc`, where all faults of its form are told at once, those of the
//! spreadsheets that come with it (`sheets`) among them, becomes a use case in `app`, is decided in [`domain`] without I/O, and is saved by `store` together
//! with its facts, which `events` turns into messages. What review publishes comes in through
//! `events` too, and takes the same way.

use sqlx::migrate::Migrator;

mod app;
mod config;
mod desk;
pub mod domain;
mod events;
mod grpc;
mod http;
mod messages;
mod service;
mod sheets;
mod store;

pub use app::{App, Post, RectificationSweep};
pub use config::{MailSecurity, MailSettings, Sections};
pub use desk::desk;
pub use events::{InquiryFacts, ReviewFacts};
pub use grpc::Registry;
pub use http::directory as directory_pages;
pub use service::{definition, start};

/// The service's own migrations; the platform's come first.
pub static MIGRATIONS: Migrator = sqlx::migrate!();
