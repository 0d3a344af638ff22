//! People of an organisation out of a spreadsheet: all of them, or none and every row's faults.

use bytes::Bytes;
use kernel::content_hash::ContentHash;
use kernel::ids::{OrganizationId, PersonId};
use kernel::rejection::FaultList;
use platform::Result;
use platform::access::Caller;
use platform::crypto::BlindIndex;
use platform::unit::{Begun, Unit};
use proto::registry::v1 as contract;
use uuid::Uuid;

use super::super::sheets::{body, tried};
use super::{App, HUMAN, NewCard, must_be_home};
use crate::domain::catalogue::Catalogue;
use crate::domain::people::HumanId;
use crate::domain::people::home::Home;
use crate::domain::people::person::{Candidate, PersonFact, PersonRejection};
use crate::sheets::people::{Listed, place};
use crate::{messages, sheets, store};

impl App {
    /// Enlists the people of a file at the caller's organisation, unless that is only tried.
    pub(crate) async fn import_people(
        &self,
        caller: &Caller,
        header: &contract::PeopleHeader,
        organization: OrganizationId,
        file: Bytes,
    ) -> Result<contract::ImportPeopleResponse> {
        let home = Home::Organization(organization);
        must_be_home(caller, home)?;
        let hash = ContentHash::of_bytes(&file);
        let read = self
            .sheets
            .read(move || sheets::people::read(&file))
            .await?;
        if header.dry_run {
            // All is done, and nothing of it stays: the unit ends with this call.
            let mut unit = self.journal.begin_own().await?;
            let tried = match read {
                Ok(people) => tried(self.enlist_all(&mut unit, caller, home, people).await)?,
                Err(refused) => Err(refused),
            };
            return Ok(
                tried.unwrap_or_else(|faults| contract::ImportPeopleResponse {
                    faults: messages::sheet::faults(&faults),
                    ..contract::ImportPeopleResponse::default()
                }),
            );
        }
        let people = read?;
        let body = body(header, hash);
        let mut unit = match self.journal.begin_hashed(caller, header, body).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let reply = self.enlist_all(&mut unit, caller, home, people).await?;
        unit.finish(reply).await
    }

    async fn enlist_all(
        &self,
        unit: &mut Unit,
        caller: &Caller,
        home: Home,
        people: Vec<Listed>,
    ) -> Result<contract::ImportPeopleResponse> {
        if let Home::Organization(organization) = home {
            store::home::must_see(unit.connection(), &caller.scope(), organization).await?;
        }
        let catalogue = self.catalogue_in(unit.connection()).await?;
        let mut people: Vec<_> = people
            .into_iter()
            .map(|listed| {
                (
                    self.indexer.index(HUMAN, &[listed.citizen_id.reveal()]),
                    listed,
                )
            })
            .collect();
        // In one order for everybody, so that no two imports wait for each other.
        people.sort_by(|(one, _), (other, _)| digest(one).cmp(digest(other)));
        let mut humans = Vec::with_capacity(people.len());
        for (indexes, listed) in people {
            let vault = self.journal.vault();
            let human =
                store::human::lock(unit.connection(), vault, &indexes, &listed.citizen_id).await?;
            humans.push((human, listed));
        }
        humans.sort_by_key(|(_, listed)| listed.row);

        let mut reply = contract::ImportPeopleResponse::default();
        let mut faults = FaultList::default();
        for (human, listed) in humans {
            let row = listed.row;
            let with_card = listed.card.is_some();
            match tried(
                self.enlist_listed(unit, home, (human, listed), &catalogue)
                    .await,
            )? {
                Ok(id) => {
                    reply.cards += u32::from(with_card);
                    reply.people.push(contract::ImportedPerson {
                        row,
                        person_id: id.to_string(),
                    });
                }
                Err(refused) => faults.extend(refused.moved(|field| place(row, field))),
            }
        }
        faults.finish()?;
        Ok(reply)
    }

    /// Enlists one of them; the human is locked.
    async fn enlist_listed(
        &self,
        unit: &mut Unit,
        home: Home,
        (human, listed): (HumanId, Listed),
        catalogue: &Catalogue,
    ) -> Result<PersonId> {
        let candidate = Candidate {
            home,
            engagements: vec![listed.engagement],
            pool_entry: None,
        };
        let today = unit.today();
        let mut faults = FaultList::default();
        let fits = candidate.check(&listed.citizen_id, today);
        fits.unwrap_or_else(|refused| faults.extend(refused));
        let known = store::person::is_at_home(unit.connection(), home, human).await?;
        let enlisted = PersonRejection::PersonEnlistedAlready;
        faults.require(!known, "citizen_id", &enlisted);
        let id = PersonId::from_uuid(Uuid::now_v7());
        let card = match listed.card {
            Some(mut new) => {
                new.card.person_id = id;
                let judged = tried(self.judge_card_of(unit, human, &new, catalogue).await)?;
                let judged = judged.map_err(|refused| faults.extend(refused)).ok();
                judged.map(|(index, fact)| (new, index, fact))
            }
            None => None,
        };
        faults.finish()?;
        let mut locked = unit.lock("person", id.uuid()).await?;
        let vault = self.journal.vault();
        let (connection, ids) = (unit.connection(), (id, human));
        store::person::insert(connection, vault, ids, &candidate, &listed.name, today).await?;
        let mut facts = vec![candidate.enlist(id)];
        if let Some((NewCard { number, card }, index, fact)) = card {
            let number = (&number, index.as_slice());
            store::card::insert(unit.connection(), vault, human, &card, number).await?;
            facts.push(fact);
        }
        unit.record(&mut locked, &facts).await?;
        Ok(id)
    }

    /// Whether a card may be recorded beside those that its human has from anywhere.
    async fn judge_card_of(
        &self,
        unit: &mut Unit,
        human: HumanId,
        new: &NewCard,
        catalogue: &Catalogue,
    ) -> Result<(Vec<u8>, PersonFact)> {
        let known = store::card::of_humans(unit.connection(), &[human.uuid()]).await?;
        let known: Vec<_> = known.into_values().flat_map(|known| known.cards).collect();
        self.judge_card(unit, (human, &known), new, catalogue).await
    }
}

fn digest(indexes: &[BlindIndex]) -> &[u8] {
    indexes.first().map_or(&[], |index| &index.digest)
}
