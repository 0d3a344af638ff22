//! Taking a file: its content goes to the store first, then the record of it is made.

use bytes::Bytes;
use futures::Stream;
use kernel::content_hash::ContentHash;
use kernel::ids::{ApplicationId, MaterialId, OrganizationId};
use platform::access::Caller;
use platform::unit::Begun;
use platform::{Error, Result};
use prost::Message;
use proto::review::v1 as review;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::super::{App, Case};
use super::name::{FileId, FileName};
use super::store::Incoming;
use crate::domain::{Command, DocumentKind, LARGEST_MATERIAL, Material, MediaType};
use crate::{messages, store};

/// What is uploaded, as its header says.
pub(crate) struct Upload {
    /// The application it belongs to.
    pub(crate) application: ApplicationId,
    /// What it is.
    pub(crate) document: DocumentKind,
    /// Name of the file.
    pub(crate) file_name: String,
    /// What its bytes are said to be.
    pub(crate) declared: MediaType,
}

impl App {
    /// Takes a file of an application. An application that is not there takes not even a byte;
    /// whether it takes files at all is decided under its lock, like everything. Whose head a scan of
    /// annex 1 shows, the registry says.
    pub(crate) async fn upload_material(
        &self,
        caller: &Caller,
        header: &review::MaterialHeader,
        upload: Upload,
        content: impl Stream<Item = Result<Bytes>>,
    ) -> Result<review::UploadMaterialResponse> {
        let Upload {
            application: id,
            document,
            file_name,
            declared,
        } = upload;
        let mut connection = self.journal.pool().acquire().await?;
        let known = store::application::find(&mut connection, &caller.scope(), id).await?;
        drop(connection);
        let head = self.head_shown_by(document, known.organization).await?;

        let material_id = MaterialId::from_uuid(Uuid::now_v7());
        let incoming = Incoming {
            name: FileName {
                application: id,
                file: FileId::Material(material_id),
            },
            declared,
            limit: LARGEST_MATERIAL,
            cleaner: None,
        };
        let taken = self.materials.take(self.journal.vault(), incoming, content);
        let file = taken.await?;
        let body = Sha256::new()
            .chain_update(header.encode_to_vec())
            .chain_update(file.sha256.as_bytes())
            .finalize();
        let mut unit = match self
            .journal
            .begin_hashed(caller, header, body.into())
            .await?
        {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open(&mut unit, caller, id).await?;
        let (size, sha256) = (file.size, file.sha256);
        let material = Material {
            id: material_id,
            document,
            media_type: declared,
            size,
            sha256,
            head,
        };
        case.act(&mut unit, Command::StoreMaterial(material.clone()))
            .await?;
        let vault = self.journal.vault();
        let annex_one = case.application.annex_one;
        store::material::insert(
            unit.connection(),
            vault,
            id,
            &material,
            annex_one,
            &file_name,
        )
        .await?;
        file.keep();
        let material = Some(messages::material(&material, file_name));
        unit.finish(review::UploadMaterialResponse { material })
            .await
    }

    /// Whose head a scan of annex 1 shows. Where the registry is away nobody can say, and the scan is
    /// kept; it is taken for outdated when it is handed in.
    async fn head_shown_by(
        &self,
        document: DocumentKind,
        organization: OrganizationId,
    ) -> Result<Option<ContentHash>> {
        if document != DocumentKind::SignedBasicForm {
            return Ok(None);
        }
        match self.registry.applicant(organization).await {
            Ok(applicant) => Ok(Some(applicant.digest())),
            Err(Error::Unavailable { what, source }) => {
                tracing::warn!(what, %source, "a signed form is kept, and nobody says of whom it is");
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Takes a file out again. What was handed in once is kept; it only counts no more.
    pub(crate) async fn remove_material(
        &self,
        caller: &Caller,
        request: &review::RemoveMaterialRequest,
        id: ApplicationId,
        document: DocumentKind,
    ) -> Result<review::RemoveMaterialResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open_seen(&mut unit, caller, id, request.version).await?;
        case.act(&mut unit, Command::RemoveMaterial(document))
            .await?;
        store::material::remove(unit.connection(), id, document).await?;
        let application = Some(messages::application(&case.application));
        unit.finish(review::RemoveMaterialResponse { application })
            .await
    }
}
