//! What other rosters and sanctions say of a person.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::PlanId;
use platform::Result;
use sqlx::PgConnection;

/// Marks the locks of persons among those of the database. Any number that nothing else locks.
const PERSONS: i32 = 0x7065_7273;

/// Holds off everybody else who is about to admit one of these persons anywhere, until the
/// transaction ends: the same person must not come onto two rosters at once. There are only as many
/// locks as a byte has values, taken in one order, so that large imports neither exhaust them nor
/// wait for each other in a circle.
pub(crate) async fn lock_persons(connection: &mut PgConnection, indexes: &[Vec<u8>]) -> Result<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock($1, bucket) from (
             select distinct get_byte(index, 0) as bucket from unnest($2::bytea[]) as of (index)
             order by bucket) as buckets",
        PERSONS,
        indexes,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Who of these is on the roster of another plan that is still to be held, for the same occupation,
/// trade and level as a subject of this one. A draft of which the days have passed holds nobody.
pub(crate) async fn elsewhere(
    connection: &mut PgConnection,
    plan: PlanId,
    indexes: &[Vec<u8>],
    today: Date,
) -> Result<Vec<(Vec<u8>, u32)>> {
    let rows = sqlx::query!(
        r#"select distinct person_index, own.position
           from candidate
           join plan on plan.plan_id = candidate.plan_id and roster_digest is null
               and standing is distinct from 'withdrawn'
           join plan_subject as other
               on other.plan_id = candidate.plan_id and other.position = candidate.subject
           join plan_subject as own
               on own.plan_id = $1 and own.edition = other.edition
               and own.occupation_code = other.occupation_code
               and own.trade = other.trade and own.level = other.level
           where person_index = any($2) and candidate.plan_id <> $1
             and exists (select from exam_session
                         where exam_session.plan_id = candidate.plan_id and held_on >= $3)"#,
        plan.uuid(),
        indexes,
        today.to_sqlx() as _,
    )
    .fetch_all(connection)
    .await?;
    let found = rows.into_iter();
    Ok(found
        .map(|row| (row.person_index, row.position.cast_unsigned()))
        .collect())
}

/// Who of these is kept from exams for misconduct, and until when.
pub(crate) async fn banned(
    connection: &mut PgConnection,
    indexes: &[Vec<u8>],
) -> Result<Vec<(Vec<u8>, Date)>> {
    let rows = sqlx::query!(
        r#"select person_index, max(banned_until) as "banned_until!"
           from candidate join misconduct using (candidate_id)
           where person_index = any($1) and banned_until is not null
           group by person_index"#,
        indexes,
    )
    .fetch_all(connection)
    .await?;
    let found = rows.into_iter();
    Ok(found
        .map(|row| (row.person_index, row.banned_until.to_jiff()))
        .collect())
}
