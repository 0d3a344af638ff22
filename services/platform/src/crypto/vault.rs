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
        Ok(Self {
            pool,
            ring,
            active,
            known,
        })
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
        let known = self
            .known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key_id)
            .cloned();
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
    let kek = ring
        .find(&row.kek_id)
        .with_context(|| format!("data key {key_id}"))?;
    let key = DataKey::unwrap(key_id, &row.wrapped, &kek);
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

#[cfg(all(test, feature = "testing"))]
mod tests {
    use std::path::Path;

    use sqlx::migrate::Migrator;

    use super::super::{Purpose, secret_file};
    use super::*;
    use crate::access::Caller;
    use crate::testing;

    const PLACE: Place = Place {
        table: "person",
        row: Uuid::from_u128(7),
        column: "citizen_id",
    };

    fn add_kek(folder: &Path, id: &str) {
        let key: [u8; 32] = rand::random();
        let file = folder.join("kek").join(format!("{id}.key"));
        secret_file::write(&file, hex::encode(key).as_bytes()).expect("writable");
    }

    async fn open(pool: &PgPool, folder: &Path) -> Vault {
        let ring = KeyRing::load(folder).expect("usable keys");
        Vault::open(pool.clone(), ring).await.expect("a vault")
    }

    async fn data_keys(pool: &PgPool) -> i64 {
        sqlx::query_scalar("select count(*) from platform.data_key")
            .fetch_one(pool)
            .await
            .expect("count the keys")
    }

    #[tokio::test]
    async fn replicas_that_start_together_share_one_data_key() {
        let pool = testing::database(&Migrator::DEFAULT).await;
        let folder = tempfile::tempdir().expect("a folder for the test");
        add_kek(folder.path(), "k1");
        let (one, other) = tokio::join!(open(&pool, folder.path()), open(&pool, folder.path()));
        let plain = other
            .unseal(PLACE, &one.seal(PLACE, b"value"))
            .await
            .expect("it opens");
        assert_eq!(plain.as_slice(), b"value");
        assert_eq!(data_keys(&pool).await, 1);
    }

    #[tokio::test]
    async fn a_new_kek_brings_a_new_data_key_that_running_replicas_find_while_old_values_open() {
        let pool = testing::database(&Migrator::DEFAULT).await;
        let folder = tempfile::tempdir().expect("a folder for the test");
        add_kek(folder.path(), "k1");
        let running = open(&pool, folder.path()).await;
        let old_value = running.seal(PLACE, b"old");

        add_kek(folder.path(), "k2");
        let started_later = open(&pool, folder.path()).await;
        let new_value = started_later.seal(PLACE, b"new");
        for vault in [&running, &started_later] {
            let old = vault
                .unseal(PLACE, &old_value)
                .await
                .expect("the old key is kept");
            let new = vault
                .unseal(PLACE, &new_value)
                .await
                .expect("the new key is found");
            assert_eq!((old.as_slice(), new.as_slice()), (&b"old"[..], &b"new"[..]));
        }
        assert_eq!(data_keys(&pool).await, 2);
    }

    #[tokio::test]
    async fn without_its_kek_a_value_stays_closed() {
        let pool = testing::database(&Migrator::DEFAULT).await;
        let (here, there) = (tempfile::tempdir(), tempfile::tempdir());
        let (here, there) = (here.expect("a folder"), there.expect("another"));
        add_kek(here.path(), "k1");
        add_kek(there.path(), "k2");
        let sealed = open(&pool, here.path()).await.seal(PLACE, b"value");
        let error = open(&pool, there.path()).await.unseal(PLACE, &sealed).await;
        assert!(format!("{:?}", error.expect_err("no such key")).contains("k1"));
    }

    #[tokio::test]
    async fn what_is_revealed_is_on_record_with_the_rest_of_the_transaction_or_not_at_all() {
        let pool = testing::database(&Migrator::DEFAULT).await;
        let folder = tempfile::tempdir().expect("a folder for the test");
        add_kek(folder.path(), "k1");
        let vault = open(&pool, folder.path()).await;
        let sealed = vault.seal(PLACE, b"value");
        let (actor, purpose) = (Caller::service("results"), Purpose("print_certificate"));

        for commit in [false, true] {
            let mut transaction = pool.begin().await.expect("a transaction");
            let plain = vault
                .reveal(&mut transaction, &actor, purpose, PLACE, &sealed)
                .await;
            assert_eq!(plain.expect("it opens").as_slice(), b"value");
            if commit {
                transaction.commit().await.expect("committed");
            }
        }
        let records: Vec<(String, String, String, String, Uuid, String)> = sqlx::query_as(
            "select subject, role, purpose, place_table, place_row, place_column
             from platform.access_record",
        )
        .fetch_all(&pool)
        .await
        .expect("the records");
        let expected = (
            "service:results",
            "service",
            "print_certificate",
            "person",
            "citizen_id",
        );
        let [(subject, role, purpose, table, row, column)] = records.as_slice() else {
            panic!("{} records instead of one", records.len());
        };
        assert_eq!(
            (
                subject.as_str(),
                role.as_str(),
                purpose.as_str(),
                table.as_str(),
                column.as_str()
            ),
            expected
        );
        assert_eq!(*row, PLACE.row);

        let erased = sqlx::query("delete from platform.access_record")
            .execute(&pool)
            .await;
        erased.expect_err("insert-only");
    }
}
