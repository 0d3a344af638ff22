//! Rows of the register. Finders of records that belong to somebody demand a scope; what everybody
//! may see says so in its name.

use std::fmt;

use kernel::division::DivisionCode;
use kernel::occupation::{Edition, OccupationCode, OccupationRef};
use platform::Result;
use platform::error::readable;

pub(crate) mod body;
pub(crate) mod card;
pub(crate) mod catalogue;
pub(crate) mod change;
pub(crate) mod code;
pub(crate) mod directory;
pub(crate) mod engagement;
pub(crate) mod history;
pub(crate) mod home;
pub(crate) mod human;
pub(crate) mod measure;
pub(crate) mod message;
pub(crate) mod organization;
pub(crate) mod person;
pub(crate) mod pool;
pub(crate) mod rectification;
pub(crate) mod right;
pub(crate) mod rules;
pub(crate) mod sanction;
pub(crate) mod settings;
pub(crate) mod site;

fn division(code: &str) -> Result<DivisionCode> {
    readable("division code", DivisionCode::parse(code))
}

fn occupation(edition: i16, code: &str) -> Result<OccupationRef> {
    let edition = readable("edition", Edition::of_year(edition.cast_unsigned()))?;
    let code = readable("occupation code", OccupationCode::parse(code))?;
    Ok(OccupationRef::new(edition, code))
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
