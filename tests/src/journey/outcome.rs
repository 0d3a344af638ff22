//! What came of a journey, in a form in which two journeys can be compared.

use std::collections::BTreeMap;

/// The outcome of a journey.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// What is different each time.
    pub ids: Ids,
    /// What every journey must come to, whatever was killed under it.
    pub kinds: Kinds,
    /// Number of a certificate that is valid.
    pub certificate: String,
    /// Name of its holder.
    pub holder: String,
    /// Address of the public page.
    pub page: String,
    /// Names and numbers of everybody who took part.
    pub people: Vec<String>,
    /// What was heard besides answers.
    pub heard: Heard,
}

/// What callers heard besides answers.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    /// Every error, message and details as they came over the wire.
    pub errors: Vec<Vec<u8>>,
    /// Calls that broke off without an answer and were made again.
    pub broken_off: usize,
}

/// Ids that the platform gave.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each names the id it holds")]
pub struct Ids {
    pub organization: String,
    pub organization_code: String,
    pub application: String,
    pub selection_notice: String,
    pub plan: String,
    pub batch: String,
    pub results_notice: String,
    pub objection: String,
    /// Every certificate number, in the order of issue.
    pub certificates: Vec<String>,
}

/// Kinds of outcomes, with counts where there are many.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kinds {
    /// Refusals, in the order of the story.
    pub refusals: Vec<&'static str>,
    /// Where the application stands.
    pub application: &'static str,
    /// Where the organisation stands.
    pub organization: &'static str,
    /// Where the six applicants of the city's round stand.
    pub round: BTreeMap<&'static str, u32>,
    /// Where the plan stands.
    pub plan: &'static str,
    /// Rows of the batch by state.
    pub results: BTreeMap<&'static str, u32>,
    /// By level: numbers allocated, issued, voided, reserved.
    pub ledgers: BTreeMap<&'static str, [u32; 4]>,
    /// What the public query told at the end, by status.
    pub verified: BTreeMap<String, u32>,
}
