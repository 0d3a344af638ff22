//! What can happen to an application. References, counts, hashes and dates; nobody's name.

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::division::DivisionCode;
use kernel::ids::{
    ApplicationId, CityReportId, MaterialId, OrganizationId, PublicNoticeId, ReceiptId, SelectionId,
};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::public_notice::{NoticeEvent, PublicNotice};
use serde::Serialize;

use super::{AppliedOccupation, Assessment, DocumentKind, Material, OccupationScope};

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
        /// What is applied for, as the catalogue vouched for it on that day.
        occupations: Vec<AppliedOccupation>,
    },
    /// A file was stored; it takes the place of the one before of its kind.
    MaterialStored {
        /// The file.
        material: Material,
    },
    /// The application was handed in.
    ApplicationSubmitted {
        /// The day.
        on: Date,
        /// The files handed in, in the order of their kinds.
        materials: Vec<MaterialId>,
    },
    /// Materials were given back for correction.
    ApplicationReturned {
        /// What they are.
        documents: Vec<DocumentKind>,
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
    },
    /// A first person proposed the selection.
    SelectionProposed {
        /// The scope to be granted.
        granted: Vec<OccupationScope>,
        /// Hash of all that the decision rests on.
        content_hash: ContentHash,
    },
    /// A second person confirmed it, and the public is shown it.
    PublicNoticeOpened {
        /// The selection.
        selection: SelectionId,
        /// The scope granted.
        granted: Vec<OccupationScope>,
        /// The public notice as it was opened.
        notice: PublicNotice,
    },
    /// The public notice came to its end.
    PublicNoticeConcluded {
        /// The public notice.
        notice: PublicNoticeId,
        /// What its end consisted of.
        events: Vec<NoticeEvent>,
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
