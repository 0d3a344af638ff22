//! Files read again. They are full of people, so who looked is on record before the first byte.

use bytes::Bytes;
use futures::stream::BoxStream;
use kernel::content_hash::ContentHash;
use kernel::ids::{ApplicationId, MaterialId};
use platform::Result;
use platform::access::Caller;
use platform::crypto::{Purpose, record_access};

use super::super::App;
use super::super::read::readable;
use super::name::{FileId, FileName};
use crate::domain::PhotoId;
use crate::store;

/// Somebody reads a file that was handed in.
const READ_MATERIAL: Purpose = Purpose("read_material");
/// Somebody looks at a photo of a site visit.
const READ_SITE_PHOTO: Purpose = Purpose("read_site_photo");

/// A file on its way out.
pub(crate) struct Download {
    /// A name to save it under.
    pub(crate) file_name: String,
    /// Media type.
    pub(crate) media_type: String,
    /// In bytes.
    pub(crate) size: u64,
    /// SHA-256 over the content.
    pub(crate) sha256: ContentHash,
    /// The content.
    pub(crate) content: BoxStream<'static, Result<Bytes>>,
}

impl App {
    /// A file of an application, the newest of its kind or one before.
    pub(crate) async fn download_material(
        &self,
        caller: &Caller,
        application: ApplicationId,
        id: MaterialId,
    ) -> Result<Download> {
        let vault = self.journal.vault();
        let mut transaction = self.journal.pool().begin().await?;
        readable(&mut transaction, caller, application).await?;
        let known = store::material::find(&mut transaction, vault, application, id).await?;
        let file = FileId::Material(id);
        record_access(&mut transaction, caller, READ_MATERIAL, file.place()).await?;
        transaction.commit().await?;
        let name = FileName { application, file };
        Ok(Download {
            file_name: known.file_name,
            media_type: known.media_type,
            size: known.size,
            sha256: known.sha256,
            content: self.materials.open(vault, name).await?,
        })
    }

    /// A photo of a site visit, or one that waits for it.
    pub(crate) async fn download_site_photo(
        &self,
        caller: &Caller,
        application: ApplicationId,
        id: PhotoId,
    ) -> Result<Download> {
        let mut transaction = self.journal.pool().begin().await?;
        store::application::find(&mut transaction, &caller.scope(), application).await?;
        let photo = store::photo::find(&mut transaction, application, id).await?;
        let file = FileId::Photo(id);
        record_access(&mut transaction, caller, READ_SITE_PHOTO, file.place()).await?;
        transaction.commit().await?;
        let name = FileName { application, file };
        Ok(Download {
            file_name: format!("{id}.{}", photo.media_type.extension()),
            media_type: photo.media_type.name().to_owned(),
            size: photo.size,
            sha256: photo.sha256,
            content: self.materials.open(self.journal.vault(), name).await?,
        })
    }
}
