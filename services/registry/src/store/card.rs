//! Cards. Their numbers rest sealed.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::card_number::CardNumber;
use kernel::ids::PersonId;
use kernel::level::Level;
use platform::access::Scope;
use platform::crypto::{BlindIndex, Place, Vault};
use platform::error::readable;
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{occupations, texts};
use crate::domain::people::card::{Card, CardRejection};
use crate::domain::people::{CardId, HumanId};

/// Stands between entries of a list on its way to the database.
const LIST: &str = ";";

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

/// Whose a number is, under the index it has.
#[derive(Clone)]
pub(crate) struct Claim {
    pub(crate) index: Vec<u8>,
    pub(crate) human: HumanId,
}

/// Makes numbers humans' for ever, under the first of their blind indexes, which is that of the key
/// in use; or finds whose they are already.
pub(crate) async fn claim(
    connection: &mut PgConnection,
    wanted: &[(Vec<BlindIndex>, HumanId)],
) -> Result<Vec<Claim>> {
    let indexes = wanted.iter().flat_map(|(indexes, _)| indexes);
    let digests: Vec<_> = indexes.map(|index| index.digest.to_vec()).collect();
    let mut known = claimed(connection, &digests).await?;
    let free = |(indexes, _): &&(Vec<BlindIndex>, HumanId)| of(&known, indexes).is_none();
    let free: Vec<_> = wanted.iter().filter(free).collect();
    if !free.is_empty() {
        insert_numbers(connection, &free).await?;
        known = claimed(connection, &digests).await?;
    }
    let claims = wanted.iter().map(|(indexes, _)| {
        let claim = of(&known, indexes);
        claim.ok_or_else(|| anyhow::anyhow!("a number was noted and is not there").into())
    });
    claims.collect()
}

fn of(known: &HashMap<Vec<u8>, HumanId>, indexes: &[BlindIndex]) -> Option<Claim> {
    indexes.iter().find_map(|index| {
        let (index, human) = known.get_key_value(&index.digest[..])?;
        Some(Claim {
            index: index.clone(),
            human: *human,
        })
    })
}

async fn claimed(
    connection: &mut PgConnection,
    digests: &[Vec<u8>],
) -> Result<HashMap<Vec<u8>, HumanId>> {
    let rows = sqlx::query!(
        "select number_index, human_id from card_number where number_index = any($1)",
        digests,
    )
    .fetch_all(connection)
    .await?;
    let claimed = rows.into_iter();
    let claimed = claimed.map(|row| (row.number_index, HumanId::from_uuid(row.human_id)));
    Ok(claimed.collect())
}

/// Writes down whose numbers are. Whoever was faster by a moment is waited for here, and found
/// afterwards; of two who claim a number at once, the first in the list has it.
async fn insert_numbers(
    connection: &mut PgConnection,
    new: &[&(Vec<BlindIndex>, HumanId)],
) -> Result<()> {
    let (mut digests, mut keys, mut humans) = (vec![], vec![], vec![]);
    for (indexes, human) in new {
        let in_use = indexes.first();
        let in_use = in_use.ok_or_else(|| anyhow::anyhow!("there is no index key"))?;
        digests.push(in_use.digest.to_vec());
        keys.push(in_use.key_id.clone());
        humans.push(human.uuid());
    }
    sqlx::query!(
        "insert into card_number (number_index, index_key, human_id)
         select digest, key_id, human
         from unnest($1::bytea[], $2::text[], $3::uuid[]) with ordinality
             as new (digest, key_id, human, position)
         order by digest, position
         on conflict do nothing",
        &digests,
        &keys,
        &humans,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A card that is recorded.
pub(crate) struct New<'a> {
    pub(crate) human: HumanId,
    pub(crate) card: &'a Card,
    pub(crate) number: &'a CardNumber,
    /// The index under which the number is the human's.
    pub(crate) index: Vec<u8>,
}

/// Writes cards down.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    new: &[New<'_>],
) -> Result<()> {
    let cards = || new.iter().map(|new| new.card);
    let ids: Vec<_> = cards().map(|card| card.id.uuid()).collect();
    let humans: Vec<_> = new.iter().map(|new| new.human.uuid()).collect();
    let people: Vec<_> = cards().map(|card| card.person_id.uuid()).collect();
    let indexes: Vec<_> = new.iter().map(|new| new.index.clone()).collect();
    let seal = |new: &New<'_>| {
        let number = new.number.reveal().as_bytes();
        vault.seal(number_place(new.card.id), number)
    };
    let numbers: Vec<_> = new.iter().map(seal).collect();
    let kinds: Vec<_> = cards().map(|card| <&str>::from(card.kind)).collect();
    // An array of arrays would have rows of one length.
    let occupations = cards().map(|card| texts(&card.occupations).join(LIST));
    let occupations: Vec<_> = occupations.collect();
    let levels = |card: &Card| {
        let levels: Vec<_> = card.levels.iter().map(|level| level.name()).collect();
        levels.join(LIST)
    };
    let levels: Vec<_> = cards().map(levels).collect();
    let from: Vec<_> = cards().map(|card| card.valid_from.to_string()).collect();
    let until: Vec<_> = cards().map(|card| card.valid_until.to_string()).collect();
    let issuers: Vec<_> = cards().map(|card| card.issuer.clone()).collect();
    sqlx::query!(
        "insert into card (card_id, human_id, person_id, number_index, number_sealed, kind,
             occupations, levels, valid_from, valid_until, issuer)
         select id, human, person, number_index, number, kind, string_to_array(occupations, $12),
             string_to_array(levels, $12), valid_from, valid_until, issuer
         from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bytea[], $5::bytea[], $6::text[],
             $7::text[], $8::text[], $9::text[]::date[], $10::text[]::date[], $11::text[])
             as new (id, human, person, number_index, number, kind, occupations, levels,
                 valid_from, valid_until, issuer)",
        &ids,
        &humans,
        &people,
        &indexes,
        &numbers,
        kinds as _,
        &occupations,
        &levels,
        &from,
        &until,
        &issuers,
        LIST,
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
