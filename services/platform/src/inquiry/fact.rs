//! What happens to an inquiry, for the record: no text and nobody's name.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use kernel::inquiry::{Channel, InquiryKind};
use serde::Serialize;
use uuid::Uuid;

use super::entry::Author;
use crate::facts::{IntoRecord, Record};

/// Something that happened to an inquiry. Told to nobody outside.
#[derive(Debug, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub(super) enum InquiryFact {
    /// Something was brought forward.
    InquiryOpened {
        kind: InquiryKind,
        channel: Channel,
        organization: OrganizationId,
        about: String,
        named: bool,
        due: Date,
    },
    /// A complaint was taken up.
    InquiryTakenUp { due: Date },
    /// The organisation was asked.
    OrganizationAsked { due: Date },
    /// It answered.
    OrganizationAnswered,
    /// Something was found.
    FindingRecorded { findings: u32 },
    /// A file was handed in.
    EvidenceAdded { entry: Uuid, author: Author },
    /// The calendar changed, and what is still due is counted anew.
    DeadlinesRecounted {
        due: Date,
        answer_due: Option<Date>,
        calendar_version: String,
    },
    /// It was closed.
    InquiryClosed,
}

impl InquiryFact {
    fn kind(&self) -> &'static str {
        match self {
            Self::InquiryOpened { .. } => "inquiry_opened",
            Self::InquiryTakenUp { .. } => "inquiry_taken_up",
            Self::OrganizationAsked { .. } => "organization_asked",
            Self::OrganizationAnswered => "organization_answered",
            Self::FindingRecorded { .. } => "finding_recorded",
            Self::EvidenceAdded { .. } => "evidence_added",
            Self::DeadlinesRecounted { .. } => "deadlines_recounted",
            Self::InquiryClosed => "inquiry_closed",
        }
    }
}

/// A fact with the area that looks into it.
pub(super) struct AreaFact<'a>(pub(super) DivisionCode, pub(super) &'a InquiryFact);

impl IntoRecord for AreaFact<'_> {
    fn record(&self) -> Record {
        let Self(area, fact) = self;
        Record {
            kind: fact.kind(),
            schema_version: 1,
            areas: vec![*area],
            payload: serde_json::to_string(fact).expect("ids, dates and counts always serialise"),
            message: None,
        }
    }
}
