//! Sanctions. Their grounds rest sealed.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::{PersonId, SanctionId};
use platform::access::Scope;
use platform::crypto::{Place, Vault};
use platform::error::readable;
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::people::HumanId;
use crate::domain::people::engagement::PersonRole;
use crate::domain::people::sanction::{Sanction, SanctionRejection};

/// The sanctions on a human, with their grounds in the same order.
#[derive(Default, Clone)]
pub(crate) struct Sanctions {
    pub(crate) sanctions: Vec<Sanction>,
    pub(crate) grounds: Vec<Vec<u8>>,
}

/// Where the grounds of a sanction lie.
pub(crate) fn grounds_place(sanction: SanctionId) -> Place {
    place(sanction, "grounds_sealed")
}

fn place(sanction: SanctionId, column: &'static str) -> Place {
    Place {
        table: "sanction",
        row: sanction.uuid(),
        column,
    }
}

/// The sanctions on these humans, in the order of their first days.
pub(crate) async fn of_humans(
    connection: &mut PgConnection,
    humans: &[Uuid],
) -> Result<HashMap<Uuid, Sanctions>> {
    let rows = sqlx::query!(
        "select human_id, sanction_id, person_id, imposed_by, duties, barred_from, barred_until,
             lifted_on, grounds_sealed
         from sanction where human_id = any($1) order by barred_from, sanction_id",
        humans,
    )
    .fetch_all(connection)
    .await?;
    let mut sanctions: HashMap<_, Sanctions> = HashMap::new();
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
        let of_human = sanctions.entry(row.human_id).or_default();
        of_human.sanctions.push(sanction);
        of_human.grounds.push(row.grounds_sealed);
    }
    Ok(sanctions)
}

/// The person on whose account a sanction was imposed, if the caller may see that person.
pub(crate) async fn person(
    connection: &mut PgConnection,
    scope: &Scope,
    sanction: SanctionId,
) -> Result<PersonId> {
    let scope = scope.filter();
    let person = sqlx::query_scalar!(
        "select person_id
         from sanction join person using (person_id) left join body_area using (organization_id)
         where sanction_id = $3
           and ($1::text is null or coalesce(pool_division, area) = $1)
           and ($2::uuid is null or organization_id = $2)",
        scope.area,
        scope.organization,
        sanction.uuid(),
    )
    .fetch_optional(connection)
    .await?;
    person
        .map(PersonId::from_uuid)
        .ok_or_else(|| Error::refused(SanctionRejection::SanctionNotFound))
}

/// Writes a sanction down.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    human: HumanId,
    sanction: &Sanction,
    grounds: &str,
) -> Result<()> {
    let duties = sanction.duties.iter();
    let duties: Vec<_> = duties.map(|duty| <&str>::from(*duty).to_owned()).collect();
    sqlx::query!(
        "insert into sanction (sanction_id, human_id, person_id, imposed_by, duties, grounds_sealed,
             barred_from, barred_until)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        sanction.id.uuid(),
        human.uuid(),
        sanction.person_id.uuid(),
        sanction.imposed_by.as_str(),
        &duties,
        vault.seal(grounds_place(sanction.id), grounds.as_bytes()),
        sanction.from.to_sqlx() as _,
        sanction.until.map(ToSqlx::to_sqlx) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn lift(
    connection: &mut PgConnection,
    vault: &Vault,
    sanction: SanctionId,
    (on, reason): (Date, &str),
) -> Result<()> {
    sqlx::query!(
        "update sanction set lifted_on = $2, lifted_why = $3 where sanction_id = $1",
        sanction.uuid(),
        on.to_sqlx() as _,
        vault.seal(place(sanction, "lifted_why"), reason.as_bytes()),
    )
    .execute(connection)
    .await?;
    Ok(())
}
