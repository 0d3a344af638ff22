//! The ledger of certificate numbers: what was given, and what became of each.

use std::collections::BTreeMap;

use kernel::ids::OrganizationId;
use kernel::level::Level;
use kernel::organization_code::EvaluationOrganizationCode;
use platform::access::Scope;
use platform::error::readable;
use platform::{Error, Result};
use sqlx::PgConnection;

use super::unreadable;
use crate::domain::certificate::Certificate;
use crate::domain::issuance::Counter;
use crate::domain::rejection::IssuanceRejection;

/// Locks the counters of an organisation, year and levels, in the order of the levels, so that no
/// two issuances wait for each other; a counter that is not there yet comes into being.
pub(crate) async fn lock_counters(
    connection: &mut PgConnection,
    code: &EvaluationOrganizationCode,
    year: i16,
    levels: impl Iterator<Item = Level>,
) -> Result<BTreeMap<Level, Counter>> {
    let levels: Vec<String> = levels.map(|level| level.name().to_owned()).collect();
    sqlx::query!(
        "insert into number_counter (organization_code, year, level)
         select $1, $2, level from unnest($3::text[]) as given (level) order by level
         on conflict do nothing",
        code.as_str(),
        year,
        &levels,
    )
    .execute(&mut *connection)
    .await?;
    let rows = sqlx::query!(
        "select level, allocated from number_counter
         where organization_code = $1 and year = $2 and level = any($3)
         order by level for update",
        code.as_str(),
        year,
        &levels,
    )
    .fetch_all(connection)
    .await?;
    let mut counters = BTreeMap::new();
    for row in rows {
        let level = readable("level", Level::parse(&row.level))?;
        let allocated = u32::try_from(row.allocated).map_err(|_| unreadable("counter"))?;
        counters.insert(level, Counter { allocated });
    }
    Ok(counters)
}

/// Saves counters whose new numbers are all on certificates.
pub(crate) async fn save_counters(
    connection: &mut PgConnection,
    code: &EvaluationOrganizationCode,
    year: i16,
    counters: &BTreeMap<Level, Counter>,
) -> Result<()> {
    let levels: Vec<String> = counters
        .keys()
        .map(|level| level.name().to_owned())
        .collect();
    let allocated: Vec<i32> = counters
        .values()
        .map(|counter| counter.allocated.cast_signed())
        .collect();
    sqlx::query!(
        "update number_counter
         set issued = issued + (new.allocated - number_counter.allocated),
             allocated = new.allocated
         from unnest($3::text[], $4::integer[]) as new (level, allocated)
         where organization_code = $1 and year = $2 and number_counter.level = new.level",
        code.as_str(),
        year,
        &levels,
        &allocated,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Enters the numbers of certificates of one issuance.
pub(crate) async fn enter(connection: &mut PgConnection, issued: &[&Certificate]) -> Result<()> {
    let Some(first) = issued.first() else {
        return Ok(());
    };
    let code = first.number.organization_code();
    let levels: Vec<String> = issued
        .iter()
        .map(|new| new.subject.level.name().to_owned())
        .collect();
    let sequences: Vec<i32> = issued
        .iter()
        .map(|new| new.number.sequence().cast_signed())
        .collect();
    let certificates: Vec<_> = issued.iter().map(|new| new.id.uuid()).collect();
    sqlx::query!(
        "insert into number_ledger (organization_code, year, use, level, sequence, certificate_id)
         select $1, $2, 'issued', new.*
         from unnest($3::text[], $4::integer[], $5::uuid[]) as new",
        code.as_str(),
        first.number.year(),
        &levels,
        &sequences,
        &certificates,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The sums of a ledger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) allocated: u32,
    pub(crate) issued: u32,
    pub(crate) voided: u32,
    pub(crate) reserved: u32,
}

/// The sums of an organisation in the caller's scope; zero where nothing was issued yet.
pub(crate) async fn sums(
    connection: &mut PgConnection,
    scope: &Scope,
    organization: OrganizationId,
    year: i16,
    level: Level,
) -> Result<Sums> {
    let row = sqlx::query!(
        r#"select coalesce(allocated, 0) as "allocated!", coalesce(issued, 0) as "issued!",
               coalesce(voided, 0) as "voided!", coalesce(reserved, 0) as "reserved!"
           from batch left join number_counter counter
             on counter.organization_code = batch.organization_code
             and counter.year = $4 and counter.level = $5
           where organization_id = $1
             and ($2::text is null or review_area = $2)
             and ($3::uuid is null or organization_id = $3)
           limit 1"#,
        organization.uuid(),
        scope.area(),
        scope.organization(),
        year,
        level.name(),
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(IssuanceRejection::LedgerNotFound))?;
    Ok(Sums {
        allocated: row.allocated.cast_unsigned(),
        issued: row.issued.cast_unsigned(),
        voided: row.voided.cast_unsigned(),
        reserved: row.reserved.cast_unsigned(),
    })
}
