//! Consultations about work elsewhere, whole: with the cities concerned.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::{ConsultationId, OrganizationId};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::working_day::{CalendarVersion, Deadline};
use platform::access::Scope;
use platform::crypto::{Place, Vault};
use platform::{Error, Result};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::{day, unreadable};
use crate::domain::OccupationScope;
use crate::domain::consultation::refusal::ConsultationRejection;
use crate::domain::consultation::{Area, Consultation, Outcome, Texts};

/// Keeps a consultation that was just opened.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    consultation: &Consultation,
    texts: &Texts,
    traceparent: &str,
) -> Result<()> {
    sqlx::query!(
        "insert into consultation (consultation_id, organization_id, organization_code,
             organization_name, filing_division, scopes, recommended_on, answers_due, waits_until,
             texts, traceparent)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        consultation.id.uuid(),
        consultation.organization.uuid(),
        consultation.organization_code.as_str(),
        consultation.organization_name,
        consultation.filing_division.as_str(),
        Json(&consultation.scopes) as _,
        consultation.recommended_on.to_sqlx() as _,
        Json(&consultation.answers_due) as _,
        consultation.waits_until().map(ToSqlx::to_sqlx) as _,
        seal(vault, consultation.id, texts)?,
        traceparent,
    )
    .execute(&mut *connection)
    .await
    .map_err(|error| {
        Error::from(error).on_constraint("consultation_once", ConsultationRejection::Open)
    })?;
    let cities: Vec<_> = consultation.areas.keys().map(ToString::to_string).collect();
    sqlx::query!(
        "insert into consultation_area (consultation_id, division_code)
         select $1, unnest($2::text[])",
        consultation.id.uuid(),
        &cities,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps what changed in a consultation.
pub(crate) async fn save(
    connection: &mut PgConnection,
    vault: &Vault,
    consultation: &Consultation,
    texts: &Texts,
) -> Result<()> {
    sqlx::query!(
        "update consultation
         set answers_due = $5, waits_until = $2, decided_on = $3, texts = $4
         where consultation_id = $1",
        consultation.id.uuid(),
        consultation.waits_until().map(ToSqlx::to_sqlx) as _,
        consultation.decided_on.map(ToSqlx::to_sqlx) as _,
        seal(vault, consultation.id, texts)?,
        Json(&consultation.answers_due) as _,
    )
    .execute(&mut *connection)
    .await?;
    for (division, area) in &consultation.areas {
        save_area(connection, consultation.id, *division, area).await?;
    }
    Ok(())
}

async fn save_area(
    connection: &mut PgConnection,
    id: ConsultationId,
    division: DivisionCode,
    area: &Area,
) -> Result<()> {
    let (from, until, ending_decided_on) = match area.outcome {
        Some(Outcome::Granted {
            from,
            until,
            ending_decided_on,
        }) => (Some(from), until, ending_decided_on),
        Some(Outcome::Refused) | None => (None, None, None),
    };
    sqlx::query!(
        "update consultation_area set answer = $3, answered_on = $4, granted = $5,
             valid_from = $6, valid_until = $7, ending_decided_on = $8
         where consultation_id = $1 and division_code = $2",
        id.uuid(),
        division.as_str(),
        area.answer.map(|(answer, _)| answer.name()),
        area.answer.map(|(_, on)| on.to_sqlx()) as _,
        area.outcome.map(|_| from.is_some()),
        from.map(ToSqlx::to_sqlx) as _,
        until.map(ToSqlx::to_sqlx) as _,
        ending_decided_on.map(ToSqlx::to_sqlx) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// One consultation.
pub(crate) async fn find(
    connection: &mut PgConnection,
    scope: &Scope,
    id: ConsultationId,
) -> Result<Consultation> {
    let mut found = find_all(connection, scope, &[id.uuid()]).await?;
    found
        .pop()
        .ok_or_else(|| Error::refused(ConsultationRejection::NotFound))
}

/// What was written about a consultation that was found in the caller's scope.
pub(crate) async fn texts(
    connection: &mut PgConnection,
    vault: &Vault,
    id: ConsultationId,
) -> Result<Texts> {
    let sealed = sqlx::query_scalar!(
        "select texts from consultation where consultation_id = $1",
        id.uuid(),
    )
    .fetch_one(connection)
    .await?;
    let bytes = vault.unseal(place(id), &sealed).await?;
    serde_json::from_slice(&bytes).map_err(|_| unreadable("texts of a consultation"))
}

/// Those of the consultations that are in scope, by rising id. A city has a part in what it
/// recommends and in what it is asked.
pub(crate) async fn find_all(
    connection: &mut PgConnection,
    scope: &Scope,
    ids: &[Uuid],
) -> Result<Vec<Consultation>> {
    let scope = scope.filter();
    let rows = sqlx::query_as!(
        Row,
        r#"select consultation_id, organization_id, organization_code, organization_name,
               filing_division, scopes as "scopes: Json<Vec<OccupationScope>>", recommended_on,
               answers_due as "answers_due: Json<Deadline>", decided_on
           from consultation
           where consultation_id = any($1)
             and ($2::text is null or filing_division = $2 or exists (
                 select from consultation_area area
                 where area.consultation_id = consultation.consultation_id
                   and area.division_code = $2))
             and ($3::uuid is null or organization_id = $3)
           order by consultation_id"#,
        ids,
        scope.area,
        scope.organization,
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut areas = areas(connection, ids).await?;
    let mut consultations = Vec::with_capacity(rows.len());
    for row in rows {
        let areas = areas.remove(&row.consultation_id).unwrap_or_default();
        consultations.push(row.into_domain(areas)?);
    }
    Ok(consultations)
}

/// Ids of a page of the consultations in scope, newest first.
pub(crate) async fn page(
    connection: &mut PgConnection,
    scope: &Scope,
    before: Option<ConsultationId>,
    size: u32,
) -> Result<Vec<Uuid>> {
    let scope = scope.filter();
    let ids = sqlx::query_scalar!(
        "select consultation_id from consultation
         where ($1::uuid is null or consultation_id < $1)
           and ($2::text is null or filing_division = $2 or exists (
               select from consultation_area area
               where area.consultation_id = consultation.consultation_id
                 and area.division_code = $2))
           and ($3::uuid is null or organization_id = $3)
         order by consultation_id desc limit $4",
        before.map(|id| id.uuid()),
        scope.area,
        scope.organization,
        i64::from(size),
    )
    .fetch_all(connection)
    .await?;
    Ok(ids)
}

/// Consultations in which a city is waited for until a day that was counted with another calendar
/// than this one; no more than so many.
pub(crate) async fn counted_otherwise(
    connection: &mut PgConnection,
    calendar: &CalendarVersion,
    limit: i64,
) -> Result<Vec<ConsultationId>> {
    let ids = sqlx::query_scalar!(
        "select consultation_id from consultation
         where waits_until is not null and answers_due ->> 'calendar_version' <> $1
         order by waits_until, consultation_id limit $2",
        calendar.as_str(),
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(ids.into_iter().map(ConsultationId::from_uuid).collect())
}

/// Consultations in which silence can be recorded on this day, each with the trace that led there;
/// longest due first, and no more than so many.
pub(crate) async fn silent(
    connection: &mut PgConnection,
    today: Date,
    limit: i64,
) -> Result<Vec<(ConsultationId, String)>> {
    let rows = sqlx::query!(
        "select consultation_id, traceparent from consultation where waits_until < $1
         order by waits_until, consultation_id limit $2",
        today.to_sqlx() as _,
        limit,
    )
    .fetch_all(connection)
    .await?;
    let silent = rows.into_iter().map(|row| {
        let id = ConsultationId::from_uuid(row.consultation_id);
        (id, row.traceparent)
    });
    Ok(silent.collect())
}

async fn areas(
    connection: &mut PgConnection,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, BTreeMap<DivisionCode, Area>>> {
    let rows = sqlx::query_as!(
        AreaRow,
        "select consultation_id, division_code, answer, answered_on, granted, valid_from,
             valid_until, ending_decided_on
         from consultation_area where consultation_id = any($1)",
        ids,
    )
    .fetch_all(connection)
    .await?;
    let mut areas: HashMap<_, BTreeMap<_, _>> = HashMap::new();
    for row in rows {
        let about = areas.entry(row.consultation_id).or_default();
        about.insert(division(&row.division_code)?, row.into_domain()?);
    }
    Ok(areas)
}

struct Row {
    consultation_id: Uuid,
    organization_id: Uuid,
    organization_code: String,
    organization_name: String,
    filing_division: String,
    scopes: Json<Vec<OccupationScope>>,
    recommended_on: jiff_sqlx::Date,
    answers_due: Json<Deadline>,
    decided_on: Option<jiff_sqlx::Date>,
}

impl Row {
    fn into_domain(self, areas: BTreeMap<DivisionCode, Area>) -> Result<Consultation> {
        Ok(Consultation {
            id: ConsultationId::from_uuid(self.consultation_id),
            organization: OrganizationId::from_uuid(self.organization_id),
            organization_code: EvaluationOrganizationCode::parse(&self.organization_code)
                .map_err(|_| unreadable("organisation code"))?,
            organization_name: self.organization_name,
            filing_division: division(&self.filing_division)?,
            scopes: self.scopes.0,
            recommended_on: self.recommended_on.to_jiff(),
            answers_due: self.answers_due.0,
            areas,
            decided_on: day(self.decided_on),
        })
    }
}

struct AreaRow {
    consultation_id: Uuid,
    division_code: String,
    answer: Option<String>,
    answered_on: Option<jiff_sqlx::Date>,
    granted: Option<bool>,
    valid_from: Option<jiff_sqlx::Date>,
    valid_until: Option<jiff_sqlx::Date>,
    ending_decided_on: Option<jiff_sqlx::Date>,
}

impl AreaRow {
    fn into_domain(self) -> Result<Area> {
        let answer = match (self.answer, self.answered_on) {
            (None, None) => None,
            (Some(answer), Some(on)) => {
                let answer = answer.parse().map_err(|_| unreadable("answer"))?;
                Some((answer, on.to_jiff()))
            }
            _ => return Err(unreadable("answer")),
        };
        let outcome = match (self.granted, self.valid_from) {
            (None, None) => None,
            (Some(false), None) => Some(Outcome::Refused),
            (Some(true), Some(from)) => Some(Outcome::Granted {
                from: from.to_jiff(),
                until: day(self.valid_until),
                ending_decided_on: day(self.ending_decided_on),
            }),
            _ => return Err(unreadable("decision about a city")),
        };
        Ok(Area { answer, outcome })
    }
}

fn division(stored: &str) -> Result<DivisionCode> {
    DivisionCode::parse(stored).map_err(|_| unreadable("division"))
}

fn seal(vault: &Vault, id: ConsultationId, texts: &Texts) -> Result<Vec<u8>> {
    let texts = serde_json::to_vec(texts).map_err(anyhow::Error::from)?;
    Ok(vault.seal(place(id), &texts))
}

fn place(id: ConsultationId) -> Place {
    Place {
        table: "consultation",
        row: id.uuid(),
        column: "texts",
    }
}
