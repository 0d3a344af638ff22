//! Certificates: what each version says, and what leads to it.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use platform::Result;
use sqlx::PgConnection;
use uuid::Uuid;

use super::copy::{self, Elements};
use super::{Doors, change};
use crate::index::{Certificate, Standing};

/// A version of a certificate, as it is written.
pub(crate) struct VersionRow {
    pub(crate) certificate_id: Uuid,
    pub(crate) version: i32,
    pub(crate) certificate: Certificate,
    /// Day of the last change of standing; for a certificate in force the day it was issued.
    pub(crate) status_since: Date,
    pub(crate) qr_token_hash: Vec<u8>,
    pub(crate) doors: Doors<2>,
    pub(crate) lineage: Vec<u8>,
    pub(crate) canonical_leaf: Vec<u8>,
}

/// Writes what the newest version says now, and tells the older ones.
pub(crate) async fn put(connection: &mut PgConnection, row: &VersionRow) -> Result<()> {
    let sequence = change::next(connection).await?;
    put_version(connection, row, sequence).await?;
    if row.version > 1 {
        tell_older_versions(connection, row, sequence).await?;
    }
    Ok(())
}

async fn put_version(connection: &mut PgConnection, row: &VersionRow, sequence: i64) -> Result<()> {
    let certificate = &row.certificate;
    let (status, public_reason) = words(&certificate.standing);
    let [number_doors, document_doors] = &row.doors.digests;
    sqlx::query!(
        "insert into certificate_version
             (certificate_id, version, change_sequence, superseded, number, status, masked_name,
              masked_document_number, occupation_edition, occupation_code, occupation_name, trade,
              level, organization_code, organization_name, issued_on, status_since, public_reason,
              qr_token_hash, door_keys, number_doors, document_doors, lineage, canonical_leaf)
         values ($1, $2, $3, false, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
                 $18, $19, $20, $21, $22, $23)
         on conflict (certificate_id, version) do update
             set (change_sequence, number, status, masked_name, masked_document_number,
                  occupation_edition, occupation_code, occupation_name, trade, level,
                  organization_code, organization_name, issued_on, status_since, public_reason,
                  qr_token_hash, door_keys, number_doors, document_doors, lineage, canonical_leaf)
               = (excluded.change_sequence, excluded.number, excluded.status, excluded.masked_name,
                  excluded.masked_document_number, excluded.occupation_edition,
                  excluded.occupation_code, excluded.occupation_name, excluded.trade,
                  excluded.level, excluded.organization_code, excluded.organization_name,
                  excluded.issued_on, excluded.status_since, excluded.public_reason,
                  excluded.qr_token_hash, excluded.door_keys, excluded.number_doors,
                  excluded.document_doors, excluded.lineage, excluded.canonical_leaf)",
        row.certificate_id,
        row.version,
        sequence,
        certificate.number,
        status,
        certificate.holder,
        certificate.document_number,
        certificate.subject.occupation.edition.year().cast_signed(),
        certificate.subject.occupation.code.as_str(),
        certificate.subject.occupation_name,
        certificate.subject.trade,
        certificate.subject.level.name(),
        certificate.organization.code,
        certificate.organization.name,
        certificate.issued_on.to_sqlx() as _,
        row.status_since.to_sqlx() as _,
        public_reason,
        row.qr_token_hash,
        &row.doors.keys,
        number_doors,
        document_doors,
        row.lineage,
        row.canonical_leaf,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whoever holds an older version learns that there is a newer one, and of a revocation.
async fn tell_older_versions(
    connection: &mut PgConnection,
    row: &VersionRow,
    sequence: i64,
) -> Result<()> {
    let (status, public_reason) = words(&row.certificate.standing);
    sqlx::query!(
        "update certificate_version
         set superseded = true, status = $3, status_since = $4, public_reason = $5,
             change_sequence = $6
         where certificate_id = $1 and version < $2",
        row.certificate_id,
        row.version,
        status,
        row.status_since.to_sqlx() as _,
        public_reason,
        sequence,
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn words(standing: &Standing) -> (&'static str, &str) {
    match standing {
        Standing::Valid => ("valid", ""),
        Standing::Suspended { .. } => ("suspended", ""),
        Standing::Revoked { reason, .. } => ("revoked", reason),
    }
}

/// A version of a certificate, as it is read: borrowed from the row.
pub(crate) struct Entry<'a> {
    pub(crate) version: i32,
    pub(crate) superseded: bool,
    pub(crate) number: &'a str,
    pub(crate) status: &'a str,
    pub(crate) masked_name: &'a str,
    pub(crate) masked_document_number: &'a str,
    pub(crate) occupation_edition: i16,
    pub(crate) occupation_code: &'a str,
    pub(crate) occupation_name: &'a str,
    pub(crate) trade: &'a str,
    pub(crate) level: &'a str,
    pub(crate) organization_name: &'a str,
    pub(crate) issued_on: Date,
    pub(crate) status_since: Date,
    pub(crate) public_reason: &'a str,
    pub(crate) qr_token_hash: &'a [u8],
    pub(crate) door_keys: Elements<'a>,
    pub(crate) number_doors: Elements<'a>,
    pub(crate) document_doors: Elements<'a>,
}

/// Reads what became of certificates after one change and up to another.
pub(crate) async fn changed(
    connection: &mut PgConnection,
    after: i64,
    up_to: i64,
    mut each: impl FnMut(Entry<'_>) -> anyhow::Result<()>,
) -> Result<()> {
    let query = format!(
        "select version, superseded, number, status, masked_name, masked_document_number,
                occupation_edition, occupation_code, occupation_name, trade, level,
                organization_name, issued_on, status_since, public_reason, qr_token_hash,
                door_keys, number_doors, document_doors
         from certificate_version where change_sequence > {after} and change_sequence <= {up_to}"
    );
    // Fields of a struct are evaluated in the order in which they are written.
    copy::rows(connection, &query, |row| {
        each(Entry {
            version: row.integer()?,
            superseded: row.boolean()?,
            number: row.text()?,
            status: row.text()?,
            masked_name: row.text()?,
            masked_document_number: row.text()?,
            occupation_edition: row.smallint()?,
            occupation_code: row.text()?,
            occupation_name: row.text()?,
            trade: row.text()?,
            level: row.text()?,
            organization_name: row.text()?,
            issued_on: row.date()?,
            status_since: row.date()?,
            public_reason: row.text()?,
            qr_token_hash: row.bytes()?,
            door_keys: row.elements()?,
            number_doors: row.elements()?,
            document_doors: row.elements()?,
        })
    })
    .await
}

/// About how many versions there are, as PostgreSQL last counted.
pub(crate) async fn about_how_many(connection: &mut PgConnection) -> Result<u64> {
    let count = sqlx::query_scalar!(
        r#"select greatest(reltuples, 0)::bigint as "count!"
           from pg_class where oid = 'certificate_version'::regclass"#
    )
    .fetch_one(connection)
    .await?;
    Ok(count.cast_unsigned())
}
