//! Evaluation organisations, as the registry told of them.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use kernel::organization_code::EvaluationOrganizationCode;
use platform::Result;
use sqlx::PgConnection;
use uuid::Uuid;

use super::unreadable;

/// An evaluation organisation.
pub(crate) struct Known {
    /// Identifies it.
    pub(crate) organization: OrganizationId,
    /// 机构代码
    pub(crate) code: EvaluationOrganizationCode,
    /// Where it filed: the centre that answers for it.
    pub(crate) filing_division: DivisionCode,
}

/// Keeps an organisation that was registered. Hearing it again changes nothing.
pub(crate) async fn insert(connection: &mut PgConnection, known: &Known, on: Date) -> Result<()> {
    sqlx::query!(
        "insert into evaluation_organization
             (organization_id, organization_code, filing_division, registered_on)
         values ($1, $2, $3, $4) on conflict (organization_id) do nothing",
        known.organization.uuid(),
        known.code.as_str(),
        known.filing_division.as_str(),
        on.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps from when on an organisation is one no longer.
pub(crate) async fn withdraw(
    connection: &mut PgConnection,
    organization: OrganizationId,
    on: Date,
) -> Result<()> {
    sqlx::query!(
        "update evaluation_organization set withdrawn_on = $2 where organization_id = $1",
        organization.uuid(),
        on.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// From now on nobody else draws one of these for an inspection until the unit ends. Inspections are
/// locked before this.
pub(crate) async fn lock(connection: &mut PgConnection, organizations: &[Uuid]) -> Result<()> {
    sqlx::query!(
        "select organization_id from evaluation_organization
         where organization_id = any($1) order by organization_id for no key update",
        organizations,
    )
    .fetch_all(connection)
    .await?;
    Ok(())
}

/// One that is still an evaluation organisation.
pub(crate) async fn find(
    connection: &mut PgConnection,
    organization: OrganizationId,
    today: Date,
) -> Result<Option<Known>> {
    let row = sqlx::query_as!(
        Row,
        "select organization_id, organization_code, filing_division from evaluation_organization
         where organization_id = $1 and coalesce(withdrawn_on, 'infinity') > $2",
        organization.uuid(),
        today.to_sqlx() as _,
    )
    .fetch_optional(connection)
    .await?;
    row.map(Known::try_from).transpose()
}

/// Those that work in a division today, having filed there or by the province's decision, or all of
/// the province, by rising id.
pub(crate) async fn list(
    connection: &mut PgConnection,
    division: Option<DivisionCode>,
    today: Date,
) -> Result<Vec<Known>> {
    let rows = sqlx::query_as!(
        Row,
        "select organization_id, organization_code, filing_division from evaluation_organization
         where coalesce(withdrawn_on, 'infinity') > $2
           and ($1::text is null or filing_division = $1
             or organization_id in (
                 select organization_id from consultation join consultation_area
                     using (consultation_id)
                 where division_code = $1 and valid_from <= $2
                   and coalesce(valid_until, 'infinity') >= $2))
         order by organization_id",
        division.as_ref().map(DivisionCode::as_str),
        today.to_sqlx() as _,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Known::try_from).collect()
}

struct Row {
    organization_id: Uuid,
    organization_code: String,
    filing_division: String,
}

impl TryFrom<Row> for Known {
    type Error = platform::Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            organization: OrganizationId::from_uuid(row.organization_id),
            code: EvaluationOrganizationCode::parse(&row.organization_code)
                .map_err(|_| unreadable("organisation code"))?,
            filing_division: DivisionCode::parse(&row.filing_division)
                .map_err(|_| unreadable("division"))?,
        })
    }
}
