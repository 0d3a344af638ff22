//! What can be asked of an application, and the one place where each is decided.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{
    CityReportId, ObjectionId, OrganizationId, PublicNoticeId, ReceiptId, SelectionId,
};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::pilot::Pilot;
use kernel::public_notice::{ObjectionOutcome, RowKey};
use kernel::rejection::Faults;
use kernel::working_day::{Calendar, Deadline, DeadlineRule, YearWithoutData};

use super::refusal::ApplicationRejection;
use super::{
    Applicant, Application, AssessmentId, CityQuota, Conditions, Delegation, DocumentKind, Fact,
    FieldPath, FormId, Holdings, Judgement, JudgementSubject, Material, OccupationScope,
    Particulars, Photo, RequestedOccupation, Resources, Round, SavedForm, Snapshot,
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
    /// Keep the annexes as they were written anew, complete or not.
    SaveForm {
        /// The annexes.
        saved: SavedForm,
        /// Those of the fields given back that are no longer what they were.
        corrected: BTreeSet<FieldPath>,
    },
    /// Keep a file that was stored.
    StoreMaterial(Material),
    /// Take a file out.
    RemoveMaterial(DocumentKind),
    /// Hand the application in, the first time or again.
    Submit(HandingIn<'a>),
    /// Take it back, for good.
    Withdraw,
    /// The registry: the filing of its organisation was withdrawn.
    Lapse,
    /// Give materials and fields back.
    Return {
        /// What the materials are.
        documents: Vec<DocumentKind>,
        /// The fields.
        fields: Vec<FieldPath>,
    },
    /// Take an assessment on record; of a site visit, by those who could be sent.
    RecordAssessment(AssessmentId, &'a Particulars, &'a Delegation),
    /// Keep a photo of the site that was stored.
    StorePhoto {
        /// The photo.
        photo: Photo,
        /// How many wait already for the visit that names them.
        waiting: usize,
    },
    /// Take an officer's judgement on record.
    RecordJudgement(JudgementSubject, Judgement),
    /// First person: select, with this scope.
    ProposeSelection {
        /// The scope.
        granted: Vec<OccupationScope>,
        /// What the organisation holds.
        holdings: &'a Holdings,
        /// What is found out about it today.
        found: &'a Ascertained,
    },
    /// Second person: show the selection to the public.
    ConfirmSelection(Confirming<'a>),
    /// First person: do not select.
    ProposeRejection {
        /// Why.
        reason: &'a str,
    },
    /// Second person: do not select.
    ConfirmRejection,
    /// Anybody: object against the selection that is shown.
    RaiseObjection {
        /// The objection's new id.
        objection: ObjectionId,
        /// The row.
        row: RowKey,
        /// Day on which it came in.
        on: Date,
    },
    /// The centre: decide an objection.
    ResolveObjection(ObjectionId, ObjectionOutcome),
    /// The calendar changed: count the public notice anew.
    RecountPublicNotice,
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

/// What handing in depends on beside the application.
#[derive(Clone, Copy)]
pub struct HandingIn<'a> {
    /// The round.
    pub round: &'a Round,
    /// What the organisation holds.
    pub holdings: &'a Holdings,
    /// What was found out about it.
    pub ascertained: &'a Ascertained,
}

/// What was found out about an application on the day on which it is handed in, or decided, before
/// it was under lock: in its annexes, and from the registry.
#[derive(Debug, Clone)]
pub struct Ascertained {
    /// The annexes that it is about.
    pub form: FormId,
    /// What is missing in them or cannot be read.
    pub faults: Option<Faults>,
    /// Their table of occupations, as far as it can be read, with what the catalogue says of each
    /// that day.
    pub occupations: Vec<RequestedOccupation>,
    /// What the body states of itself by its kind, if it can be read.
    pub conditions: Option<Conditions>,
    /// Whether the integrity pledge (诚信承诺) was made.
    pub pledged: bool,
    /// The applicant, as enrolled; none where the registry did not answer.
    pub applicant: Option<Applicant>,
    /// What it has to evaluate with; none where the registry did not answer.
    pub resources: Option<Resources>,
}

/// A selection that its second person confirms.
#[derive(Debug, Clone)]
pub struct Confirming<'a> {
    /// The selection's new id.
    pub selection: SelectionId,
    /// The public notice's new id.
    pub notice: PublicNoticeId,
    /// The scope that was proposed.
    pub granted: Vec<OccupationScope>,
    /// What the public is shown.
    pub snapshot: &'a Snapshot,
    /// What it takes from.
    pub room: Room<'a>,
    /// What is found out about the application today.
    pub found: &'a Ascertained,
}

/// What a grant takes from, under lock.
#[derive(Debug, Clone, Copy)]
pub struct Room<'a> {
    /// What the organisation holds.
    pub holdings: &'a Holdings,
    /// The city's quota; none where the province decides.
    pub quota: Option<CityQuota>,
}

impl Command<'_> {
    /// Whether it is for the centre with which the application is filed, and for no other:
    /// assessing and deciding are (notice 3.4).
    fn is_the_centres(&self) -> bool {
        match self {
            Self::Return { .. }
            | Self::RecordAssessment(..)
            | Self::StorePhoto { .. }
            | Self::RecordJudgement(..)
            | Self::ProposeSelection { .. }
            | Self::ConfirmSelection(_)
            | Self::ProposeRejection { .. }
            | Self::ConfirmRejection
            | Self::ResolveObjection(..) => true,
            Self::SaveForm { .. }
            | Self::StoreMaterial(_)
            | Self::RemoveMaterial(_)
            | Self::Submit(_)
            | Self::Withdraw
            | Self::Lapse
            | Self::RaiseObjection { .. }
            | Self::RecountPublicNotice
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
            Command::SaveForm { saved, corrected } => self.save_form(saved, corrected, context),
            Command::StoreMaterial(material) => self.store_material(material),
            Command::RemoveMaterial(document) => self.remove_material(document),
            Command::Submit(handing_in) => self.submit(handing_in, context),
            Command::Withdraw => self.withdraw(context),
            Command::Lapse => self.lapse(context),
            Command::Return { documents, fields } => {
                self.give_back_for_correction(documents, fields)
            }
            Command::RecordAssessment(id, particulars, delegation) => {
                self.record_assessment(id, particulars, delegation, context)
            }
            Command::StorePhoto { photo, waiting } => self.store_photo(photo, waiting),
            Command::RecordJudgement(subject, judgement) => {
                self.record_judgement(subject, judgement)
            }
            Command::ProposeSelection {
                granted,
                holdings,
                found,
            } => self.propose_selection(granted, holdings, found, context),
            Command::ConfirmSelection(confirming) => self.confirm_selection(confirming, context),
            Command::ProposeRejection { reason } => self.propose_rejection(reason),
            Command::ConfirmRejection => self.confirm_rejection(context),
            Command::RaiseObjection { objection, row, on } => {
                self.raise_objection(objection, &row, on)
            }
            Command::ResolveObjection(objection, outcome) => {
                self.resolve_objection(objection, outcome)
            }
            Command::RecountPublicNotice => self.recount_public_notice(context),
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
