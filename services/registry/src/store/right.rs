//! Rights of evaluation organisations.

use std::collections::BTreeMap;

use jiff_sqlx::ToSqlx;
use kernel::ids::{ConsultationId, OrganizationId, RightId, SelectionId};
use kernel::level::Level;
use platform::Result;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{division, occupation, readable};
use crate::domain::right::{GrantBasis, GrantedScope, Right};

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
    selection_id: Option<Uuid>,
    consultation_id: Option<Uuid>,
}

impl RightRow {
    fn read(self) -> Result<Right> {
        let basis = match (self.selection_id, self.consultation_id) {
            (Some(id), None) => GrantBasis::Selection(SelectionId::from_uuid(id)),
            (None, Some(id)) => GrantBasis::Consultation(ConsultationId::from_uuid(id)),
            _ => return Err(anyhow::anyhow!("a stored right has no one basis").into()),
        };
        let levels = self
            .levels
            .iter()
            .map(|level| readable("level", Level::parse(level)));
        Ok(Right {
            right_id: RightId::from_uuid(self.right_id),
            scope: GrantedScope {
                occupation: occupation(self.edition, &self.occupation_code)?,
                trade: self.trade,
                levels: levels.collect::<Result<_>>()?,
            },
            division: division(&self.division_code)?,
            valid_from: self.valid_from.to_jiff(),
            valid_until: self.valid_until.map(jiff_sqlx::Date::to_jiff),
            basis,
        })
    }
}

/// The rights of these organisations.
pub(crate) async fn of_all(
    connection: &mut PgConnection,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<Right>>> {
    let rows = sqlx::query_as!(
        RightRow,
        "select organization_id, right_id, edition, occupation_code, trade, levels, division_code,
             valid_from, valid_until, selection_id, consultation_id
         from organization_right where organization_id = any($1)
         order by edition, occupation_code, trade, division_code, right_id",
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

/// Adds rights, and writes of those that are there the term and the decision that it follows from.
pub(crate) async fn save(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
    rights: &[Right],
) -> Result<()> {
    for right in rights {
        save_one(connection, organization_id, right).await?;
    }
    Ok(())
}

async fn save_one(
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
    let (selection, consultation) = basis(right);
    sqlx::query!(
        "insert into organization_right (right_id, organization_id, edition, occupation_code,
             trade, levels, division_code, valid_from, valid_until, selection_id, consultation_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (right_id) do update
             set valid_until = excluded.valid_until, selection_id = excluded.selection_id,
                 consultation_id = excluded.consultation_id",
        right.right_id.uuid(),
        organization_id.uuid(),
        right.scope.occupation.edition.year().cast_signed(),
        right.scope.occupation.code.as_str(),
        right.scope.trade,
        &levels,
        right.division.as_str(),
        right.valid_from.to_sqlx() as _,
        right.valid_until.map(ToSqlx::to_sqlx) as _,
        selection,
        consultation,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps why an organisation gave rights up.
pub(crate) async fn save_reason(
    connection: &mut PgConnection,
    rights: &[RightId],
    reason: &str,
) -> Result<()> {
    let ids: Vec<Uuid> = rights.iter().map(RightId::uuid).collect();
    sqlx::query!(
        "update organization_right set given_up_reason = $2 where right_id = any($1)",
        &ids,
        reason,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Why an organisation gave up which of its rights.
pub(crate) async fn given_up(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
) -> Result<Vec<(RightId, String)>> {
    let rows = sqlx::query!(
        r#"select right_id, given_up_reason as "reason!" from organization_right
           where organization_id = $1 and given_up_reason is not null order by right_id"#,
        organization_id.uuid(),
    )
    .fetch_all(connection)
    .await?;
    let given_up = rows.into_iter();
    Ok(given_up
        .map(|row| (RightId::from_uuid(row.right_id), row.reason))
        .collect())
}

fn basis(right: &Right) -> (Option<Uuid>, Option<Uuid>) {
    match right.basis {
        GrantBasis::Selection(id) => (Some(id.uuid()), None),
        GrantBasis::Consultation(id) => (None, Some(id.uuid())),
    }
}
