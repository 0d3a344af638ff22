//! Cards. Their numbers rest sealed.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::card_number::CardNumber;
use kernel::ids::PersonId;
use kernel::level::Level;
use kernel::rejection::Faults;
use platform::access::Scope;
use platform::crypto::{BlindIndex, Place, Vault};
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{occupations, readable, texts};
use crate::domain::people::card::{Card, CardRejection};
use crate::domain::people::{CardId, HumanId};

/// The cards of a human, with their numbers in the same order.
#[derive(Default, Clone)]
pub(crate) struct Cards {
    pub(crate) cards: Vec<Card>,
    pub(crate) numbers: Vec<Vec<u8>>,
}

/// Where the number of a card lies.
pub(crate) fn number_place(card: CardId) -> Place {
    Place {
        table: "card",
        row: card.uuid(),
        column: "number_sealed",
    }
}

/// The cards of these humans, in the order of their first days.
pub(crate) async fn of_humans(
    connection: &mut PgConnection,
    humans: &[Uuid],
) -> Result<HashMap<Uuid, Cards>> {
    let rows = sqlx::query!(
        "select human_id, card_id, person_id, kind, occupations, levels, valid_from, valid_until,
             issuer, revoked_on, revocation_reason, number_sealed
         from card where human_id = any($1) order by valid_from, card_id",
        humans,
    )
    .fetch_all(connection)
    .await?;
    let mut cards: HashMap<_, Cards> = HashMap::new();
    for row in rows {
        let levels = row.levels.iter();
        let levels = levels.map(|level| readable("level", Level::parse(level)));
        let card = Card {
            id: CardId::from_uuid(row.card_id),
            person_id: PersonId::from_uuid(row.person_id),
            kind: row.kind.parse().map_err(anyhow::Error::from)?,
            occupations: occupations(&row.occupations)?,
            levels: levels.collect::<Result<_>>()?,
            valid_from: row.valid_from.to_jiff(),
            valid_until: row.valid_until.to_jiff(),
            issuer: row.issuer,
            revoked_on: row.revoked_on.map(jiff_sqlx::Date::to_jiff),
            revocation_reason: row.revocation_reason,
        };
        let of_human = cards.entry(row.human_id).or_default();
        of_human.cards.push(card);
        of_human.numbers.push(row.number_sealed);
    }
    Ok(cards)
}

/// The person for whom a card was recorded, if the caller may see that person.
pub(crate) async fn holder(
    connection: &mut PgConnection,
    scope: &Scope,
    card: CardId,
) -> Result<PersonId> {
    let scope = scope.filter();
    let holder = sqlx::query_scalar!(
        "select person_id
         from card join person using (person_id) left join body_area using (organization_id)
         where card_id = $3
           and ($1::text is null or coalesce(pool_division, area) = $1)
           and ($2::uuid is null or organization_id = $2)",
        scope.area,
        scope.organization,
        card.uuid(),
    )
    .fetch_optional(connection)
    .await?;
    holder
        .map(PersonId::from_uuid)
        .ok_or_else(|| Error::refused(CardRejection::CardNotFound))
}

/// Makes a number a human's for ever, under the first of these blind indexes, which is that of the
/// key in use; or finds that it is already. Comes back with the index it has.
pub(crate) async fn claim_number(
    connection: &mut PgConnection,
    indexes: &[BlindIndex],
    human: HumanId,
) -> Result<Vec<u8>> {
    let digests: Vec<_> = indexes.iter().map(|index| index.digest.to_vec()).collect();
    let in_use = indexes.first();
    let in_use = in_use.ok_or_else(|| anyhow::anyhow!("there is no index key"))?;
    // Whoever was faster by a moment is waited for here, and found below.
    sqlx::query!(
        "insert into card_number (number_index, index_key, human_id)
         select $1, $2, $3
         where not exists (select from card_number where number_index = any($4))
         on conflict do nothing",
        &in_use.digest,
        in_use.key_id,
        human.uuid(),
        &digests,
    )
    .execute(&mut *connection)
    .await?;
    let claimed = sqlx::query!(
        "select number_index, human_id from card_number where number_index = any($1)",
        &digests,
    )
    .fetch_one(connection)
    .await?;
    if claimed.human_id == human.uuid() {
        Ok(claimed.number_index)
    } else {
        Err(Faults::at("number", &CardRejection::NumberTaken).into())
    }
}

/// Writes a card down.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    human: HumanId,
    card: &Card,
    (number, number_index): (&CardNumber, &[u8]),
) -> Result<()> {
    let levels: Vec<_> = card
        .levels
        .iter()
        .map(|level| level.name().to_owned())
        .collect();
    sqlx::query!(
        "insert into card (card_id, human_id, person_id, number_index, number_sealed, kind,
             occupations, levels, valid_from, valid_until, issuer)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        card.id.uuid(),
        human.uuid(),
        card.person_id.uuid(),
        number_index,
        vault.seal(number_place(card.id), number.reveal().as_bytes()),
        <&str>::from(card.kind),
        &texts(&card.occupations),
        &levels,
        card.valid_from.to_sqlx() as _,
        card.valid_until.to_sqlx() as _,
        card.issuer,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn revoke(
    connection: &mut PgConnection,
    card: CardId,
    (on, reason): (Date, &str),
) -> Result<()> {
    sqlx::query!(
        "update card set revoked_on = $2, revocation_reason = $3 where card_id = $1",
        card.uuid(),
        on.to_sqlx() as _,
        reason,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A card with the number behind a blind index.
pub(crate) struct Numbered {
    pub(crate) index: Vec<u8>,
    pub(crate) card: CardId,
    pub(crate) human: HumanId,
}

/// The cards with the numbers behind these blind indexes.
pub(crate) async fn with_numbers(
    connection: &mut PgConnection,
    digests: &[Vec<u8>],
) -> Result<Vec<Numbered>> {
    let rows = sqlx::query!(
        "select number_index, card_id, human_id from card where number_index = any($1)",
        digests,
    )
    .fetch_all(connection)
    .await?;
    let numbered = rows.into_iter().map(|row| Numbered {
        index: row.number_index,
        card: CardId::from_uuid(row.card_id),
        human: HumanId::from_uuid(row.human_id),
    });
    Ok(numbered.collect())
}
