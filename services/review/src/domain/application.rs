//! The application (申报): what is known of it, and how it changes by what happens.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, CityReportId, MaterialId, OrganizationId, RoundId, SelectionId};
use kernel::public_notice::PublicNotice;
use kernel::rejection::Faults;
use strum::{EnumIter, EnumString, IntoStaticStr};

use super::drafting::IN_THE_APPLICANTS_HANDS;
use super::refusal::{ApplicationRejection, words};
use super::{
    Applicant, AppliedOccupation, Assessment, AssessmentKind, Assessments, BodyKind, DocumentKind,
    Fact, FieldPath, FormId, Judgements, OccupationScope, Purpose, Resources,
};

/// Where an application stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ApplicationState {
    /// Being filled in.
    Draft,
    /// Handed in, under assessment.
    Submitted,
    /// Given back for correction.
    Returned,
    /// A decision waits for its second person.
    DecisionProposed,
    /// The selection is shown to the public.
    InPublicNotice,
    /// Selected; the registry is to give the code.
    Selected,
    /// Registered, with a receipt.
    Filed,
    /// Not selected.
    Rejected,
    /// Taken back by the applicant.
    Withdrawn,
    /// Over, because the filing of its organisation was withdrawn.
    Lapsed,
}

/// The states in which an application was handed in and something is still to come of it.
pub(super) const OPEN: [ApplicationState; 5] = [
    ApplicationState::Submitted,
    ApplicationState::Returned,
    ApplicationState::DecisionProposed,
    ApplicationState::InPublicNotice,
    ApplicationState::Selected,
];

impl ApplicationState {
    /// Name for machines, as stored.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether nobody waits for a decision any more. A selection that is shown is decided; an
    /// objection that is upheld opens it again.
    pub fn is_decided(self) -> bool {
        match self {
            Self::Draft | Self::Submitted | Self::Returned | Self::DecisionProposed => false,
            Self::InPublicNotice
            | Self::Selected
            | Self::Filed
            | Self::Rejected
            | Self::Withdrawn
            | Self::Lapsed => true,
        }
    }

    /// Whether it was handed in and something is still to come of it; an organisation has one such
    /// application at most.
    pub fn is_open(self) -> bool {
        OPEN.contains(&self)
    }

    /// Name in Chinese, for refusals.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Draft => "草稿",
            Self::Submitted => "评估中",
            Self::Returned => "已退回更正",
            Self::DecisionProposed => "决定待确认",
            Self::InPublicNotice => "公示中",
            Self::Selected => "已遴选",
            Self::Filed => "已备案",
            Self::Rejected => "不予遴选",
            Self::Withdrawn => "已撤回",
            Self::Lapsed => "已终止",
        }
    }
}

/// The newest file of a kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldMaterial {
    /// Identifies it.
    pub id: MaterialId,
    /// SHA-256 over its content.
    pub sha256: ContentHash,
    /// Annex 1 as it was written when the file was stored: what a scan of it shows.
    pub annex_one: FormId,
    /// Of a scan of it: fingerprint of the applicant as it was enrolled then.
    pub head: Option<ContentHash>,
    /// Whether it was given back.
    pub returned: bool,
}

/// A confirmed selection. Whether it stands, the application's state tells: an objection that was
/// upheld overturns it, and another may follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// Identifies it.
    pub id: SelectionId,
    /// What the organisation may evaluate.
    pub granted: Vec<OccupationScope>,
    /// Its public notice.
    pub notice: PublicNotice,
}

/// An application. Its annexes lie beside it as they were written; what they say of applicant and
/// occupations is part of it as it was read when they were handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Identifies it.
    pub id: ApplicationId,
    /// How much happened to it so far.
    pub version: u64,
    /// The applicant.
    pub organization: OrganizationId,
    /// Where it is filed.
    pub filing_division: DivisionCode,
    /// The round in which it is.
    pub round: RoundId,
    /// The assessments that the round requires.
    pub required: BTreeSet<AssessmentKind>,
    /// What it is for.
    pub purpose: Purpose,
    /// The annexes as they were written last.
    pub form: FormId,
    /// Those since which annex 1 says the same.
    pub annex_one: FormId,
    /// The applicant as it was enrolled on the day of the last submission; none for a draft.
    pub applicant: Option<Applicant>,
    /// What was applied for that day; nothing for a draft.
    pub occupations: Vec<AppliedOccupation>,
    /// Credit codes of member units that do not check, as they were handed in: for the officer who
    /// judges the member units.
    pub unchecked_units: Vec<String>,
    /// Where it stands.
    pub state: ApplicationState,
    /// Day of the first submission; none for a draft.
    pub first_submitted_on: Option<Date>,
    /// Day of the last submission.
    pub submitted_on: Option<Date>,
    /// What the applicant had to evaluate with on that day.
    pub resources: Option<Resources>,
    /// The newest file of each kind of document.
    pub materials: BTreeMap<DocumentKind, HeldMaterial>,
    /// The fields of the annexes that were given back last, and whether each was changed since.
    pub returned_fields: BTreeMap<FieldPath, bool>,
    /// The assessments that count.
    pub assessments: Assessments,
    /// The judgements that count.
    pub judgements: Judgements,
    /// The selection confirmed last.
    pub selection: Option<Selection>,
    /// The city's report that names it.
    pub city_report: Option<CityReportId>,
}

impl Application {
    /// Changes the application by what happened.
    pub fn apply(&mut self, fact: &Fact) {
        self.version += 1;
        match fact {
            // Its content came with the command that opened the draft, and so it is there already.
            Fact::ApplicationDrafted { .. } => self.state = ApplicationState::Draft,
            Fact::FormSaved {
                form,
                annex_one,
                round,
                required,
                corrected,
            } => {
                (self.form, self.annex_one, self.round) = (*form, *annex_one, *round);
                self.required.clone_from(required);
                for (path, changed) in &mut self.returned_fields {
                    *changed = corrected.contains(path);
                }
            }
            Fact::MaterialStored { material } => {
                let held = HeldMaterial {
                    id: material.id,
                    sha256: material.sha256,
                    annex_one: self.annex_one,
                    head: material.head,
                    returned: false,
                };
                self.materials.insert(material.document, held);
            }
            Fact::MaterialRemoved { document } => {
                self.materials.remove(document);
            }
            Fact::ApplicationSubmitted {
                on,
                applicant,
                occupations,
                unchecked_units,
                resources,
                ..
            } => {
                self.state = ApplicationState::Submitted;
                self.first_submitted_on.get_or_insert(*on);
                self.submitted_on = Some(*on);
                self.resources = Some(resources.clone());
                // Or it would not have been taken.
                for changed in self.returned_fields.values_mut() {
                    *changed = true;
                }
                self.unchecked_units.clone_from(unchecked_units);
                self.take_over(applicant, occupations);
            }
            Fact::ApplicationReturned { documents, fields } => self.give_back(documents, fields),
            Fact::DocumentCheckRecorded { assessment, .. } => {
                self.assess(AssessmentKind::DocumentCheck, *assessment);
            }
            Fact::ExpertPanelRecorded { assessment, .. } => {
                self.assess(AssessmentKind::ExpertPanel, *assessment);
            }
            Fact::SiteVisitRecorded { assessment, .. } => {
                self.assess(AssessmentKind::SiteVisit, *assessment);
            }
            Fact::JudgementRecorded { subject, judgement } => {
                self.judgements.set(*subject, *judgement);
            }
            Fact::SelectionProposed { .. } | Fact::RejectionProposed { .. } => {
                self.state = ApplicationState::DecisionProposed;
            }
            Fact::ApplicationRejected { .. } => self.state = ApplicationState::Rejected,
            Fact::ApplicationWithdrawn { .. } => self.state = ApplicationState::Withdrawn,
            Fact::ApplicationLapsed { .. } => self.state = ApplicationState::Lapsed,
            Fact::PublicNoticeOpened {
                selection,
                granted,
                notice,
            } => {
                self.state = ApplicationState::InPublicNotice;
                self.selection = Some(Selection {
                    id: *selection,
                    granted: granted.clone(),
                    notice: notice.clone(),
                });
            }
            Fact::PublicNoticeChanged { events, .. }
            | Fact::PublicNoticeConcluded { events, .. } => {
                if let Some(selection) = &mut self.selection {
                    selection.notice.apply_all(events);
                }
            }
            // What was found against it may be anywhere, so all is assessed and judged anew.
            Fact::SelectionOverturned { .. } => {
                self.state = ApplicationState::Submitted;
                self.assessments = Assessments::default();
                self.judgements = Judgements::default();
            }
            Fact::OrganizationSelected { .. } => self.state = ApplicationState::Selected,
            Fact::FilingReceiptIssued { .. } => self.state = ApplicationState::Filed,
            Fact::ApplicationReported { city_report } => self.city_report = Some(*city_report),
            Fact::ApplicationTakenOff { .. } => self.city_report = None,
            // A photo counts with the visit that names it; a report recorded is told to others.
            Fact::SitePhotoStored { .. } | Fact::CityReportRecorded { .. } => {}
        }
    }

    /// Changes the application by all that happened, in order.
    pub fn apply_all(&mut self, facts: &[Fact]) {
        for fact in facts {
            self.apply(fact);
        }
    }

    /// 单位名称, as it was handed in; empty for a draft.
    pub fn name(&self) -> &str {
        self.applicant.as_ref().map_or("", |it| it.name.as_str())
    }

    /// 机构性质, as it was handed in; none for a draft.
    pub fn kind(&self) -> Option<BodyKind> {
        self.applicant.as_ref().map(|applicant| applicant.kind)
    }

    /// 统一社会信用代码, as it was handed in; empty for a draft.
    pub fn credit_code(&self) -> &str {
        let applicant = self.applicant.as_ref();
        applicant.map_or("", |it| it.credit_code.as_str())
    }

    /// Whether its applicant may still change it.
    pub fn is_in_the_applicants_hands(&self) -> bool {
        IN_THE_APPLICANTS_HANDS.contains(&self.state)
    }

    /// Lets somebody through who saw this version; 0 is whoever does not say.
    ///
    /// # Errors
    /// `APPLICATION_CHANGED` when it is another by now.
    pub fn is_still(&self, seen: u64) -> Result<(), Faults> {
        if seen == 0 || seen == self.version {
            Ok(())
        } else {
            Err(Faults::at("version", &ApplicationRejection::Changed))
        }
    }

    /// Lets a command through only where the application stands in one of these states.
    pub(super) fn require(&self, states: &[ApplicationState]) -> Result<(), Faults> {
        if states.contains(&self.state) {
            Ok(())
        } else {
            Err(self.wrong_state().into())
        }
    }

    pub(super) fn wrong_state(&self) -> ApplicationRejection {
        let (chinese, english) = (self.state.chinese(), words(self.state.name()));
        ApplicationRejection::State { chinese, english }
    }

    /// Documents that change were not what the check and the panel saw; the site is still there.
    fn give_back(&mut self, documents: &[DocumentKind], fields: &[FieldPath]) {
        self.state = ApplicationState::Returned;
        for document in documents {
            if let Some(material) = self.materials.get_mut(document) {
                material.returned = true;
            }
        }
        self.returned_fields = fields.iter().map(|path| (path.clone(), false)).collect();
        self.assessments.set(AssessmentKind::DocumentCheck, None);
        self.assessments.set(AssessmentKind::ExpertPanel, None);
        self.judgements.await_correction();
    }

    /// A site that was visited for other occupations was not visited for these, and what was judged
    /// of the body was judged of another where its head was corrected.
    fn take_over(&mut self, applicant: &Applicant, occupations: &[AppliedOccupation]) {
        if self.occupations != occupations {
            self.occupations = occupations.to_vec();
            self.assessments.set(AssessmentKind::SiteVisit, None);
        }
        if self.applicant.as_ref() != Some(applicant) {
            self.applicant = Some(applicant.clone());
            self.judgements = Judgements::default();
        }
    }

    fn assess(&mut self, kind: AssessmentKind, assessment: Assessment) {
        self.assessments.set(kind, Some(assessment));
    }
}
