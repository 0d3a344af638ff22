//! The tables of the index. Writers run inside the unit that takes the fact in; readers are the
//! replicas, which follow the changes.

pub(crate) mod age;
pub(crate) mod candidate;
pub(crate) mod certificate;
pub(crate) mod change;
mod copy;
mod doors;

pub(crate) use doors::{Doors, PURPOSES_OF_A_CANDIDATE, PURPOSES_OF_A_CERTIFICATE};
