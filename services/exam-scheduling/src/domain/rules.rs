//! The numbers behind the rules. Their defaults and sources stand in `config.default.toml`.

use serde::Deserialize;

use super::staffing::StaffingRules;

/// All settings of this service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Rules {
    /// `[plan]`
    pub plan: PlanRules,
    /// `[conduct]`
    pub conduct: ConductRules,
    /// `[candidates]`
    pub candidates: CandidateRules,
    /// `[staffing]`
    pub staffing: StaffingRules,
}

/// What misconduct leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConductRules {
    /// For how many years the gravest misconduct excludes.
    pub ban_years: i16,
}

/// What holds for a plan as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRules {
    /// Full years on the day of the first session.
    pub minimum_age: i16,
    /// Exams of one organisation at which an examiner works in a row before somebody is warned.
    pub rotation_after: u32,
}

/// What holds for those who come onto a roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CandidateRules {
    /// Until when the years of a claim are counted.
    pub counted_until: CountedUntil,
    /// What becomes of somebody who is registered elsewhere for the same occupation and level.
    pub registered_elsewhere: Strictness,
    /// What becomes of somebody who holds the level or a higher one.
    pub level_held: Strictness,
}

/// Until when years are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountedUntil {
    /// The day of the first session.
    FirstSession,
    /// The day on which the candidate comes onto the roster.
    Admission,
}

/// What a rule does that is not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strictness {
    /// It keeps the candidate out.
    Refuse,
    /// It tells the organisation, and lets the candidate in.
    Warn,
}
