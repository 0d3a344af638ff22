//! Batches, what they examined, and their counts.

use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::{BatchId, OrganizationId, PlanId, PublicNoticeId};
use kernel::level::Level;
use kernel::occupation::{Edition, OccupationCode, OccupationRef};
use kernel::organization_code::EvaluationOrganizationCode;
use platform::access::Scope;
use platform::error::readable;
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use super::unreadable;
use crate::domain::batch::Batch;
use crate::domain::exam::{Sitting, Subject};
use crate::domain::rejection::BatchRejection;
use crate::domain::result::ResultState;

/// Puts a new batch into the table, with what it examined, where and when.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    batch: &Batch,
    subjects: &[Subject],
    sittings: &[Sitting],
) -> Result<()> {
    sqlx::query!(
        "insert into batch (batch_id, plan_id, organization_id, organization_code,
             organization_name, filing_division, review_area)
         values ($1, $2, $3, $4, $5, $6, $7)",
        batch.id.uuid(),
        batch.plan.uuid(),
        batch.organization.uuid(),
        batch.organization_code.as_str(),
        batch.organization_name,
        batch.filing_division.as_str(),
        batch.review_area.as_str(),
    )
    .execute(&mut *connection)
    .await
    .map_err(|error| Error::from(error).on_constraint("batch_plan_once", BatchRejection::Exists))?;
    for (position, subject) in (0_i16..).zip(subjects) {
        sqlx::query!(
            "insert into batch_subject (batch_id, position, edition, occupation_code,
                 occupation_name, trade, level)
             values ($1, $2, $3, $4, $5, $6, $7)",
            batch.id.uuid(),
            position,
            subject.occupation.edition.year().cast_signed(),
            subject.occupation.code.as_str(),
            subject.occupation_name,
            subject.trade,
            subject.level.name(),
        )
        .execute(&mut *connection)
        .await?;
    }
    for sitting in sittings {
        sqlx::query!(
            "insert into batch_sitting (batch_id, division_code, held_on) values ($1, $2, $3)",
            batch.id.uuid(),
            sitting.division.as_str(),
            sitting.held_on.to_sqlx() as _,
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

struct Row {
    batch_id: Uuid,
    plan_id: Uuid,
    organization_id: Uuid,
    organization_code: String,
    organization_name: String,
    filing_division: String,
    review_area: String,
}

/// A batch in the caller's scope.
pub(crate) async fn find(
    connection: &mut PgConnection,
    scope: &Scope,
    batch: BatchId,
) -> Result<Batch> {
    sqlx::query_as!(
        Row,
        "select batch_id, plan_id, organization_id, organization_code, organization_name,
             filing_division, review_area
         from batch
         where batch_id = $1
           and ($2::text is null or review_area = $2)
           and ($3::uuid is null or organization_id = $3)",
        batch.uuid(),
        scope.area(),
        scope.organization(),
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(BatchRejection::NotFound))?
    .into_batch()
}

impl Row {
    fn into_batch(self) -> Result<Batch> {
        Ok(Batch {
            id: BatchId::from_uuid(self.batch_id),
            plan: PlanId::from_uuid(self.plan_id),
            organization: OrganizationId::from_uuid(self.organization_id),
            organization_code: readable(
                "batch",
                EvaluationOrganizationCode::parse(&self.organization_code),
            )?,
            organization_name: self.organization_name,
            filing_division: readable("batch", DivisionCode::parse(&self.filing_division))?,
            review_area: readable("batch", DivisionCode::parse(&self.review_area))?,
        })
    }
}

/// What a batch examined, in the order of the plan.
pub(crate) async fn subjects(
    connection: &mut PgConnection,
    batch: BatchId,
) -> Result<Vec<Subject>> {
    let rows = sqlx::query!(
        "select edition, occupation_code, occupation_name, trade, level from batch_subject
         where batch_id = $1 order by position",
        batch.uuid(),
    )
    .fetch_all(connection)
    .await?;
    let mut subjects = Vec::with_capacity(rows.len());
    for row in rows {
        subjects.push(Subject {
            occupation: read_occupation(row.edition, &row.occupation_code)?,
            occupation_name: row.occupation_name,
            trade: row.trade,
            level: readable("batch", Level::parse(&row.level))?,
        });
    }
    Ok(subjects)
}

/// An occupation from its two columns.
pub(super) fn read_occupation(edition: i16, code: &str) -> Result<OccupationRef> {
    let edition = u16::try_from(edition).map_err(|_| unreadable("edition"))?;
    Ok(OccupationRef::new(
        readable("batch", Edition::of_year(edition))?,
        readable("batch", OccupationCode::parse(code))?,
    ))
}

/// Where and when a batch was examined.
pub(crate) async fn sittings(
    connection: &mut PgConnection,
    batch: BatchId,
) -> Result<Vec<Sitting>> {
    let rows = sqlx::query!(
        "select division_code, held_on from batch_sitting
         where batch_id = $1 order by held_on, division_code",
        batch.uuid(),
    )
    .fetch_all(connection)
    .await?;
    let mut sittings = Vec::with_capacity(rows.len());
    for row in rows {
        let division = readable("batch", DivisionCode::parse(&row.division_code))?;
        sittings.push(Sitting {
            division,
            held_on: row.held_on.to_jiff(),
        });
    }
    Ok(sittings)
}

/// Rows of a batch by state, and its public notices.
pub(crate) struct Counts {
    pub(crate) rows: Vec<(ResultState, u32)>,
    pub(crate) public_notice: Option<PublicNoticeId>,
    /// Those of changed scores, the oldest first.
    pub(crate) later_notices: Vec<PublicNoticeId>,
}

/// How far a batch has come.
pub(crate) async fn counts(connection: &mut PgConnection, batch: BatchId) -> Result<Counts> {
    let rows = sqlx::query!(
        r#"select state, count(*) as "rows!" from result where batch_id = $1
           group by state order by state"#,
        batch.uuid(),
    )
    .fetch_all(&mut *connection)
    .await?;
    let notices = sqlx::query!(
        r#"select public_notice_id, kind = 'results' as "first!" from public_notice
           where batch_id = $1 order by public_notice_id"#,
        batch.uuid(),
    )
    .fetch_all(connection)
    .await?;
    let (first, later): (Vec<_>, Vec<_>) = notices.into_iter().partition(|notice| notice.first);
    let mut first = first.into_iter();
    let id = |uuid| PublicNoticeId::from_uuid(uuid);
    let mut counted = Vec::with_capacity(rows.len());
    for row in rows {
        let state = ResultState::parse(&row.state).ok_or_else(|| unreadable("state"))?;
        counted.push((state, u32::try_from(row.rows).map_err(anyhow::Error::from)?));
    }
    counted.sort_unstable();
    Ok(Counts {
        rows: counted,
        public_notice: first.next().map(|notice| id(notice.public_notice_id)),
        later_notices: later
            .into_iter()
            .map(|notice| id(notice.public_notice_id))
            .collect(),
    })
}
