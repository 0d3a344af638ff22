//! Editions of the directory. What is in them is public.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::OrganizationId;
use platform::Result;
use sqlx::PgConnection;
use uuid::Uuid;

/// An edition as it was published.
pub(crate) struct Edition {
    pub(crate) edition: u32,
    pub(crate) published_on: Date,
}

pub(crate) async fn last_edition(connection: &mut PgConnection) -> Result<Option<Edition>> {
    let row = sqlx::query!(
        "select edition, published_on from directory_edition order by edition desc limit 1"
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Edition {
        edition: row.edition.cast_unsigned(),
        published_on: row.published_on.to_jiff(),
    }))
}

/// Organisations that their filing authorities have reported.
pub(crate) async fn reported(connection: &mut PgConnection) -> Result<Vec<OrganizationId>> {
    let ids =
        sqlx::query_scalar!("select organization_id from organization where status = 'reported'")
            .fetch_all(connection)
            .await?;
    Ok(ids.into_iter().map(OrganizationId::from_uuid).collect())
}

/// Writes an edition with these organisations and no other: one that is reported meanwhile has to
/// wait for the next, or the edition would hold more than was announced.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    edition: u32,
    on: Date,
    organizations: &[OrganizationId],
) -> Result<()> {
    sqlx::query!(
        "insert into directory_edition (edition, published_on) values ($1, $2)",
        edition.cast_signed(),
        on.to_sqlx() as _,
    )
    .execute(&mut *connection)
    .await?;
    let ids: Vec<Uuid> = organizations.iter().map(OrganizationId::uuid).collect();
    sqlx::query!(
        "insert into directory_entry (edition, organization_code, organization_id, filing_division)
         select $1, organization_code, organization_id, filing_division
         from organization where organization_id = any($2)",
        edition.cast_signed(),
        &ids,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Organisations of an edition after a code, in the order of their codes.
pub(crate) async fn entries(
    connection: &mut PgConnection,
    edition: u32,
    filing_division: Option<&str>,
    after_code: &str,
    limit: i64,
) -> Result<Vec<OrganizationId>> {
    let ids = sqlx::query_scalar!(
        "select organization_id from directory_entry
         where edition = $1 and ($2::text is null or filing_division = $2)
           and organization_code > $3
         order by organization_code limit $4",
        edition.cast_signed(),
        filing_division,
        after_code,
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(ids.into_iter().map(OrganizationId::from_uuid).collect())
}
