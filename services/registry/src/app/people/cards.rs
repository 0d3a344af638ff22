//! Cards: recorded by a home, and the human's from then on.

use std::slice::from_ref;

use kernel::card_number::CardNumber;
use kernel::ids::PersonId;
use kernel::occupation::OccupationRef;
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

/// A card that is to be recorded.
pub(crate) struct NewCard {
    pub(crate) number: CardNumber,
    pub(crate) card: Card,
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
        let beside = (human, &found.person.cards[..]);
        let (index, fact) = self.judge_card(&mut unit, beside, &new, &catalogue).await?;
        let vault = self.journal.vault();
        let number = (&new.number, index.as_slice());
        store::card::insert(unit.connection(), vault, human, &new.card, number).await?;
        let person = self
            .conclude(&mut unit, (&mut locked, caller), fact)
            .await?;
        unit.finish(contract::RecordCardResponse { person }).await
    }

    /// Whether a card may be recorded beside those of its human, who is locked; and the index under
    /// which its number is that human's from then on.
    pub(super) async fn judge_card(
        &self,
        unit: &mut Unit,
        (human, beside): (HumanId, &[Card]),
        new: &NewCard,
        catalogue: &Catalogue,
    ) -> Result<(Vec<u8>, PersonFact)> {
        let indexes = self.indexer.index(CARD_NUMBER, &[new.number.reveal()]);
        let index = store::card::claim_number(unit.connection(), &indexes, human).await?;
        let numbered = store::card::with_numbers(unit.connection(), from_ref(&index)).await?;
        let same_number = beside.iter().filter(|known| {
            let mut numbered = numbered.iter();
            numbered.any(|numbered| numbered.card == known.id)
        });
        let knows = |wanted: &OccupationRef| catalogue.knows(wanted);
        let fact = new.card.record(same_number, knows)?;
        Ok((index, fact))
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
