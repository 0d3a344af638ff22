//! Exam plans, their sessions and rosters, and what happened in the room.
//!
//! An evaluation organisation drafts a plan, puts candidates on its roster, and reports it in
//! time (notice 4.1); the register is asked live whether it has the right. On the day it records
//! who came and who misbehaved, and completes each session; the last one locks the roster under a
//! digest, and `results` reads it page by page.
//!
//! A command comes in through `grpc`, where its form is read, becomes a use case in `app`, is
//! decided in `domain` without I/O, and is saved by `store` together with its facts, which
//! `events` turns into messages. Names, citizen ids and card numbers rest sealed, and leave the
//! service only on record.

use sqlx::migrate::Migrator;

mod app;
mod config;
mod desk;
pub mod domain;
mod events;
mod grpc;
mod service;
mod sheets;
pub mod store;

pub use app::App;
pub use desk::desk;
pub use grpc::ExamScheduling;
pub use service::{DEFAULTS, definition, start};

/// The service's own migrations; the platform's come first.
pub static MIGRATIONS: Migrator = sqlx::migrate!();
