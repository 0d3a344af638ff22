//! Exam plans, their sessions and rosters, and what happened in the room.

pub mod domain;
pub mod store;
