//! The use cases of results against a real database, as callers of its gRPC services see them.
//! The neighbours are played by a server of our own.

mod calls;
mod certificates;
mod changing;
mod desk;
mod forms;
mod holdings;
mod importing;
mod inquiries;
mod issuance;
mod neighbours;
mod notices;
mod objections;
mod opening;
mod orders;
mod prints;
mod recounting;
mod reissues;
mod resits;
mod reviews;
mod revocations;
mod scope;
mod scoring;
mod setup;
mod stages;
