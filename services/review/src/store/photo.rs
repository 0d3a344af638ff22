//! Photos of sites: what is known of them. Their content lies sealed in the object store.

use jiff_sqlx::ToSqlx;
use kernel::ids::ApplicationId;
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{content_hash, unreadable};
use crate::domain::refusal::PhotoRejection;
use crate::domain::{AssessmentId, MediaType, Photo, PhotoId};

/// Keeps a photo, which waits for the visit that names it.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    application: ApplicationId,
    photo: &Photo,
) -> Result<()> {
    sqlx::query!(
        "insert into site_photo (photo_id, application_id, item, media_type, size_bytes, sha256,
             uploaded_on)
         values ($1, $2, $3, $4, $5, $6, $7)",
        photo.id.uuid(),
        application.uuid(),
        photo.item.name(),
        photo.media_type.name(),
        i64::try_from(photo.size).map_err(anyhow::Error::from)?,
        photo.sha256.as_bytes(),
        photo.uploaded_on.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// From now on the photos are those of a visit.
pub(crate) async fn name(
    connection: &mut PgConnection,
    visit: AssessmentId,
    photos: &[Photo],
) -> Result<()> {
    let ids: Vec<_> = photos.iter().map(|photo| photo.id.uuid()).collect();
    sqlx::query!(
        "update site_photo set assessment_id = $1 where photo_id = any($2)",
        visit.uuid(),
        &ids,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The photos of an application that wait for the visit that names them, the oldest first.
pub(crate) async fn waiting(
    connection: &mut PgConnection,
    application: ApplicationId,
) -> Result<Vec<Photo>> {
    let rows = sqlx::query_as!(
        Row,
        "select photo_id, item, media_type, size_bytes, sha256, uploaded_on from site_photo
         where application_id = $1 and assessment_id is null order by photo_id",
        application.uuid(),
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Photo::try_from).collect()
}

/// A photo of an application that was found in the caller's scope.
pub(crate) async fn find(
    connection: &mut PgConnection,
    application: ApplicationId,
    id: PhotoId,
) -> Result<Photo> {
    let row = sqlx::query_as!(
        Row,
        "select photo_id, item, media_type, size_bytes, sha256, uploaded_on from site_photo
         where application_id = $1 and photo_id = $2",
        application.uuid(),
        id.uuid(),
    )
    .fetch_optional(connection)
    .await?;
    row.ok_or_else(|| Error::refused(PhotoRejection::NotFound))?
        .try_into()
}

struct Row {
    photo_id: Uuid,
    item: String,
    media_type: String,
    size_bytes: i64,
    sha256: Vec<u8>,
    uploaded_on: jiff_sqlx::Date,
}

impl TryFrom<Row> for Photo {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let media_type = MediaType::parse(&row.media_type);
        Ok(Self {
            id: PhotoId::from_uuid(row.photo_id),
            item: row.item.parse().map_err(|_| unreadable("item of a site"))?,
            media_type: media_type.map_err(|_| unreadable("media type"))?,
            size: row.size_bytes.cast_unsigned(),
            sha256: content_hash(&row.sha256)?,
            uploaded_on: row.uploaded_on.to_jiff(),
        })
    }
}
