//! What people do for their homes.

use std::collections::HashMap;

use jiff_sqlx::ToSqlx;
use kernel::ids::PersonId;
use platform::Result;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::people::engagement::Engagement;

/// Writes down what people do from some day on.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    engagements: &[(PersonId, &Engagement)],
) -> Result<()> {
    let ids: Vec<_> = engagements.iter().map(|(id, _)| id.uuid()).collect();
    let engagements = || engagements.iter().map(|(_, engagement)| engagement);
    let roles: Vec<_> = engagements().map(|it| <&str>::from(it.role)).collect();
    let from: Vec<_> = engagements().map(|it| it.from.to_string()).collect();
    let until = engagements().map(|it| it.until.map(|day| day.to_string()));
    let until: Vec<_> = until.collect();
    let full_time: Vec<_> = engagements().map(|it| it.full_time).collect();
    let positions: Vec<_> = engagements().map(|it| it.position.clone()).collect();
    let proofs: Vec<_> = engagements().map(|it| <&str>::from(it.proof)).collect();
    sqlx::query!(
        "insert into engagement (person_id, role, on_post_from, on_post_until, full_time, position,
             proof)
         select * from unnest($1::uuid[], $2::text[], $3::text[]::date[], $4::text[]::date[],
             $5::boolean[], $6::text[], $7::text[])",
        &ids,
        roles as _,
        &from,
        until as _,
        &full_time,
        &positions,
        proofs as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends an engagement with the last day that it has.
pub(crate) async fn end(
    connection: &mut PgConnection,
    id: PersonId,
    engagement: &Engagement,
) -> Result<()> {
    sqlx::query!(
        "update engagement set on_post_until = $4
         where person_id = $1 and role = $2 and on_post_from = $3",
        id.uuid(),
        <&str>::from(engagement.role),
        engagement.from.to_sqlx() as _,
        engagement.until.map(ToSqlx::to_sqlx) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The engagements of these people, in the order of their first days.
pub(crate) async fn of_people(
    connection: &mut PgConnection,
    people: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Engagement>>> {
    let rows = sqlx::query!(
        "select person_id, role, on_post_from, on_post_until, full_time, position, proof
         from engagement where person_id = any($1) order by on_post_from, role",
        people,
    )
    .fetch_all(connection)
    .await?;
    let mut engagements: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        let engagement = Engagement {
            role: row.role.parse().map_err(anyhow::Error::from)?,
            full_time: row.full_time,
            from: row.on_post_from.to_jiff(),
            until: row.on_post_until.map(jiff_sqlx::Date::to_jiff),
            position: row.position,
            proof: row.proof.parse().map_err(anyhow::Error::from)?,
        };
        engagements
            .entry(row.person_id)
            .or_default()
            .push(engagement);
    }
    Ok(engagements)
}
