//! A city's report (城市报省): organisations with codes and work plans, reported to the province
//! and recorded there, or given back with formal faults and reported again (notice 3.4). Codes and
//! receipts stand whatever becomes of the report.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, CityReportId};
use kernel::reference::Reference;
use kernel::rejection::{FaultList, Faults};
use kernel::working_day::{Calendar, Deadline, DeadlineRule};
use serde::Serialize;

use super::refusal::{ApplicationRejection, FilingRejection};
use super::{Application, Context};

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
    /// What is to be put right, while it is given back.
    pub returned: Option<Returned>,
    /// Day on which the province recorded it.
    pub recorded_on: Option<Date>,
}

/// What the province found formally wrong with a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returned {
    /// Until when it is to be corrected.
    pub correct_by: Deadline,
    /// The applications with a fault.
    pub faulty: BTreeSet<ApplicationId>,
}

/// Where a report stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CityReportState {
    /// The province is to record it.
    Submitted,
    /// The city is to correct it.
    Returned,
    /// The province has recorded it.
    Recorded,
    /// Nothing is left of it.
    Withdrawn,
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
    /// The province gave it back.
    ReportReturned {
        /// The city.
        division: DivisionCode,
        /// The applications with a fault.
        faulty: BTreeSet<ApplicationId>,
        /// Until when it is to be corrected.
        correct_by: Deadline,
    },
    /// The calendar changed, and the day until which it is corrected is counted anew.
    CorrectionDueRecounted {
        /// The city.
        division: DivisionCode,
        /// Until when it is to be corrected.
        correct_by: Deadline,
    },
    /// The city corrected it and reported again.
    ReportCorrected {
        /// The city.
        division: DivisionCode,
        /// The applications whose fault was put right.
        corrected: BTreeSet<ApplicationId>,
        /// The applications taken off.
        taken_off: BTreeSet<ApplicationId>,
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
            returned: None,
            recorded_on: None,
        };
        Ok((report, fact))
    }

    /// Where it stands.
    pub fn state(&self) -> CityReportState {
        if self.recorded_on.is_some() {
            CityReportState::Recorded
        } else if self.returned.is_some() {
            CityReportState::Returned
        } else if self.applications.is_empty() {
            CityReportState::Withdrawn
        } else {
            CityReportState::Submitted
        }
    }

    /// Gives the report back; `faulty` are the applications with a fault.
    ///
    /// # Errors
    /// When the province does not have it before it, or one of them is not on it.
    pub fn give_back(
        &self,
        faulty: &[ApplicationId],
        context: &Context<'_>,
    ) -> Result<CityReportFact, Faults> {
        self.require_submitted()?;
        let mut faults = FaultList::default();
        for (index, id) in faulty.iter().enumerate() {
            let field = format!("faults[{index}].application_id");
            let listed = self.applications.contains(id);
            faults.require(listed, field, &FilingRejection::ReportWithoutApplication);
        }
        faults.finish()?;
        let correct_by = context.deadline(DeadlineRule::CityReportCorrection, context.today)?;
        Ok(CityReportFact::ReportReturned {
            division: self.division,
            faulty: faulty.iter().copied().collect(),
            correct_by,
        })
    }

    /// Reports again: what was put right, and what is taken off.
    ///
    /// # Errors
    /// When it was not given back, a fault is left, or something is named that had none.
    pub fn correct(
        &self,
        corrected: &[ApplicationId],
        taken_off: &[ApplicationId],
        today: Date,
    ) -> Result<CityReportFact, Faults> {
        let Some(Returned { faulty, .. }) = &self.returned else {
            return Err(FilingRejection::ReportNotReturned.into());
        };
        let mut faults = FaultList::default();
        for (index, id) in corrected.iter().enumerate() {
            let field = format!("corrections[{index}].application_id");
            let found = faulty.contains(id);
            faults.require(found, field, &FilingRejection::ReportWithoutFault);
        }
        for (index, id) in taken_off.iter().enumerate() {
            let field = format!("taken_off_application_ids[{index}]");
            let listed = self.applications.contains(id);
            faults.require(listed, field, &FilingRejection::ReportWithoutApplication);
        }
        for application in faulty.iter().copied() {
            let answered = corrected.contains(&application) || taken_off.contains(&application);
            let left = FilingRejection::ReportFaultLeft { application };
            faults.require(answered, "corrections", &left);
        }
        faults.finish()?;
        Ok(CityReportFact::ReportCorrected {
            division: self.division,
            corrected: corrected.iter().copied().collect(),
            taken_off: taken_off.iter().copied().collect(),
            on: today,
        })
    }

    /// Records the report with the province.
    ///
    /// # Errors
    /// When the province does not have it before it.
    pub fn record(&self, today: Date) -> Result<CityReportFact, Faults> {
        self.require_submitted()?;
        Ok(CityReportFact::ReportRecorded {
            division: self.division,
            on: today,
        })
    }

    /// While it is to be corrected, the day until which it is, by the calendar as it is now; none
    /// where that is what it was.
    ///
    /// # Errors
    /// When the count reaches a year without a calendar.
    pub fn recount(&self, calendar: &Calendar) -> Result<Option<CityReportFact>, Faults> {
        let Some(returned) = &self.returned else {
            return Ok(None);
        };
        let correct_by = calendar.recount(&returned.correct_by)?;
        let moved = correct_by != returned.correct_by;
        Ok(moved.then_some(CityReportFact::CorrectionDueRecounted {
            division: self.division,
            correct_by,
        }))
    }

    fn require_submitted(&self) -> Result<(), Faults> {
        match self.state() {
            CityReportState::Submitted => Ok(()),
            CityReportState::Returned => Err(FilingRejection::ReportReturned.into()),
            CityReportState::Recorded => Err(FilingRejection::ReportRecorded.into()),
            CityReportState::Withdrawn => Err(FilingRejection::ReportWithdrawn.into()),
        }
    }

    /// Changes the report by what happened.
    pub fn apply(&mut self, fact: &CityReportFact) {
        match fact {
            CityReportFact::ReportSubmitted { on, .. } => self.submitted_on = *on,
            CityReportFact::ReportReturned {
                faulty, correct_by, ..
            } => {
                self.returned = Some(Returned {
                    correct_by: correct_by.clone(),
                    faulty: faulty.clone(),
                });
            }
            CityReportFact::CorrectionDueRecounted { correct_by, .. } => {
                if let Some(returned) = &mut self.returned {
                    returned.correct_by = correct_by.clone();
                }
            }
            CityReportFact::ReportCorrected { taken_off, .. } => {
                self.returned = None;
                self.applications.retain(|id| !taken_off.contains(id));
            }
            CityReportFact::ReportRecorded { on, .. } => self.recorded_on = Some(*on),
        }
    }
}

/// Until when a city reports what it filed on a day, by the parameters of that day; none for what is
/// filed with the province.
///
/// # Errors
/// When the count reaches a year without a calendar.
pub fn report_due(
    filing_division: DivisionCode,
    filed_on: Date,
    reference: &Reference,
) -> Result<Option<Deadline>, Faults> {
    if filing_division.is_province() {
        return Ok(None);
    }
    let due = reference.deadline(DeadlineRule::CityReport, filed_on, filed_on)?;
    Ok(Some(due))
}

/// Notes that nothing is listed, and what is listed twice; `listed` as far as it can be read.
pub fn judge_listed(listed: &[Option<ApplicationId>], faults: &mut FaultList) {
    faults.require(!listed.is_empty(), LIST, &FilingRejection::ReportEmpty);
    judge_once(listed, |index| format!("{LIST}[{index}]"), faults);
}

/// Notes each application that is listed twice, at the field that `path` gives; as far as they can
/// be read.
pub fn judge_once(
    listed: &[Option<ApplicationId>],
    path: impl Fn(usize) -> String,
    faults: &mut FaultList,
) {
    let mut seen = BTreeSet::new();
    for (index, id) in listed.iter().enumerate() {
        let first_time = id.is_none_or(|id| seen.insert(id));
        faults.require(
            first_time,
            path(index),
            &FilingRejection::ReportApplicationTwice,
        );
    }
}

/// Where the list stands in a request.
pub(super) const LIST: &str = "application_ids";
