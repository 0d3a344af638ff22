//! The rules of the register. Pure: no I/O, no clock; the business date comes with the command.

pub mod body;
pub mod catalogue;
pub mod code;
pub mod day;
pub mod directory;
pub mod divisions;
pub mod message;
pub mod organization;
pub mod people;
pub mod right;
pub mod rules;
pub mod settings;
pub mod site;

#[cfg(test)]
mod samples;
