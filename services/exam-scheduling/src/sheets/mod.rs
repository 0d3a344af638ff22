//! Spreadsheets as people fill them in: a form like a request, with all faults of all rows at once.

pub(crate) mod candidates;
