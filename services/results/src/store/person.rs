//! Names and documents of candidates: sealed at rest, opened for the service's own use.

use std::collections::HashMap;

use kernel::identity_document::Document;
use kernel::ids::ResultId;
use kernel::person_name::PersonName;
use platform::Result;
use platform::crypto::{Place, Vault};
use platform::error::readable;
use sqlx::PgConnection;

use crate::domain::person::Person;

/// Name and document, sealed for their places.
pub(super) fn seal(vault: &Vault, result: ResultId, person: &Person) -> (Vec<u8>, Vec<u8>) {
    (
        vault.seal(
            place(result, "name_sealed"),
            person.name.reveal().as_bytes(),
        ),
        vault.seal(
            place(result, "document_sealed"),
            person.document.written().as_bytes(),
        ),
    )
}

/// A digest by which an earlier exam of the same person is found.
pub(super) fn digest(vault: &Vault, person: &Person) -> Vec<u8> {
    let document = person.document.key();
    vault
        .digest("result person", &[document.as_bytes()])
        .to_vec()
}

/// The people behind results.
pub(crate) async fn load(
    connection: &mut PgConnection,
    vault: &Vault,
    results: &[ResultId],
) -> Result<HashMap<ResultId, Person>> {
    let ids: Vec<_> = results.iter().map(ResultId::uuid).collect();
    let rows = sqlx::query!(
        "select result_id, name_sealed, document_sealed from result where result_id = any($1)",
        &ids,
    )
    .fetch_all(connection)
    .await?;
    let mut people = HashMap::with_capacity(rows.len());
    for row in rows {
        let id = ResultId::from_uuid(row.result_id);
        let name = vault
            .unseal(place(id, "name_sealed"), &row.name_sealed)
            .await?;
        let document = vault
            .unseal(place(id, "document_sealed"), &row.document_sealed)
            .await?;
        people.insert(
            id,
            Person {
                name: read_name(&name)?,
                document: read_document(&document)?,
            },
        );
    }
    Ok(people)
}

/// A name as it was sealed.
pub(super) fn read_name(bytes: &[u8]) -> Result<PersonName> {
    let text = std::str::from_utf8(bytes).map_err(anyhow::Error::from)?;
    readable("name", PersonName::parse(text))
}

pub(super) fn read_document(bytes: &[u8]) -> Result<Document> {
    let text = std::str::from_utf8(bytes).map_err(anyhow::Error::from)?;
    readable("document", Document::read(text))
}

/// Where a candidate's name lies.
pub(crate) fn name_place(result: ResultId) -> Place {
    place(result, "name_sealed")
}

/// Where a sealed column of a result lies.
pub(super) fn place(result: ResultId, column: &'static str) -> Place {
    Place {
        table: "result",
        row: result.uuid(),
        column,
    }
}
