//! The holder's data of each version of a certificate, and the token of its QR code: sealed.

use std::collections::HashMap;

use kernel::ids::CertificateId;
use platform::Result;
use platform::access::Caller;
use platform::crypto::{Place, Purpose, Vault, record_accesses};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{person, unreadable};
use crate::domain::certificate::{Certificate, QrToken};
use crate::domain::person::Person;

/// Whoever prints a certificate sees whose it is.
const PRINT: Purpose = Purpose("print_certificate");

/// A version that comes into being.
pub(crate) struct New<'a> {
    pub(crate) certificate: &'a Certificate,
    pub(crate) holder: &'a Person,
    pub(crate) token: &'a QrToken,
}

/// Keeps new versions.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    new: &[New<'_>],
) -> Result<()> {
    let ids: Vec<Uuid> = new.iter().map(|it| it.certificate.id.uuid()).collect();
    let sealed = |column, value: fn(&New<'_>) -> Vec<u8>| -> Vec<Vec<u8>> {
        new.iter()
            .map(|it| vault.seal(place(it.certificate.id, column), &value(it)))
            .collect()
    };
    let text = |value: fn(&Certificate) -> &str| -> Vec<String> {
        new.iter()
            .map(|it| value(it.certificate).to_owned())
            .collect()
    };
    sqlx::query!(
        "insert into certificate_version
             (certificate_id, version, name_sealed, document_sealed, masked_name,
              masked_document_number, qr_token_sealed, qr_token_hash)
         select * from unnest($1::uuid[], $2::integer[], $3::bytea[], $4::bytea[], $5::text[],
             $6::text[], $7::bytea[], $8::bytea[])",
        &ids,
        &new.iter()
            .map(|it| it.certificate.version.cast_signed())
            .collect::<Vec<_>>(),
        &sealed(NAME, |it| it.holder.name.reveal().as_bytes().to_vec()),
        &sealed(DOCUMENT, |it| {
            it.holder.document.written().as_bytes().to_vec()
        }),
        &text(|it| &it.masked_name),
        &text(|it| &it.masked_document_number),
        &sealed(QR_TOKEN, |it| it.token.bytes().to_vec()),
        &new.iter()
            .map(|it| it.certificate.qr_token_hash.to_vec())
            .collect::<Vec<_>>(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The holders as the newest versions have them.
pub(crate) async fn holders(
    connection: &mut PgConnection,
    vault: &Vault,
    certificates: &[&Certificate],
) -> Result<HashMap<CertificateId, Person>> {
    let ids: Vec<_> = certificates.iter().map(|it| it.id.uuid()).collect();
    let rows = sqlx::query!(
        "select certificate_id, name_sealed, document_sealed
         from certificate join certificate_version using (certificate_id, version)
         where certificate_id = any($1)",
        &ids,
    )
    .fetch_all(connection)
    .await?;
    let mut holders = HashMap::with_capacity(rows.len());
    for row in rows {
        let id = CertificateId::from_uuid(row.certificate_id);
        let sealed = (row.name_sealed, row.document_sealed);
        holders.insert(id, holder(vault, id, &sealed).await?);
    }
    Ok(holders)
}

/// What is printed of certificates beside what everybody is told. That somebody was shown it goes
/// on record.
pub(crate) async fn reveal(
    connection: &mut PgConnection,
    vault: &Vault,
    caller: &Caller,
    certificates: &[&Certificate],
) -> Result<HashMap<CertificateId, (Person, QrToken)>> {
    let ids: Vec<_> = certificates.iter().map(|it| it.id.uuid()).collect();
    let rows = sqlx::query!(
        "select certificate_id, name_sealed, document_sealed, qr_token_sealed
         from certificate join certificate_version using (certificate_id, version)
         where certificate_id = any($1)",
        &ids,
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut revealed = HashMap::with_capacity(rows.len());
    for row in rows {
        let id = CertificateId::from_uuid(row.certificate_id);
        let sealed = (row.name_sealed, row.document_sealed);
        let holder = holder(vault, id, &sealed).await?;
        let token = vault
            .unseal(place(id, QR_TOKEN), &row.qr_token_sealed)
            .await?;
        let token = token[..].try_into().map_err(|_| unreadable("token"))?;
        revealed.insert(id, (holder, QrToken::new(token)));
    }
    let shown = |certificate: &&Certificate| [NAME, DOCUMENT].map(|it| place(certificate.id, it));
    let places: Vec<Place> = certificates.iter().flat_map(shown).collect();
    record_accesses(connection, caller, PRINT, &places).await?;
    Ok(revealed)
}

async fn holder(
    vault: &Vault,
    id: CertificateId,
    (name, document): &(Vec<u8>, Vec<u8>),
) -> Result<Person> {
    let name = vault.unseal(place(id, NAME), name).await?;
    let document = vault.unseal(place(id, DOCUMENT), document).await?;
    Ok(Person {
        name: person::read_name(&name)?,
        document: person::read_document(&document)?,
    })
}

const NAME: &str = "name_sealed";
const DOCUMENT: &str = "document_sealed";
const QR_TOKEN: &str = "qr_token_sealed";

/// What is sealed of every version lies at its certificate's place.
fn place(certificate: CertificateId, column: &'static str) -> Place {
    Place {
        table: "certificate_version",
        row: certificate.uuid(),
        column,
    }
}
