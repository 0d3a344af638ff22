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

/// The human with one of these blind indexes, locked until the unit ends; somebody who is not known
/// yet comes into being under the first of them, which is that of the key in use.
pub(crate) async fn lock(
    connection: &mut PgConnection,
    vault: &Vault,
    indexes: &[BlindIndex],
    citizen_id: &CitizenId,
) -> Result<HumanId> {
    if let Some(known) = find(connection, indexes).await? {
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
    let human = find(connection, indexes).await?;
    Ok(human.ok_or_else(|| anyhow::anyhow!("somebody was noted and is not there"))?)
}

async fn find(connection: &mut PgConnection, indexes: &[BlindIndex]) -> Result<Option<HumanId>> {
    let digests: Vec<_> = indexes.iter().map(|index| index.digest.to_vec()).collect();
    let found = sqlx::query_scalar!(
        "select human_id from human where citizen_index = any($1) for update",
        &digests,
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.map(HumanId::from_uuid))
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
