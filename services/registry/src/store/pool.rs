//! What the centres know of the people in their pools, and what ties them to organisations.

use std::collections::HashMap;

use kernel::credit_code::UnifiedSocialCreditCode;
use kernel::ids::{OrganizationId, PersonId};
use kernel::rejection::Faults;
use platform::error::readable;
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{occupations, texts};
use crate::domain::people::pool::{PoolEntry, PoolNumber, PoolRejection, Tie};

/// Organisations that these humans worked for or work for.
pub(crate) async fn ties(
    connection: &mut PgConnection,
    humans: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Tie>>> {
    let rows = sqlx::query!(
        "select human_id, body.organization_id, credit_code, role, on_post_from, on_post_until
         from person
         join engagement using (person_id)
         join body using (organization_id)
         where human_id = any($1)
         order by organization_id, on_post_from, role",
        humans,
    )
    .fetch_all(connection)
    .await?;
    let mut ties: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        let tie = Tie {
            organization_id: OrganizationId::from_uuid(row.organization_id),
            credit_code: readable(
                "credit code",
                UnifiedSocialCreditCode::admit(&row.credit_code),
            )?,
            role: row.role.parse().map_err(anyhow::Error::from)?,
            from: row.on_post_from.to_jiff(),
            until: row.on_post_until.map(jiff_sqlx::Date::to_jiff),
        };
        ties.entry(row.human_id).or_default().push(tie);
    }
    Ok(ties)
}

/// Writes down what a centre knows of somebody.
pub(crate) async fn save_entry(
    connection: &mut PgConnection,
    id: PersonId,
    entry: &PoolEntry,
) -> Result<()> {
    let employer = entry.employer.as_ref();
    sqlx::query!(
        "insert into pool_entry (person_id, number, fields, occupations, employer_name,
             employer_credit_code, rank)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (person_id) do update set number = $2, fields = $3, occupations = $4,
             employer_name = $5, employer_credit_code = $6, rank = $7",
        id.uuid(),
        entry.number.as_str(),
        &entry.fields,
        &texts(&entry.occupations),
        entry.employer_name,
        employer.map_or("", UnifiedSocialCreditCode::as_str),
        entry.rank,
    )
    .execute(connection)
    .await
    .map_err(|error| {
        let taken = Faults::at("pool_entry.number", &PoolRejection::NumberTaken);
        Error::from(error).on_constraint("pool_number_once", taken)
    })?;
    Ok(())
}

/// What the centres know of these people.
pub(crate) async fn entries(
    connection: &mut PgConnection,
    people: &[Uuid],
) -> Result<HashMap<Uuid, PoolEntry>> {
    let rows = sqlx::query!(
        "select person_id, number, fields, occupations, employer_name, employer_credit_code, rank
         from pool_entry where person_id = any($1)",
        people,
    )
    .fetch_all(connection)
    .await?;
    let entries = rows.into_iter().map(|row| {
        let employer = match row.employer_credit_code.as_str() {
            "" => None,
            code => Some(readable("employer", UnifiedSocialCreditCode::parse(code))?),
        };
        let entry = PoolEntry {
            number: readable("pool number", PoolNumber::parse(&row.number))?,
            fields: row.fields,
            occupations: occupations(&row.occupations)?,
            employer_name: row.employer_name,
            employer,
            rank: row.rank,
        };
        Ok((row.person_id, entry))
    });
    entries.collect()
}
