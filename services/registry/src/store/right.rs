//! Rights of evaluation organisations.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::{ConsultationId, OrganizationId, RightId, SelectionId};
use kernel::level::Level;
use platform::Result;
use platform::error::readable;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::{division, occupation};
use crate::domain::organization::ending::Relinquished;
use crate::domain::right::{GrantBasis, GrantedScope, Right};

/// What an organisation gave up of a right, and why.
pub(crate) struct GivenUp {
    pub(crate) what: Relinquished,
    pub(crate) last_day: Date,
    /// In its words.
    pub(crate) reason: String,
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
    ended_levels: Json<BTreeMap<Level, Date>>,
    selection_id: Option<Uuid>,
    consultation_id: Option<Uuid>,
    goes_on_from: Option<Uuid>,
}

impl RightRow {
    fn read(self) -> Result<Right> {
        let basis = match (self.selection_id, self.consultation_id) {
            (Some(id), None) => GrantBasis::Selection(SelectionId::from_uuid(id)),
            (None, Some(id)) => GrantBasis::Consultation(ConsultationId::from_uuid(id)),
            _ => return Err(anyhow::anyhow!("a stored right has no one basis").into()),
        };
        Ok(Right {
            right_id: RightId::from_uuid(self.right_id),
            scope: GrantedScope {
                occupation: occupation(self.edition, &self.occupation_code)?,
                trade: self.trade,
                levels: levels(&self.levels)?,
            },
            division: division(&self.division_code)?,
            valid_from: self.valid_from.to_jiff(),
            valid_until: self.valid_until.map(jiff_sqlx::Date::to_jiff),
            ended_levels: self.ended_levels.0,
            basis,
            goes_on_from: self.goes_on_from.map(RightId::from_uuid),
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
        r#"select organization_id, right_id, edition, occupation_code, trade, levels, division_code,
             valid_from, valid_until,
             ended_levels as "ended_levels: Json<BTreeMap<Level, Date>>",
             selection_id, consultation_id, goes_on_from
         from organization_right where organization_id = any($1)
         order by edition, occupation_code, trade, division_code, right_id"#,
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
    let levels = names(&right.scope.levels);
    let (selection, consultation) = basis(right);
    sqlx::query!(
        "insert into organization_right (right_id, organization_id, edition, occupation_code,
             trade, levels, division_code, valid_from, valid_until, selection_id, consultation_id,
             ended_levels, goes_on_from)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         on conflict (right_id) do update
             set valid_until = excluded.valid_until, ended_levels = excluded.ended_levels,
                 selection_id = excluded.selection_id,
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
        Json(&right.ended_levels) as _,
        right.goes_on_from.map(|id| id.uuid()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps what an organisation gives up of a right, and why.
pub(crate) async fn give_up(
    connection: &mut PgConnection,
    what: &Relinquished,
    last_day: Date,
    reason: &str,
) -> Result<()> {
    let levels = names(&what.levels);
    sqlx::query!(
        "insert into right_given_up (right_id, last_day, levels, reason) values ($1, $2, $3, $4)",
        what.right_id.uuid(),
        last_day.to_sqlx() as _,
        &levels,
        reason,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What an organisation gave up of its rights, and why.
pub(crate) async fn given_up(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
) -> Result<Vec<GivenUp>> {
    let rows = sqlx::query!(
        "select right_id, last_day, right_given_up.levels, reason
         from right_given_up join organization_right using (right_id)
         where organization_id = $1 order by right_id, last_day, right_given_up.levels",
        organization_id.uuid(),
    )
    .fetch_all(connection)
    .await?;
    let given_up = rows.into_iter().map(|row| {
        Ok(GivenUp {
            what: Relinquished {
                right_id: RightId::from_uuid(row.right_id),
                levels: levels(&row.levels)?,
            },
            last_day: row.last_day.to_jiff(),
            reason: row.reason,
        })
    });
    given_up.collect()
}

fn names(levels: &BTreeSet<Level>) -> Vec<String> {
    let levels = levels.iter();
    levels.map(|level| level.name().to_owned()).collect()
}

fn levels(stored: &[String]) -> Result<BTreeSet<Level>> {
    let levels = stored.iter();
    levels
        .map(|level| readable("level", Level::parse(level)))
        .collect()
}

fn basis(right: &Right) -> (Option<Uuid>, Option<Uuid>) {
    match right.basis {
        GrantBasis::Selection(id) => (Some(id.uuid()), None),
        GrantBasis::Consultation(id) => (None, Some(id.uuid())),
    }
}
