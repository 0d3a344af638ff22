//! Rounds of selection.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::RoundId;
use platform::access::Scope;
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{application, day, unreadable};
use crate::domain::refusal::RoundRejection;
use crate::domain::{ApplicationState, AssessmentKind, Round};

/// Keeps a round that was just opened.
pub(crate) async fn insert(connection: &mut PgConnection, round: &Round) -> Result<()> {
    let required: Vec<_> = round
        .required
        .iter()
        .map(|kind| kind.name().to_owned())
        .collect();
    sqlx::query!(
        "insert into round (round_id, division_code, title, hand_in_from, hand_in_until, select_by,
             required)
         values ($1, $2, $3, $4, $5, $6, $7)",
        round.id.uuid(),
        round.division.as_str(),
        round.title,
        round.hand_in_from.to_sqlx() as _,
        round.hand_in_until.map(ToSqlx::to_sqlx) as _,
        round.select_by.map(ToSqlx::to_sqlx) as _,
        &required,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps that a round was closed.
pub(crate) async fn save(connection: &mut PgConnection, round: &Round) -> Result<()> {
    sqlx::query!(
        "update round set closed_on = $2 where round_id = $1",
        round.id.uuid(),
        round.closed_on.map(ToSqlx::to_sqlx) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A round. Everybody may see it, so no scope is asked for.
pub(crate) async fn find_public(connection: &mut PgConnection, id: RoundId) -> Result<Round> {
    find_optional(connection, id)
        .await?
        .ok_or_else(|| Error::refused(RoundRejection::NotFound))
}

/// A round of the caller's; organisations have none.
pub(crate) async fn find(
    connection: &mut PgConnection,
    scope: &Scope,
    id: RoundId,
) -> Result<Round> {
    let round = find_public(connection, id).await?;
    let in_scope = match scope {
        Scope::Province => true,
        Scope::Area(division) => *division == round.division,
        Scope::Organization(_) | Scope::Nobody => false,
    };
    in_scope
        .then_some(round)
        .ok_or_else(|| Error::refused(RoundRejection::NotFound))
}

/// A round, if there is one with this id.
pub(crate) async fn find_optional(
    connection: &mut PgConnection,
    id: RoundId,
) -> Result<Option<Round>> {
    let row = sqlx::query_as!(
        Row,
        "select round_id, division_code, title, hand_in_from, hand_in_until, select_by, required,
             closed_on
         from round where round_id = $1",
        id.uuid(),
    )
    .fetch_optional(connection)
    .await?;
    row.map(Row::into_domain).transpose()
}

/// What a list of rounds is narrowed to.
pub(crate) struct Wanted {
    /// Rounds of this division only.
    pub(crate) division: Option<DivisionCode>,
    /// Rounds that take applications on this day only.
    pub(crate) open_on: Option<Date>,
}

/// A page of the rounds, newest first.
pub(crate) async fn page(
    connection: &mut PgConnection,
    wanted: &Wanted,
    before: Option<RoundId>,
    size: u32,
) -> Result<Vec<Round>> {
    let rows = sqlx::query_as!(
        Row,
        "select round_id, division_code, title, hand_in_from, hand_in_until, select_by, required,
             closed_on
         from round
         where ($1::uuid is null or round_id < $1)
           and ($2::text is null or division_code = $2)
           and ($3::date is null
                or (closed_on is null and hand_in_from <= $3
                    and (hand_in_until is null or hand_in_until >= $3)))
         order by round_id desc limit $4",
        before.map(|id| id.uuid()),
        wanted.division.map(|division| division.to_string()),
        wanted.open_on.map(ToSqlx::to_sqlx) as _,
        i64::from(size),
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Row::into_domain).collect()
}

/// How many applications of a round stand where. Drafts are nobody's to count, nor is what was
/// taken back before anybody saw it.
pub(crate) async fn count(
    connection: &mut PgConnection,
    id: RoundId,
) -> Result<Vec<(ApplicationState, u32)>> {
    let rows = sqlx::query!(
        r#"select state, count(*) as "applications!" from application
           where round_id = $1 and submitted_on is not null group by state order by state"#,
        id.uuid(),
    )
    .fetch_all(connection)
    .await?;
    let counted = rows.into_iter().map(|row| {
        let applications = u32::try_from(row.applications).map_err(anyhow::Error::from)?;
        Ok((application::state(&row.state)?, applications))
    });
    counted.collect()
}

struct Row {
    round_id: Uuid,
    division_code: String,
    title: String,
    hand_in_from: jiff_sqlx::Date,
    hand_in_until: Option<jiff_sqlx::Date>,
    select_by: Option<jiff_sqlx::Date>,
    required: Vec<String>,
    closed_on: Option<jiff_sqlx::Date>,
}

impl Row {
    fn into_domain(self) -> Result<Round> {
        Ok(Round {
            id: RoundId::from_uuid(self.round_id),
            division: super::division(&self.division_code)?,
            title: self.title,
            hand_in_from: self.hand_in_from.to_jiff(),
            hand_in_until: day(self.hand_in_until),
            select_by: day(self.select_by),
            required: required(&self.required)?,
            closed_on: day(self.closed_on),
        })
    }
}

/// The assessments that a round requires.
pub(super) fn required(stored: &[String]) -> Result<BTreeSet<AssessmentKind>> {
    let kinds = stored.iter().map(|kind| kind.parse());
    kinds
        .collect::<Result<_, _>>()
        .map_err(|_| unreadable("way of assessing"))
}
