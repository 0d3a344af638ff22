//! The vault: a service's data keys, taken from its database and opened with its key ring.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Context;
use sqlx::{Connection, PgConnection, PgPool};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::cipher::{self, DataKey, Place};
use super::keys::KeyRing;
use crate::error::Result;

/// Held while a data key is made, so that replicas starting together make one. Any number that
/// nothing else in the database locks.
const MAKING_A_KEY: i64 = 0x6c75_6261_6e6b_6579;

/// Seals and opens what a service keeps.
pub struct Vault {
    pool: PgPool,
    ring: KeyRing,
    active: Arc<DataKey>,
    oldest: Arc<DataKey>,
    known: RwLock<HashMap<Uuid, Arc<DataKey>>>,
}

impl Vault {
    /// Opens a service's vault with all its data keys. One is made where there is none under the
    /// active key-encryption key, which is so at the very beginning and after a new one was added.
    ///
    /// # Errors
    /// Also when a key-encryption key is missing under which a data key rests: what was sealed with
    /// it could not be opened, and that is better known at the start.
    pub async fn open(pool: PgPool, ring: KeyRing) -> Result<Self> {
        let mut transaction = pool.begin().await?;
        sqlx::query!("select pg_advisory_xact_lock($1)", MAKING_A_KEY)
            .execute(&mut *transaction)
            .await?;
        let mut keys = load_all(&mut transaction, &ring).await?;
        let active_kek = &ring.active().id;
        let newest = keys.iter().rfind(|(kek_id, _)| kek_id == active_kek);
        let active = match newest {
            Some((_, key)) => Arc::clone(key),
            None => {
                let made = Arc::new(make(&mut transaction, &ring).await?);
                keys.push((active_kek.clone(), Arc::clone(&made)));
                made
            }
        };
        transaction.commit().await?;

        let oldest = Arc::clone(&keys[0].1);
        let known = keys.into_iter().map(|(_, key)| (key.id(), key)).collect();
        Ok(Self {
            pool,
            ring,
            active,
            oldest,
            known: RwLock::new(known),
        })
    }

    /// A digest that only this service can compute: the same for the same purpose and parts, in
    /// every replica and after every rotation, since it is made with the service's first data key.
    pub fn digest(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        self.oldest.digest(purpose, parts)
    }

    /// Seals a value for its place.
    pub fn seal(&self, place: Place, plain: &[u8]) -> Vec<u8> {
        self.active.seal(&place, plain)
    }

    /// Opens a value for the service's own use. Where somebody is to see it, use
    /// [`Vault::reveal`].
    ///
    /// # Errors
    /// When the value was changed, lay elsewhere, or its data key cannot be had.
    pub async fn unseal(&self, place: Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let key_id = cipher::key_id(sealed).map_err(anyhow::Error::from)?;
        let key = self.data_key(key_id).await?;
        let plain = key.unseal(&place, sealed);
        Ok(plain.with_context(|| format!("{}.{}", place.table, place.column))?)
    }

    /// Another replica may have made the key since we started; so look before giving up. Not
    /// through the pool: the caller may hold one of its connections, and would wait for another
    /// while others do the same.
    async fn data_key(&self, key_id: Uuid) -> Result<Arc<DataKey>> {
        let known = self
            .known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key_id)
            .cloned();
        if let Some(key) = known {
            return Ok(key);
        }
        let mut connection = PgConnection::connect_with(&self.pool.connect_options()).await?;
        let key = Arc::new(load(&mut connection, &self.ring, key_id).await?);
        connection.close().await?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(known.entry(key_id).or_insert(key)))
    }
}

async fn load(connection: &mut PgConnection, ring: &KeyRing, key_id: Uuid) -> Result<DataKey> {
    let row = sqlx::query!(
        "select kek_id, wrapped from platform.data_key where key_id = $1",
        key_id
    )
    .fetch_optional(connection)
    .await?
    .with_context(|| format!("no data key {key_id}"))?;
    Ok(unwrap(ring, key_id, &row.kek_id, &row.wrapped)?)
}

/// Every data key with the id of the key it is wrapped by, the oldest first by the database's
/// clock.
async fn load_all(
    connection: &mut PgConnection,
    ring: &KeyRing,
) -> Result<Vec<(String, Arc<DataKey>)>> {
    let rows = sqlx::query!(
        "select key_id, kek_id, wrapped from platform.data_key order by created_at, key_id"
    )
    .fetch_all(connection)
    .await?;
    let mut keys = Vec::with_capacity(rows.len());
    for row in rows {
        let key = unwrap(ring, row.key_id, &row.kek_id, &row.wrapped)?;
        keys.push((row.kek_id, Arc::new(key)));
    }
    Ok(keys)
}

fn unwrap(ring: &KeyRing, key_id: Uuid, kek_id: &str, wrapped: &[u8]) -> anyhow::Result<DataKey> {
    let kek = ring
        .find(kek_id)
        .with_context(|| format!("data key {key_id}"))?;
    DataKey::unwrap(key_id, wrapped, &kek)
        .with_context(|| format!("data key {key_id} under {kek_id}"))
}

async fn make(connection: &mut PgConnection, ring: &KeyRing) -> Result<DataKey> {
    let key = DataKey::generate();
    sqlx::query!(
        "insert into platform.data_key (key_id, kek_id, wrapped) values ($1, $2, $3)",
        key.id(),
        ring.active().id,
        key.wrap(ring.active()),
    )
    .execute(connection)
    .await?;
    Ok(key)
}

#[cfg(all(test, feature = "testing"))]
mod tests;
