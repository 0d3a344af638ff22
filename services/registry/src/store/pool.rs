//! What ties the people of a pool to organisations.

use std::collections::HashMap;

use kernel::credit_code::UnifiedSocialCreditCode;
use kernel::ids::OrganizationId;
use platform::Result;
use sqlx::PgConnection;
use uuid::Uuid;

use super::readable;
use crate::domain::people::pool::Tie;

/// Organisations that these humans worked for or work for.
pub(crate) async fn ties(
    connection: &mut PgConnection,
    humans: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Tie>>> {
    let rows = sqlx::query!(
        "select human_id, body.organization_id, credit_code, role, on_post_from, on_post_until
         from person
         join engagement using (person_id)
         join body using (organization_id)
         where human_id = any($1)
         order by organization_id, on_post_from, role",
        humans,
    )
    .fetch_all(connection)
    .await?;
    let mut ties: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        let tie = Tie {
            organization_id: OrganizationId::from_uuid(row.organization_id),
            credit_code: readable(
                "credit code",
                UnifiedSocialCreditCode::admit(&row.credit_code),
            )?,
            role: row.role.parse().map_err(anyhow::Error::from)?,
            from: row.on_post_from.to_jiff(),
            until: row.on_post_until.map(jiff_sqlx::Date::to_jiff),
        };
        ties.entry(row.human_id).or_default().push(tie);
    }
    Ok(ties)
}
