//! People at their homes.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::{OrganizationId, PersonId};
use kernel::person_name::PersonName;
use kernel::rejection::Faults;
use platform::access::Scope;
use platform::crypto::{Place, Vault};
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use super::readable;
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
        store::engagement::insert(connection, id, engagement).await?;
    }
    match &new.pool_entry {
        Some(entry) => store::pool::save_entry(connection, id, entry).await,
        None => Ok(()),
    }
}

/// Whether a human is enlisted at a home. While the human is locked, it stays so.
pub(crate) async fn is_at_home(
    connection: &mut PgConnection,
    home: Home,
    human: HumanId,
) -> Result<bool> {
    let (organization, pool) = columns(home);
    let known = sqlx::query_scalar!(
        r#"select exists (
               select from person where human_id = $1
                 and organization_id is not distinct from $2
                 and pool_division is not distinct from $3) as "known!""#,
        human.uuid(),
        organization,
        pool,
    );
    Ok(known.fetch_one(connection).await?)
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
