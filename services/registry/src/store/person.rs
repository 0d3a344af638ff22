//! People at their homes.

use std::collections::HashSet;

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::{OrganizationId, PersonId};
use kernel::person_name::PersonName;
use kernel::rejection::Faults;
use platform::access::Scope;
use platform::crypto::{Place, Vault};
use platform::error::readable;
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::people::HumanId;
use crate::domain::people::engagement::PersonRole;
use crate::domain::people::home::Home;
use crate::domain::people::person::{Candidate, Person, PersonRejection};
use crate::domain::people::pool::PoolEntry;
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
    /// Grounds of the sanctions, in their order.
    pub(crate) grounds: Vec<Vec<u8>>,
}

/// Where the name lies under which a person is enlisted.
pub(crate) fn name_place(person: PersonId) -> Place {
    Place {
        table: "person",
        row: person.uuid(),
        column: "name_sealed",
    }
}

/// Somebody who is enlisted.
pub(crate) struct New<'a> {
    pub(crate) id: PersonId,
    pub(crate) human: HumanId,
    pub(crate) candidate: &'a Candidate,
    pub(crate) name: &'a PersonName,
}

/// Writes down who is enlisted on a day.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    people: &[New<'_>],
    on: Date,
) -> Result<()> {
    let ids: Vec<_> = people.iter().map(|new| new.id.uuid()).collect();
    let humans: Vec<_> = people.iter().map(|new| new.human.uuid()).collect();
    let homes = people.iter().map(|new| columns(new.candidate.home));
    let (organizations, pools): (Vec<_>, Vec<_>) = homes.unzip();
    let seal = |new: &New<'_>| vault.seal(name_place(new.id), new.name.reveal().as_bytes());
    let names: Vec<_> = people.iter().map(seal).collect();
    sqlx::query!(
        "insert into person (person_id, human_id, organization_id, pool_division, name_sealed,
             enlisted_on)
         select *, $6 from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bytea[])",
        &ids,
        &humans,
        organizations as _,
        pools as _,
        &names,
        on.to_sqlx() as _,
    )
    .execute(&mut *connection)
    .await
    .map_err(|error| {
        let known = Faults::at("citizen_id", &PersonRejection::PersonEnlistedAlready);
        Error::from(error).on_constraint("person_once_per_home", known)
    })?;
    let engagements = people.iter().flat_map(|new| {
        let engagements = new.candidate.engagements.iter();
        engagements.map(|engagement| (new.id, engagement))
    });
    let engagements: Vec<_> = engagements.collect();
    store::engagement::insert(&mut *connection, &engagements).await?;
    for new in people {
        if let Some(entry) = &new.candidate.pool_entry {
            store::pool::save_entry(&mut *connection, new.id, entry).await?;
        }
    }
    Ok(())
}

/// Those of these humans who are enlisted at a home. While a human is locked, it stays so.
pub(crate) async fn those_at_home(
    connection: &mut PgConnection,
    home: Home,
    humans: &[Uuid],
) -> Result<HashSet<HumanId>> {
    let (organization, pool) = columns(home);
    let known = sqlx::query_scalar!(
        "select human_id from person
         where human_id = any($1)
           and organization_id is not distinct from $2
           and pool_division is not distinct from $3",
        humans,
        organization,
        pool,
    );
    let known = known.fetch_all(connection).await?.into_iter();
    Ok(known.map(HumanId::from_uuid).collect())
}

/// Gives a person another name and pool entry.
pub(crate) async fn update(
    connection: &mut PgConnection,
    vault: &Vault,
    id: PersonId,
    name: &PersonName,
    entry: Option<&PoolEntry>,
) -> Result<()> {
    sqlx::query!(
        "update person set name_sealed = $2 where person_id = $1",
        id.uuid(),
        vault.seal(name_place(id), name.reveal().as_bytes()),
    )
    .execute(&mut *connection)
    .await?;
    match entry {
        Some(entry) => store::pool::save_entry(connection, id, entry).await,
        None => Ok(()),
    }
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

/// Entries of these humans that may answer for a duty at an organisation's exam: its own, and those
/// of pools. Whoever asks has been judged by the organisation.
pub(crate) async fn for_duties(
    connection: &mut PgConnection,
    organization: OrganizationId,
    humans: &[Uuid],
) -> Result<Vec<PersonId>> {
    let ids = sqlx::query_scalar!(
        "select person_id from person
         where human_id = any($1) and (organization_id = $2 or pool_division is not null)",
        humans,
        organization.uuid(),
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
    let mut engagements = store::engagement::of_people(connection, &ids).await?;
    let mut entries = store::pool::entries(connection, &ids).await?;
    let cards = store::card::of_humans(connection, &humans).await?;
    let sanctions = store::sanction::of_humans(connection, &humans).await?;
    let found = rows.into_iter().map(|row| {
        let Cards { cards, numbers } = cards.get(&row.human_id).cloned().unwrap_or_default();
        let sanctions = sanctions.get(&row.human_id).cloned().unwrap_or_default();
        let person = Person {
            id: PersonId::from_uuid(row.person_id),
            human: HumanId::from_uuid(row.human_id),
            home: home(row.organization_id, row.pool_division.as_deref())?,
            engagements: engagements.remove(&row.person_id).unwrap_or_default(),
            pool_entry: entries.remove(&row.person_id),
            cards,
            sanctions: sanctions.sanctions,
        };
        Ok(Found {
            person,
            version: row.version.cast_unsigned(),
            name: row.name_sealed,
            citizen_id: row.citizen_id_sealed,
            card_numbers: numbers,
            grounds: sanctions.grounds,
        })
    });
    found.collect()
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
