//! The register's use cases against real PostgreSQL, through the same doors as in production.

mod codes;
mod directory;
mod enrollment;
mod rights;
mod setup;
