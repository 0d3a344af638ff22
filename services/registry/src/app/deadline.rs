//! Deadlines, for whoever asks how one is found.

use jiff::civil::Date;
use kernel::rejection::Faults;
use kernel::working_day::{Deadline, DeadlineRule};
use platform::{Error, Result};

use super::App;

impl App {
    /// A deadline from a day, by the parameters of today or of another day.
    pub(crate) async fn deadline(
        &self,
        rule: DeadlineRule,
        from: Date,
        as_of: Option<Date>,
    ) -> Result<Deadline> {
        let reference = self.journal.reference().await?;
        let as_of = match as_of {
            Some(day) => day,
            None => self.journal.clock().today()?,
        };
        reference
            .deadline(rule, from, as_of)
            .map_err(|rejection| Error::from(Faults::at("from", &rejection)))
    }
}
