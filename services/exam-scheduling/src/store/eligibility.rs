//! Rules of occupational standards.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use platform::Result;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::known;
use crate::domain::eligibility::{Rule, Standard};

/// The standard of an occupation and level that is in force on a day.
pub(crate) async fn in_force(
    connection: &mut PgConnection,
    occupation: OccupationRef,
    level: Level,
    on: Date,
) -> Result<Option<Standard>> {
    let row = sqlx::query!(
        "select version, valid_from, rules from eligibility_standard
         where edition = $1 and occupation_code = $2 and level = $3 and valid_from <= $4
         order by valid_from desc limit 1",
        i32::from(occupation.edition.year()),
        occupation.code.as_str(),
        level.name(),
        on.to_sqlx() as _,
    )
    .fetch_optional(connection)
    .await?;
    let standard = row.map(|row| {
        let rules: Option<Vec<Rule>> = serde_json::from_value(row.rules).ok();
        Ok(Standard {
            occupation,
            level,
            version: row.version,
            valid_from: row.valid_from.to_jiff(),
            rules: known("rules", rules)?,
        })
    });
    standard.transpose()
}

/// Enters a standard.
pub(crate) async fn insert(connection: &mut PgConnection, standard: &Standard) -> Result<()> {
    sqlx::query!(
        "insert into eligibility_standard
             (edition, occupation_code, level, valid_from, version, rules)
         values ($1, $2, $3, $4, $5, $6)",
        i32::from(standard.occupation.edition.year()),
        standard.occupation.code.as_str(),
        standard.level.name(),
        standard.valid_from.to_sqlx() as _,
        standard.version,
        Json(&standard.rules) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
