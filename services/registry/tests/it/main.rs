//! The register's use cases against real PostgreSQL, through the same doors as in production.

mod catalogue;
mod codes;
mod directory;
mod enrollment;
mod requests;
mod rights;
mod setup;
