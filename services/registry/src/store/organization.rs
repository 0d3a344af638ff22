//! Evaluation organisations with their rights.

use jiff_sqlx::ToSqlx;
use kernel::ids::{ApplicationId, OrganizationId, SelectionId};
use kernel::organization_code::EvaluationOrganizationCode;
use platform::access::Scope;
use platform::error::readable;
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{division, measure, right};
use crate::domain::organization::change::Contact;
use crate::domain::organization::measure::Measure;
use crate::domain::organization::{Organization, OrganizationRejection};
use crate::domain::right::Right;

/// An organisation as it is read: with what its body and its contact say, and its version.
pub(crate) struct Found {
    pub(crate) organization: Organization,
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) contact: Option<Contact>,
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
    address: String,
    office: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    version: i64,
}

impl Row {
    fn read(self, rights: Vec<Right>, measures: Vec<Measure>) -> Result<Found> {
        let contact = match (self.office, self.phone, self.email) {
            (Some(office), Some(phone), Some(email)) => Some(Contact {
                office,
                phone,
                email,
            }),
            _ => None,
        };
        let organization = Organization {
            organization_id: OrganizationId::from_uuid(self.organization_id),
            code: readable(
                "organisation code",
                EvaluationOrganizationCode::parse(&self.organization_code),
            )?,
            filing_division: division(&self.filing_division)?,
            status: self.status.parse().map_err(anyhow::Error::from)?,
            selection_id: SelectionId::from_uuid(self.selection_id),
            application_id: ApplicationId::from_uuid(self.application_id),
            rights,
            measures,
            registered_on: self.registered_on.to_jiff(),
        };
        Ok(Found {
            organization,
            name: self.name,
            address: self.address,
            contact,
            version: self.version.cast_unsigned(),
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
        r#"select organization_id, organization_code, filing_division, status, selection_id,
             application_id, registered_on, body.name, body.address,
             office as "office?", phone as "phone?", email as "email?", aggregate.version
         from organization
         join body using (organization_id)
         left join organization_contact using (organization_id)
         join platform.aggregate
             on aggregate.kind = 'organization' and aggregate.id = organization_id
         where organization_id = any($3)
           and ($1::text is null or filing_division = $1)
           and ($2::uuid is null or organization_id = $2)
         order by organization_code"#,
        scope.area,
        scope.organization,
        &ids,
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut rights = right::of_all(&mut *connection, &ids).await?;
    let mut measures = measure::of_all(connection, &ids).await?;
    let found = rows.into_iter().map(|row| {
        let rights = rights.remove(&row.organization_id).unwrap_or_default();
        let measures = measures.remove(&row.organization_id).unwrap_or_default();
        row.read(rights, measures)
    });
    found.collect()
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
    right::save(connection, new.organization_id, &new.rights).await
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

/// Writes where the public reaches an organisation.
pub(crate) async fn save_contact(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
    contact: &Contact,
) -> Result<()> {
    sqlx::query!(
        "insert into organization_contact (organization_id, office, phone, email)
         values ($1, $2, $3, $4)
         on conflict (organization_id) do update
             set office = excluded.office, phone = excluded.phone, email = excluded.email",
        organization_id.uuid(),
        contact.office,
        contact.phone,
        contact.email,
    )
    .execute(connection)
    .await?;
    Ok(())
}
