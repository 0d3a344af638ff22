//! The id of an inquiry: that of what was brought forward.

use std::fmt;

use kernel::ids::{ComplaintId, IdRejection, LeadId, ObjectionId};
use kernel::inquiry::InquiryKind;
use uuid::Uuid;

/// Names an inquiry: `obj_…`, `lead_…` or `cmp_…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InquiryId {
    kind: InquiryKind,
    uuid: Uuid,
}

impl InquiryId {
    /// The id of what is of this kind.
    pub(super) fn new(kind: InquiryKind, uuid: Uuid) -> Self {
        Self { kind, uuid }
    }

    /// Reads the text form.
    ///
    /// # Errors
    /// When it is the id of nothing that is looked into.
    pub fn parse(text: &str) -> Result<Self, IdRejection> {
        match text.split_once('_').map(|(prefix, _)| prefix) {
            Some(LeadId::PREFIX) => LeadId::parse(text).map(Self::from),
            Some(ComplaintId::PREFIX) => ComplaintId::parse(text).map(Self::from),
            _ => ObjectionId::parse(text).map(Self::from),
        }
    }

    /// What was brought forward.
    pub fn kind(&self) -> InquiryKind {
        self.kind
    }

    /// The bits, as the database keeps them.
    pub fn uuid(&self) -> Uuid {
        self.uuid
    }
}

impl fmt::Display for InquiryId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            InquiryKind::Objection => ObjectionId::from_uuid(self.uuid).fmt(formatter),
            InquiryKind::Lead => LeadId::from_uuid(self.uuid).fmt(formatter),
            InquiryKind::Complaint => ComplaintId::from_uuid(self.uuid).fmt(formatter),
        }
    }
}

impl From<ObjectionId> for InquiryId {
    fn from(id: ObjectionId) -> Self {
        Self::new(InquiryKind::Objection, id.uuid())
    }
}

impl From<LeadId> for InquiryId {
    fn from(id: LeadId) -> Self {
        Self::new(InquiryKind::Lead, id.uuid())
    }
}

impl From<ComplaintId> for InquiryId {
    fn from(id: ComplaintId) -> Self {
        Self::new(InquiryKind::Complaint, id.uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_what_was_brought_forward() {
        let body = "00000000000000000000000001";
        for (prefix, kind) in [
            ("obj", InquiryKind::Objection),
            ("lead", InquiryKind::Lead),
            ("cmp", InquiryKind::Complaint),
        ] {
            let text = format!("{prefix}_{body}");
            let id = InquiryId::parse(&text).expect("well formed");
            assert_eq!((id.kind(), id.to_string()), (kind, text));
        }
        for text in ["", "app_00000000000000000000000001", "lead_x", "obj"] {
            assert!(InquiryId::parse(text).is_err(), "{text}");
        }
    }
}
