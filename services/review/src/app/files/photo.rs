//! Photos of site visits: stored one by one, named by the visit that shows them, never deleted.

use bytes::Bytes;
use futures::Stream;
use kernel::ids::ApplicationId;
use platform::Result;
use platform::access::Caller;
use platform::unit::Begun;
use prost::Message;
use proto::review::v1 as review;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::super::{App, Case};
use super::clean::Cleaner;
use super::name::{FileId, FileName};
use super::store::Incoming;
use crate::domain::{Command, LARGEST_PHOTO, MediaType, Photo, PhotoId, SiteItem};
use crate::{messages, store};

/// What is uploaded, as its header says.
pub(crate) struct PhotoUpload {
    /// The application it belongs to.
    pub(crate) application: ApplicationId,
    /// What it shows.
    pub(crate) item: SiteItem,
    /// What its bytes are said to be.
    pub(crate) declared: MediaType,
}

impl App {
    /// Takes a photo of the site of an applicant. One that is not there takes not even a byte.
    pub(crate) async fn upload_site_photo(
        &self,
        caller: &Caller,
        header: &review::SitePhotoHeader,
        upload: PhotoUpload,
        content: impl Stream<Item = Result<Bytes>>,
    ) -> Result<review::UploadSitePhotoResponse> {
        let PhotoUpload {
            application,
            item,
            declared,
        } = upload;
        let mut connection = self.journal.pool().acquire().await?;
        store::application::find(&mut connection, &caller.scope(), application).await?;
        drop(connection);

        let id = PhotoId::from_uuid(Uuid::now_v7());
        let incoming = Incoming {
            name: FileName {
                application,
                file: FileId::Photo(id),
            },
            declared,
            limit: LARGEST_PHOTO,
            cleaner: Cleaner::of(declared),
        };
        let taken = self.materials.take(self.journal.vault(), incoming, content);
        let file = taken.await?;
        let body = Sha256::new()
            .chain_update(header.encode_to_vec())
            .chain_update(file.sha256.as_bytes())
            .finalize();
        let begun = self.journal.begin_hashed(caller, header, body.into());
        let mut unit = match begun.await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open(&mut unit, caller, application).await?;
        let photo = Photo {
            id,
            item,
            media_type: declared,
            size: file.size,
            sha256: file.sha256,
            uploaded_on: unit.today(),
        };
        let waiting = store::photo::waiting(unit.connection(), application).await?;
        let command = Command::StorePhoto {
            photo: photo.clone(),
            waiting: waiting.len(),
        };
        case.act(&mut unit, command).await?;
        store::photo::insert(unit.connection(), application, &photo).await?;
        file.keep();
        let photo = Some(messages::site_photo(&photo));
        unit.finish(review::UploadSitePhotoResponse { photo }).await
    }
}
