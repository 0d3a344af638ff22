//! Facts on their way out and in.

mod alert;
mod consultation;
mod incoming;
mod inspection;
mod measure;
mod outgoing;
mod panel;
mod watched;

pub(crate) use consultation::ConsultationRecord;
pub use incoming::RegistryFacts;
pub(crate) use inspection::InspectionRecord;
pub(crate) use outgoing::ApplicationFact;
pub(crate) use panel::PanelRecord;
pub use watched::{BatchFacts, CertificateFacts, PlanFacts};
