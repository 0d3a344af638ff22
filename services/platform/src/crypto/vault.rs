//! The vault: a service's data keys, taken from its database and opened with its key ring.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Context;
use sqlx::{PgConnection, PgPool};
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
    known: RwLock<HashMap<Uuid, Arc<DataKey>>>,
}

impl Vault {
    /// Opens a service's vault. A data key is made where there is none under the active
    /// key-encryption key, which is so at the very beginning and after a new one was added.
    pub async fn open(pool: PgPool, ring: KeyRing) -> Result<Self> {
        let mut transaction = pool.begin().await?;
        sqlx::query!("select pg_advisory_xact_lock($1)", MAKING_A_KEY)
            .execute(&mut *transaction)
            .await?;
        let newest = sqlx::query_scalar!(
            "select key_id from platform.data_key where kek_id = $1
             order by key_id desc limit 1",
            ring.active().id,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let active = match newest {
            Some(key_id) => load(&mut transaction, &ring, key_id).await?,
            None => make(&mut transaction, &ring).await?,
        };
        transaction.commit().await?;

        let active = Arc::new(active);
        let known = RwLock::new(HashMap::from([(active.id(), Arc::clone(&active))]));
        Ok(Self { pool, ring, active, known })
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

    /// Another replica may have made the key since we started; so look before giving up.
    async fn data_key(&self, key_id: Uuid) -> Result<Arc<DataKey>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&key_id).cloned();
        if let Some(key) = known {
            return Ok(key);
        }
        let mut connection = self.pool.acquire().await?;
        let key = Arc::new(load(&mut connection, &self.ring, key_id).await?);
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
    let kek = ring.get(&row.kek_id).with_context(|| {
        format!("data key {key_id} needs the key-encryption key {}, which is missing", row.kek_id)
    })?;
    let key = DataKey::unwrap(key_id, &row.wrapped, kek);
    Ok(key.with_context(|| format!("data key {key_id} under {}", row.kek_id))?)
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
