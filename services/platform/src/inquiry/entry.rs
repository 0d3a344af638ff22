//! What was written or handed in about an inquiry.

use jiff::civil::Date;
use proto::common::v1::{InquiryAuthor, InquiryEntryKind};
use serde::Serialize;
use uuid::Uuid;

use crate::crypto::Place;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryKind {
    /// Who brought it forward.
    Party,
    Statement,
    Question,
    Answer,
    Finding,
    Outcome,
    Evidence,
}

impl EntryKind {
    const ALL: [Self; 7] = [
        Self::Party,
        Self::Statement,
        Self::Question,
        Self::Answer,
        Self::Finding,
        Self::Outcome,
        Self::Evidence,
    ];

    /// Name, as stored.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Party => "party",
            Self::Statement => "statement",
            Self::Question => "question",
            Self::Answer => "answer",
            Self::Finding => "finding",
            Self::Outcome => "outcome",
            Self::Evidence => "evidence",
        }
    }

    pub(super) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// For a message. The person is never an entry there.
    pub(super) fn message(self) -> InquiryEntryKind {
        match self {
            Self::Party => InquiryEntryKind::Unspecified,
            Self::Statement => InquiryEntryKind::Statement,
            Self::Question => InquiryEntryKind::Question,
            Self::Answer => InquiryEntryKind::Answer,
            Self::Finding => InquiryEntryKind::Finding,
            Self::Outcome => InquiryEntryKind::Outcome,
            Self::Evidence => InquiryEntryKind::Evidence,
        }
    }
}

/// Who an entry comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Author {
    /// Whoever brought the matter forward.
    Party,
    /// The centre.
    Centre,
    /// The organisation that is concerned.
    Organization,
}

impl Author {
    const ALL: [Self; 3] = [Self::Party, Self::Centre, Self::Organization];

    /// Name, as stored.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Party => "party",
            Self::Centre => "centre",
            Self::Organization => "organization",
        }
    }

    pub(super) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|author| author.name() == name)
    }

    /// For a message.
    pub(super) fn message(self) -> InquiryAuthor {
        match self {
            Self::Party => InquiryAuthor::Party,
            Self::Centre => InquiryAuthor::Centre,
            Self::Organization => InquiryAuthor::Organization,
        }
    }
}

/// What is known of a file beside its content.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) name_sealed: Vec<u8>,
    pub(super) media_type: String,
    pub(super) size: i64,
    pub(super) sha256: Vec<u8>,
}

/// An entry as it is kept: sealed.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) id: Uuid,
    pub(super) kind: EntryKind,
    pub(super) author: Author,
    pub(super) written_on: Date,
    /// Absent where only the file's description was asked for.
    pub(super) content_sealed: Option<Vec<u8>>,
    pub(super) file: Option<File>,
}

impl Entry {
    /// Where its text or content lies.
    pub(super) fn content_place(id: Uuid) -> Place {
        place(id, "content")
    }

    /// Where the name of its file lies.
    pub(super) fn name_place(id: Uuid) -> Place {
        place(id, "file_name")
    }
}

fn place(row: Uuid, column: &'static str) -> Place {
    Place {
        table: "platform.inquiry_entry",
        row,
        column,
    }
}
