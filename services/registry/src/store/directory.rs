//! Editions of the directory. What is in them is public.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use kernel::level::Level;
use kernel::organization_code::EvaluationOrganizationCode;
use platform::Result;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::directory::{self, Search};

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

/// The edition published last with whoever is in it; the one before the first is empty.
pub(crate) async fn last_published(connection: &mut PgConnection) -> Result<directory::Edition> {
    let Some(last) = last_edition(connection).await? else {
        return Ok(directory::Edition::default());
    };
    let ids = sqlx::query_scalar!(
        "select organization_id from directory_entry where edition = $1",
        last.edition.cast_signed(),
    )
    .fetch_all(connection)
    .await?;
    Ok(directory::Edition {
        number: last.edition,
        organizations: ids.into_iter().map(OrganizationId::from_uuid).collect(),
    })
}

/// Organisations that their filing authorities have reported, without those that are withdrawn.
pub(crate) async fn reported(
    connection: &mut PgConnection,
    on: Date,
) -> Result<BTreeSet<OrganizationId>> {
    let ids = sqlx::query_scalar!(
        "select organization_id from organization
         where status = 'reported' and not exists (
             select from measure
             where measure.organization_id = organization.organization_id
               and kind = 'withdrawal' and effective_on <= $1)",
        on.to_sqlx() as _,
    )
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
    organizations: &BTreeSet<OrganizationId>,
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

/// The organisation that has this code in an edition.
pub(crate) async fn find(
    connection: &mut PgConnection,
    edition: u32,
    code: &EvaluationOrganizationCode,
) -> Result<Option<OrganizationId>> {
    let id = sqlx::query_scalar!(
        "select organization_id from directory_entry where edition = $1 and organization_code = $2",
        edition.cast_signed(),
        code.as_str(),
    )
    .fetch_optional(connection)
    .await?;
    Ok(id.map(OrganizationId::from_uuid))
}

/// Organisations of an edition that are searched for, after a code, in the order of their codes. The
/// right asked for is one that holds on the day, and elsewhere one that is held at home, too; a
/// province's right holds in all of its cities.
pub(crate) async fn search(
    connection: &mut PgConnection,
    edition: u32,
    search: &Search,
    on: Date,
    after_code: &str,
    limit: i64,
) -> Result<Vec<OrganizationId>> {
    let occupation = search.occupation.as_ref();
    let asks_for_right = search.city.is_some() || occupation.is_some() || search.level.is_some();
    let ids = sqlx::query_scalar!(
        r#"select entry.organization_id from directory_entry entry
         join body using (organization_id)
         where entry.edition = $1 and ($2::text is null or entry.filing_division = $2)
           and entry.organization_code > $3
           and ($4::text is null or strpos(lower(body.name), lower($4)) > 0)
           and (not $5::boolean or exists (
               select from organization_right held
               join organization_right home using
                   (organization_id, edition, occupation_code, trade)
               where held.organization_id = entry.organization_id
                 and home.division_code = entry.filing_division and home.levels && held.levels
                 and home.valid_from <= $6 and (home.valid_until is null or home.valid_until >= $6)
                 and held.valid_from <= $6 and (held.valid_until is null or held.valid_until >= $6)
                 and ($7::text is null or held.division_code in ($7, $8))
                 and ($9::smallint is null or edition = $9)
                 and ($10::text is null or occupation_code = $10)
                 and ($11::text is null or $11 = any(held.levels) and $11 = any(home.levels)
                     and coalesce((held.ended_levels ->> $11)::date, 'infinity') >= $6
                     and coalesce((home.ended_levels ->> $11)::date, 'infinity') >= $6)))
         order by entry.organization_code limit $12"#,
        edition.cast_signed(),
        search.filing_division.as_ref().map(DivisionCode::as_str),
        after_code,
        search.name,
        asks_for_right,
        on.to_sqlx() as _,
        search.city.as_ref().map(DivisionCode::as_str),
        DivisionCode::PROVINCE.as_str(),
        occupation.map(|occupation| occupation.edition.year().cast_signed()),
        occupation.map(|occupation| occupation.code.as_str()),
        search.level.map(Level::name),
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(ids.into_iter().map(OrganizationId::from_uuid).collect())
}
