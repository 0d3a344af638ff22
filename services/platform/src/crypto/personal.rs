//! Who saw whose data, and what for.
//!
//! Insert-only, in the transaction of the very act: without the record there is no value.

use sqlx::PgConnection;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{Place, Vault};
use crate::access::Caller;
use crate::error::Result;

/// What personal data is opened for, in a word or two such as `print_certificate`. Services
/// declare theirs as constants, so that all purposes can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Purpose(pub &'static str);

/// Writes down that somebody is shown the value at a place.
pub async fn record_access(
    connection: &mut PgConnection,
    actor: &Caller,
    purpose: Purpose,
    place: Place,
) -> Result<()> {
    sqlx::query!(
        "insert into platform.access_record
             (record_id, subject, role, purpose, place_table, place_row, place_column)
         values ($1, $2, $3, $4, $5, $6, $7)",
        Uuid::now_v7(),
        actor.subject,
        actor.role.as_str(),
        purpose.0,
        place.table,
        place.row,
        place.column,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes down that somebody is shown the values at many places.
pub async fn record_accesses(
    connection: &mut PgConnection,
    actor: &Caller,
    purpose: Purpose,
    places: &[Place],
) -> Result<()> {
    let records: Vec<Uuid> = places.iter().map(|_| Uuid::now_v7()).collect();
    let text = |value: fn(&Place) -> &'static str| -> Vec<String> {
        places.iter().map(|place| value(place).to_owned()).collect()
    };
    let rows: Vec<Uuid> = places.iter().map(|place| place.row).collect();
    sqlx::query!(
        "insert into platform.access_record
             (subject, role, purpose, record_id, place_table, place_row, place_column)
         select $1, $2, $3, shown.*
         from unnest($4::uuid[], $5::text[], $6::uuid[], $7::text[]) as shown",
        actor.subject,
        actor.role.as_str(),
        purpose.0,
        &records,
        &text(|place| place.table),
        &rows,
        &text(|place| place.column),
    )
    .execute(connection)
    .await?;
    Ok(())
}

impl Vault {
    /// Opens a value for somebody, and records that in the caller's transaction.
    ///
    /// # Errors
    /// As [`Vault::unseal`], and when the record cannot be written.
    pub async fn reveal(
        &self,
        connection: &mut PgConnection,
        actor: &Caller,
        purpose: Purpose,
        place: Place,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>> {
        let plain = self.unseal(place, sealed).await?;
        record_access(connection, actor, purpose, place).await?;
        Ok(plain)
    }
}
