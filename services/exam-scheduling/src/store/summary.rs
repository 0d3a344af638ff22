//! Reported plans at a glance.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::{OrganizationId, PlanId};
use kernel::organization_code::EvaluationOrganizationCode;
use platform::Result;
use platform::access::Scope;
use platform::error::readable;
use sqlx::PgConnection;

/// Which plans somebody looks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Window {
    /// With a session on this day or later.
    pub(crate) from: Option<Date>,
    /// With a session on this day or before.
    pub(crate) until: Option<Date>,
}

/// A reported plan.
pub(crate) struct Summary {
    pub(crate) plan_id: PlanId,
    pub(crate) organization_id: OrganizationId,
    pub(crate) organization_code: EvaluationOrganizationCode,
    pub(crate) filing_division: DivisionCode,
    /// Where it is held.
    pub(crate) hosts: Vec<DivisionCode>,
    pub(crate) received_on: Date,
    pub(crate) first_session_on: Date,
    pub(crate) last_session_on: Date,
    pub(crate) candidates: u32,
    /// Name of where it stands.
    pub(crate) standing: String,
}

/// Reported plans of a scope before one of them, the newest first. A centre's are those of the
/// organisations that filed with it, and those that are held in its area (notice 3.4).
pub(crate) async fn page(
    connection: &mut PgConnection,
    scope: &Scope,
    window: Window,
    before: Option<PlanId>,
    limit: i64,
) -> Result<Vec<Summary>> {
    let scope = scope.filter();
    let rows = sqlx::query!(
        r#"select plan_id, organization_id, organization_code as "organization_code!",
               filing_division as "filing_division!", received_on as "received_on!: jiff_sqlx::Date",
               candidates, standing as "standing!", sessions.hosts as "hosts!",
               sessions.first_on as "first_on!: jiff_sqlx::Date",
               sessions.last_on as "last_on!: jiff_sqlx::Date"
           from plan cross join lateral (
               select array_agg(distinct division_code order by division_code) as hosts,
                   min(held_on) as first_on, max(held_on) as last_on
               from exam_session where exam_session.plan_id = plan.plan_id) as sessions
           where receipt_id is not null
             and ($1::text is null or filing_division = $1 or $1 = any(sessions.hosts))
             and ($2::uuid is null or organization_id = $2)
             and ($3::date is null or sessions.last_on >= $3)
             and ($4::date is null or sessions.first_on <= $4)
             and ($5::uuid is null or plan_id < $5)
           order by plan_id desc limit $6"#,
        scope.area,
        scope.organization,
        window.from.map(ToSqlx::to_sqlx) as _,
        window.until.map(ToSqlx::to_sqlx) as _,
        before.map(|id| id.uuid()),
        limit,
    )
    .fetch_all(connection)
    .await?;
    let read = rows.into_iter().map(|row| {
        let division = |code: &str| readable("division", DivisionCode::parse(code));
        let code = EvaluationOrganizationCode::parse(&row.organization_code);
        Ok(Summary {
            plan_id: PlanId::from_uuid(row.plan_id),
            organization_id: OrganizationId::from_uuid(row.organization_id),
            organization_code: readable("organisation code", code)?,
            filing_division: division(&row.filing_division)?,
            hosts: row
                .hosts
                .iter()
                .map(|code| division(code))
                .collect::<Result<_>>()?,
            received_on: row.received_on.to_jiff(),
            first_session_on: row.first_on.to_jiff(),
            last_session_on: row.last_on.to_jiff(),
            candidates: row.candidates.cast_unsigned(),
            standing: row.standing,
        })
    });
    read.collect()
}
