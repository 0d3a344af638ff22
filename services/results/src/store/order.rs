//! Orders of centres that organisations revoke. What is written in them can name people: sealed.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::{OrganizationId, RevocationId, RevocationOrderId};
use kernel::written::Written;
use platform::access::Scope;
use platform::crypto::{Place, Vault};
use platform::error::readable;
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use super::unreadable;
use crate::domain::certificate::{Certificate, RevocationReason};
use crate::domain::rejection::CertificateRejection;

/// An order that is not lifted.
pub(crate) struct Order {
    pub(crate) id: RevocationOrderId,
    pub(crate) organization: OrganizationId,
    /// The divisions whose feeds carry its facts.
    pub(crate) areas: Vec<DivisionCode>,
    /// The division of the centre that gave it.
    pub(crate) ordered_by: DivisionCode,
    pub(crate) reason: RevocationReason,
    pub(crate) ordered_on: Date,
    pub(crate) due_on: Date,
}

/// An order as it is read.
pub(crate) struct Found {
    pub(crate) order: Order,
    pub(crate) grounds: Written,
    pub(crate) lifted: bool,
    pub(crate) certificates: u32,
    /// How many of them are still in force.
    pub(crate) in_force: u32,
}

impl Found {
    /// Whether there is still something to be done.
    pub(crate) fn is_open(&self) -> bool {
        !self.lifted && self.in_force > 0
    }
}

/// Puts a new order into the table.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    order: &Order,
    grounds: &Written,
    certificates: &[Certificate],
) -> Result<()> {
    let areas: Vec<String> = order.areas.iter().map(DivisionCode::to_string).collect();
    sqlx::query!(
        "insert into revocation_order
             (revocation_order_id, organization_id, areas, ordered_by, reason, grounds_sealed,
              ordered_on, due_on)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        order.id.uuid(),
        order.organization.uuid(),
        &areas,
        order.ordered_by.as_str(),
        order.reason.as_str(),
        vault.seal(grounds_place(order.id), grounds.reveal().as_bytes()),
        order.ordered_on.to_sqlx() as _,
        order.due_on.to_sqlx() as _,
    )
    .execute(&mut *connection)
    .await?;
    let certificates: Vec<Uuid> = certificates.iter().map(|it| it.id.uuid()).collect();
    sqlx::query!(
        "insert into revocation_order_certificate (revocation_order_id, certificate_id)
         select $1, * from unnest($2::uuid[])",
        order.id.uuid(),
        &certificates,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// An order in the caller's scope, with what became of it.
pub(crate) async fn find(
    connection: &mut PgConnection,
    vault: &Vault,
    scope: &Scope,
    id: RevocationOrderId,
) -> Result<Found> {
    let row = sqlx::query!(
        r#"select organization_id, areas, ordered_by, reason, grounds_sealed,
               ordered_on as "ordered_on: jiff_sqlx::Date", due_on as "due_on: jiff_sqlx::Date",
               lifted_for_sealed is not null as "lifted!",
               count(*) as "certificates!",
               count(*) filter (where status = 'valid') as "in_force!"
           from revocation_order
           join revocation_order_certificate using (revocation_order_id)
           join certificate using (certificate_id)
           where revocation_order_id = $1
             and ($2::text is null or $2 = any(areas))
             and ($3::uuid is null or organization_id = $3)
           group by revocation_order_id"#,
        id.uuid(),
        scope.area(),
        scope.organization(),
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(CertificateRejection::OrderNotFound))?;
    let grounds = vault.unseal(grounds_place(id), &row.grounds_sealed).await?;
    let grounds = std::str::from_utf8(&grounds).map_err(anyhow::Error::from)?;
    let areas = row.areas.iter().map(|area| division(area));
    let count = |rows: i64| u32::try_from(rows).map_err(|_| unreadable("count"));
    Ok(Found {
        order: Order {
            id,
            organization: OrganizationId::from_uuid(row.organization_id),
            areas: areas.collect::<Result<_>>()?,
            ordered_by: division(&row.ordered_by)?,
            reason: RevocationReason::parse(&row.reason).ok_or_else(|| unreadable("reason"))?,
            ordered_on: row.ordered_on.to_jiff(),
            due_on: row.due_on.to_jiff(),
        },
        grounds: Written::new(grounds),
        lifted: row.lifted,
        certificates: count(row.certificates)?,
        in_force: count(row.in_force)?,
    })
}

/// Those of its certificates that are in force, by their numbers, after one of them.
pub(crate) async fn in_force(
    connection: &mut PgConnection,
    id: RevocationOrderId,
    after: &str,
    limit: i64,
) -> Result<Vec<String>> {
    let numbers = sqlx::query_scalar!(
        "select number from revocation_order_certificate join certificate using (certificate_id)
         where revocation_order_id = $1 and status = 'valid' and number > $2
         order by number limit $3",
        id.uuid(),
        after,
        limit,
    );
    Ok(numbers.fetch_all(connection).await?)
}

/// Whether some of a revocation's certificates are ordered to be revoked.
pub(crate) async fn binds(connection: &mut PgConnection, revocation: RevocationId) -> Result<bool> {
    let ordered = sqlx::query_scalar!(
        r#"select exists (
               select from revocation_certificate
               join revocation_order_certificate using (certificate_id)
               join revocation_order using (revocation_order_id)
               where revocation_id = $1 and lifted_for_sealed is null) as "ordered!""#,
        revocation.uuid(),
    );
    Ok(ordered.fetch_one(connection).await?)
}

/// It was lifted.
pub(crate) async fn lift(
    connection: &mut PgConnection,
    vault: &Vault,
    id: RevocationOrderId,
    reason: &Written,
) -> Result<()> {
    sqlx::query!(
        "update revocation_order set lifted_for_sealed = $2 where revocation_order_id = $1",
        id.uuid(),
        vault.seal(place(id, "lifted_for_sealed"), reason.reveal().as_bytes()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn division(code: &str) -> Result<DivisionCode> {
    readable("division of an order", DivisionCode::parse(code))
}

/// Where the grounds of an order lie.
pub(crate) fn grounds_place(id: RevocationOrderId) -> Place {
    place(id, "grounds_sealed")
}

fn place(id: RevocationOrderId, column: &'static str) -> Place {
    Place {
        table: "revocation_order",
        row: id.uuid(),
        column,
    }
}
