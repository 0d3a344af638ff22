//! Files of applications: what is known of them. Their content lies sealed in the object store.

use std::collections::{BTreeMap, HashMap, HashSet};

use kernel::content_hash::ContentHash;
use kernel::ids::{ApplicationId, MaterialId};
use platform::crypto::{Place, Vault};
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{content_hash, open, unreadable};
use crate::domain::refusal::MaterialRejection;
use crate::domain::{DocumentKind, FormId, HeldMaterial, Material};

/// A file with all that people wrote about it.
pub(crate) struct DescribedMaterial {
    /// Identifies it.
    pub(crate) id: MaterialId,
    /// What it is.
    pub(crate) document: DocumentKind,
    /// Name as handed in.
    pub(crate) file_name: String,
    /// Registered name of what its bytes are.
    pub(crate) media_type: String,
    /// In bytes.
    pub(crate) size: u64,
    /// SHA-256 over its content.
    pub(crate) sha256: ContentHash,
    /// Why it was given back; empty where it was not.
    pub(crate) returned_reason: String,
}

/// Keeps a file in the place of an earlier one of its kind.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    application: ApplicationId,
    material: &Material,
    annex_one: FormId,
    file_name: &str,
) -> Result<()> {
    remove(connection, application, material.document).await?;
    sqlx::query!(
        "insert into material (material_id, application_id, document, media_type,
             size_bytes, sha256, annex_one, head, file_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        material.id.uuid(),
        application.uuid(),
        material.document.name(),
        material.media_type.name(),
        i64::try_from(material.size).map_err(anyhow::Error::from)?,
        material.sha256.as_bytes(),
        annex_one.uuid(),
        material
            .head
            .as_ref()
            .map(|head| head.as_bytes().as_slice()),
        vault.seal(place(material.id, "file_name"), file_name.as_bytes()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes the newest file of a kind out; that it was there is kept.
pub(crate) async fn remove(
    connection: &mut PgConnection,
    application: ApplicationId,
    document: DocumentKind,
) -> Result<()> {
    sqlx::query!(
        "update material set is_current = false
         where application_id = $1 and document = $2 and is_current",
        application.uuid(),
        document.name(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps why a file was given back.
pub(crate) async fn give_back(
    connection: &mut PgConnection,
    vault: &Vault,
    id: MaterialId,
    reason: &str,
) -> Result<()> {
    sqlx::query!(
        "update material set returned_reason = $2 where material_id = $1",
        id.uuid(),
        vault.seal(place(id, "returned_reason"), reason.as_bytes()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Those of the files that are on record, replaced ones and photos included.
pub(crate) async fn known(connection: &mut PgConnection, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    let known = sqlx::query_scalar!(
        r#"select material_id as "id!" from material where material_id = any($1)
           union all select photo_id from site_photo where photo_id = any($1)"#,
        ids,
    )
    .fetch_all(connection)
    .await?;
    Ok(known.into_iter().collect())
}

/// The newest files of applications, as their rules look at them.
pub(super) async fn held(
    connection: &mut PgConnection,
    applications: &[Uuid],
) -> Result<HashMap<ApplicationId, BTreeMap<DocumentKind, HeldMaterial>>> {
    let rows = sqlx::query!(
        r#"select application_id, material_id, document, sha256, annex_one, head,
               returned_reason is not null as "returned!"
           from material where application_id = any($1) and is_current"#,
        applications,
    )
    .fetch_all(connection)
    .await?;
    let mut held: HashMap<_, BTreeMap<_, _>> = HashMap::new();
    for row in rows {
        let material = HeldMaterial {
            id: MaterialId::from_uuid(row.material_id),
            sha256: content_hash(&row.sha256)?,
            annex_one: FormId::from_uuid(row.annex_one),
            head: row.head.as_deref().map(content_hash).transpose()?,
            returned: row.returned,
        };
        let application = ApplicationId::from_uuid(row.application_id);
        held.entry(application)
            .or_default()
            .insert(document(&row.document)?, material);
    }
    Ok(held)
}

/// The newest files of an application, in the order of their kinds, with what people wrote.
pub(crate) async fn describe(
    connection: &mut PgConnection,
    vault: &Vault,
    application: ApplicationId,
) -> Result<Vec<DescribedMaterial>> {
    let rows = sqlx::query_as!(
        Row,
        "select material_id, document, file_name, media_type, size_bytes, sha256,
             returned_reason
         from material where application_id = $1 and is_current",
        application.uuid(),
    )
    .fetch_all(connection)
    .await?;
    let mut described = Vec::with_capacity(rows.len());
    for row in rows {
        described.push(row.described(vault).await?);
    }
    described.sort_by_key(|material| material.document);
    Ok(described)
}

/// A file of an application that was found in the caller's scope, be it the newest of its kind or
/// not.
pub(crate) async fn find(
    connection: &mut PgConnection,
    vault: &Vault,
    application: ApplicationId,
    id: MaterialId,
) -> Result<DescribedMaterial> {
    let row = sqlx::query_as!(
        Row,
        "select material_id, document, file_name, media_type, size_bytes, sha256,
             returned_reason
         from material where application_id = $1 and material_id = $2",
        application.uuid(),
        id.uuid(),
    )
    .fetch_optional(connection)
    .await?;
    let row = row.ok_or_else(|| Error::refused(MaterialRejection::NotFound))?;
    row.described(vault).await
}

struct Row {
    material_id: Uuid,
    document: String,
    file_name: Vec<u8>,
    media_type: String,
    size_bytes: i64,
    sha256: Vec<u8>,
    returned_reason: Option<Vec<u8>>,
}

impl Row {
    async fn described(self, vault: &Vault) -> Result<DescribedMaterial> {
        let id = MaterialId::from_uuid(self.material_id);
        let returned_reason = match self.returned_reason {
            Some(sealed) => open(vault, place(id, "returned_reason"), &sealed).await?,
            None => String::new(),
        };
        Ok(DescribedMaterial {
            id,
            document: document(&self.document)?,
            file_name: open(vault, place(id, "file_name"), &self.file_name).await?,
            media_type: self.media_type,
            size: self.size_bytes.cast_unsigned(),
            sha256: content_hash(&self.sha256)?,
            returned_reason,
        })
    }
}

fn document(stored: &str) -> Result<DocumentKind> {
    stored.parse().map_err(|_| unreadable("kind of document"))
}

fn place(id: MaterialId, column: &'static str) -> Place {
    Place {
        table: "material",
        row: id.uuid(),
        column,
    }
}
