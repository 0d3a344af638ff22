//! The desk in the database: the view of a service, as a caller may see it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::reference::Reference;
use kernel::working_day::{Deadline, DeadlineRule};
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Seat, Wanted};
use crate::error::Result;

/// Something that waits.
pub(super) struct Item {
    pub(super) kind: String,
    pub(super) subject: Uuid,
    pub(super) area: Option<String>,
    pub(super) organization: Option<Uuid>,
    pub(super) since: Date,
    pub(super) due_on: Option<Date>,
    /// How the day was found, unless somebody set it.
    pub(super) deadline: Option<Deadline>,
}

/// How many of a kind wait.
pub(super) struct Counts {
    pub(super) kind: String,
    pub(super) waiting: u32,
    pub(super) late: u32,
}

/// The deadlines of a desk of which the records only have the name and the day they count from.
#[derive(Default)]
pub(super) struct Counted(BTreeMap<(DeadlineRule, Date), Deadline>);

/// A row of [`Counted`], as the query takes it.
#[derive(Serialize)]
struct Day {
    rule: DeadlineRule,
    counted_from: Date,
    due_on: Date,
}

impl Counted {
    fn days(&self) -> Vec<Day> {
        let days = self.0.iter().map(|((rule, from), deadline)| Day {
            rule: *rule,
            counted_from: *from,
            due_on: deadline.date,
        });
        days.collect()
    }
}

/// Counts the deadlines of a desk, by the parameters of the day on which they began, or of today
/// where that is still to come. What reaches a year without a calendar has no day for now: that
/// must not hide all the rest.
pub(super) async fn count(
    connection: &mut PgConnection,
    seat: &Seat<'_>,
    reference: &Reference,
    today: Date,
) -> Result<Counted> {
    let rows = sqlx::query!(
        r#"select distinct to_jsonb(rule) as "rule!: Json<DeadlineRule>",
               counted_from as "counted_from!"
           from platform.desk_of($1, $2, $3, $4, $5, $6, '[]')
           where rule is not null and counted_from is not null"#,
        seat.whose,
        seat.area.as_ref().map(DivisionCode::as_str),
        seat.organization,
        seat.subject,
        today.to_sqlx() as _,
        seat.passing as _,
    )
    .fetch_all(connection)
    .await?;
    let counted = rows.into_iter().filter_map(|row| {
        let (rule, from) = (row.rule.0, row.counted_from.to_jiff());
        let deadline = reference.deadline(rule, from, from.min(today)).ok()?;
        Some(((rule, from), deadline))
    });
    Ok(Counted(counted.collect()))
}

/// How many of each kind wait, and how many of them are late.
pub(super) async fn counts(
    connection: &mut PgConnection,
    seat: &Seat<'_>,
    counted: &Counted,
    today: Date,
) -> Result<Vec<Counts>> {
    let rows = sqlx::query!(
        r#"select kind as "kind!", count(*) as "waiting!",
               count(*) filter (where due_on < $5) as "late!"
           from platform.desk_of($1, $2, $3, $4, $5, $6, $7) group by kind order by kind"#,
        seat.whose,
        seat.area.as_ref().map(DivisionCode::as_str),
        seat.organization,
        seat.subject,
        today.to_sqlx() as _,
        seat.passing as _,
        Json(counted.days()) as _,
    )
    .fetch_all(connection)
    .await?;
    let counts = rows.into_iter().map(|row| {
        Ok(Counts {
            kind: row.kind,
            waiting: u32::try_from(row.waiting).map_err(anyhow::Error::from)?,
            late: u32::try_from(row.late).map_err(anyhow::Error::from)?,
        })
    });
    counts.collect()
}

/// A page and one item more, if there is one: the first due first, what has no day last.
pub(super) async fn page(
    connection: &mut PgConnection,
    seat: &Seat<'_>,
    counted: &Counted,
    wanted: &Wanted<'_>,
    today: Date,
) -> Result<Vec<Item>> {
    let after = wanted.after.as_ref();
    let rows = sqlx::query!(
        r#"select kind as "kind!", subject as "subject!", area, organization_id,
               since as "since!", due_on, deadline as "deadline: Json<Deadline>",
               to_jsonb(rule) as "rule: Json<DeadlineRule>", counted_from
           from platform.desk_of($1, $2, $3, $4, $5, $6, $7)
           where ($8::text is null or kind = $8) and (not $9 or due_on < $5)
             and ($11::text is null or (coalesce(due_on, 'infinity'), kind, subject)
                                       > (coalesce($10::date, 'infinity'), $11, $12::uuid))
           order by coalesce(due_on, 'infinity'), kind, subject limit $13"#,
        seat.whose,
        seat.area.as_ref().map(DivisionCode::as_str),
        seat.organization,
        seat.subject,
        today.to_sqlx() as _,
        seat.passing as _,
        Json(counted.days()) as _,
        wanted.kind,
        wanted.late_only,
        after.and_then(|after| after.due_on).map(ToSqlx::to_sqlx) as _,
        after.map(|after| after.kind.as_str()),
        after.map(|after| after.subject),
        i64::from(wanted.size) + 1,
    )
    .fetch_all(connection)
    .await?;
    let items = rows.into_iter().map(|row| {
        let named = row.rule.zip(row.counted_from);
        let named = named.and_then(|(rule, from)| counted.0.get(&(rule.0, from.to_jiff())));
        Item {
            kind: row.kind,
            subject: row.subject,
            area: row.area,
            organization: row.organization_id,
            since: row.since.to_jiff(),
            due_on: row.due_on.map(jiff_sqlx::Date::to_jiff),
            deadline: row.deadline.map(|known| known.0).or_else(|| named.cloned()),
        }
    });
    Ok(items.collect())
}
