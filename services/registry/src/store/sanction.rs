//! Sanctions. Their grounds rest sealed.

use std::collections::HashMap;

use kernel::division::DivisionCode;
use kernel::ids::{PersonId, SanctionId};
use platform::Result;
use sqlx::PgConnection;
use uuid::Uuid;

use super::readable;
use crate::domain::people::engagement::PersonRole;
use crate::domain::people::sanction::Sanction;

/// The sanctions on these humans, in the order of their first days.
pub(crate) async fn of_humans(
    connection: &mut PgConnection,
    humans: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Sanction>>> {
    let rows = sqlx::query!(
        "select human_id, sanction_id, person_id, imposed_by, duties, barred_from, barred_until,
             lifted_on
         from sanction where human_id = any($1) order by barred_from, sanction_id",
        humans,
    )
    .fetch_all(connection)
    .await?;
    let mut sanctions: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        let duties = row.duties.iter().map(|duty| duty.parse::<PersonRole>());
        let sanction = Sanction {
            id: SanctionId::from_uuid(row.sanction_id),
            person_id: PersonId::from_uuid(row.person_id),
            imposed_by: readable("division", DivisionCode::parse(&row.imposed_by))?,
            duties: duties
                .collect::<Result<_, _>>()
                .map_err(anyhow::Error::from)?,
            from: row.barred_from.to_jiff(),
            until: row.barred_until.map(jiff_sqlx::Date::to_jiff),
            lifted_on: row.lifted_on.map(jiff_sqlx::Date::to_jiff),
        };
        sanctions.entry(row.human_id).or_default().push(sanction);
    }
    Ok(sanctions)
}
