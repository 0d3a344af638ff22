//! Review from outside: real gRPC with real tokens, real PostgreSQL, and a registry that answers
//! as it is told.

mod complaints;
mod conditions;
mod consultations;
mod empty;
mod handing_in;
mod inspections;
mod journey;
mod measures;
mod pages;
mod people;
mod reading;
mod registry;
mod reports;
mod risk;
mod scenes;
mod selections;
mod setup;
mod submissions;
mod uploads;
