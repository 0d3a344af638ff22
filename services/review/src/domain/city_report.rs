//! A city's report (城市报省): organisations with codes and work plans, reported to the province
//! and recorded there (notice 3.4).

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, CityReportId};
use kernel::rejection::{FaultList, Faults};
use serde::Serialize;

use super::refusal::FilingRejection;

/// Applications that one report can name; commands over more come in pieces.
pub const LARGEST_REPORT: usize = 500;

/// A city's report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CityReport {
    /// Identifies it.
    pub id: CityReportId,
    /// The city.
    pub division: DivisionCode,
    /// The applications reported.
    pub applications: Vec<ApplicationId>,
    /// Day of the report.
    pub submitted_on: Date,
    /// Day on which the province recorded it.
    pub recorded_on: Option<Date>,
}

/// Something that happened to a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum CityReportFact {
    /// The city handed it in.
    ReportSubmitted {
        /// The city.
        division: DivisionCode,
        /// The applications reported.
        applications: Vec<ApplicationId>,
        /// The day.
        on: Date,
    },
    /// The province recorded it.
    ReportRecorded {
        /// The city.
        division: DivisionCode,
        /// The day.
        on: Date,
    },
}

impl CityReport {
    /// Hands a report in. Whether each application can be reported, the application decides.
    ///
    /// # Errors
    /// When it names no application, too many, or one twice.
    pub fn submit(
        id: CityReportId,
        division: DivisionCode,
        applications: Vec<ApplicationId>,
        today: Date,
    ) -> Result<(Self, CityReportFact), Faults> {
        Self::judge_list(&applications)?;
        let fact = CityReportFact::ReportSubmitted {
            division,
            applications: applications.clone(),
            on: today,
        };
        let report =
            Self { id, division, applications, submitted_on: today, recorded_on: None };
        Ok((report, fact))
    }

    /// Whether a list of applications can be a report.
    ///
    /// # Errors
    /// As [`CityReport::submit`].
    pub fn judge_list(applications: &[ApplicationId]) -> Result<(), Faults> {
        let mut faults = FaultList::default();
        let limit = LARGEST_REPORT;
        faults.require(!applications.is_empty(), LIST, &FilingRejection::ReportEmpty);
        faults.require(
            applications.len() <= limit,
            LIST,
            &FilingRejection::ReportTooLarge { limit },
        );
        let mut seen = BTreeSet::new();
        for (index, application) in applications.iter().enumerate() {
            let field = format!("{LIST}[{index}]");
            faults.require(seen.insert(application), field, &FilingRejection::ReportApplicationTwice);
        }
        faults.finish()
    }

    /// Records the report with the province.
    ///
    /// # Errors
    /// When that was done before.
    pub fn record(&self, today: Date) -> Result<Vec<CityReportFact>, Faults> {
        if self.recorded_on.is_some() {
            return Err(FilingRejection::ReportRecorded.into());
        }
        Ok(vec![CityReportFact::ReportRecorded { division: self.division, on: today }])
    }

    /// Changes the report by what happened.
    pub fn apply(&mut self, fact: &CityReportFact) {
        match fact {
            CityReportFact::ReportSubmitted { on, .. } => self.submitted_on = *on,
            CityReportFact::ReportRecorded { on, .. } => self.recorded_on = Some(*on),
        }
    }
}

/// Where the list stands in a request.
const LIST: &str = "application_ids";
