//! Humans, over all their homes: known by the blind index of the citizen id.

use std::collections::HashMap;

use kernel::citizen_id::CitizenId;
use kernel::ids::PersonId;
use platform::Result;
use platform::crypto::{BlindIndex, Place, Vault};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::people::HumanId;

/// Where the citizen id of a human lies.
pub(crate) fn citizen_id_place(human: HumanId) -> Place {
    Place {
        table: "human",
        row: human.uuid(),
        column: "citizen_id_sealed",
    }
}

/// The humans with these blind indexes, each with the citizen id behind them, locked until the unit
/// ends; somebody who is not known yet comes into being under the first index, which is that of the
/// key in use. Nobody who holds one of them comes here to make another: all are made first and then
/// locked, each in one order, so that no two wait for each other.
pub(crate) async fn lock(
    connection: &mut PgConnection,
    vault: &Vault,
    people: &[(Vec<BlindIndex>, &CitizenId)],
) -> Result<Vec<HumanId>> {
    let indexes = people.iter().flat_map(|(indexes, _)| indexes);
    let digests: Vec<_> = indexes.map(|index| index.digest.to_vec()).collect();
    // Only looked at: what is sealed for nothing is dear.
    let known = find(connection, &digests).await?;
    let unknown = |(indexes, _): &&(Vec<BlindIndex>, &CitizenId)| of(&known, indexes).is_none();
    let new: Vec<_> = people.iter().filter(unknown).collect();
    if !new.is_empty() {
        insert(connection, vault, &new).await?;
    }
    let known = hold(connection, &digests).await?;
    let noted = people.iter().map(|(indexes, _)| {
        let human = of(&known, indexes);
        human.ok_or_else(|| anyhow::anyhow!("somebody was noted and is not there").into())
    });
    noted.collect()
}

type Known = HashMap<Vec<u8>, HumanId>;

fn of(known: &Known, indexes: &[BlindIndex]) -> Option<HumanId> {
    let mut found = indexes.iter().map(|index| known.get(&index.digest[..]));
    found.find_map(Option::<&HumanId>::copied)
}

/// Writes down humans. Whoever was faster by a moment is waited for here, and found afterwards.
async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    new: &[&(Vec<BlindIndex>, &CitizenId)],
) -> Result<()> {
    let (mut ids, mut digests, mut keys, mut sealed) = (vec![], vec![], vec![], vec![]);
    for (indexes, citizen_id) in new {
        let in_use = indexes.first();
        let in_use = in_use.ok_or_else(|| anyhow::anyhow!("there is no index key"))?;
        let id = HumanId::from_uuid(Uuid::now_v7());
        ids.push(id.uuid());
        digests.push(in_use.digest.to_vec());
        keys.push(in_use.key_id.clone());
        sealed.push(vault.seal(citizen_id_place(id), citizen_id.reveal().as_bytes()));
    }
    sqlx::query!(
        "insert into human (human_id, citizen_index, index_key, citizen_id_sealed)
         select * from unnest($1::uuid[], $2::bytea[], $3::text[], $4::bytea[])
             as new (id, digest, key_id, sealed)
         order by digest
         on conflict do nothing",
        &ids,
        &digests,
        &keys,
        &sealed,
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn find(connection: &mut PgConnection, digests: &[Vec<u8>]) -> Result<Known> {
    let rows = sqlx::query!(
        "select citizen_index, human_id from human where citizen_index = any($1)",
        digests,
    )
    .fetch_all(connection)
    .await?;
    let known = rows.into_iter();
    let known = known.map(|row| (row.citizen_index, HumanId::from_uuid(row.human_id)));
    Ok(known.collect())
}

async fn hold(connection: &mut PgConnection, digests: &[Vec<u8>]) -> Result<Known> {
    let rows = sqlx::query!(
        "select citizen_index, human_id from human where citizen_index = any($1)
         order by citizen_index for update",
        digests,
    )
    .fetch_all(connection)
    .await?;
    let known = rows.into_iter();
    let known = known.map(|row| (row.citizen_index, HumanId::from_uuid(row.human_id)));
    Ok(known.collect())
}

/// Locks the human behind a person until the unit ends: what holds over all homes is decided by one
/// at a time.
pub(crate) async fn lock_of(connection: &mut PgConnection, person: PersonId) -> Result<()> {
    sqlx::query!(
        "select from human join person using (human_id) where person_id = $1 for update of human",
        person.uuid(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The humans behind people.
pub(crate) async fn of_people(
    connection: &mut PgConnection,
    people: &[PersonId],
) -> Result<HashMap<PersonId, HumanId>> {
    let ids: Vec<_> = people.iter().map(PersonId::uuid).collect();
    let rows = sqlx::query!(
        "select person_id, human_id from person where person_id = any($1)",
        &ids,
    )
    .fetch_all(connection)
    .await?;
    let pair = |row: (Uuid, Uuid)| (PersonId::from_uuid(row.0), HumanId::from_uuid(row.1));
    let rows = rows.into_iter().map(|row| (row.person_id, row.human_id));
    Ok(rows.map(pair).collect())
}
