//! Rows of the register. Finders of records that belong to somebody demand a scope; what everybody
//! may see says so in its name.

use std::fmt;

use kernel::occupation::OccupationRef;
use kernel::rejection::{Faults, Rejection};
use platform::Result;
use platform::error::corrupt;

pub(crate) mod body;
pub(crate) mod card;
pub(crate) mod code;
pub(crate) mod directory;
pub(crate) mod home;
pub(crate) mod organization;
pub(crate) mod person;
pub(crate) mod pool;
pub(crate) mod sanction;
pub(crate) mod site;

/// What is stored was judged before: what cannot be read is a defect.
fn readable<T>(what: &'static str, parsed: Result<T, impl Rejection>) -> Result<T> {
    parsed.map_err(Faults::from).map_err(corrupt(what))
}

/// Values in an array of texts.
fn texts(values: &[impl fmt::Display]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

/// Occupations out of an array of texts.
fn occupations(texts: &[String]) -> Result<Vec<OccupationRef>> {
    let occupations = texts.iter().map(|text| OccupationRef::parse(text));
    occupations
        .map(|parsed| readable("occupation", parsed))
        .collect()
}
