//! Fields of annexes that were given back: which, why, and in which annexes they were.

use std::collections::{BTreeMap, HashMap};

use kernel::ids::ApplicationId;
use platform::Result;
use platform::crypto::{Place, Vault};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::{Application, FieldPath, FormId};

/// A field given back, as people are shown it.
pub(crate) struct DescribedField {
    /// Which one.
    pub(crate) path: String,
    /// Why.
    pub(crate) reason: String,
    /// Whether it was changed since.
    pub(crate) corrected: bool,
}

/// Keeps the fields that were given back with their reasons, in the place of those of the time
/// before.
pub(crate) async fn replace(
    connection: &mut PgConnection,
    vault: &Vault,
    application: &Application,
    fields: &[(FieldPath, String)],
) -> Result<()> {
    let id = application.id;
    sqlx::query!(
        "delete from returned_field where application_id = $1",
        id.uuid()
    )
    .execute(&mut *connection)
    .await?;
    for (path, reason) in fields {
        let row = Uuid::now_v7();
        sqlx::query!(
            "insert into returned_field (returned_field_id, application_id, path, form_id, reason)
             values ($1, $2, $3, $4, $5)",
            row,
            id.uuid(),
            path.as_str(),
            application.form.uuid(),
            vault.seal(place(row), reason.as_bytes()),
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Keeps which of the fields given back were changed.
pub(crate) async fn save(connection: &mut PgConnection, application: &Application) -> Result<()> {
    for (path, corrected) in &application.returned_fields {
        sqlx::query!(
            "update returned_field set corrected = $3 where application_id = $1 and path = $2",
            application.id.uuid(),
            path.as_str(),
            corrected,
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// The annexes in which the fields given back were, where any were.
pub(crate) async fn returned_form(
    connection: &mut PgConnection,
    application: ApplicationId,
) -> Result<Option<FormId>> {
    let form = sqlx::query_scalar!(
        "select form_id from returned_field where application_id = $1 limit 1",
        application.uuid(),
    )
    .fetch_optional(connection)
    .await?;
    Ok(form.map(FormId::from_uuid))
}

/// The fields given back of applications, as their rules look at them.
pub(super) async fn returned(
    connection: &mut PgConnection,
    applications: &[Uuid],
) -> Result<HashMap<ApplicationId, BTreeMap<FieldPath, bool>>> {
    let rows = sqlx::query!(
        "select application_id, path, corrected from returned_field
         where application_id = any($1)",
        applications,
    )
    .fetch_all(connection)
    .await?;
    let mut returned: HashMap<_, BTreeMap<_, _>> = HashMap::new();
    for row in rows {
        let application = ApplicationId::from_uuid(row.application_id);
        let fields = returned.entry(application).or_default();
        fields.insert(FieldPath::new(row.path), row.corrected);
    }
    Ok(returned)
}

/// The fields given back of an application, with what people wrote.
pub(crate) async fn describe(
    connection: &mut PgConnection,
    vault: &Vault,
    application: ApplicationId,
) -> Result<Vec<DescribedField>> {
    let rows = sqlx::query!(
        "select returned_field_id, path, reason, corrected from returned_field
         where application_id = $1 order by path",
        application.uuid(),
    )
    .fetch_all(connection)
    .await?;
    let mut described = Vec::with_capacity(rows.len());
    for row in rows {
        described.push(DescribedField {
            path: row.path,
            reason: super::open(vault, place(row.returned_field_id), &row.reason).await?,
            corrected: row.corrected,
        });
    }
    Ok(described)
}

fn place(row: Uuid) -> Place {
    Place {
        table: "returned_field",
        row,
        column: "reason",
    }
}
