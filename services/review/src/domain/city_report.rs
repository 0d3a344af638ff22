//! A city's report (城市报省): organisations with codes and work plans, reported to the province
//! and recorded there (notice 3.4).

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, CityReportId};
use kernel::rejection::{FaultList, Faults};
use serde::Serialize;

use super::Application;
use super::refusal::{ApplicationRejection, FilingRejection};

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
    /// Hands a report in. `found` are those of the listed applications that the city has.
    ///
    /// # Errors
    /// When it lists no application, or one twice, or one that cannot be reported.
    pub fn submit(
        id: CityReportId,
        division: DivisionCode,
        listed: Vec<ApplicationId>,
        found: &[Application],
        today: Date,
    ) -> Result<(Self, CityReportFact), Faults> {
        let mut faults = FaultList::default();
        let named: Vec<_> = listed.iter().copied().map(Some).collect();
        judge_listed(&named, &mut faults);
        for (index, id) in listed.iter().enumerate() {
            let field = format!("{LIST}[{index}]");
            match found.iter().find(|application| application.id == *id) {
                Some(application) => application.judge_report(&field, &mut faults),
                None => faults.add(field, &ApplicationRejection::NotFound),
            }
        }
        faults.finish()?;
        let fact = CityReportFact::ReportSubmitted {
            division,
            applications: listed.clone(),
            on: today,
        };
        let applications = listed;
        let report = Self {
            id,
            division,
            applications,
            submitted_on: today,
            recorded_on: None,
        };
        Ok((report, fact))
    }

    /// Records the report with the province.
    ///
    /// # Errors
    /// When that was done before.
    pub fn record(&self, today: Date) -> Result<CityReportFact, Faults> {
        if self.recorded_on.is_some() {
            return Err(FilingRejection::ReportRecorded.into());
        }
        Ok(CityReportFact::ReportRecorded {
            division: self.division,
            on: today,
        })
    }

    /// Changes the report by what happened.
    pub fn apply(&mut self, fact: &CityReportFact) {
        match fact {
            CityReportFact::ReportSubmitted { on, .. } => self.submitted_on = *on,
            CityReportFact::ReportRecorded { on, .. } => self.recorded_on = Some(*on),
        }
    }
}

/// Notes that nothing is listed, and what is listed twice; `listed` as far as it can be read.
pub fn judge_listed(listed: &[Option<ApplicationId>], faults: &mut FaultList) {
    faults.require(!listed.is_empty(), LIST, &FilingRejection::ReportEmpty);
    let mut seen = BTreeSet::new();
    for (index, id) in listed.iter().enumerate() {
        let field = format!("{LIST}[{index}]");
        let first_time = id.is_none_or(|id| seen.insert(id));
        faults.require(first_time, field, &FilingRejection::ReportApplicationTwice);
    }
}

/// Where the list stands in a request.
pub(super) const LIST: &str = "application_ids";
