//! What happens to an inquiry, for the record: no text and nobody's name.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use kernel::inquiry::{Channel, InquiryKind};
use prost::Message;
use proto::common::v1 as common;
use serde::Serialize;
use uuid::Uuid;

use super::InquiryId;
use super::entry::Author;
use crate::facts::{IntoRecord, Record};

/// Something that happened to an inquiry. Others are told that an organisation has something to
/// answer, and of nothing else.
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

/// A fact of an inquiry with the area that looks into it and the organisation that is concerned.
pub(super) struct Recorded<'a> {
    pub(super) id: InquiryId,
    pub(super) area: DivisionCode,
    pub(super) organization: OrganizationId,
    pub(super) fact: &'a InquiryFact,
}

impl IntoRecord for Recorded<'_> {
    fn record(&self) -> Record {
        let message = match self.fact {
            InquiryFact::OrganizationAsked { due } => Some(common::OrganizationAsked {
                inquiry_id: self.id.to_string(),
                organization_id: self.organization.to_string(),
                due_on: due.to_string(),
            }),
            _ => None,
        };
        let payload = serde_json::to_string(self.fact);
        Record {
            kind: self.fact.kind(),
            schema_version: 1,
            areas: vec![self.area],
            payload: payload.expect("ids, dates and counts always serialise"),
            message: message.map(|message| message.encode_to_vec()),
        }
    }
}
