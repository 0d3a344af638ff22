//! The rules of results, without a database, a network or a clock.
//!
//! Three aggregates: a [`Batch`](batch::Batch) with its counts and its public notice, one
//! [`CandidateResult`](result::CandidateResult) a candidate, one
//! [`Certificate`](certificate::Certificate) each. A decision looks at the state and answers with
//! facts or with every reason against it; applying the facts is the only thing that changes state.

pub mod batch;
pub mod certificate;
pub mod changing;
pub mod exam;
pub mod issuance;
pub mod notice;
pub mod person;
pub mod rejection;
pub mod resit;
pub mod result;
pub mod review;
pub mod roster;
#[cfg(test)]
mod samples;
pub mod scoring;
mod words;
