//! Fills a query's database with certificates, as its consumers would have, by binary copy.
//!
//! What a run before has generated is used again: the comment of the table says how many there are.

use std::path::Path;

use anyhow::Context;
use certificate_query::config::QuerySections;
use certificate_query::definition;
use jiff::civil::{Date, date};
use kernel::identity_document::DocumentNumber;
use kernel::level::Level;
use kernel::query_key::{self, QueryKey};
use platform::config::{self, Settings};
use platform::crypto::{BlindIndexer, PurposeKeys};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgTransaction};
use tokio::sync::mpsc;

use crate::sample::Sample;

/// Bytes that are handed to PostgreSQL at once.
const CHUNK: usize = 1 << 20;
/// What a binary copy begins and ends with.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const END: [u8; 2] = (-1_i16).to_be_bytes();
/// Type numbers of an array's elements.
const TEXT: i32 = 25;
const BYTEA: i32 = 17;

const COLUMNS: &str = "certificate_id, version, change_sequence, superseded, number, status, \
    masked_name, masked_document_number, occupation_edition, occupation_code, occupation_name, \
    trade, level, organization_code, organization_name, issued_on, status_since, public_reason, \
    qr_token_hash, door_keys, number_doors, document_doors, lineage, canonical_leaf";
const COLUMN_COUNT: i16 = 24;

/// The settings in a file.
pub(crate) fn settings(file: &Path) -> anyhow::Result<Settings> {
    let loaded = config::load::<QuerySections>(definition().defaults, Some(file), &[].into());
    Ok(loaded.map_err(|problems| anyhow::anyhow!("{problems}"))?.0)
}

/// The keys of the doors.
pub(crate) fn indexer(settings: &Settings) -> anyhow::Result<BlindIndexer> {
    BlindIndexer::load(settings.keys.directory.as_ref().context("keys.directory")?)
}

/// Sees to it that the database of these settings holds so many certificates and no others.
pub(crate) async fn generate(settings: &Settings, certificates: u32) -> anyhow::Result<()> {
    let url = settings.database.url()?;
    let mut connection = PgConnection::connect(url.expose_secret()).await?;
    let there: Option<String> =
        sqlx::query_scalar("select obj_description('certificate_version'::regclass, 'pg_class')")
            .fetch_one(&mut connection)
            .await?;
    let wanted = format!("{certificates} generated");
    let mut transaction = connection.begin().await?;
    if there.as_deref() == Some(&wanted) {
        forget_others(&mut transaction, certificates).await?;
    } else {
        fill(&mut transaction, settings, certificates).await?;
        let comment = format!("comment on table certificate_version is '{wanted}'");
        sqlx::query(AssertSqlSafe(comment))
            .execute(&mut *transaction)
            .await?;
    }
    sqlx::query("update change_head set sequence = $1")
        .bind(i64::from(certificates))
        .execute(&mut *transaction)
        .await?;
    sqlx::query(
        "insert into data_age (as_of) values (now())
         on conflict (singleton) do update set as_of = excluded.as_of",
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    sqlx::query("vacuum (analyze) certificate_version")
        .execute(&mut connection)
        .await?;
    Ok(())
}

/// Takes out what came by facts in a run before.
async fn forget_others(
    transaction: &mut PgTransaction<'_>,
    certificates: u32,
) -> anyhow::Result<()> {
    sqlx::query("delete from certificate_version where change_sequence > $1")
        .bind(i64::from(certificates))
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

async fn fill(
    transaction: &mut PgTransaction<'_>,
    settings: &Settings,
    certificates: u32,
) -> anyhow::Result<()> {
    sqlx::query("truncate certificate_version")
        .execute(&mut **transaction)
        .await?;
    let rows = Rows::new(&indexer(settings)?);
    let (sender, mut chunks) = mpsc::channel(4);
    // Rows are made on one core while PostgreSQL takes them in on the other.
    let made = tokio::task::spawn_blocking(move || rows.make(certificates, &sender));
    let statement =
        format!("copy certificate_version ({COLUMNS}) from stdin (format binary, freeze)");
    let mut copy = transaction.copy_in_raw(&statement).await?;
    while let Some(chunk) = chunks.recv().await {
        copy.send(chunk).await?;
    }
    copy.finish().await?;
    made.await?
}

/// Makes rows.
struct Rows {
    key: String,
    numbers: PurposeKeys,
    documents: PurposeKeys,
}

impl Rows {
    fn new(indexer: &BlindIndexer) -> Self {
        Self {
            key: indexer.active_key_id().to_owned(),
            numbers: indexer.purpose(query_key::NUMBER_AND_NAME),
            documents: indexer.purpose(query_key::DOCUMENT_AND_NAME),
        }
    }

    fn make(&self, certificates: u32, sender: &mpsc::Sender<Vec<u8>>) -> anyhow::Result<()> {
        let mut chunk = Chunk(HEADER.to_vec());
        for number in 0..certificates {
            self.append(&mut chunk, Sample(number))?;
            if chunk.0.len() > CHUNK {
                let full = std::mem::replace(&mut chunk.0, Vec::with_capacity(CHUNK + 4096));
                sender.blocking_send(full)?;
            }
        }
        chunk.0.extend_from_slice(&END);
        Ok(sender.blocking_send(chunk.0)?)
    }

    fn append(&self, chunk: &mut Chunk, sample: Sample) -> anyhow::Result<()> {
        let (holder, document) = (sample.holder(), sample.document());
        let (code, occupation) = sample.occupation();
        let level = Level::from_code(sample.level()).map_err(|_| anyhow::anyhow!("a level"))?;
        let number = sample.certificate_number();
        let number_door = QueryKey::number_and_name(&number, &holder);
        let document_door = QueryKey::document_and_name(&DocumentNumber::from(&document), &holder);
        let [number_door] = self.numbers.digests(&number_door.parts())[..] else {
            anyhow::bail!("the bench has one key");
        };
        let [document_door] = self.documents.digests(&document_door.parts())[..] else {
            anyhow::bail!("the bench has one key");
        };
        let issued_on = days(sample.issued_on());

        chunk.0.extend_from_slice(&COLUMN_COUNT.to_be_bytes());
        chunk.field(&u128::from(sample.0).to_be_bytes());
        chunk.field(&1_i32.to_be_bytes());
        chunk.field(&(i64::from(sample.0) + 1).to_be_bytes());
        chunk.field(&[0]);
        chunk.text(number.as_str());
        chunk.text("valid");
        chunk.text(&holder.masked());
        chunk.text(&document.masked());
        chunk.field(&2015_i16.to_be_bytes());
        chunk.text(code);
        chunk.text(occupation);
        chunk.text("");
        chunk.text(level.name());
        chunk.text(&sample.organization());
        chunk.text(&sample.organization_name());
        chunk.field(&issued_on);
        chunk.field(&issued_on);
        chunk.text("");
        chunk.field(&Sha256::digest(sample.token()));
        chunk.array(TEXT, self.key.as_bytes());
        chunk.array(BYTEA, &number_door);
        chunk.array(BYTEA, &document_door);
        chunk.field(&[]);
        chunk.field(&[1]);
        Ok(())
    }
}

/// Rows as a binary copy has them.
struct Chunk(Vec<u8>);

impl Chunk {
    fn field(&mut self, value: &[u8]) {
        let length = i32::try_from(value.len()).expect("a short field");
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(value);
    }

    fn text(&mut self, value: &str) {
        self.field(value.as_bytes());
    }

    /// An array of one element.
    fn array(&mut self, element_type: i32, element: &[u8]) {
        let length = i32::try_from(element.len()).expect("a short element");
        let mut value = Vec::with_capacity(24 + element.len());
        for word in [1, 0, element_type, 1, 1, length] {
            value.extend_from_slice(&word.to_be_bytes());
        }
        value.extend_from_slice(element);
        self.field(&value);
    }
}

/// A day as PostgreSQL counts them.
fn days(day: Date) -> [u8; 4] {
    (day - date(2000, 1, 1)).get_days().to_be_bytes()
}
