//! What somebody asks, as people type it: four pairs of things that only somebody has who has seen
//! a paper or its holder.
//!
//! All of them are read with the same patience: lower case, full width, spaces, hyphens, O for 0,
//! any middle dot. What was typed is in no text of a refusal, and no question can be printed.

use kernel::person_name::{PersonName, PersonNameRejection};
use kernel::rejection::FaultList;
use kernel::rejections;

mod number;
mod person;
mod token;

pub use number::{Hint, NumberRejection, Question};
pub use person::{DocumentQuestion, TicketQuestion, TicketRejection};
pub use token::{Token, TokenRejection};

rejections! {
    /// Why a name is not looked for, beside those of [`PersonNameRejection`].
    pub enum HolderRejection {
        /// There is no name.
        NameMissing => "HOLDER_NAME_MISSING", InvalidArgument, "notice 4.4",
            "输入持证人姓名", "enter the name of the holder";
    }
}

/// Reads the holder's name, or adds what is wrong with it.
fn holder(typed: &str, faults: &mut FaultList) -> Option<PersonName> {
    match PersonName::parse(typed) {
        Ok(name) => return Some(name),
        Err(PersonNameRejection::Empty) => faults.add("name", &HolderRejection::NameMissing),
        Err(other) => faults.add("name", &other),
    }
    None
}
