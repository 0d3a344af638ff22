//! Spreadsheets as people fill them in: a form like a request, with all faults of all rows at once.

pub(crate) mod calendar;

/// Faults that are told of one file; who has more begins with these.
const MOST_FAULTS: usize = 1_000;
