//! The book of organisation codes.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::organization_code::EvaluationOrganizationCode;
use platform::Result;
use sqlx::PgConnection;

/// The last running number of a city's part. Its row is locked until the unit ends, so that codes
/// are given one after another.
pub(crate) async fn lock_counter(connection: &mut PgConnection, city_part: &str) -> Result<u16> {
    let last = sqlx::query_scalar!(
        "insert into code_counter (city_part, last_running) values ($1, 0)
         on conflict (city_part) do update set last_running = code_counter.last_running
         returning last_running",
        city_part,
    )
    .fetch_one(connection)
    .await?;
    Ok(u16::try_from(last).map_err(anyhow::Error::from)?)
}

/// Notes the last running number given.
pub(crate) async fn save_counter(
    connection: &mut PgConnection,
    city_part: &str,
    running: u16,
) -> Result<()> {
    sqlx::query!(
        "update code_counter set last_running = $2 where city_part = $1",
        city_part,
        i32::from(running),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Codes that were set aside for use elsewhere.
pub(crate) async fn reserved(
    connection: &mut PgConnection,
) -> Result<BTreeSet<EvaluationOrganizationCode>> {
    let codes = sqlx::query_scalar!("select organization_code from reserved_code")
        .fetch_all(connection)
        .await?;
    readable(&codes)
}

/// Of these codes, those that were given to organisations here.
pub(crate) async fn given(
    connection: &mut PgConnection,
    codes: &[EvaluationOrganizationCode],
) -> Result<BTreeSet<EvaluationOrganizationCode>> {
    let asked: Vec<String> = codes.iter().map(ToString::to_string).collect();
    let codes = sqlx::query_scalar!(
        "select organization_code from organization where organization_code = any($1)",
        &asked,
    )
    .fetch_all(connection)
    .await?;
    readable(&codes)
}

/// Sets codes aside, with where they are in use.
pub(crate) async fn reserve(
    connection: &mut PgConnection,
    codes: &[EvaluationOrganizationCode],
    reason: &str,
    on: Date,
) -> Result<()> {
    let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
    sqlx::query!(
        "insert into reserved_code (organization_code, reason, reserved_on)
         select code, $2, $3 from unnest($1::text[]) as given (code)",
        &codes,
        reason,
        on.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn readable(codes: &[String]) -> Result<BTreeSet<EvaluationOrganizationCode>> {
    let read = codes.iter().map(|code| {
        EvaluationOrganizationCode::parse(code)
            .map_err(|_| anyhow::anyhow!("a stored organisation code is not readable").into())
    });
    read.collect()
}
