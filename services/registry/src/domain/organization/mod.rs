//! Evaluation organisations (评价机构): from selection to a place in the directory, and what happens
//! to them afterwards.
//!
//! [`registering`] is how one comes into being and gets further rights; [`ending`] how rights end;
//! [`backing`] how far they go elsewhere; [`measure`] what its centre tells it, and [`rectification`]
//! what it puts right; [`standing`] whether it may work; [`change`] what becomes of its entry. All of
//! it is told in the facts of one aggregate, whose lock holds them apart.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, ChangeId, CityReportId, MeasureId, OrganizationId, SelectionId};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejections;
use kernel::working_day::CalendarVersion;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use super::body::BodyKind;
use super::right::Right;
use super::rules::RulesKind;
use measure::Measure;

pub mod backing;
pub mod change;
pub mod ending;
pub mod measure;
pub mod rectification;
pub mod registering;
pub mod standing;

rejections! {
    /// Why an organisation is not registered, reported or found, and why nothing is done about it.
    pub enum OrganizationRejection {
        /// No such organisation, or not the caller's to see.
        OrganizationNotFound => "ORGANIZATION_NOT_FOUND", NotFound, "platform",
            "未找到该评价机构", "no such evaluation organisation";
        /// One organisation, one filing authority (notice 3.2).
        OrganizationRegisteredAlready => "ORGANIZATION_REGISTERED_ALREADY", FailedPrecondition, "notice 3.2",
            "该评价机构已赋码", "the organisation has its code already";
        /// The filing place has no part in organisation codes.
        FilingDivisionWithoutCode => "FILING_DIVISION_WITHOUT_CODE", FailedPrecondition, "notice 3.4",
            "申报地没有机构代码区段", "the filing place has no part in organisation codes";
        /// Who filed an organisation supervises it.
        NotFilingCentre => "NOT_FILING_CENTRE", PermissionDenied, "notice 6.2",
            "只有该评价机构的备案中心可以办理", "only the centre where the organisation filed decides this";
    }
}

/// Where an organisation stands on its way into the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OrganizationStatus {
    /// Has its code and rights; the filing authority has still to report it.
    Registered,
    /// The province has recorded the report.
    Reported,
}

impl OrganizationStatus {
    /// Where an organisation stands that has just filed. What is filed with the province the
    /// province has on record already: there is nobody to report it.
    pub fn first(filing_division: DivisionCode) -> Self {
        if filing_division.is_province() {
            Self::Reported
        } else {
            Self::Registered
        }
    }
}

/// An evaluation organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// `org_…`.
    pub organization_id: OrganizationId,
    /// 机构代码
    pub code: EvaluationOrganizationCode,
    /// Where it filed.
    pub filing_division: DivisionCode,
    /// Where it stands.
    pub status: OrganizationStatus,
    /// The selection it follows from.
    pub selection_id: SelectionId,
    /// The application selected.
    pub application_id: ApplicationId,
    /// What it may evaluate, has evaluated and will.
    pub rights: Vec<Right>,
    /// Measures on it, in the order in which they were decided.
    pub measures: Vec<Measure>,
    /// Day of registration.
    pub registered_on: Date,
}

impl Organization {
    /// Whether this is the centre where it filed.
    ///
    /// # Errors
    /// When it is another.
    pub fn filed_at(&self, centre: DivisionCode) -> Result<(), OrganizationRejection> {
        if self.filing_division == centre {
            Ok(())
        } else {
            Err(OrganizationRejection::NotFilingCentre)
        }
    }
}

/// What happened to a body or organisation. The public's history of an organisation is read from
/// these facts, so what was written once stays readable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum OrganizationFact {
    /// A body enrolled.
    BodyEnrolled {
        /// `org_…`.
        organization_id: OrganizationId,
        /// 机构性质
        kind: BodyKind,
        /// Its seat.
        division: DivisionCode,
        /// Whether an officer vouched for a credit code that does not check.
        credit_code_vouched_for: bool,
    },
    /// How a body is enrolled was corrected.
    BodyCorrected {
        /// `org_…`.
        organization_id: OrganizationId,
        /// 机构性质
        kind: BodyKind,
        /// Its seat.
        division: DivisionCode,
        /// Its seat before.
        former_division: DivisionCode,
        /// Whether an officer vouched for another credit code that does not check.
        credit_code_vouched_for: bool,
    },
    /// Somebody of a body read messages to it.
    MessagesRead {
        /// `org_…`.
        organization_id: OrganizationId,
        /// Where it belongs.
        division: DivisionCode,
        /// How many nobody had read before.
        count: u32,
    },
    /// A body said where its messages are mailed.
    MailAddressSet {
        /// `org_…`.
        organization_id: OrganizationId,
        /// Where it belongs.
        division: DivisionCode,
        /// Whether they are mailed at all.
        mailed: bool,
    },
    /// A selected organisation has its code and rights.
    OrganizationRegistered {
        /// `org_…`.
        organization_id: OrganizationId,
        /// 机构代码
        code: EvaluationOrganizationCode,
        /// The selection.
        selection_id: SelectionId,
        /// The application.
        application_id: ApplicationId,
        /// Where it filed.
        filing_division: DivisionCode,
        /// What it may evaluate.
        rights: Vec<Right>,
        /// Day of registration, first day of its rights.
        on: Date,
    },
    /// The province has recorded the city's report of it.
    OrganizationReported {
        /// `org_…`.
        organization_id: OrganizationId,
        /// The report.
        city_report_id: CityReportId,
        /// Where it filed.
        filing_division: DivisionCode,
    },
    /// It has rights besides those it was registered with.
    RightsGranted {
        /// `org_…`.
        organization_id: OrganizationId,
        /// Where it filed.
        filing_division: DivisionCode,
        /// The new ones.
        rights: Vec<Right>,
    },
    /// Rights have a new term.
    RightsRenewed {
        /// `org_…`.
        organization_id: OrganizationId,
        /// Where it filed.
        filing_division: DivisionCode,
        /// The renewal's selection.
        selection_id: SelectionId,
        /// The rights as they are now, and those that are new.
        rights: Vec<Right>,
    },
    /// Rights end before their term.
    RightsEnded {
        /// `org_…`.
        organization_id: OrganizationId,
        /// Where it filed.
        filing_division: DivisionCode,
        /// The rights with their last day.
        rights: Vec<Right>,
        /// Why.
        reason: RightsEnd,
    },
    /// It is talked to, has to put something right, or may not use rights for a time.
    MeasureImposed {
        /// `org_…`.
        organization_id: OrganizationId,
        /// Where it filed.
        filing_division: DivisionCode,
        /// The measure.
        measure: Measure,
    },
    /// It says what it has put right.
    RectificationReported {
        /// `org_…`.
        organization_id: OrganizationId,
        /// Where it filed.
        filing_division: DivisionCode,
        /// The rectification.
        measure_id: MeasureId,
        /// When.
        on: Date,
    },
    /// Nobody works on the day of a rectification, and it is due on the next working day.
    RectificationPostponed {
        /// `org_…`.
        organization_id: OrganizationId,
        /// Where it filed.
        filing_division: DivisionCode,
        /// The rectification.
        measure_id: MeasureId,
        /// The day by which it is due.
        due_on: Date,
        /// The data by which that was found.
        calendar_version: CalendarVersion,
    },
    /// Its centre is not satisfied, and wants it done again.
    RectificationReturned {
        /// `org_…`.
        organization_id: OrganizationId,
        /// Where it filed.
        filing_division: DivisionCode,
        /// The rectification.
        measure_id: MeasureId,
        /// The day by which it is due now.
        due_on: Date,
        /// When.
        on: Date,
    },
    /// Its centre is satisfied.
    RectificationAccepted {
        /// `org_…`.
        organization_id: OrganizationId,
        /// Where it filed.
        filing_division: DivisionCode,
        /// The rectification.
        measure_id: MeasureId,
        /// When.
        on: Date,
    },
    /// A suspension ends.
    RightsResumed {
        /// `org_…`.
        organization_id: OrganizationId,
        /// Where it filed.
        filing_division: DivisionCode,
        /// The suspension.
        measure_id: MeasureId,
        /// The first day on which the rights hold again.
        resumes_on: Date,
    },
    /// It is an evaluation organisation no longer.
    OrganizationWithdrawn {
        /// `org_…`.
        organization_id: OrganizationId,
        /// 机构代码; never given again.
        code: EvaluationOrganizationCode,
        /// Where it filed.
        filing_division: DivisionCode,
        /// The withdrawal.
        measure: Measure,
    },
    /// It published rules.
    RulesPublished {
        /// `org_…`.
        organization_id: OrganizationId,
        /// Where it filed.
        filing_division: DivisionCode,
        /// Their kind.
        kind: RulesKind,
        /// Their number within the kind.
        version: u32,
        /// Their first day.
        in_force_from: Date,
    },
    /// It said where the public reaches it.
    ContactChanged {
        /// `org_…`.
        organization_id: OrganizationId,
        /// Where it filed.
        filing_division: DivisionCode,
    },
    /// It asked for a change of its entry.
    ChangeRequested {
        /// `org_…`.
        organization_id: OrganizationId,
        /// Where it filed.
        filing_division: DivisionCode,
        /// The change.
        change_id: ChangeId,
    },
    /// Its centre decided the change.
    ChangeDecided {
        /// `org_…`.
        organization_id: OrganizationId,
        /// Where it filed.
        filing_division: DivisionCode,
        /// The change.
        change_id: ChangeId,
        /// Whether it holds.
        approved: bool,
    },
}

/// Why rights end before their term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RightsEnd {
    /// The organisation gave them up.
    GivenUp,
    /// Its work in another area has ended.
    CrossArea,
}
