//! What has happened to an organisation, from its own facts: what was recorded is what is shown.

use jiff::civil::Date;
use kernel::ids::OrganizationId;
use platform::Result;
use sqlx::PgConnection;

use crate::domain::organization::OrganizationFact;

/// Kinds of facts that the public is told; what else is recorded of a body stays inside.
const PUBLIC: [&str; 10] = [
    "organization_registered",
    "organization_reported",
    "rights_granted",
    "rights_renewed",
    "rights_ended",
    "rights_resumed",
    "measure_imposed",
    "organization_withdrawn",
    "rules_published",
    "change_decided",
];

/// A fact with its business day.
pub(crate) struct Happened {
    pub(crate) on: Date,
    pub(crate) fact: OrganizationFact,
}

/// The facts of an organisation in the directory, the oldest first.
pub(crate) async fn of(
    connection: &mut PgConnection,
    organization_id: OrganizationId,
) -> Result<Vec<Happened>> {
    let public = PUBLIC.map(str::to_owned);
    let rows = sqlx::query!(
        r#"select occurred_at, payload::text as "payload!" from platform.fact
         where aggregate_kind = 'organization' and aggregate_id = $1 and kind = any($2)
         order by version"#,
        organization_id.uuid(),
        &public,
    )
    .fetch_all(connection)
    .await?;
    let facts = rows.into_iter().map(|row| {
        Ok(Happened {
            on: row.occurred_at.to_jiff().date(),
            fact: serde_json::from_str(&row.payload).map_err(anyhow::Error::from)?,
        })
    });
    facts.collect()
}
