use std::path::Path;

use sqlx::migrate::Migrator;

use super::*;
use crate::access::Caller;
use crate::crypto::{Purpose, secret_file};
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
async fn without_one_of_its_keks_a_vault_stays_closed() {
    let pool = testing::database(&Migrator::DEFAULT).await;
    let (here, there) = (tempfile::tempdir(), tempfile::tempdir());
    let (here, there) = (here.expect("a folder"), there.expect("another"));
    add_kek(here.path(), "k1");
    add_kek(there.path(), "k2");
    open(&pool, here.path()).await;
    let ring = KeyRing::load(there.path()).expect("usable keys");
    let error = Vault::open(pool, ring).await.err().expect("k1 is missing");
    assert!(format!("{error:?}").contains("k1"));
}

#[tokio::test]
async fn keys_of_all_ages_open_and_digest_without_a_free_connection() {
    let pool = testing::database(&Migrator::DEFAULT).await;
    let folder = tempfile::tempdir().expect("a folder for the test");
    add_kek(folder.path(), "k1");
    let old = open(&pool, folder.path()).await;
    let old_value = old.seal(PLACE, b"old");
    add_kek(folder.path(), "k2");
    let new = open(&pool, folder.path()).await;
    let new_value = new.seal(PLACE, b"new");

    let mut taken = Vec::new();
    for _ in 0..pool.options().get_max_connections() {
        taken.push(pool.acquire().await.expect("one that is free"));
    }
    // The new vault knows the old key from its start; the old one looks for the new key.
    new.unseal(PLACE, &old_value).await.expect("it opens");
    old.unseal(PLACE, &new_value).await.expect("it opens");
    let digest = |vault: &Vault, purpose| vault.digest(purpose, &[b"part"]);
    assert_eq!(digest(&old, "one"), digest(&new, "one"));
    assert_ne!(digest(&old, "one"), digest(&old, "other"));
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
