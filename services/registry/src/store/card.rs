//! Cards. Their numbers rest sealed.

use std::collections::HashMap;

use kernel::ids::PersonId;
use kernel::level::Level;
use platform::Result;
use platform::crypto::Place;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{occupations, readable};
use crate::domain::people::CardId;
use crate::domain::people::card::Card;

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
             issuer, revoked_on, number_sealed
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
        };
        let of_human = cards.entry(row.human_id).or_default();
        of_human.cards.push(card);
        of_human.numbers.push(row.number_sealed);
    }
    Ok(cards)
}
