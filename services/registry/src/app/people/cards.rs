//! Cards: recorded by a home, and the human's from then on.

use std::collections::HashMap;

use kernel::card_number::CardNumber;
use kernel::ids::PersonId;
use kernel::rejection::Faults;
use platform::access::Caller;
use platform::unit::{Begun, Unit};
use platform::{Error, Result};
use proto::registry::v1 as contract;

use super::{App, CARD_NUMBER, must_be_home};
use crate::domain::catalogue::Catalogue;
use crate::domain::people::card::{Card, CardRejection};
use crate::domain::people::person::PersonFact;
use crate::domain::people::{CardId, HumanId};
use crate::store;
use crate::store::card::Claim;

/// A card that is to be recorded.
pub(crate) struct NewCard {
    pub(crate) number: CardNumber,
    pub(crate) card: Card,
}

/// A number with the cards that have it.
pub(super) struct Numbered {
    pub(super) claim: Claim,
    pub(super) cards: Vec<CardId>,
}

impl Numbered {
    /// Whether a card with this number may be recorded beside those of its human.
    pub(super) fn judge(
        &self,
        new: &NewCard,
        human: HumanId,
        beside: &[Card],
        catalogue: &Catalogue,
    ) -> Result<PersonFact, Faults> {
        if self.claim.human != human {
            return Err(Faults::at("number", &CardRejection::NumberTaken));
        }
        let same_number = beside.iter().filter(|known| self.cards.contains(&known.id));
        new.card
            .record(same_number, |wanted| catalogue.knows(wanted))
    }
}

impl App {
    /// Records a card of a person.
    pub(crate) async fn record_card(
        &self,
        caller: &Caller,
        request: &contract::RecordCardRequest,
        new: NewCard,
    ) -> Result<contract::RecordCardResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, found) = self
            .open_person(&mut unit, caller, new.card.person_id)
            .await?;
        must_be_home(caller, found.person.home)?;
        let human = found.person.human;
        let catalogue = self.catalogue_in(unit.connection()).await?;
        let wanted = [(human, &new.number)];
        let claims = self.claim_numbers(&mut unit, &wanted).await?;
        let [claim] = &claims[..] else {
            return Err(anyhow::anyhow!("a number has one claim").into());
        };
        let fact = claim.judge(&new, human, &found.person.cards, &catalogue)?;
        let recorded = store::card::New {
            human,
            card: &new.card,
            number: &new.number,
            index: claim.claim.index.clone(),
        };
        let vault = self.journal.vault();
        store::card::insert(unit.connection(), vault, &[recorded]).await?;
        let person = self
            .conclude(&mut unit, (&mut locked, caller), fact)
            .await?;
        unit.finish(contract::RecordCardResponse { person }).await
    }

    /// Makes numbers those of their humans, who are locked, where they are nobody's yet.
    pub(super) async fn claim_numbers(
        &self,
        unit: &mut Unit,
        wanted: &[(HumanId, &CardNumber)],
    ) -> Result<Vec<Numbered>> {
        let index = |number: &CardNumber| self.indexer.index(CARD_NUMBER, &[number.reveal()]);
        let wanted = wanted.iter().map(|(human, number)| (index(number), *human));
        let wanted: Vec<_> = wanted.collect();
        let claims = store::card::claim(unit.connection(), &wanted).await?;
        let indexes: Vec<_> = claims.iter().map(|claim| claim.index.clone()).collect();
        let numbered = store::card::with_numbers(unit.connection(), &indexes).await?;
        let mut cards: HashMap<Vec<u8>, Vec<CardId>> = HashMap::new();
        for known in numbered {
            cards.entry(known.index).or_default().push(known.card);
        }
        let claims = claims.into_iter().map(|claim| Numbered {
            cards: cards.get(&claim.index).cloned().unwrap_or_default(),
            claim,
        });
        Ok(claims.collect())
    }

    /// Revokes a card from today on. Whoever sees the person for whom it was recorded may: the home
    /// itself, or a centre.
    pub(crate) async fn revoke_card(
        &self,
        caller: &Caller,
        request: &contract::RevokeCardRequest,
        (id, reason): (CardId, &str),
    ) -> Result<contract::RevokeCardResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let holder: PersonId = store::card::holder(unit.connection(), &caller.scope(), id).await?;
        let (mut locked, found) = self.open_person(&mut unit, caller, holder).await?;
        let card = found.person.cards.iter().find(|card| card.id == id);
        let card = card.ok_or_else(|| Error::refused(CardRejection::CardNotFound))?;
        let today = unit.origin().occurred_at.date();
        let fact = card.revoke(today).map_err(Error::refused)?;
        store::card::revoke(unit.connection(), id, (today, reason)).await?;
        let person = self
            .conclude(&mut unit, (&mut locked, caller), fact)
            .await?;
        unit.finish(contract::RevokeCardResponse { person }).await
    }
}
