//! Sanctions on people (责任追究, notice 6.3): what somebody may not do for a time, or ever.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{PersonId, SanctionId};
use serde::Serialize;

use super::engagement::PersonRole;

/// A sanction. Its grounds are not here: free text that may name somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sanction {
    /// `sanc_…`
    pub id: SanctionId,
    /// The entry of the human on whose account it was imposed.
    pub person_id: PersonId,
    /// Division of the centre that imposed it.
    pub imposed_by: DivisionCode,
    /// Duties it bars from; none means all.
    pub duties: Vec<PersonRole>,
    /// First day.
    pub from: Date,
    /// Last day; none means for ever.
    pub until: Option<Date>,
    /// Day from which it was lifted.
    pub lifted_on: Option<Date>,
}

impl Sanction {
    /// Whether it keeps somebody from a duty on a day.
    pub fn bars(&self, duty: PersonRole, on: Date) -> bool {
        let barred = |barred: &PersonRole| barred.is_same_duty(duty);
        (self.duties.is_empty() || self.duties.iter().any(barred))
            && self.from <= on
            && self.until.is_none_or(|until| on <= until)
            && self.lifted_on.is_none_or(|lifted| on < lifted)
    }
}
