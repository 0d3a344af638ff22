//! Inquiries: what people bring forward, and how it is looked into.
//!
//! The rules are [`kernel::inquiry`]'s. Here is what every service needs around them: the texts,
//! files and people, sealed and never taken out again; the code by which whoever brought something
//! forward asks about it; and the `InquiryService` that answers for all of them ([`Inquiries`]).
//!
//! A service opens an inquiry inside its own unit of work with [`open`], and closes it with
//! [`Case::close`] where the outcome means something to it. What lies between is done here.
//!
//! Whoever is accused never sees who brought something forward, nor in which words: an organisation
//! sees an inquiry once it was asked, and of it the questions, its own answers and the outcome.

mod case;
mod desk;
mod entry;
mod evidence;
mod face;
mod fact;
mod id;
mod read;
mod receipt;
mod recount;
mod refusal;
mod steps;
mod store;
mod words;

pub use case::{Case, Opening, open, require_centre};
pub use desk::{COMPLAINTS_ON_DESK, OBJECTIONS_ON_DESK};
pub use id::InquiryId;
pub use read::Tracked;
pub use recount::InquirySweep;
pub use refusal::{EvidenceRejection, InquiryRejection};
pub use words::{channel, outcome, party, written};

use crate::unit::Journal;

/// Aggregate kind of inquiries.
const INQUIRY: &str = "inquiry";

/// The inquiries of a service. Cheap to clone.
#[derive(Clone)]
pub struct Inquiries {
    journal: Journal,
}

impl Inquiries {
    /// The inquiries over a journal.
    pub fn new(journal: Journal) -> Self {
        Self { journal }
    }
}
