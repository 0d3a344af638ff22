//! What each organisation holds, and the cities' quotas that follow from it.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use kernel::organization_code::EvaluationOrganizationCode;
use platform::Result;
use platform::access::Scope;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::{day, unreadable};
use crate::domain::{CityQuota, Held, Holdings, Pending};

/// What an organisation holds.
pub(crate) async fn find(
    connection: &mut PgConnection,
    organization: OrganizationId,
) -> Result<Holdings> {
    let row = sqlx::query_as!(
        Row,
        r#"select organization_id, filing_division, organization_code,
               held as "held: Json<Vec<Held>>", pending as "pending: Json<Pending>",
               withdrawn_on
           from applicant where organization_id = $1"#,
        organization.uuid(),
    )
    .fetch_optional(connection)
    .await?;
    row.map_or_else(|| Ok(Holdings::none(organization)), Row::into_domain)
}

/// What an organisation holds; from now on nobody else changes it until the unit ends. Applications
/// are locked before this, quotas after it.
pub(crate) async fn lock(
    connection: &mut PgConnection,
    organization: OrganizationId,
) -> Result<Holdings> {
    sqlx::query!(
        "insert into applicant (organization_id) values ($1) on conflict do nothing",
        organization.uuid(),
    )
    .execute(&mut *connection)
    .await?;
    let row = sqlx::query_as!(
        Row,
        r#"select organization_id, filing_division, organization_code,
               held as "held: Json<Vec<Held>>", pending as "pending: Json<Pending>",
               withdrawn_on
           from applicant where organization_id = $1 for update"#,
        organization.uuid(),
    )
    .fetch_one(connection)
    .await?;
    row.into_domain()
}

/// Keeps what an organisation holds, which was locked.
pub(crate) async fn save(connection: &mut PgConnection, holdings: &Holdings) -> Result<()> {
    sqlx::query!(
        "update applicant set filing_division = $2, organization_code = $3, held = $4, pending = $5,
             withdrawn_on = $6
         where organization_id = $1",
        holdings.organization.uuid(),
        holdings.filing_division.map(|division| division.to_string()),
        holdings.organization_code.map(|code| code.to_string()),
        Json(&holdings.held) as _,
        holdings.pending.as_ref().map(Json) as _,
        holdings.withdrawn_on.map(ToSqlx::to_sqlx) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How a city stands to its quota; from now on nobody else takes a place of it until the unit ends.
pub(crate) async fn lock_quota(
    connection: &mut PgConnection,
    city: DivisionCode,
    today: Date,
) -> Result<CityQuota> {
    sqlx::query!(
        "select division_code from city_quota where division_code = $1 for update",
        city.as_str(),
    )
    .fetch_optional(&mut *connection)
    .await?
    .ok_or_else(|| unreadable("quota"))?;
    quota(connection, city, today).await
}

/// How a city stands to its quota.
pub(crate) async fn quota(
    connection: &mut PgConnection,
    city: DivisionCode,
    today: Date,
) -> Result<CityQuota> {
    let selected = sqlx::query_scalar!(
        r#"select count(*) as "selected!" from applicant
           where filing_division = $1 and coalesce(withdrawn_on, 'infinity') > $2"#,
        city.as_str(),
        today.to_sqlx() as _,
    )
    .fetch_one(connection)
    .await?;
    Ok(CityQuota {
        division: city,
        selected: u32::try_from(selected).map_err(anyhow::Error::from)?,
    })
}

/// A page of the quotas in scope, by division code; no organisation has one.
pub(crate) async fn quotas(
    connection: &mut PgConnection,
    scope: &Scope,
    after: Option<DivisionCode>,
    size: u32,
    today: Date,
) -> Result<Vec<CityQuota>> {
    let scope = scope.filter();
    let rows = sqlx::query!(
        r#"select division_code, count(organization_id) as "selected!"
           from city_quota left join applicant on filing_division = division_code
               and coalesce(withdrawn_on, 'infinity') > $5
           where ($1::text is null or division_code > $1)
             and ($2::text is null or division_code = $2) and $3::uuid is null
           group by division_code order by division_code limit $4"#,
        after.map(|division| division.to_string()),
        scope.area,
        scope.organization,
        i64::from(size),
        today.to_sqlx() as _,
    )
    .fetch_all(connection)
    .await?;
    let quotas = rows.into_iter().map(|row| {
        Ok(CityQuota {
            division: super::division(&row.division_code)?,
            selected: u32::try_from(row.selected).map_err(anyhow::Error::from)?,
        })
    });
    quotas.collect()
}

struct Row {
    organization_id: Uuid,
    filing_division: Option<String>,
    organization_code: Option<String>,
    held: Json<Vec<Held>>,
    pending: Option<Json<Pending>>,
    withdrawn_on: Option<jiff_sqlx::Date>,
}

impl Row {
    fn into_domain(self) -> Result<Holdings> {
        let code = self.organization_code.as_deref();
        let code = code.map(EvaluationOrganizationCode::parse).transpose();
        let division = self.filing_division.as_deref();
        Ok(Holdings {
            organization: OrganizationId::from_uuid(self.organization_id),
            filing_division: division.map(super::division).transpose()?,
            organization_code: code.map_err(|_| unreadable("organisation code"))?,
            held: self.held.0,
            pending: self.pending.map(|pending| pending.0),
            withdrawn_on: day(self.withdrawn_on),
        })
    }
}
