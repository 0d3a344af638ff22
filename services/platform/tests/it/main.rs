//! The mechanism against real PostgreSQL and real NATS.

mod facts;
mod inbox;
mod proposals;
mod relay;
mod setup;
