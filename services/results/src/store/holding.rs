//! Whose certificates are whose, by blind index of the document.

use std::collections::HashMap;

use jiff::civil::Date;
use kernel::certificate_number::CertificateNumber;
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use platform::Result;
use platform::crypto::BlindIndex;
use platform::error::readable;
use sqlx::PgConnection;

use super::batch::read_occupation;
use crate::domain::certificate::Certificate;

/// A certificate that somebody holds.
pub(crate) struct Holding {
    pub(crate) number: CertificateNumber,
    pub(crate) occupation: OccupationRef,
    pub(crate) trade: String,
    pub(crate) level: Level,
    pub(crate) issued_on: Date,
    pub(crate) valid: bool,
}

/// Notes whose certificates these are.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    holders: &[(&Certificate, BlindIndex)],
) -> Result<()> {
    let ids: Vec<_> = holders.iter().map(|(of, _)| of.id.uuid()).collect();
    let versions = holders.iter().map(|(of, _)| of.version.cast_signed());
    let versions: Vec<_> = versions.collect();
    let digests: Vec<_> = holders
        .iter()
        .map(|(_, index)| index.digest.to_vec())
        .collect();
    let keys: Vec<_> = holders
        .iter()
        .map(|(_, index)| index.key_id.clone())
        .collect();
    sqlx::query!(
        "insert into holding (certificate_id, version, document_index, index_key)
         select * from unnest($1::uuid[], $2::integer[], $3::bytea[], $4::text[])",
        &ids,
        &versions,
        &digests,
        &keys,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What those with these blind indexes hold, the first issued first.
pub(crate) async fn of(
    connection: &mut PgConnection,
    indexes: &[Vec<u8>],
) -> Result<HashMap<Vec<u8>, Vec<Holding>>> {
    let rows = sqlx::query!(
        r#"select document_index, number, edition, occupation_code, trade, level,
               issued_on as "issued_on: jiff_sqlx::Date", status = 'valid' as "valid!"
           from holding
           join certificate using (certificate_id, version)
           join result using (result_id)
           join batch_subject
               on batch_subject.batch_id = result.batch_id and position = result.subject
           where document_index = any($1)
           order by issued_on, number"#,
        indexes,
    )
    .fetch_all(connection)
    .await?;
    let mut holdings: HashMap<Vec<u8>, Vec<Holding>> = HashMap::new();
    for row in rows {
        let holding = Holding {
            number: readable("certificate", CertificateNumber::parse(&row.number))?,
            occupation: read_occupation(row.edition, &row.occupation_code)?,
            trade: row.trade,
            level: readable("certificate", Level::parse(&row.level))?,
            issued_on: row.issued_on.to_jiff(),
            valid: row.valid,
        };
        holdings
            .entry(row.document_index)
            .or_default()
            .push(holding);
    }
    Ok(holdings)
}
