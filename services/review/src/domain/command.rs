//! What can be asked of an application, and the one place where each is decided.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{CityReportId, OrganizationId, PublicNoticeId, ReceiptId, SelectionId};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::pilot::Pilot;
use kernel::rejection::Faults;
use kernel::working_day::{Calendar, Deadline, DeadlineRule, YearWithoutData};

use super::refusal::ApplicationRejection;
use super::{
    Application, AssessmentId, DocumentKind, Fact, Material, OccupationScope, Particulars, Snapshot,
};

/// What a decision depends on beside the application and the command.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The business day.
    pub today: Date,
    /// The working-day calendar.
    pub calendar: &'a Calendar,
    /// The pilot parameters of that day.
    pub pilot: &'a Pilot,
    /// The centre that acts, by its area; none where somebody else does.
    pub centre: Option<DivisionCode>,
}

impl Context<'_> {
    /// A deadline that is counted from a day, as the parameters of the business day have it.
    ///
    /// # Errors
    /// When the count reaches a year without a calendar.
    pub fn deadline(&self, rule: DeadlineRule, from: Date) -> Result<Deadline, YearWithoutData> {
        rule.count(self.calendar, self.pilot, from)
    }
}

/// What can be asked of an application.
pub enum Command<'a> {
    /// Keep a file that was stored.
    StoreMaterial(Material),
    /// Hand the application in, the first time or again.
    Submit,
    /// Give materials back.
    Return {
        /// What they are.
        documents: Vec<DocumentKind>,
    },
    /// Take an assessment on record.
    RecordAssessment(AssessmentId, &'a Particulars),
    /// First person: select, with this scope.
    ProposeSelection {
        /// The scope.
        granted: Vec<OccupationScope>,
    },
    /// Second person: show the selection to the public.
    ConfirmSelection {
        /// The selection's new id.
        selection: SelectionId,
        /// The public notice's new id.
        notice: PublicNoticeId,
        /// The scope that was proposed.
        granted: Vec<OccupationScope>,
        /// What the public is shown.
        snapshot: &'a Snapshot,
    },
    /// The calendar: let the public notice end, if its time is over.
    ConcludePublicNotice,
    /// The registry: the organisation has its code.
    IssueReceipt {
        /// The receipt's new id.
        receipt: ReceiptId,
        /// The selection that was registered.
        selection: SelectionId,
        /// The organisation that was registered.
        organization: OrganizationId,
        /// Its code.
        organization_code: EvaluationOrganizationCode,
    },
    /// The city: put it on a report.
    Report(CityReportId),
    /// The city: take it off the report.
    TakeOff(CityReportId),
    /// The province: the report was recorded.
    RecordReport(CityReportId),
}

impl Command<'_> {
    /// Whether it is for the centre with which the application is filed, and for no other:
    /// assessing and deciding are (notice 3.4).
    fn is_the_centres(&self) -> bool {
        match self {
            Self::Return { .. }
            | Self::RecordAssessment(..)
            | Self::ProposeSelection { .. }
            | Self::ConfirmSelection { .. } => true,
            Self::StoreMaterial(_)
            | Self::Submit
            | Self::ConcludePublicNotice
            | Self::IssueReceipt { .. }
            | Self::Report(_)
            | Self::TakeOff(_)
            | Self::RecordReport(_) => false,
        }
    }
}

impl Application {
    /// What would happen, or all reasons why it will not.
    ///
    /// # Errors
    /// Every rule that the command offends against, at once.
    pub fn decide(&self, command: Command<'_>, context: &Context<'_>) -> Result<Vec<Fact>, Faults> {
        if command.is_the_centres() && context.centre != Some(self.filing_division) {
            return Err(ApplicationRejection::NotFilingAuthority.into());
        }
        match command {
            Command::StoreMaterial(material) => self.store_material(material),
            Command::Submit => self.submit(context),
            Command::Return { documents } => self.give_back_for_correction(documents),
            Command::RecordAssessment(id, particulars) => {
                self.record_assessment(id, particulars, context)
            }
            Command::ProposeSelection { granted } => self.propose_selection(granted),
            Command::ConfirmSelection {
                selection,
                notice,
                granted,
                snapshot,
            } => self.confirm_selection(selection, notice, granted, snapshot),
            Command::ConcludePublicNotice => self.conclude_public_notice(context),
            Command::IssueReceipt {
                receipt,
                selection,
                organization,
                organization_code,
            } => self.issue_receipt(receipt, selection, organization, organization_code, context),
            Command::Report(city_report) => self.report(city_report),
            Command::TakeOff(city_report) => self.take_off(city_report),
            Command::RecordReport(city_report) => self.record_report(city_report),
        }
    }
}
