//! What the others are told: fact by fact, exhaustively.

use kernel::division::DivisionCode;
use platform::facts::{IntoRecord, Record};
use prost::Message;
use proto::review::v1 as review;
use serde::Serialize;

use crate::domain::{Application, CityReportFact, Fact, RoundFact};
use crate::messages;

/// A fact of an application. The area where it is filed hears of it.
pub(crate) struct ApplicationFact<'a> {
    application: &'a Application,
    fact: &'a Fact,
}

impl<'a> ApplicationFact<'a> {
    /// The facts of one application.
    pub(crate) fn all(application: &'a Application, facts: &'a [Fact]) -> Vec<Self> {
        let of_this = |fact| Self { application, fact };
        facts.iter().map(of_this).collect()
    }

    /// That it was handed in, is assessed anew, or is not under assessment any more.
    fn moved(&self, kind: &'static str) -> Record {
        let Self { application, fact } = *self;
        let message = review::ApplicationMoved {
            application_id: application.id.to_string(),
            organization_id: application.organization.to_string(),
        };
        published(kind, application.filing_division, fact, &message)
    }
}

impl IntoRecord for ApplicationFact<'_> {
    fn record(&self) -> Record {
        let Self { application, fact } = *self;
        let area = application.filing_division;
        let application_id = application.id.to_string();
        let organization_id = application.organization.to_string();
        match fact {
            Fact::ApplicationDrafted { .. } => internal("application_drafted", area, fact),
            Fact::FormSaved { .. } => internal("form_saved", area, fact),
            Fact::MaterialStored { .. } => internal("material_stored", area, fact),
            Fact::MaterialRemoved { .. } => internal("material_removed", area, fact),
            Fact::ApplicationSubmitted { .. } => self.moved("application_submitted"),
            Fact::ApplicationReturned { .. } => self.moved("application_returned"),
            Fact::DocumentCheckRecorded { .. } => internal("document_check_recorded", area, fact),
            Fact::ExpertPanelRecorded { .. } => internal("expert_panel_recorded", area, fact),
            Fact::SiteVisitRecorded { .. } => internal("site_visit_recorded", area, fact),
            Fact::SitePhotoStored { .. } => internal("site_photo_stored", area, fact),
            Fact::JudgementRecorded { .. } => internal("judgement_recorded", area, fact),
            Fact::SelectionProposed { .. } => internal("selection_proposed", area, fact),
            Fact::RejectionProposed { .. } => internal("rejection_proposed", area, fact),
            Fact::ApplicationRejected { .. } => self.moved("application_rejected"),
            Fact::ApplicationWithdrawn { .. } => self.moved("application_withdrawn"),
            Fact::ApplicationLapsed { .. } => self.moved("application_lapsed"),
            Fact::PublicNoticeOpened { notice, .. } => {
                let message = review::PublicNoticeOpened {
                    application_id,
                    organization_id,
                    public_notice_id: notice.id().to_string(),
                };
                published("public_notice_opened", area, fact, &message)
            }
            Fact::PublicNoticeChanged { .. } => internal("public_notice_changed", area, fact),
            Fact::SelectionOverturned { .. } => self.moved("selection_overturned"),
            Fact::PublicNoticeConcluded { .. } => internal("public_notice_concluded", area, fact),
            Fact::OrganizationSelected {
                selection,
                filing_division,
                purpose,
                granted,
                notice,
                snapshot_hash,
                on,
                ..
            } => {
                let message = review::OrganizationSelected {
                    application_id,
                    selection_id: selection.to_string(),
                    organization_id,
                    filing_division: filing_division.to_string(),
                    granted: granted.iter().map(messages::scope).collect(),
                    public_notice_id: notice.to_string(),
                    snapshot_hash: snapshot_hash.as_bytes().to_vec().into(),
                    selected_on: on.to_string(),
                    purpose: messages::purpose(*purpose).into(),
                };
                published("organization_selected", area, fact, &message)
            }
            Fact::FilingReceiptIssued {
                receipt,
                organization_code,
                ..
            } => {
                let message = review::FilingReceiptIssued {
                    application_id,
                    receipt_id: receipt.to_string(),
                    organization_id,
                    organization_code: organization_code.to_string(),
                };
                published("filing_receipt_issued", area, fact, &message)
            }
            Fact::ApplicationReported { .. } => internal("application_reported", area, fact),
            Fact::ApplicationTakenOff { .. } => internal("application_taken_off", area, fact),
            Fact::CityReportRecorded { city_report, .. } => {
                let message = review::CityReportRecorded {
                    application_id,
                    city_report_id: city_report.to_string(),
                    organization_id,
                };
                published("city_report_recorded", area, fact, &message)
            }
        }
    }
}

impl IntoRecord for CityReportFact {
    fn record(&self) -> Record {
        match self {
            Self::ReportSubmitted { division, .. } => internal("report_submitted", *division, self),
            Self::ReportReturned { division, .. } => internal("report_returned", *division, self),
            Self::CorrectionDueRecounted { division, .. } => {
                internal("correction_due_recounted", *division, self)
            }
            Self::ReportCorrected { division, .. } => internal("report_corrected", *division, self),
            Self::ReportRecorded { division, .. } => internal("report_recorded", *division, self),
        }
    }
}

impl IntoRecord for RoundFact {
    fn record(&self) -> Record {
        match self {
            Self::RoundOpened { division, .. } => internal("round_opened", *division, self),
            Self::RoundClosed { division, .. } => internal("round_closed", *division, self),
        }
    }
}

pub(super) fn internal(kind: &'static str, area: DivisionCode, fact: &impl Serialize) -> Record {
    Record {
        kind,
        schema_version: 1,
        areas: vec![area],
        payload: serde_json::to_string(fact)
            .expect("facts hold ids, dates, numbers and texts, which always serialise"),
        message: None,
    }
}

pub(super) fn published(
    kind: &'static str,
    area: DivisionCode,
    fact: &impl Serialize,
    message: &impl Message,
) -> Record {
    Record {
        message: Some(message.encode_to_vec()),
        ..internal(kind, area, fact)
    }
}
