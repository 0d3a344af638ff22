//! The tables of the index. Writers run inside the unit that takes the fact in.

pub(crate) mod candidate;
pub(crate) mod certificate;
mod doors;

pub(crate) use doors::Doors;
