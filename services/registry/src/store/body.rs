//! Bodies.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::credit_code::UnifiedSocialCreditCode;
use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use kernel::rejection::Faults;
use platform::access::Scope;
use platform::crypto::{Place, Vault};
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::body::{Body, BodyRejection};

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
    .map_err(|error| {
        let known = Faults::at(
            "unified_social_credit_code",
            &BodyRejection::BodyEnrolledAlready,
        );
        Error::from(error).on_constraint("body_credit_code_once", known)
    })?;
    Ok(())
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
