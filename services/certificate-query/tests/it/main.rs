//! The service against real PostgreSQL and real NATS: facts in at one end, answers out at the
//! others.

mod api;
mod bad_input;
mod doors;
mod facts;
mod grpc;
mod index;
mod limits;
mod openapi;
mod page;
mod page_doors;
mod serving;
mod setup;
mod uniform;
