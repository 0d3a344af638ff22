//! Review from outside: real gRPC with real tokens, real PostgreSQL, and a registry that answers
//! as it is told.

mod conditions;
mod consultations;
mod empty;
mod handing_in;
mod journey;
mod reading;
mod registry;
mod reports;
mod scenes;
mod selections;
mod setup;
mod submissions;
mod uploads;
