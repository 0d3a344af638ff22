//! Exam plans.

use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::{OrganizationId, PlanId, ReceiptId};
use kernel::level::Level;
use kernel::occupation::{Edition, OccupationCode, OccupationRef};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejection::Faults;
use kernel::working_day::Deadline;
use platform::Result;
use platform::access::Scope;
use platform::crypto::Vault;
use platform::error::readable;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::{hash, known, session};
use crate::domain::clash::Warning;
use crate::domain::plan::{Plan, Report, Stage, Subject};
use crate::domain::rejection::PlanRejection;
use crate::domain::standing::{InForce, Terms};

pub(crate) use super::session::{replace_staff, staff_place};

/// A row of `plan`.
struct Row {
    organization_id: Uuid,
    process: String,
    candidates: i32,
    receipt_id: Option<Uuid>,
    received_on: Option<jiff_sqlx::Date>,
    deadline: Option<Json<Deadline>>,
    plan_hash: Option<Vec<u8>>,
    filing_division: Option<String>,
    organization_code: Option<String>,
    warnings: Json<Vec<Warning>>,
    roster_digest: Option<Vec<u8>>,
    standing: Option<String>,
    terms: Option<Json<Terms>>,
    before: Option<Json<InForce>>,
    consented_on: Option<jiff_sqlx::Date>,
}

/// A plan that the caller may see. A draft is its organisation's alone, so whoever comes with
/// another scope, be it the whole province, meets a plan once it is reported.
///
/// # Errors
/// `PLAN_NOT_FOUND` when there is none, or none in the scope.
pub(crate) async fn find(
    connection: &mut PgConnection,
    vault: &Vault,
    scope: &Scope,
    id: PlanId,
) -> Result<Plan> {
    let scope = scope.filter();
    let row = sqlx::query_as!(
        Row,
        r#"select organization_id, process, candidates, receipt_id, received_on,
               deadline as "deadline: Json<Deadline>", plan_hash, filing_division,
               organization_code, warnings as "warnings: Json<Vec<Warning>>", roster_digest,
               standing, terms as "terms: Json<Terms>", before as "before: Json<InForce>", consented_on
           from plan
           where plan_id = $3
             and ($1::text is null or filing_division = $1 or exists (
                 select from exam_session
                 where exam_session.plan_id = plan.plan_id and division_code = $1))
             and ($2::uuid is null or organization_id = $2)
             and ($2::uuid is not null or receipt_id is not null)"#,
        scope.area,
        scope.organization,
        id.uuid(),
    )
    .fetch_optional(&mut *connection)
    .await?
    .ok_or_else(|| Faults::at("plan_id", &PlanRejection::NotFound))?;
    Ok(Plan {
        id,
        organization_id: OrganizationId::from_uuid(row.organization_id),
        subjects: load_subjects(connection, id).await?,
        sessions: session::load(connection, vault, id.uuid()).await?,
        candidates: row.candidates.cast_unsigned(),
        stage: stage(&row)?,
        process: row.process,
    })
}

fn stage(row: &Row) -> Result<Stage> {
    let Some(receipt_id) = row.receipt_id else {
        return Ok(Stage::Draft);
    };
    let division = known("filing division", row.filing_division.as_deref())?;
    let code = known("organisation code", row.organization_code.as_deref())?;
    let report = Report {
        receipt_id: ReceiptId::from_uuid(receipt_id),
        received_on: known("day of arrival", row.received_on)?.to_jiff(),
        deadline: known("deadline", row.deadline.as_ref())?.0.clone(),
        plan_hash: hash("plan hash", known("plan hash", row.plan_hash.as_deref())?)?,
        filing_division: readable("filing division", DivisionCode::parse(division))?,
        organization_code: readable("organisation code", EvaluationOrganizationCode::parse(code))?,
        warnings: row.warnings.0.clone(),
        terms: known("terms", row.terms.as_ref())?.0,
        consented_on: row.consented_on.map(jiff_sqlx::Date::to_jiff),
    };
    let before = || {
        known(
            "what was in force",
            row.before.as_ref().map(|before| before.0),
        )
    };
    Ok(match known("standing", row.standing.as_deref())? {
        "in_force" => Stage::Reported(report),
        "reopened" => Stage::Reopened(report, before()?),
        "awaiting" => Stage::Awaiting(report, before()?),
        "withdrawn" => Stage::Withdrawn(report),
        _ => {
            let digest = known("roster digest", row.roster_digest.as_deref())?;
            Stage::Held(report, hash("roster digest", digest)?)
        }
    })
}

/// Name of a stage, and what was in force before it.
fn standing(stage: &Stage) -> (Option<&'static str>, Option<&InForce>) {
    match stage {
        Stage::Draft => (None, None),
        Stage::Reported(_) => (Some("in_force"), None),
        Stage::Reopened(_, before) => (Some("reopened"), Some(before)),
        Stage::Awaiting(_, before) => (Some("awaiting"), Some(before)),
        Stage::Withdrawn(_) => (Some("withdrawn"), None),
        Stage::Held(..) => (Some("held"), None),
    }
}

pub(super) async fn load_subjects(
    connection: &mut PgConnection,
    id: PlanId,
) -> Result<Vec<Subject>> {
    let rows = sqlx::query!(
        "select edition, occupation_code, trade, level from plan_subject
         where plan_id = $1 order by position",
        id.uuid(),
    )
    .fetch_all(connection)
    .await?;
    let mut subjects = Vec::with_capacity(rows.len());
    for row in rows {
        let year = known("edition", u16::try_from(row.edition).ok())?;
        let edition = readable("edition", Edition::of_year(year))?;
        let code = readable("occupation", OccupationCode::parse(&row.occupation_code))?;
        subjects.push(Subject {
            occupation: OccupationRef::new(edition, code),
            trade: row.trade,
            level: readable("level", Level::parse(&row.level))?,
        });
    }
    Ok(subjects)
}

/// Inserts a draft with its subjects and sessions.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    plan: &Plan,
) -> Result<()> {
    sqlx::query!(
        "insert into plan (plan_id, organization_id, process) values ($1, $2, $3)",
        plan.id.uuid(),
        plan.organization_id.uuid(),
        plan.process,
    )
    .execute(&mut *connection)
    .await?;
    for (position, subject) in (0_i32..).zip(&plan.subjects) {
        sqlx::query!(
            "insert into plan_subject (plan_id, position, edition, occupation_code, trade, level)
             values ($1, $2, $3, $4, $5, $6)",
            plan.id.uuid(),
            position,
            i32::from(subject.occupation.edition.year()),
            subject.occupation.code.as_str(),
            subject.trade,
            subject.level.name(),
        )
        .execute(&mut *connection)
        .await?;
    }
    session::insert(connection, vault, plan.id.uuid(), &plan.sessions).await
}

/// Puts the sessions of a draft in place of those before.
pub(crate) async fn replace_sessions(
    connection: &mut PgConnection,
    vault: &Vault,
    plan: &Plan,
) -> Result<()> {
    session::delete(connection, plan.id.uuid()).await?;
    session::insert(connection, vault, plan.id.uuid(), &plan.sessions).await
}

/// Saves where a plan stands: roster count, report, sessions completed, roster digest.
pub(crate) async fn save(connection: &mut PgConnection, plan: &Plan) -> Result<()> {
    let report = plan.report_made();
    let (standing, before) = standing(&plan.stage);
    let digest = plan
        .roster_digest()
        .map(|digest| digest.as_bytes().to_vec());
    sqlx::query!(
        "update plan
         set candidates = $2, receipt_id = $3, received_on = $4, deadline = $5, plan_hash = $6,
             filing_division = $7, organization_code = $8, roster_digest = $9, warnings = $10,
             standing = $11, terms = $12, before = $13, consented_on = $14
         where plan_id = $1",
        plan.id.uuid(),
        plan.candidates.cast_signed(),
        report.map(|report| report.receipt_id.uuid()),
        report.map(|report| report.received_on.to_sqlx()) as _,
        report.map(|report| Json(&report.deadline)) as _,
        report.map(|report| report.plan_hash.as_bytes().to_vec()),
        report.map(|report| report.filing_division.to_string()),
        report.map(|report| report.organization_code.to_string()),
        digest,
        Json(report.map_or(&[][..], |report| &report.warnings)) as _,
        standing,
        report.map(|report| Json(&report.terms)) as _,
        before.map(Json) as _,
        report.and_then(|report| report.consented_on.map(ToSqlx::to_sqlx)) as _,
    )
    .execute(&mut *connection)
    .await?;
    let completed: Vec<_> = plan
        .sessions
        .iter()
        .filter(|session| session.completed)
        .map(|session| session.id.uuid())
        .collect();
    let prepared = plan.sessions.iter().filter(|session| session.prepared);
    let prepared: Vec<_> = prepared.map(|session| session.id.uuid()).collect();
    sqlx::query!(
        "update exam_session set prepared = true where session_id = any($1) and not prepared",
        &prepared,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update exam_session set completed = true where session_id = any($1) and not completed",
        &completed,
    )
    .execute(connection)
    .await?;
    Ok(())
}
