//! The mechanism against real PostgreSQL and real NATS.

mod facts;
mod feed;
mod inbox;
mod proposals;
mod quarantine;
mod reference;
mod relay;
mod requests;
mod setup;
