//! Bodies.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::credit_code::UnifiedSocialCreditCode;
use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, OrganizationId};
use kernel::rejection::Faults;
use platform::access::Scope;
use platform::crypto::{Place, Vault};
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use super::division;
use crate::domain::body::{Body, BodyRejection, Bound};

struct Row {
    organization_id: Uuid,
    name: String,
    credit_code: String,
    kind: String,
    affiliation: String,
    division_code: String,
    address: String,
    registration_authority: String,
}

impl TryFrom<Row> for Body {
    type Error = anyhow::Error;

    fn try_from(row: Row) -> anyhow::Result<Self> {
        let unreadable = || anyhow::anyhow!("a stored body is not readable");
        Ok(Self {
            organization_id: OrganizationId::from_uuid(row.organization_id),
            name: row.name,
            credit_code: UnifiedSocialCreditCode::admit(&row.credit_code)
                .map_err(|_| unreadable())?,
            kind: row.kind.parse()?,
            affiliation: row.affiliation.parse()?,
            division: DivisionCode::parse(&row.division_code).map_err(|_| unreadable())?,
            address: row.address,
            registration_authority: row.registration_authority,
        })
    }
}

/// Keeps a body, and why its credit code was vouched for.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    body: &Body,
    credit_code_reason: Option<&str>,
    on: Date,
) -> Result<()> {
    let place = reason_place(body.organization_id);
    let reason = credit_code_reason.map(|reason| vault.seal(place, reason.as_bytes()));
    sqlx::query!(
        "insert into body (organization_id, name, credit_code, kind, affiliation, division_code,
             address, registration_authority, enrolled_on, credit_code_reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        body.organization_id.uuid(),
        body.name,
        body.credit_code.as_str(),
        <&str>::from(body.kind),
        <&str>::from(body.affiliation),
        body.division.as_str(),
        body.address,
        body.registration_authority,
        on.to_sqlx() as _,
        reason,
    )
    .execute(connection)
    .await
    .map_err(enrolled_already)?;
    Ok(())
}

fn enrolled_already(error: sqlx::Error) -> Error {
    let field = "unified_social_credit_code";
    let known = Faults::at(field, &BodyRejection::BodyEnrolledAlready);
    Error::from(error).on_constraint("body_credit_code_once", known)
}

/// Keeps how a body is enrolled now. A reason belongs to its credit code: with the same code it stays
/// what it was.
pub(crate) async fn correct(
    connection: &mut PgConnection,
    vault: &Vault,
    body: &Body,
    (same_code, credit_code_reason): (bool, Option<&str>),
) -> Result<()> {
    let place = reason_place(body.organization_id);
    let reason = credit_code_reason.map(|reason| vault.seal(place, reason.as_bytes()));
    sqlx::query!(
        "update body set name = $2, credit_code = $3, kind = $4, affiliation = $5,
             division_code = $6, address = $7, registration_authority = $8,
             credit_code_reason = case when $9 then credit_code_reason else $10 end
         where organization_id = $1",
        body.organization_id.uuid(),
        body.name,
        body.credit_code.as_str(),
        <&str>::from(body.kind),
        <&str>::from(body.affiliation),
        body.division.as_str(),
        body.address,
        body.registration_authority,
        same_code,
        reason,
    )
    .execute(connection)
    .await
    .map_err(enrolled_already)?;
    Ok(())
}

/// Notes that an application of a body is being assessed, or that it is no longer.
pub(crate) async fn bind(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
    application: ApplicationId,
    bound: bool,
) -> Result<()> {
    sqlx::query!(
        "update body set assessed_in = case when $3 then $2 end
         where organization_id = $1 and ($3 or assessed_in = $2)",
        organization_id.uuid(),
        application.uuid(),
        bound,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What keeps a body as it is enrolled.
pub(crate) async fn bound(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
) -> Result<Bound> {
    let row = sqlx::query!(
        r#"select assessed_in is not null as "by_application!",
               exists (select from organization where organization_id = $1) as "as_organization!"
           from body where organization_id = $1"#,
        organization_id.uuid(),
    )
    .fetch_one(connection)
    .await?;
    Ok(Bound {
        by_application: row.by_application,
        as_organization: row.as_organization,
    })
}

pub(crate) async fn find(
    connection: &mut PgConnection,
    scope: &Scope,
    organization_id: OrganizationId,
) -> Result<Body> {
    let scope = scope.filter();
    let row = sqlx::query_as!(
        Row,
        "select organization_id, name, credit_code, kind, affiliation, division_code, address,
             registration_authority
         from body
         where organization_id = $3
           and ($1::text is null or division_code = $1)
           and ($2::uuid is null or organization_id = $2)",
        scope.area,
        scope.organization,
        organization_id.uuid(),
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(BodyRejection::BodyNotFound))?;
    Ok(Body::try_from(row)?)
}

/// Where a body belongs: where it filed, or its seat.
pub(crate) async fn area(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
) -> Result<DivisionCode> {
    let area = sqlx::query_scalar!(
        r#"select area as "area!" from body_area where organization_id = $1"#,
        organization_id.uuid(),
    )
    .fetch_optional(connection)
    .await?;
    let area = area.ok_or_else(|| Error::refused(BodyRejection::BodyNotFound))?;
    division(&area)
}

/// Why the credit code of a body that was found in the caller's scope was vouched for.
pub(crate) async fn credit_code_reason(
    connection: &mut PgConnection,
    vault: &Vault,
    organization_id: OrganizationId,
) -> Result<Option<String>> {
    let sealed = sqlx::query_scalar!(
        "select credit_code_reason from body where organization_id = $1",
        organization_id.uuid(),
    )
    .fetch_one(connection)
    .await?;
    let Some(sealed) = sealed else {
        return Ok(None);
    };
    let reason = vault.unseal(reason_place(organization_id), &sealed).await?;
    let reason = String::from_utf8(reason.to_vec()).map_err(anyhow::Error::from)?;
    Ok(Some(reason))
}

fn reason_place(organization_id: OrganizationId) -> Place {
    Place {
        table: "body",
        row: organization_id.uuid(),
        column: "credit_code_reason",
    }
}
