//! People at their homes, and the humans behind them.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::citizen_id::CitizenId;
use kernel::credit_code::UnifiedSocialCreditCode;
use kernel::division::DivisionCode;
use kernel::ids::{OrganizationId, PersonId};
use kernel::person_name::PersonName;
use kernel::rejection::Faults;
use platform::access::Scope;
use platform::crypto::{BlindIndex, Place, Vault};
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{occupations, readable};
use crate::domain::people::HumanId;
use crate::domain::people::engagement::{Engagement, PersonRole};
use crate::domain::people::home::Home;
use crate::domain::people::person::{Candidate, Person, PersonRejection};
use crate::domain::people::pool::{PoolEntry, PoolNumber, PoolRejection};
use crate::store;
use crate::store::card::Cards;

/// A person as it is read: with what identifies the human, sealed.
pub(crate) struct Found {
    pub(crate) person: Person,
    /// How many facts it has.
    pub(crate) version: u64,
    pub(crate) name: Vec<u8>,
    pub(crate) citizen_id: Vec<u8>,
    /// Numbers of the cards, in their order.
    pub(crate) card_numbers: Vec<Vec<u8>>,
}

/// Where the name lies under which a person is enlisted.
pub(crate) fn name_place(person: PersonId) -> Place {
    Place {
        table: "person",
        row: person.uuid(),
        column: "name_sealed",
    }
}

/// Where the citizen id of a human lies.
pub(crate) fn citizen_id_place(human: HumanId) -> Place {
    Place {
        table: "human",
        row: human.uuid(),
        column: "citizen_id_sealed",
    }
}

/// The human with one of these blind indexes, locked until the unit ends; somebody who is not known
/// yet comes into being under the first of them, which is that of the key in use.
pub(crate) async fn lock_human(
    connection: &mut PgConnection,
    vault: &Vault,
    indexes: &[BlindIndex],
    citizen_id: &CitizenId,
) -> Result<HumanId> {
    if let Some(known) = find_human(connection, indexes).await? {
        return Ok(known);
    }
    let new = HumanId::from_uuid(Uuid::now_v7());
    let in_use = indexes.first();
    let in_use = in_use.ok_or_else(|| anyhow::anyhow!("there is no index key"))?;
    // Whoever was faster by a moment is waited for here, and found below.
    sqlx::query!(
        "insert into human (human_id, citizen_index, index_key, citizen_id_sealed)
         values ($1, $2, $3, $4) on conflict do nothing",
        new.uuid(),
        &in_use.digest,
        in_use.key_id,
        vault.seal(citizen_id_place(new), citizen_id.reveal().as_bytes()),
    )
    .execute(&mut *connection)
    .await?;
    let human = find_human(connection, indexes).await?;
    Ok(human.ok_or_else(|| anyhow::anyhow!("somebody was noted and is not there"))?)
}

async fn find_human(
    connection: &mut PgConnection,
    indexes: &[BlindIndex],
) -> Result<Option<HumanId>> {
    let digests: Vec<_> = indexes.iter().map(|index| index.digest.to_vec()).collect();
    let found = sqlx::query_scalar!(
        "select human_id from human where citizen_index = any($1) for update",
        &digests,
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.map(HumanId::from_uuid))
}

/// Writes down somebody who is enlisted.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    (id, human): (PersonId, HumanId),
    new: &Candidate,
    name: &PersonName,
    on: Date,
) -> Result<()> {
    let (organization, pool) = columns(new.home);
    sqlx::query!(
        "insert into person (person_id, human_id, organization_id, pool_division, name_sealed,
             enlisted_on)
         values ($1, $2, $3, $4, $5, $6)",
        id.uuid(),
        human.uuid(),
        organization,
        pool,
        vault.seal(name_place(id), name.reveal().as_bytes()),
        on.to_sqlx() as _,
    )
    .execute(&mut *connection)
    .await
    .map_err(|error| {
        let known = Faults::at("citizen_id", &PersonRejection::PersonEnlistedAlready);
        Error::from(error).on_constraint("person_once_per_home", known)
    })?;
    for engagement in &new.engagements {
        insert_engagement(connection, id, engagement).await?;
    }
    match &new.pool_entry {
        Some(entry) => insert_pool_entry(connection, id, entry).await,
        None => Ok(()),
    }
}

pub(crate) async fn insert_engagement(
    connection: &mut PgConnection,
    id: PersonId,
    engagement: &Engagement,
) -> Result<()> {
    sqlx::query!(
        "insert into engagement (person_id, role, on_post_from, on_post_until, full_time, position,
             proof)
         values ($1, $2, $3, $4, $5, $6, $7)",
        id.uuid(),
        <&str>::from(engagement.role),
        engagement.from.to_sqlx() as _,
        engagement.until.map(ToSqlx::to_sqlx) as _,
        engagement.full_time,
        engagement.position,
        <&str>::from(engagement.proof),
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_pool_entry(
    connection: &mut PgConnection,
    id: PersonId,
    entry: &PoolEntry,
) -> Result<()> {
    let employer = entry.employer.as_ref();
    sqlx::query!(
        "insert into pool_entry (person_id, number, fields, occupations, employer_name,
             employer_credit_code, rank)
         values ($1, $2, $3, $4, $5, $6, $7)",
        id.uuid(),
        entry.number.as_str(),
        &entry.fields,
        &super::texts(&entry.occupations),
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

/// People of a home after one, in the order in which they were enlisted; those on post in a role on
/// a day, where that is asked.
pub(crate) async fn at_home(
    connection: &mut PgConnection,
    home: Home,
    on_post: Option<(PersonRole, Date)>,
    after: Option<PersonId>,
    limit: i64,
) -> Result<Vec<PersonId>> {
    let (organization, pool) = columns(home);
    let ids = sqlx::query_scalar!(
        "select person_id from person
         where ($1::uuid is null or organization_id = $1)
           and ($2::text is null or pool_division = $2)
           and ($3::uuid is null or person_id > $3)
           and ($4::text is null or exists (
                 select from engagement
                 where engagement.person_id = person.person_id and role = $4
                   and on_post_from <= $5 and (on_post_until is null or on_post_until >= $5)))
         order by person_id limit $6",
        organization,
        pool,
        after.map(|after| after.uuid()),
        on_post.map(|(role, _)| <&str>::from(role)),
        on_post.map(|(_, day)| day.to_sqlx()) as _,
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(ids.into_iter().map(PersonId::from_uuid).collect())
}

/// A person that the caller may see.
pub(crate) async fn find(
    connection: &mut PgConnection,
    scope: &Scope,
    id: PersonId,
) -> Result<Found> {
    let found = find_all(connection, scope, &[id]).await?.pop();
    found.ok_or_else(|| Error::refused(PersonRejection::PersonNotFound))
}

struct Row {
    person_id: Uuid,
    human_id: Uuid,
    organization_id: Option<Uuid>,
    pool_division: Option<String>,
    name_sealed: Vec<u8>,
    citizen_id_sealed: Vec<u8>,
    version: i64,
}

/// Those of these people that the caller may see, in the order in which they were enlisted.
pub(crate) async fn find_all(
    connection: &mut PgConnection,
    scope: &Scope,
    ids: &[PersonId],
) -> Result<Vec<Found>> {
    let ids: Vec<Uuid> = ids.iter().map(PersonId::uuid).collect();
    let scope = scope.filter();
    let rows = sqlx::query_as!(
        Row,
        "select person_id, human_id, organization_id, pool_division, name_sealed,
             citizen_id_sealed, version
         from person
         join human using (human_id)
         left join body_area using (organization_id)
         join platform.aggregate on aggregate.kind = 'person' and aggregate.id = person_id
         where person_id = any($3)
           and ($1::text is null or coalesce(pool_division, area) = $1)
           and ($2::uuid is null or organization_id = $2)
         order by person_id",
        scope.area,
        scope.organization,
        &ids,
    )
    .fetch_all(&mut *connection)
    .await?;
    let humans: Vec<Uuid> = rows.iter().map(|row| row.human_id).collect();
    let mut engagements = engagements(connection, &ids).await?;
    let mut entries = pool_entries(connection, &ids).await?;
    let cards = store::card::of_humans(connection, &humans).await?;
    let sanctions = store::sanction::of_humans(connection, &humans).await?;
    let found = rows.into_iter().map(|row| {
        let Cards { cards, numbers } = cards.get(&row.human_id).cloned().unwrap_or_default();
        let person = Person {
            id: PersonId::from_uuid(row.person_id),
            human: HumanId::from_uuid(row.human_id),
            home: home(row.organization_id, row.pool_division.as_deref())?,
            engagements: engagements.remove(&row.person_id).unwrap_or_default(),
            pool_entry: entries.remove(&row.person_id),
            cards,
            sanctions: sanctions.get(&row.human_id).cloned().unwrap_or_default(),
        };
        Ok(Found {
            person,
            version: row.version.cast_unsigned(),
            name: row.name_sealed,
            citizen_id: row.citizen_id_sealed,
            card_numbers: numbers,
        })
    });
    found.collect()
}

async fn engagements(
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

async fn pool_entries(
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

fn columns(home: Home) -> (Option<Uuid>, Option<String>) {
    match home {
        Home::Organization(organization) => (Some(organization.uuid()), None),
        Home::Pool(division) => (None, Some(division.to_string())),
    }
}

fn home(organization: Option<Uuid>, pool: Option<&str>) -> Result<Home> {
    match (organization, pool) {
        (Some(organization), _) => Ok(Home::Organization(OrganizationId::from_uuid(organization))),
        (None, pool) => {
            let division = DivisionCode::parse(pool.unwrap_or_default());
            Ok(Home::Pool(readable("pool", division)?))
        }
    }
}
