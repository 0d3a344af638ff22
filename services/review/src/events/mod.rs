//! Facts on their way out and in.

mod consultation;
mod incoming;
mod outgoing;

pub(crate) use consultation::ConsultationRecord;
pub use incoming::RegistryFacts;
pub(crate) use outgoing::ApplicationFact;
