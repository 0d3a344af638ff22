//! The platform from outside: real processes, real PostgreSQL, real NATS, and the journey.
//!
//! Most tests look at one platform on which two journeys were made ([`walked`]): what they ask
//! leaves it as it was. Those that break things have a platform of their own. `LUBAN_SEED` chooses
//! other kills, `LUBAN_TEST_KEEP` leaves the platforms' folders behind.

mod access;
mod beyond;
mod clients;
mod doors;
mod faults;
mod foreign;
mod imports;
mod journey;
mod leaks;
mod plausible;
mod query;
mod readme;
mod rejections;
mod sources;
mod storm;
mod trace;
mod walked;
mod wire;
