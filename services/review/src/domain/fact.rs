//! What can happen to an application. References, counts, hashes and dates; nobody's name.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::ids::{
    ApplicationId, CityReportId, MaterialId, OrganizationId, PublicNoticeId, ReceiptId, RoundId,
    SelectionId,
};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::public_notice::{NoticeEvent, PublicNotice};
use serde::Serialize;

use super::{
    Applicant, AppliedOccupation, Assessment, AssessmentKind, DocumentKind, FieldPath, FormId,
    Judgement, JudgementSubject, Material, OccupationScope, Photo, PhotoId, Purpose, Resources,
};

/// Something that happened to an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// A draft was opened.
    ApplicationDrafted {
        /// The applicant.
        organization: OrganizationId,
        /// Where it is filed.
        filing_division: DivisionCode,
        /// The round.
        round: RoundId,
        /// What it is for.
        purpose: Purpose,
    },
    /// The annexes were written anew.
    FormSaved {
        /// The annexes as they are now.
        form: FormId,
        /// Those since which annex 1 says the same.
        annex_one: FormId,
        /// The round, which a draft may change.
        round: RoundId,
        /// The assessments that it requires.
        required: BTreeSet<AssessmentKind>,
        /// Those of the fields given back that are no longer what they were.
        corrected: BTreeSet<FieldPath>,
    },
    /// A file was stored; it takes the place of the one before of its kind.
    MaterialStored {
        /// The file.
        material: Material,
    },
    /// A file was taken out, and none of its kind is left.
    MaterialRemoved {
        /// What it was.
        document: DocumentKind,
    },
    /// The application was handed in.
    ApplicationSubmitted {
        /// The day.
        on: Date,
        /// The applicant as it is enrolled.
        applicant: Applicant,
        /// What is applied for, as the catalogue vouches for it.
        occupations: Vec<AppliedOccupation>,
        /// Credit codes of member units that do not check.
        unchecked_units: Vec<String>,
        /// The files handed in, in the order of their kinds.
        materials: Vec<MaterialId>,
        /// What the applicant has to evaluate with.
        resources: Resources,
    },
    /// Materials and fields were given back for correction.
    ApplicationReturned {
        /// What the materials are.
        documents: Vec<DocumentKind>,
        /// The fields.
        fields: Vec<FieldPath>,
    },
    /// The documents were checked.
    DocumentCheckRecorded {
        /// What came of it.
        assessment: Assessment,
        /// Items checked.
        items: usize,
    },
    /// An expert panel gave its opinion.
    ExpertPanelRecorded {
        /// What came of it.
        assessment: Assessment,
        /// Members of the panel.
        experts: usize,
        /// Those for the applicant.
        in_favour: usize,
    },
    /// The site was visited.
    SiteVisitRecorded {
        /// What came of it.
        assessment: Assessment,
        /// The day of the visit.
        visited_on: Date,
        /// How many went.
        visitors: usize,
        /// Its photos.
        photos: Vec<PhotoId>,
    },
    /// A photo of the site was stored, and waits for the visit that names it.
    SitePhotoStored {
        /// The photo.
        photo: Photo,
    },
    /// An officer judged a condition.
    JudgementRecorded {
        /// Which.
        subject: JudgementSubject,
        /// What came of it.
        judgement: Judgement,
    },
    /// A first person proposed the selection.
    SelectionProposed {
        /// The scope to be granted.
        granted: Vec<OccupationScope>,
        /// Hash of all that the decision rests on.
        content_hash: ContentHash,
    },
    /// A first person proposed not to select.
    RejectionProposed {
        /// Hash of all that the decision rests on.
        content_hash: ContentHash,
    },
    /// A second person confirmed that: the application is over.
    ApplicationRejected {
        /// The day.
        on: Date,
    },
    /// The applicant took it back: it is over.
    ApplicationWithdrawn {
        /// The day.
        on: Date,
    },
    /// The filing of its organisation was withdrawn (取消备案), so there is nothing to extend or
    /// renew: it is over.
    ApplicationLapsed {
        /// The day.
        on: Date,
    },
    /// A second person confirmed the selection, and the public is shown it.
    PublicNoticeOpened {
        /// The selection.
        selection: SelectionId,
        /// The scope granted.
        granted: Vec<OccupationScope>,
        /// The public notice as it was opened.
        notice: PublicNotice,
    },
    /// Something happened to the public notice, which goes on: an objection was raised or
    /// dismissed, the calendar changed.
    PublicNoticeChanged {
        /// The public notice.
        notice: PublicNoticeId,
        /// What happened.
        events: Vec<NoticeEvent>,
    },
    /// The public notice came to its end.
    PublicNoticeConcluded {
        /// The public notice.
        notice: PublicNoticeId,
        /// What its end consisted of.
        events: Vec<NoticeEvent>,
    },
    /// An objection was upheld: the selection does not stand, what it took of the quota and of the
    /// occupations is free again, and the application goes back to assessment.
    SelectionOverturned {
        /// The selection.
        selection: SelectionId,
    },
    /// The applicant is selected. Published.
    OrganizationSelected {
        /// The application.
        application: ApplicationId,
        /// The selection.
        selection: SelectionId,
        /// The applicant.
        organization: OrganizationId,
        /// Where it filed.
        filing_division: DivisionCode,
        /// What it is for.
        purpose: Purpose,
        /// The scope granted.
        granted: Vec<OccupationScope>,
        /// The public notice that ended.
        notice: PublicNoticeId,
        /// Hash of what the public was shown.
        snapshot_hash: ContentHash,
        /// The day.
        on: Date,
    },
    /// The receipt was issued. Published.
    FilingReceiptIssued {
        /// The application.
        application: ApplicationId,
        /// The receipt.
        receipt: ReceiptId,
        /// The organisation.
        organization: OrganizationId,
        /// Its new code.
        organization_code: EvaluationOrganizationCode,
        /// The day.
        on: Date,
    },
    /// The city reported the organisation to the province.
    ApplicationReported {
        /// The report.
        city_report: CityReportId,
    },
    /// The city took it off that report again.
    ApplicationTakenOff {
        /// The report.
        city_report: CityReportId,
    },
    /// The province recorded that report. Published.
    CityReportRecorded {
        /// The application.
        application: ApplicationId,
        /// The report.
        city_report: CityReportId,
        /// The organisation.
        organization: OrganizationId,
    },
}
