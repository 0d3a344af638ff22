//! Leaves for the certificate log, with the random bytes that open each commitment.

use std::collections::HashMap;

use kernel::ids::CertificateId;
use platform::Result;
use platform::crypto::{Place, Vault};
use sqlx::PgConnection;

use crate::domain::certificate::Certificate;

/// A leaf for the log, with what opens its commitment.
pub(crate) struct Leaf {
    pub(crate) certificate: CertificateId,
    pub(crate) position: i32,
    pub(crate) bytes: Vec<u8>,
    pub(crate) opening: [u8; 32],
}

/// Keeps leaves.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    leaves: &[Leaf],
) -> Result<()> {
    let openings: Vec<_> = leaves
        .iter()
        .map(|leaf| vault.seal(place(leaf.certificate), &leaf.opening))
        .collect();
    sqlx::query!(
        "insert into certificate_leaf (certificate_id, position, leaf, opening_sealed)
         select * from unnest($1::uuid[], $2::integer[], $3::bytea[], $4::bytea[])",
        &leaves
            .iter()
            .map(|leaf| leaf.certificate.uuid())
            .collect::<Vec<_>>(),
        &leaves.iter().map(|leaf| leaf.position).collect::<Vec<_>>(),
        &leaves
            .iter()
            .map(|leaf| leaf.bytes.clone())
            .collect::<Vec<_>>(),
        &openings,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The newest leaf of each certificate, with its position.
pub(crate) async fn last(
    connection: &mut PgConnection,
    certificates: &[&Certificate],
) -> Result<HashMap<CertificateId, (i32, Vec<u8>)>> {
    let ids: Vec<_> = certificates.iter().map(|it| it.id.uuid()).collect();
    let rows = sqlx::query!(
        "select distinct on (certificate_id) certificate_id, position, leaf
         from certificate_leaf where certificate_id = any($1)
         order by certificate_id, position desc",
        &ids,
    )
    .fetch_all(connection)
    .await?;
    let leaves = rows.into_iter().map(|row| {
        let id = CertificateId::from_uuid(row.certificate_id);
        (id, (row.position, row.leaf))
    });
    Ok(leaves.collect())
}

fn place(certificate: CertificateId) -> Place {
    Place {
        table: "certificate_leaf",
        row: certificate.uuid(),
        column: "opening_sealed",
    }
}
