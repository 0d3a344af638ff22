//! Evaluation organisations with their rights.

use std::collections::BTreeMap;

use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, OrganizationId, RightId, SelectionId};
use kernel::level::Level;
use kernel::occupation::{Edition, OccupationCode, OccupationRef};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejection::Faults;
use platform::access::Scope;
use platform::error::corrupt;
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::organization::{Organization, OrganizationRejection};
use crate::domain::right::{GrantedScope, Right};

/// An organisation as it is read: with its name, which the body keeps, and its version.
pub(crate) struct Found {
    pub(crate) organization: Organization,
    pub(crate) name: String,
    /// How many facts it has: the version that answers for a right.
    pub(crate) version: u64,
}

struct Row {
    organization_id: Uuid,
    organization_code: String,
    filing_division: String,
    status: String,
    selection_id: Uuid,
    application_id: Uuid,
    registered_on: jiff_sqlx::Date,
    name: String,
    version: i64,
}

impl Row {
    fn read(self, rights: Vec<Right>) -> Result<Found> {
        let organization = Organization {
            organization_id: OrganizationId::from_uuid(self.organization_id),
            code: EvaluationOrganizationCode::parse(&self.organization_code)
                .map_err(Faults::from)
                .map_err(corrupt("organisation code"))?,
            filing_division: division(&self.filing_division)?,
            status: self.status.parse().map_err(anyhow::Error::from)?,
            selection_id: SelectionId::from_uuid(self.selection_id),
            application_id: ApplicationId::from_uuid(self.application_id),
            rights,
            registered_on: self.registered_on.to_jiff(),
        };
        Ok(Found {
            organization,
            name: self.name,
            version: self.version.cast_unsigned(),
        })
    }
}

struct RightRow {
    organization_id: Uuid,
    right_id: Uuid,
    edition: i16,
    occupation_code: String,
    trade: String,
    levels: Vec<String>,
    division_code: String,
    valid_from: jiff_sqlx::Date,
    valid_until: Option<jiff_sqlx::Date>,
}

impl RightRow {
    fn read(self) -> Result<Right> {
        let edition = Edition::of_year(self.edition.cast_unsigned())
            .map_err(Faults::from)
            .map_err(corrupt("edition"))?;
        let code = OccupationCode::parse(&self.occupation_code)
            .map_err(Faults::from)
            .map_err(corrupt("occupation code"))?;
        let levels = self.levels.iter().map(|level| Level::parse(level));
        Ok(Right {
            right_id: RightId::from_uuid(self.right_id),
            scope: GrantedScope {
                occupation: OccupationRef::new(edition, code),
                trade: self.trade,
                levels: levels
                    .collect::<Result<_, _>>()
                    .map_err(Faults::from)
                    .map_err(corrupt("level"))?,
            },
            division: division(&self.division_code)?,
            valid_from: self.valid_from.to_jiff(),
            valid_until: self.valid_until.map(jiff_sqlx::Date::to_jiff),
        })
    }
}

/// An organisation that the caller may see.
pub(crate) async fn find(
    connection: &mut PgConnection,
    scope: &Scope,
    organization_id: OrganizationId,
) -> Result<Found> {
    find_optional(connection, scope, organization_id)
        .await?
        .ok_or_else(|| Error::refused(OrganizationRejection::OrganizationNotFound))
}

/// An organisation that the caller may see, if the body is one.
pub(crate) async fn find_optional(
    connection: &mut PgConnection,
    scope: &Scope,
    organization_id: OrganizationId,
) -> Result<Option<Found>> {
    Ok(find_all(connection, scope, &[organization_id]).await?.pop())
}

/// Those of these organisations that the caller may see, in the order of their codes.
pub(crate) async fn find_all(
    connection: &mut PgConnection,
    scope: &Scope,
    ids: &[OrganizationId],
) -> Result<Vec<Found>> {
    let ids: Vec<Uuid> = ids.iter().map(OrganizationId::uuid).collect();
    let scope = scope.filter();
    let rows = sqlx::query_as!(
        Row,
        "select organization_id, organization_code, filing_division, status, selection_id,
             application_id, registered_on, body.name, aggregate.version
         from organization
         join body using (organization_id)
         join platform.aggregate
             on aggregate.kind = 'organization' and aggregate.id = organization_id
         where organization_id = any($3)
           and ($1::text is null or filing_division = $1)
           and ($2::uuid is null or organization_id = $2)
         order by organization_code",
        scope.area,
        scope.organization,
        &ids,
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut rights = rights(connection, &ids).await?;
    let found = rows.into_iter().map(|row| {
        let rights = rights.remove(&row.organization_id).unwrap_or_default();
        row.read(rights)
    });
    found.collect()
}

async fn rights(connection: &mut PgConnection, ids: &[Uuid]) -> Result<BTreeMap<Uuid, Vec<Right>>> {
    let rows = sqlx::query_as!(
        RightRow,
        "select organization_id, right_id, edition, occupation_code, trade, levels, division_code,
             valid_from, valid_until
         from organization_right where organization_id = any($1)
         order by edition, occupation_code, trade",
        ids,
    )
    .fetch_all(connection)
    .await?;
    let mut rights: BTreeMap<Uuid, Vec<Right>> = BTreeMap::new();
    for row in rows {
        rights
            .entry(row.organization_id)
            .or_default()
            .push(row.read()?);
    }
    Ok(rights)
}

pub(crate) async fn insert(connection: &mut PgConnection, new: &Organization) -> Result<()> {
    sqlx::query!(
        "insert into organization (organization_id, organization_code, filing_division, status,
             selection_id, application_id, registered_on)
         values ($1, $2, $3, $4, $5, $6, $7)",
        new.organization_id.uuid(),
        new.code.as_str(),
        new.filing_division.as_str(),
        <&str>::from(new.status),
        new.selection_id.uuid(),
        new.application_id.uuid(),
        new.registered_on.to_sqlx() as _,
    )
    .execute(&mut *connection)
    .await?;
    for right in &new.rights {
        insert_right(connection, new.organization_id, right).await?;
    }
    Ok(())
}

async fn insert_right(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
    right: &Right,
) -> Result<()> {
    let levels: Vec<String> = right
        .scope
        .levels
        .iter()
        .map(|level| level.name().to_owned())
        .collect();
    sqlx::query!(
        "insert into organization_right (right_id, organization_id, edition, occupation_code,
             trade, levels, division_code, valid_from, valid_until)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        right.right_id.uuid(),
        organization_id.uuid(),
        right.scope.occupation.edition.year().cast_signed(),
        right.scope.occupation.code.as_str(),
        right.scope.trade,
        &levels,
        right.division.as_str(),
        right.valid_from.to_sqlx() as _,
        right.valid_until.map(ToSqlx::to_sqlx) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn set_reported(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
) -> Result<()> {
    sqlx::query!(
        "update organization set status = 'reported' where organization_id = $1",
        organization_id.uuid(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn division(code: &str) -> Result<DivisionCode> {
    DivisionCode::parse(code)
        .map_err(Faults::from)
        .map_err(corrupt("division code"))
}
