//! What the other services' facts add up to. Each function answers with the figures as they are
//! afterwards.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::{OrganizationId, PlanId};
use platform::Result;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::Resources;
use crate::domain::risk::{Attendance, Figures, Reported, RiskKind};

/// Adds a plan that was reported; the candidates of the organisation's plans that begin in the same
/// month.
pub(crate) async fn add_plan(
    connection: &mut PgConnection,
    plan: PlanId,
    organization: OrganizationId,
    first_session_on: Date,
    reported: Reported,
) -> Result<u32> {
    sqlx::query!(
        "insert into watched_plan
             (plan_id, organization_id, first_session_on, candidates, not_rotated)
         values ($1, $2, $3, $4, $5)
         on conflict (plan_id) do update
             set first_session_on = excluded.first_session_on, candidates = excluded.candidates,
                 not_rotated = excluded.not_rotated",
        plan.uuid(),
        organization.uuid(),
        first_session_on.to_sqlx() as _,
        number(reported.candidates),
        number(reported.not_rotated),
    )
    .execute(&mut *connection)
    .await?;
    let first_day = first_session_on.first_of_month();
    let total = sqlx::query_scalar!(
        r#"select sum(candidates) as "total!" from watched_plan
           where organization_id = $1 and first_session_on between $2 and $3"#,
        organization.uuid(),
        first_day.to_sqlx() as _,
        first_day.last_of_month().to_sqlx() as _,
    )
    .fetch_one(connection)
    .await?;
    Ok(u32::try_from(total).unwrap_or(u32::MAX))
}

/// How many plans of the organisation that begin in the year of a day have examiners who ought to have
/// rotated.
pub(crate) async fn without_rotation(
    connection: &mut PgConnection,
    organization: OrganizationId,
    day: Date,
) -> Result<u32> {
    let plans = sqlx::query_scalar!(
        r#"select count(*) as "plans!" from watched_plan
           where organization_id = $1 and first_session_on between $2 and $3
             and not_rotated > 0"#,
        organization.uuid(),
        day.first_of_year().to_sqlx() as _,
        day.last_of_year().to_sqlx() as _,
    )
    .fetch_one(connection)
    .await?;
    Ok(u32::try_from(plans).unwrap_or(u32::MAX))
}

/// Adds a session that was held to its plan, if the plan is known.
pub(crate) async fn add_session(
    connection: &mut PgConnection,
    plan: PlanId,
    attendance: Attendance,
) -> Result<Option<(OrganizationId, Figures)>> {
    let row = sqlx::query_as!(
        Row,
        "update watched_plan set present = present + $2, absent = absent + $3 where plan_id = $1
         returning organization_id, candidates, present, absent, certified",
        plan.uuid(),
        number(attendance.present),
        number(attendance.absent),
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(Row::figures))
}

/// Adds a certificate that was issued to its plan.
pub(crate) async fn add_certificate(
    connection: &mut PgConnection,
    plan: PlanId,
    organization: OrganizationId,
) -> Result<Figures> {
    let row = sqlx::query_as!(
        Row,
        "insert into watched_plan as known (plan_id, organization_id, certified)
         values ($1, $2, 1)
         on conflict (plan_id) do update set certified = known.certified + 1
         returning organization_id, candidates, present, absent, certified",
        plan.uuid(),
        organization.uuid(),
    )
    .fetch_one(connection)
    .await?;
    Ok(row.figures().1)
}

/// Adds one to what a rule counts over a year.
pub(crate) async fn add_to_year(
    connection: &mut PgConnection,
    organization: OrganizationId,
    year: i16,
    rule: RiskKind,
) -> Result<u32> {
    let number = sqlx::query_scalar!(
        "insert into watched_year as known (organization_id, year, rule, number)
         values ($1, $2, $3, 1)
         on conflict (organization_id, year, rule) do update set number = known.number + 1
         returning number",
        organization.uuid(),
        year,
        rule.name(),
    )
    .fetch_one(connection)
    .await?;
    Ok(count(number))
}

/// Seats in the theory rooms that an organisation had when its newest filing was applied for; none
/// where nothing is known of them.
pub(crate) async fn theory_seats(
    connection: &mut PgConnection,
    organization: OrganizationId,
) -> Result<u32> {
    let resources = sqlx::query_scalar!(
        r#"select resources as "resources!: Json<Resources>" from application
           where organization_id = $1 and state = 'filed' and resources is not null
           order by submitted_on desc, application_id desc limit 1"#,
        organization.uuid(),
    )
    .fetch_optional(connection)
    .await?;
    Ok(resources.map_or(0, |Json(resources)| resources.theory_seats()))
}

struct Row {
    organization_id: Uuid,
    candidates: i32,
    present: i32,
    absent: i32,
    certified: i32,
}

impl Row {
    fn figures(self) -> (OrganizationId, Figures) {
        let figures = Figures {
            candidates: count(self.candidates),
            present: count(self.present),
            absent: count(self.absent),
            certified: count(self.certified),
        };
        (OrganizationId::from_uuid(self.organization_id), figures)
    }
}

/// A count as stored. More than two thousand million people nobody examines.
fn number(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn count(stored: i32) -> u32 {
    u32::try_from(stored).unwrap_or(0)
}
