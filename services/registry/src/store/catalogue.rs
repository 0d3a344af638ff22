//! Editions of the catalogue that were imported. Everybody may see them, so no scope is asked for.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff_sqlx::{Date as SqlDate, ToSqlx};
use kernel::content_hash::ContentHash;
use kernel::occupation::Edition;
use platform::Result;
use platform::error::readable;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::occupation;
use crate::domain::catalogue::CatalogueEdition;
use crate::domain::catalogue::importing::InUse;

/// Where an edition is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Import {
    /// The document behind it.
    pub(crate) source: String,
    /// The file.
    pub(crate) file: ContentHash,
    /// Business day.
    pub(crate) on: Date,
}

/// Puts an import on record.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    edition: &CatalogueEdition,
    import: &Import,
) -> Result<()> {
    sqlx::query!(
        "insert into catalogue_import (edition, content, file_sha256, source, imported_on)
         values ($1, $2, $3, $4, $5)",
        edition.edition.year().cast_signed(),
        Json(edition) as _,
        import.file.as_bytes(),
        import.source,
        import.on.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Position of the newest import.
pub(crate) async fn newest(connection: &mut PgConnection) -> Result<Option<i64>> {
    let newest = sqlx::query_scalar!("select max(position) from catalogue_import");
    Ok(newest.fetch_one(connection).await?)
}

/// The editions that were imported, each as it was imported last, and the position of the newest.
pub(crate) async fn editions(
    connection: &mut PgConnection,
) -> Result<(Option<i64>, Vec<CatalogueEdition>)> {
    let rows = sqlx::query!(
        r#"select distinct on (edition) position, content as "content: Json<CatalogueEdition>"
           from catalogue_import order by edition, position desc"#
    )
    .fetch_all(connection)
    .await?;
    let newest = rows.iter().map(|row| row.position).max();
    let editions = rows.into_iter().map(|row| row.content.0);
    Ok((newest, editions.collect()))
}

/// Where the editions that were imported are from.
pub(crate) async fn imports(connection: &mut PgConnection) -> Result<BTreeMap<Edition, Import>> {
    let rows = sqlx::query!(
        r#"select distinct on (edition) edition, source, file_sha256,
               imported_on as "imported_on: SqlDate"
           from catalogue_import order by edition, position desc"#
    )
    .fetch_all(connection)
    .await?;
    let imports = rows.into_iter().map(|row| {
        let edition = Edition::of_year(row.edition.cast_unsigned());
        let file: [u8; 32] = row.file_sha256.try_into().unwrap_or_default();
        let import = Import {
            source: row.source,
            file: ContentHash::from_bytes(file),
            on: row.imported_on.to_jiff(),
        };
        Ok((readable("edition", edition)?, import))
    });
    imports.collect()
}

/// What of an edition organisations have a right to evaluate today or later.
pub(crate) async fn in_use(
    connection: &mut PgConnection,
    edition: Edition,
    today: Date,
) -> Result<Vec<InUse>> {
    let rows = sqlx::query!(
        "select distinct edition, occupation_code, trade from organization_right
         where edition = $1 and (valid_until is null or valid_until >= $2)
         order by occupation_code, trade",
        edition.year().cast_signed(),
        today.to_sqlx() as _,
    )
    .fetch_all(connection)
    .await?;
    let in_use = rows.into_iter().map(|row| {
        Ok(InUse {
            occupation: occupation(row.edition, &row.occupation_code)?,
            trade: row.trade,
        })
    });
    in_use.collect()
}
