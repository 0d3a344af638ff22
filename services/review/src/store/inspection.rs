//! Inspections: plan, lists, draws and what came of them.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::{InspectionId, OrganizationId};
use kernel::working_day::{CalendarVersion, Deadline};
use platform::access::Scope;
use platform::{Error, Result};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::{day, unreadable};
use crate::domain::inspection::refusal::InspectionRejection;
use crate::domain::inspection::{Draw, Frozen, Inspection, Outcome, Plan, Recorded};

/// Keeps an inspection that was just planned, with its sealed seed.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    inspection: &Inspection,
    seed: &[u8],
) -> Result<()> {
    sqlx::query!(
        "insert into inspection (inspection_id, division_code, state, plan, draws, seed)
         values ($1, $2, $3, $4, $5, $6)",
        inspection.id.uuid(),
        inspection.division.as_str(),
        inspection.state().name(),
        Json(&inspection.plan) as _,
        Json(&inspection.draws) as _,
        seed,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps what changed in an inspection; `seed` is the sealed seed that waits, if one does.
pub(crate) async fn save(
    connection: &mut PgConnection,
    inspection: &Inspection,
    seed: Option<&[u8]>,
) -> Result<()> {
    sqlx::query!(
        "update inspection set state = $2, frozen = $3, draws = $4, seed = $5,
             publication_due = $6, published_on = $7, cancelled_reason = $8
         where inspection_id = $1",
        inspection.id.uuid(),
        inspection.state().name(),
        inspection.frozen.as_ref().map(Frozen::text),
        Json(&inspection.draws) as _,
        seed,
        inspection.publication_due.as_ref().map(Json) as _,
        inspection.published_on.map(ToSqlx::to_sqlx) as _,
        inspection.cancelled_reason,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Inspections of which the results are to be recorded, or published, by a day that was counted with
/// another calendar than this one; no more than so many.
pub(crate) async fn counted_otherwise(
    connection: &mut PgConnection,
    calendar: &CalendarVersion,
    limit: i64,
) -> Result<Vec<InspectionId>> {
    let ids = sqlx::query_scalar!(
        "select inspection_id from inspection
         where state = 'drawn'
           and coalesce(publication_due, draws #> '{-1,revealed,results_due}')
               ->> 'calendar_version' <> $1
         order by inspection_id limit $2",
        calendar.as_str(),
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(ids.into_iter().map(InspectionId::from_uuid).collect())
}

/// The seed that waits to be revealed, sealed.
pub(crate) async fn waiting_seed(
    connection: &mut PgConnection,
    id: InspectionId,
) -> Result<Option<Vec<u8>>> {
    let seed = sqlx::query_scalar!(
        "select seed from inspection where inspection_id = $1",
        id.uuid(),
    )
    .fetch_one(connection)
    .await?;
    Ok(seed)
}

/// Keeps who was drawn, and who was and is no more.
pub(crate) async fn set_drawn(
    connection: &mut PgConnection,
    inspection: &Inspection,
    today: Date,
) -> Result<()> {
    let inspected = inspection.inspected();
    let ids: Vec<Uuid> = inspected
        .iter()
        .map(|drawn| drawn.organization.uuid())
        .collect();
    let inspectors = inspected.iter().map(|drawn| Json(&drawn.inspectors));
    let inspectors: Vec<_> = inspectors.collect();
    sqlx::query!(
        "insert into inspected_organization (inspection_id, organization_id, inspectors, drawn_on)
         select $1, id, inspectors, $4
         from unnest($2::uuid[], $3::jsonb[]) as drawn (id, inspectors)
         on conflict (inspection_id, organization_id) do update
             set inspectors = excluded.inspectors",
        inspection.id.uuid(),
        &ids,
        &inspectors as _,
        today.to_sqlx() as _,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update inspected_organization set dropped_on = $3
         where inspection_id = $1 and organization_id <> all($2) and dropped_on is null",
        inspection.id.uuid(),
        &ids,
        today.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How often each of the organisations was drawn in a year, for those that were.
pub(crate) async fn times_drawn(
    connection: &mut PgConnection,
    organizations: &[Uuid],
    year: i16,
) -> Result<BTreeMap<OrganizationId, u32>> {
    let rows = sqlx::query!(
        r#"select organization_id, count(*) as "times!" from inspected_organization
           where organization_id = any($1) and dropped_on is null
             and extract(year from drawn_on) = $2::int
           group by organization_id"#,
        organizations,
        i32::from(year),
    )
    .fetch_all(connection)
    .await?;
    let times = rows.into_iter().map(|row| {
        let times = u32::try_from(row.times).unwrap_or(u32::MAX);
        (OrganizationId::from_uuid(row.organization_id), times)
    });
    Ok(times.collect())
}

/// One inspection that the caller's area has, or any where it is everybody's to see.
pub(crate) async fn find(
    connection: &mut PgConnection,
    scope: &Scope,
    id: InspectionId,
) -> Result<Inspection> {
    let mut found = find_all(connection, scope, &[id.uuid()]).await?;
    found
        .pop()
        .ok_or_else(|| Error::refused(InspectionRejection::NotFound))
}

/// Those of the inspections that are in scope, by rising id. No organisation plans any.
pub(crate) async fn find_all(
    connection: &mut PgConnection,
    scope: &Scope,
    ids: &[Uuid],
) -> Result<Vec<Inspection>> {
    let scope = scope.filter();
    let rows = sqlx::query_as!(
        Row,
        r#"select inspection_id, division_code, plan as "plan: Json<Plan>", frozen,
               draws as "draws: Json<Vec<Draw>>",
               publication_due as "publication_due: Json<Deadline>", published_on,
               cancelled_reason
           from inspection
           where inspection_id = any($1)
             and ($2::text is null or division_code = $2) and $3::uuid is null
           order by inspection_id"#,
        ids,
        scope.area,
        scope.organization,
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut results = results(connection, ids).await?;
    let mut inspections = Vec::with_capacity(rows.len());
    for row in rows {
        let mut inspection = row.into_domain()?;
        inspection.results = results.remove(&inspection.id).unwrap_or_default();
        inspections.push(inspection);
    }
    Ok(inspections)
}

/// Ids of a page of all inspections, newest first.
pub(crate) async fn page(
    connection: &mut PgConnection,
    division: Option<DivisionCode>,
    before: Option<InspectionId>,
    size: u32,
) -> Result<Vec<Uuid>> {
    let ids = sqlx::query_scalar!(
        "select inspection_id from inspection
         where ($1::uuid is null or inspection_id < $1)
           and ($2::text is null or division_code = $2)
         order by inspection_id desc limit $3",
        before.map(|id| id.uuid()),
        division.as_ref().map(DivisionCode::as_str),
        i64::from(size),
    )
    .fetch_all(connection)
    .await?;
    Ok(ids)
}

type Results = HashMap<InspectionId, BTreeMap<OrganizationId, Recorded>>;

async fn results(connection: &mut PgConnection, ids: &[Uuid]) -> Result<Results> {
    let rows = sqlx::query!(
        r#"select inspection_id, organization_id, outcome as "outcome!",
               inspected_on as "inspected_on!", recorded_on as "recorded_on!",
               due as "due!: Json<Deadline>"
           from inspected_organization
           where inspection_id = any($1) and outcome is not null"#,
        ids,
    )
    .fetch_all(connection)
    .await?;
    let mut results = Results::new();
    for row in rows {
        let recorded = Recorded {
            outcome: outcome(&row.outcome)?,
            inspected_on: row.inspected_on.to_jiff(),
            on: row.recorded_on.to_jiff(),
            due: row.due.0,
        };
        let organization = OrganizationId::from_uuid(row.organization_id);
        let of_inspection = results.entry(InspectionId::from_uuid(row.inspection_id));
        of_inspection.or_default().insert(organization, recorded);
    }
    Ok(results)
}

/// An outcome as stored.
pub(super) fn outcome(stored: &str) -> Result<Outcome> {
    stored.parse().map_err(|_| unreadable("outcome"))
}

struct Row {
    inspection_id: Uuid,
    division_code: String,
    plan: Json<Plan>,
    frozen: Option<String>,
    draws: Json<Vec<Draw>>,
    publication_due: Option<Json<Deadline>>,
    published_on: Option<jiff_sqlx::Date>,
    cancelled_reason: Option<String>,
}

impl Row {
    fn into_domain(self) -> Result<Inspection> {
        let read = |text| Frozen::read(text).ok_or_else(|| unreadable("frozen lists"));
        let division = DivisionCode::parse(&self.division_code);
        Ok(Inspection {
            id: InspectionId::from_uuid(self.inspection_id),
            division: division.map_err(|_| unreadable("division"))?,
            plan: self.plan.0,
            frozen: self.frozen.map(read).transpose()?,
            draws: self.draws.0,
            results: BTreeMap::new(),
            publication_due: self.publication_due.map(|due| due.0),
            published_on: day(self.published_on),
            cancelled_reason: self.cancelled_reason,
        })
    }
}
