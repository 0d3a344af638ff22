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
