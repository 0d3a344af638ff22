//! Facts: those that leave, with the messages that the public query lives on, and those that come.

pub(crate) mod incoming;
pub(crate) mod leaf;
pub(crate) mod outgoing;
