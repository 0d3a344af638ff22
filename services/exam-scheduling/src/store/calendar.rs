//! Sessions as the public sees them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use jiff::civil::{Date, Time, date};
use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::{OrganizationId, PlanId, SessionId};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejection::Faults;
use platform::Result;
use platform::error::readable;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{known, plan};
use crate::domain::plan::Subject;
use crate::domain::rejection::CalendarRejection;
use crate::domain::session::ExamPart;

/// Which sessions somebody looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Listing {
    pub(crate) year: i16,
    /// A city with its districts, or the province.
    pub(crate) division: DivisionCode,
}

/// A session of a plan in force.
pub(crate) struct Listed {
    pub(crate) session: SessionId,
    pub(crate) organization_id: OrganizationId,
    pub(crate) organization_code: EvaluationOrganizationCode,
    pub(crate) subjects: Vec<Subject>,
    pub(crate) part: ExamPart,
    pub(crate) held_on: Date,
    pub(crate) starts_at: Time,
    pub(crate) ends_at: Time,
    pub(crate) site: String,
    pub(crate) division: DivisionCode,
    pub(crate) seats: u32,
    pub(crate) completed: bool,
}

/// Sessions in the order of their days, from behind one of them on.
pub(crate) async fn page(
    connection: &mut PgConnection,
    listing: Listing,
    after: Option<SessionId>,
    limit: i64,
) -> Result<Vec<Listed>> {
    let after = match after {
        None => None,
        Some(session) => Some(day_of(connection, session).await?),
    };
    let rows = sqlx::query!(
        r#"select session_id, plan_id, organization_id, organization_code as "organization_code!",
               part, held_on, starts_at, ends_at, site, division_code, seats, completed
           from exam_session join plan using (plan_id)
           where standing in ('in_force', 'held') and held_on between $1 and $2
             and starts_with(division_code, $3)
             and ($4::date is null or (held_on, session_id) > ($4, $5))
           order by held_on, session_id limit $6"#,
        date(listing.year, 1, 1).to_sqlx() as _,
        date(listing.year, 12, 31).to_sqlx() as _,
        covered(&listing.division),
        after.map(|(day, _)| day.to_sqlx()) as _,
        after.map(|(_, session)| session),
        limit,
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut subjects: HashMap<PlanId, Vec<Subject>> = HashMap::new();
    let mut listed = Vec::with_capacity(rows.len());
    for row in rows {
        let of = PlanId::from_uuid(row.plan_id);
        let examined = match subjects.entry(of) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(plan::load_subjects(connection, of).await?),
        };
        let code = EvaluationOrganizationCode::parse(&row.organization_code);
        listed.push(Listed {
            session: SessionId::from_uuid(row.session_id),
            organization_id: OrganizationId::from_uuid(row.organization_id),
            organization_code: readable("organisation code", code)?,
            subjects: examined.clone(),
            part: known("part", ExamPart::from_name(&row.part))?,
            held_on: row.held_on.to_jiff(),
            starts_at: row.starts_at.to_jiff(),
            ends_at: row.ends_at.to_jiff(),
            site: row.site,
            division: readable("division", DivisionCode::parse(&row.division_code))?,
            seats: row.seats.cast_unsigned(),
            completed: row.completed,
        });
    }
    Ok(listed)
}

/// What the codes of a division and of all that lies in it begin with.
fn covered(division: &DivisionCode) -> &str {
    let code = division.as_str();
    match (division.is_province(), division.is_city()) {
        (true, _) => &code[..2],
        (_, true) => &code[..4],
        _ => code,
    }
}

/// Where a page ended.
async fn day_of(connection: &mut PgConnection, session: SessionId) -> Result<(Date, Uuid)> {
    let day = sqlx::query_scalar!(
        "select held_on from exam_session where session_id = $1",
        session.uuid()
    )
    .fetch_optional(connection)
    .await?;
    let day = day.ok_or_else(|| Faults::at("page_token", &CalendarRejection::PageToken))?;
    Ok((day.to_jiff(), session.uuid()))
}
