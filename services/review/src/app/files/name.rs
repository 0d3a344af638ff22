//! What a file is called in the store: `<application>/<file>`.

use std::fmt;

use kernel::ids::{ApplicationId, MaterialId};
use platform::crypto::Place;
use uuid::Uuid;

use crate::domain::PhotoId;

/// A file of either sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum FileId {
    /// Handed in by an applicant.
    Material(MaterialId),
    /// Of a site visit.
    Photo(PhotoId),
}

impl FileId {
    /// The file of which this is the name; none where it is somebody else's.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let material = MaterialId::parse(name).ok().map(Self::Material);
        material.or_else(|| PhotoId::parse(name).ok().map(Self::Photo))
    }

    /// As the records name it.
    pub(super) fn uuid(self) -> Uuid {
        match self {
            Self::Material(id) => id.uuid(),
            Self::Photo(id) => id.uuid(),
        }
    }

    /// The place that its content is sealed for.
    pub(super) fn place(self) -> Place {
        Place {
            table: match self {
                Self::Material(_) => "material",
                Self::Photo(_) => "site_photo",
            },
            row: self.uuid(),
            column: "content",
        }
    }
}

impl fmt::Display for FileId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Material(id) => id.fmt(formatter),
            Self::Photo(id) => id.fmt(formatter),
        }
    }
}

/// A file of an application.
#[derive(Debug, Clone, Copy)]
pub(super) struct FileName {
    /// Whose it is.
    pub(super) application: ApplicationId,
    /// Which.
    pub(super) file: FileId,
}

impl fmt::Display for FileName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.application, self.file)
    }
}
