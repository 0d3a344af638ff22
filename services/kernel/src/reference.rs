//! What the province decides and all services go by: the working-day calendar and the pilot
//! parameters.
//!
//! The registry keeps both and tells the others; each has a copy, so that no rule waits for a
//! neighbour to know which day it is.

use jiff::civil::Date;
use serde::Deserialize;

use crate::pilot::{Parameters, Pilot};
use crate::working_day::{Calendar, CalendarYear, Deadline, DeadlineRule, YearWithoutData};

/// Calendar and parameters as they are now. They are dated within: what holds is asked by day.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Documents")]
pub struct Reference {
    /// Working days.
    pub calendar: Calendar,
    /// Pilot parameters over all days.
    pub parameters: Parameters,
}

/// The documents that the registry tells of, by name; each says only what differs from what comes
/// with the platform.
#[derive(Deserialize)]
struct Documents {
    #[serde(default)]
    calendar: Vec<CalendarYear>,
    #[serde(default)]
    parameters: Parameters,
}

impl Reference {
    /// Name of the document with the years that were imported.
    pub const CALENDAR: &str = "calendar";
    /// Name of the document with the parameters that were changed.
    pub const PARAMETERS: &str = "parameters";

    /// What comes with the platform.
    pub fn supplied() -> Self {
        Self {
            calendar: Calendar::supplied().clone(),
            parameters: Parameters::supplied(),
        }
    }

    /// The parameters of a day.
    pub fn pilot_on(&self, day: Date) -> Pilot {
        self.parameters.on(day)
    }

    /// Counts a deadline from a day, by the parameters of the business day.
    ///
    /// # Errors
    /// When the count reaches a year that is not stored.
    pub fn deadline(
        &self,
        rule: DeadlineRule,
        from: Date,
        today: Date,
    ) -> Result<Deadline, YearWithoutData> {
        rule.count(&self.calendar, &self.pilot_on(today), from)
    }
}

impl From<Documents> for Reference {
    fn from(documents: Documents) -> Self {
        let years = Calendar::supplied().years().cloned();
        Self {
            calendar: Calendar::new(years.chain(documents.calendar)),
            parameters: documents.parameters,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn without_any_document_the_supplied_one_holds() {
        let read: Reference = serde_json::from_str("{}").expect("no document is needed");
        assert_eq!(read, Reference::supplied());
    }

    #[test]
    fn a_document_adds_to_what_is_supplied_and_others_are_left_alone() {
        let read: Reference = serde_json::from_str(
            r#"{
                "calendar": [{"year": 2027, "off": ["2027-01-01"], "worked": []}],
                "parameters": [
                    {"parameter": "panel_least", "from": "2020-06-01", "value": {"number": 5}}
                ],
                "of_tomorrow": 1
            }"#,
        )
        .expect("documents as the registry writes them");
        assert_eq!(read.calendar.is_working_day(date(2027, 1, 1)), Ok(false));
        assert_eq!(read.calendar.is_working_day(date(2020, 1, 1)), Ok(false));
        assert_eq!(read.pilot_on(date(2020, 6, 1)).panel_least, 5);
        assert_eq!(read.pilot_on(date(2020, 5, 31)).panel_least, 3);
    }
}
