//! Photos of a site (现场考察照片, notice 3.4): each shows an item of the visit. A visit names its
//! photos and is frozen with them; a photo belongs to one visit, and none is ever deleted.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::rejection::{FaultList, Faults};
use serde::{Deserialize, Serialize};

use super::refusal::PhotoRejection;
use super::{Application, Fact, MediaType, SiteItem};

kernel::typed_ids! {
    /// A photo of a site.
    PhotoId("photo"),
}

/// Largest photo taken, in bytes: 10 MiB, what a telephone takes.
pub const LARGEST_PHOTO: u64 = 10 * 1024 * 1024;
/// Photos that wait for their visit, and so those of one visit, at most.
pub const MOST_PHOTOS: usize = 30;

/// A photo that was stored, without what the camera had added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    /// Identifies it.
    pub id: PhotoId,
    /// What it shows.
    pub item: SiteItem,
    /// What its bytes are.
    pub media_type: MediaType,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 over its content.
    pub sha256: ContentHash,
    /// The day on which it was stored.
    pub uploaded_on: Date,
}

impl Application {
    /// Stores a photo beside so many that wait.
    pub(super) fn store_photo(&self, photo: Photo, waiting: usize) -> Result<Vec<Fact>, Faults> {
        self.require_under_assessment()?;
        let limit = MOST_PHOTOS;
        if waiting >= limit {
            return Err(PhotoRejection::TooMany { limit }.into());
        }
        Ok(vec![Fact::SitePhotoStored { photo }])
    }
}

/// Of the photos that wait, those that a visit names; notes each that is named twice or does not
/// wait: one of another application, one that another visit named, none at all.
pub fn named_photos(named: &[PhotoId], waiting: &[Photo], faults: &mut FaultList) -> Vec<Photo> {
    let mut seen = BTreeSet::new();
    let mut photos = Vec::with_capacity(named.len());
    for (index, id) in named.iter().enumerate() {
        let field = format!("photo_ids[{index}]");
        let found = waiting.iter().find(|photo| photo.id == *id);
        if !seen.insert(*id) {
            faults.add(field, &PhotoRejection::Twice);
        } else if found.is_none() {
            faults.add(field, &PhotoRejection::NotFound);
        }
        photos.extend(found.cloned());
    }
    photos
}
