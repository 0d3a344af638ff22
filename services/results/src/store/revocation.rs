//! Revocations that are under way: which certificates, and who was heard. What holders said is sealed.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::certificate_number::CertificateNumber;
use kernel::division::DivisionCode;
use kernel::ids::{CertificateId, OrganizationId, RevocationId};
use kernel::rejection::Faults;
use kernel::written::Written;
use platform::access::Scope;
use platform::crypto::{Place, Vault};
use platform::error::readable;
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::certificate::{Revocation, RevocationReason};
use crate::domain::rejection::CertificateRejection;

/// A revocation that waits for its second person.
pub(crate) struct Open {
    pub(crate) id: RevocationId,
    pub(crate) organization: OrganizationId,
    /// The divisions whose feeds carry its facts.
    pub(crate) areas: Vec<DivisionCode>,
    pub(crate) by_province: bool,
    /// The last day on which holders are heard.
    pub(crate) until: Date,
}

/// A holder who was heard.
pub(crate) struct Hearing<'a> {
    pub(crate) revocation: RevocationId,
    pub(crate) number: CertificateNumber,
    /// What they said; none where they have nothing to say.
    pub(crate) statement: Option<&'a Written>,
    pub(crate) on: Date,
}

/// Puts a new revocation into the table.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    open: &Open,
    reason: RevocationReason,
    revocation: &Revocation,
) -> Result<()> {
    let areas: Vec<String> = open.areas.iter().map(DivisionCode::to_string).collect();
    sqlx::query!(
        "insert into revocation
             (revocation_id, organization_id, areas, by_province, reason, hearing_until, state)
         values ($1, $2, $3, $4, $5, $6, 'proposed')",
        open.id.uuid(),
        open.organization.uuid(),
        &areas,
        open.by_province,
        reason.as_str(),
        open.until.to_sqlx() as _,
    )
    .execute(&mut *connection)
    .await?;
    let certificates: Vec<Uuid> = revocation.certificates().map(|id| id.uuid()).collect();
    sqlx::query!(
        "insert into revocation_certificate (revocation_id, certificate_id)
         select $1, * from unnest($2::uuid[])",
        open.id.uuid(),
        &certificates,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A revocation under way of the side that proposed it, in the caller's scope.
pub(crate) async fn find(
    connection: &mut PgConnection,
    scope: &Scope,
    by_province: bool,
    id: RevocationId,
) -> Result<Open> {
    let row = sqlx::query!(
        r#"select organization_id, areas, hearing_until as "until: jiff_sqlx::Date"
           from revocation
           where revocation_id = $1 and state = 'proposed' and by_province = $2
             and ($3::text is null or $3 = any(areas))
             and ($4::uuid is null or organization_id = $4)"#,
        id.uuid(),
        by_province,
        scope.area(),
        scope.organization(),
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(CertificateRejection::RevocationNotFound))?;
    let areas = row.areas.iter().map(|area| DivisionCode::parse(area));
    let areas: Result<Vec<_>, _> = areas.collect();
    Ok(Open {
        id,
        organization: OrganizationId::from_uuid(row.organization_id),
        areas: readable("area of a revocation", areas)?,
        by_province,
        until: row.until.to_jiff(),
    })
}

/// Keeps what a holder said; who is heard again, is heard last.
pub(crate) async fn hear(
    connection: &mut PgConnection,
    vault: &Vault,
    hearing: &Hearing<'_>,
) -> Result<CertificateId> {
    let id = hearing.revocation;
    let certificate = sqlx::query_scalar!(
        "select certificate_id from revocation_certificate join certificate using (certificate_id)
         where revocation_id = $1 and number = $2",
        id.uuid(),
        hearing.number.as_str(),
    )
    .fetch_optional(&mut *connection)
    .await?
    .ok_or_else(|| Faults::at("number", &CertificateRejection::NotOfRevocation))?;
    let place = Place {
        table: "revocation_certificate",
        row: certificate,
        column: "statement_sealed",
    };
    let statement = hearing.statement;
    let sealed = statement.map(|said| vault.seal(place, said.reveal().as_bytes()));
    sqlx::query!(
        "update revocation_certificate set heard_on = $3, statement_sealed = $4
         where revocation_id = $1 and certificate_id = $2",
        id.uuid(),
        certificate,
        hearing.on.to_sqlx() as _,
        sealed,
    )
    .execute(connection)
    .await?;
    Ok(CertificateId::from_uuid(certificate))
}

/// How many holders were not heard yet.
pub(crate) async fn unheard(connection: &mut PgConnection, id: RevocationId) -> Result<u32> {
    let waiting = sqlx::query_scalar!(
        r#"select count(*) as "waiting!" from revocation_certificate
           where revocation_id = $1 and heard_on is null"#,
        id.uuid(),
    )
    .fetch_one(connection)
    .await?;
    Ok(u32::try_from(waiting).map_err(anyhow::Error::from)?)
}

/// The certificates that it is about, in the order of their ids.
pub(crate) async fn certificates(
    connection: &mut PgConnection,
    id: RevocationId,
) -> Result<Vec<Uuid>> {
    let certificates = sqlx::query_scalar!(
        "select certificate_id from revocation_certificate
         where revocation_id = $1 order by certificate_id",
        id.uuid(),
    );
    Ok(certificates.fetch_all(connection).await?)
}

/// It was carried out.
pub(crate) async fn done(connection: &mut PgConnection, id: RevocationId) -> Result<()> {
    sqlx::query!(
        "update revocation set state = 'done' where revocation_id = $1",
        id.uuid(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// It was given up.
pub(crate) async fn abandon(
    connection: &mut PgConnection,
    vault: &Vault,
    id: RevocationId,
    reason: &Written,
) -> Result<()> {
    let place = Place {
        table: "revocation",
        row: id.uuid(),
        column: "abandoned_for_sealed",
    };
    sqlx::query!(
        "update revocation set state = 'abandoned', abandoned_for_sealed = $2
         where revocation_id = $1",
        id.uuid(),
        vault.seal(place, reason.reveal().as_bytes()),
    )
    .execute(connection)
    .await?;
    Ok(())
}
