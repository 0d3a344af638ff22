//! The register's use cases against real PostgreSQL, through the same doors as in production.

mod assignments;
mod cards;
mod catalogue;
mod codes;
mod desk;
mod directory;
mod engagements;
mod enrollment;
mod imports;
mod keeping;
mod measures;
mod messages;
mod people;
mod people_import;
mod people_setup;
mod post;
mod published_rules;
mod rectifications;
mod requests;
mod resources;
mod rights;
mod sanctions;
mod settings;
mod setup;
mod sites;
