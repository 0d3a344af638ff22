//! People of an organisation out of a spreadsheet: all of them, or none and every row's faults.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use bytes::Bytes;
use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::ids::{OrganizationId, PersonId};
use kernel::person_name::PersonName;
use kernel::rejection::{FaultList, Faults};
use platform::Result;
use platform::access::Caller;
use platform::facts::{IntoRecord, Locked, Record};
use platform::sheets::{faults as told, tried};
use platform::unit::{Begun, Unit};
use platform::upload::body;
use proto::registry::v1 as contract;
use uuid::Uuid;

use super::cards::Numbered;
use super::{App, HUMAN, NewCard, must_be_home};
use crate::domain::catalogue::Catalogue;
use crate::domain::people::HumanId;
use crate::domain::people::card::Card;
use crate::domain::people::home::Home;
use crate::domain::people::person::{Candidate, PersonFact, PersonRejection};
use crate::sheets::people::{Listed, place};
use crate::{sheets, store};

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
            .take(move || sheets::people::read(&file))
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
                    faults: told(&faults),
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
        let today = unit.today();
        let known = self.look_up(unit, home, &people).await?;
        let enlisted = known.judge(home, people, today)?;
        let mut reply = contract::ImportPeopleResponse::default();
        for one in &enlisted {
            reply.cards += u32::from(one.card.is_some());
            reply.people.push(contract::ImportedPerson {
                row: one.row,
                person_id: one.id.to_string(),
            });
        }
        self.keep(unit, &enlisted, today).await?;
        Ok(reply)
    }

    /// What the rules need to know of those listed, and locks them.
    async fn look_up(&self, unit: &mut Unit, home: Home, people: &[Listed]) -> Result<Known> {
        let catalogue = self.catalogue_in(unit.connection()).await?;
        let index = |listed: &Listed| self.indexer.index(HUMAN, &[listed.citizen_id.reveal()]);
        let indexed = people.iter();
        let indexed: Vec<_> = indexed
            .map(|listed| (index(listed), &listed.citizen_id))
            .collect();
        let vault = self.journal.vault();
        let humans = store::human::lock(unit.connection(), vault, &indexed).await?;
        let ids: Vec<_> = humans.iter().map(HumanId::uuid).collect();
        let at_home = store::person::those_at_home(unit.connection(), home, &ids).await?;
        let cards = store::card::of_humans(unit.connection(), &ids).await?;
        let cards = cards.into_iter();
        let cards = cards.map(|(human, known)| (HumanId::from_uuid(human), known.cards));
        let with_card = humans.iter().zip(people).filter_map(|(human, listed)| {
            let card = listed.card.as_ref()?;
            Some((*human, &card.number))
        });
        let wanted: Vec<_> = with_card.collect();
        let numbers = self.claim_numbers(unit, &wanted).await?;
        Ok(Known {
            humans,
            at_home,
            cards: cards.collect(),
            numbers,
            catalogue,
        })
    }

    /// Writes everybody down, with a fixed number of statements.
    async fn keep(&self, unit: &mut Unit, enlisted: &[Enlisted], today: Date) -> Result<()> {
        let ids: Vec<_> = enlisted.iter().map(|one| one.id.uuid()).collect();
        let locked = unit.lock_all("person", &ids).await?;
        let locked = locked.into_iter().map(|lock| (lock.id(), lock));
        let mut locked: BTreeMap<_, _> = locked.collect();
        let people = enlisted.iter().map(|one| store::person::New {
            id: one.id,
            human: one.human,
            candidate: &one.candidate,
            name: &one.name,
        });
        let (vault, people) = (self.journal.vault(), people.collect::<Vec<_>>());
        store::person::insert(unit.connection(), vault, &people, today).await?;
        let cards = enlisted.iter().filter_map(|one| {
            let (NewCard { number, card }, index, _) = one.card.as_ref()?;
            Some(store::card::New {
                human: one.human,
                card,
                number,
                index: index.clone(),
            })
        });
        store::card::insert(unit.connection(), vault, &cards.collect::<Vec<_>>()).await?;
        let enlisting = |one: &Enlisted| (one.id, one.candidate.enlist(one.id).record());
        record_each(unit, &mut locked, enlisted.iter().map(enlisting)).await?;
        let recording = enlisted.iter().filter_map(|one| {
            let (_, _, fact) = one.card.as_ref()?;
            Some((one.id, fact.record()))
        });
        record_each(unit, &mut locked, recording).await
    }
}

/// Records at most one fact of each person.
async fn record_each(
    unit: &mut Unit,
    locked: &mut BTreeMap<Uuid, Locked>,
    facts: impl Iterator<Item = (PersonId, Record)>,
) -> Result<()> {
    let mut facts: HashMap<_, _> = facts.map(|(id, fact)| (id.uuid(), fact)).collect();
    let facts = locked.values_mut().filter_map(|lock| {
        let fact = facts.remove(&lock.id())?;
        Some((lock, fact))
    });
    unit.record_all(facts.collect()).await
}

/// What there is of those who are listed.
struct Known {
    /// Of each of them, in their order.
    humans: Vec<HumanId>,
    /// Who is enlisted already.
    at_home: HashSet<HumanId>,
    /// Cards, wherever they were recorded.
    cards: HashMap<HumanId, Vec<Card>>,
    /// Of each who is listed with a card, in their order.
    numbers: Vec<Numbered>,
    catalogue: Arc<Catalogue>,
}

/// Somebody who may be enlisted.
struct Enlisted {
    row: u32,
    id: PersonId,
    human: HumanId,
    name: PersonName,
    candidate: Candidate,
    /// With the index of the number, and what happened.
    card: Option<(NewCard, Vec<u8>, PersonFact)>,
}

impl Known {
    /// Everybody, or all that is wrong with each. Whoever is listed twice is enlisted the first time.
    fn judge(
        mut self,
        home: Home,
        people: Vec<Listed>,
        today: Date,
    ) -> Result<Vec<Enlisted>, Faults> {
        let mut numbers = std::mem::take(&mut self.numbers).into_iter();
        let humans = std::mem::take(&mut self.humans);
        let mut faults = FaultList::default();
        let mut enlisted = Vec::with_capacity(people.len());
        for (human, listed) in humans.into_iter().zip(people) {
            let row = listed.row;
            let number = listed.card.as_ref().and_then(|_| numbers.next());
            match self.judge_one((home, human), listed, number, today) {
                Ok(one) => enlisted.push(one),
                Err(refused) => faults.extend(refused.moved(|field| place(row, field))),
            }
        }
        faults.finish()?;
        Ok(enlisted)
    }

    fn judge_one(
        &mut self,
        (home, human): (Home, HumanId),
        listed: Listed,
        number: Option<Numbered>,
        today: Date,
    ) -> Result<Enlisted, Faults> {
        let candidate = Candidate {
            home,
            engagements: vec![listed.engagement],
            pool_entry: None,
        };
        let mut faults = FaultList::default();
        let fits = candidate.check(&listed.citizen_id, today);
        fits.unwrap_or_else(|refused| faults.extend(refused));
        let enlisted = PersonRejection::PersonEnlistedAlready;
        let known = self.at_home.contains(&human);
        faults.require(!known, "citizen_id", &enlisted);
        let id = PersonId::from_uuid(Uuid::now_v7());
        let card = listed.card.zip(number).and_then(|(mut new, number)| {
            new.card.person_id = id;
            let beside = self.cards.get(&human).map_or(&[][..], |cards| cards);
            let judged = number.judge(&new, human, beside, &self.catalogue);
            let fact = judged.map_err(|refused| faults.extend(refused)).ok()?;
            Some((new, number.claim.index, fact))
        });
        faults.finish()?;
        self.at_home.insert(human);
        Ok(Enlisted {
            row: listed.row,
            id,
            human,
            name: listed.name,
            candidate,
            card,
        })
    }
}
