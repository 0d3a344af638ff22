//! Certificates: what each version says, what leads to it, and the one question.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::level::Level;
use kernel::occupation::{Edition, OccupationCode, OccupationRef};
use kernel::rejection::Faults;
use platform::Result;
use platform::crypto::BlindIndex;
use platform::error::corrupt;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Doors;
use crate::index::{Certificate, Finding, Standing};

/// A version of a certificate, as it is kept.
pub(crate) struct VersionRow {
    pub(crate) certificate_id: Uuid,
    pub(crate) version: i32,
    pub(crate) certificate: Certificate,
    /// Day of the last change of standing; for a certificate in force the day it was issued.
    pub(crate) status_since: Date,
    pub(crate) qr_token_hash: Vec<u8>,
    pub(crate) lineage: Vec<u8>,
    pub(crate) canonical_leaf: Vec<u8>,
}

/// Writes what a version says now.
pub(crate) async fn put(connection: &mut PgConnection, row: &VersionRow) -> Result<()> {
    let certificate = &row.certificate;
    let (status, public_reason) = match &certificate.standing {
        Standing::Valid => ("valid", ""),
        Standing::Suspended { .. } => ("suspended", ""),
        Standing::Revoked { reason, .. } => ("revoked", reason.as_str()),
    };
    sqlx::query!(
        "insert into certificate_version
             (certificate_id, version, number, status, masked_name, masked_document_number,
              occupation_edition, occupation_code, occupation_name, trade, level,
              organization_code, organization_name, issued_on, status_since, public_reason,
              qr_token_hash, lineage, canonical_leaf)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                 $19)
         on conflict (certificate_id, version) do update
             set (number, status, masked_name, masked_document_number, occupation_edition,
                  occupation_code, occupation_name, trade, level, organization_code,
                  organization_name, issued_on, status_since, public_reason, qr_token_hash,
                  lineage, canonical_leaf)
               = (excluded.number, excluded.status, excluded.masked_name,
                  excluded.masked_document_number, excluded.occupation_edition,
                  excluded.occupation_code, excluded.occupation_name, excluded.trade,
                  excluded.level, excluded.organization_code, excluded.organization_name,
                  excluded.issued_on, excluded.status_since, excluded.public_reason,
                  excluded.qr_token_hash, excluded.lineage, excluded.canonical_leaf)",
        row.certificate_id,
        row.version,
        certificate.number,
        status,
        certificate.holder,
        certificate.document_number,
        certificate.occupation.edition.year().cast_signed(),
        certificate.occupation.code.as_str(),
        certificate.occupation_name,
        certificate.trade,
        certificate.level.name(),
        certificate.organization_code,
        certificate.organization_name,
        certificate.issued_on.to_sqlx() as _,
        row.status_since.to_sqlx() as _,
        public_reason,
        row.qr_token_hash,
        row.lineage,
        row.canonical_leaf,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Opens doors to a version. A correction that leaves the pair as it was moves its door along, and
/// no door ever leads back to an older version.
pub(crate) async fn open(
    connection: &mut PgConnection,
    certificate_id: Uuid,
    version: i32,
    doors: &Doors,
) -> Result<()> {
    sqlx::query!(
        "insert into certificate_door (purpose, key_id, digest, certificate_id, version)
         select purpose, key_id, digest, $1, $2
         from unnest($3::text[], $4::text[], $5::bytea[]) as given (purpose, key_id, digest)
         on conflict (purpose, key_id, digest, certificate_id) do update
             set version = greatest(certificate_door.version, excluded.version)",
        certificate_id,
        version,
        &doors.purposes,
        &doors.key_ids,
        &doors.digests,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What the version says that the pair leads to, and where the newest one stands.
struct FoundRow {
    version: i32,
    number: String,
    masked_name: String,
    masked_document_number: String,
    occupation_edition: i16,
    occupation_code: String,
    occupation_name: String,
    trade: String,
    level: String,
    organization_code: String,
    organization_name: String,
    issued_on: jiff_sqlx::Date,
    newest_version: i32,
    status: String,
    status_since: jiff_sqlx::Date,
    public_reason: String,
}

/// Goes through the door that one of the digests opens, if there is one.
pub(crate) async fn find(
    connection: &mut PgConnection,
    purpose: &str,
    digests: &[BlindIndex],
) -> Result<Finding> {
    let (key_ids, digests): (Vec<_>, Vec<_>) = digests
        .iter()
        .map(|index| (index.key_id.clone(), index.digest.to_vec()))
        .unzip();
    let found = sqlx::query_as!(
        FoundRow,
        r#"select opened.version, opened.number, opened.masked_name,
               opened.masked_document_number, opened.occupation_edition, opened.occupation_code,
               opened.occupation_name, opened.trade, opened.level, opened.organization_code,
               opened.organization_name, opened.issued_on, newest.version as "newest_version!",
               newest.status as "status!", newest.status_since as "status_since!",
               newest.public_reason as "public_reason!"
           from unnest($2::text[], $3::bytea[]) as given (key_id, digest)
           join certificate_door as door
               on door.purpose = $1 and door.key_id = given.key_id and door.digest = given.digest
           join certificate_version as opened
               on opened.certificate_id = door.certificate_id and opened.version = door.version
           cross join lateral (
               select version, status, status_since, public_reason from certificate_version
               where certificate_id = door.certificate_id order by version desc limit 1
           ) as newest
           order by opened.version desc limit 1"#,
        purpose,
        &key_ids,
        &digests,
    )
    .fetch_optional(connection)
    .await?;
    found.map_or(Ok(Finding::NotFound), FoundRow::finding)
}

impl FoundRow {
    /// A revocation is told to whoever knows any pair of the certificate, a correction only to
    /// who knows an older one.
    fn finding(self) -> Result<Finding> {
        let since = self.status_since.to_jiff();
        let standing = match self.status.as_str() {
            "revoked" => Standing::Revoked {
                on: since,
                reason: self.public_reason.clone(),
            },
            _ if self.version < self.newest_version => return Ok(Finding::Corrected),
            "suspended" => Standing::Suspended { since },
            "valid" => Standing::Valid,
            _ => return Err(anyhow::anyhow!("a stored certificate of unknown status").into()),
        };
        let certificate = self.certificate(standing);
        let certificate = certificate.map_err(corrupt("certificate"))?;
        Ok(Finding::Found(Box::new(certificate)))
    }

    fn certificate(self, standing: Standing) -> Result<Certificate, Faults> {
        let edition = Edition::of_year(self.occupation_edition.cast_unsigned())?;
        let code = OccupationCode::parse(&self.occupation_code)?;
        Ok(Certificate {
            number: self.number,
            holder: self.masked_name,
            document_number: self.masked_document_number,
            occupation: OccupationRef::new(edition, code),
            occupation_name: self.occupation_name,
            trade: self.trade,
            level: Level::parse(&self.level)?,
            organization_code: self.organization_code,
            organization_name: self.organization_name,
            issued_on: self.issued_on.to_jiff(),
            standing,
        })
    }
}
