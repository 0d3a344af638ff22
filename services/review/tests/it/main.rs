//! Review from outside: real gRPC with real tokens, real PostgreSQL, and a registry that answers
//! as it is told.

mod complaints;
mod conditions;
mod consultations;
mod corrections;
mod desk;
mod empty;
mod files;
mod handing_in;
mod inspections;
mod journey;
mod judgements;
mod measures;
mod objections;
mod pages;
mod panels;
mod people;
mod photos;
mod prints;
mod quotas;
mod reading;
mod recounting;
mod registry;
mod reports;
mod resources;
mod risk;
mod rounds;
mod scenes;
mod selections;
mod setup;
mod stages;
mod submissions;
mod uploads;
