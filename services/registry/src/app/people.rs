//! People: enlisted at their homes, and shown, whole to the home and masked to everybody else.

use jiff::civil::Date;
use kernel::citizen_id::CitizenId;
use kernel::division::DivisionCode;
use kernel::ids::PersonId;
use kernel::person_name::PersonName;
use kernel::rejection::{Faults, Rejection};
use platform::access::{Caller, Role};
use platform::crypto::{Place, Purpose};
use platform::error::corrupt;
use platform::unit::Begun;
use platform::{Error, Result};
use proto::registry::v1 as contract;
use sqlx::PgConnection;
use uuid::Uuid;

use super::App;
use crate::domain::people::engagement::PersonRole;
use crate::domain::people::home::{Home, HomeRejection};
use crate::domain::people::person::Candidate;
use crate::messages::people::{self as messages, Shown};
use crate::store;
use crate::store::person::{Found, citizen_id_place, name_place};

/// What the blind indexes of the register are for: finding a human at every home.
const HUMAN: &str = "registry.human";
/// Personal data is opened for the home of a person: name, citizen id, numbers of cards.
const READ_PERSON: Purpose = Purpose("read_person");

/// Somebody who is to be enlisted, as a human and as an entry.
pub(crate) struct NewPerson {
    pub(crate) name: PersonName,
    pub(crate) citizen_id: CitizenId,
    pub(crate) candidate: Candidate,
}

/// Which people of a home are asked for.
pub(crate) struct Asked {
    pub(crate) home: Home,
    /// Only those in this role; on this day, or today.
    pub(crate) role: Option<(PersonRole, Option<Date>)>,
    pub(crate) after: Option<PersonId>,
    pub(crate) size: u32,
}

impl App {
    /// Enlists somebody at the caller's home.
    pub(crate) async fn enlist_person(
        &self,
        caller: &Caller,
        request: &contract::EnlistPersonRequest,
        new: NewPerson,
    ) -> Result<contract::EnlistPersonResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let NewPerson {
            name,
            citizen_id,
            candidate,
        } = new;
        if home_of(caller) != Some(candidate.home) {
            return Err(Error::refused(HomeRejection::HomeOfAnother));
        }
        if let Home::Organization(organization) = candidate.home {
            store::home::must_see(unit.connection(), &caller.scope(), organization).await?;
        }
        let today = unit.origin().occurred_at.date();
        candidate.check(&citizen_id, today)?;

        let id = PersonId::from_uuid(Uuid::now_v7());
        let mut locked = unit.lock("person", id.uuid()).await?;
        let indexes = self.indexer.index(HUMAN, &[citizen_id.reveal()]);
        let vault = self.journal.vault();
        let human =
            store::person::lock_human(unit.connection(), vault, &indexes, &citizen_id).await?;
        let ids = (id, human);
        store::person::insert(unit.connection(), vault, ids, &candidate, &name, today).await?;
        unit.record(&mut locked, &[candidate.enlist(id)]).await?;
        let found = store::person::find(unit.connection(), &caller.scope(), id).await?;
        let person = Some(self.masked(&found).await?);
        unit.finish(contract::EnlistPersonResponse { person }).await
    }

    /// A person that the caller may see.
    pub(crate) async fn person(&self, caller: &Caller, id: PersonId) -> Result<contract::Person> {
        let mut transaction = self.journal.pool().begin().await?;
        let found = store::person::find(&mut transaction, &caller.scope(), id).await?;
        let person = self.show(&mut transaction, caller, &found).await?;
        transaction.commit().await?;
        Ok(person)
    }

    /// A page of a home's people, and whether there are more.
    pub(crate) async fn people(
        &self,
        caller: &Caller,
        asked: &Asked,
    ) -> Result<(Vec<contract::Person>, bool)> {
        let mut transaction = self.journal.pool().begin().await?;
        let today = self.journal.clock().now()?.date();
        let on_post = asked.role.map(|(role, on)| (role, on.unwrap_or(today)));
        let limit = i64::from(asked.size) + 1;
        let (home, after) = (asked.home, asked.after);
        let mut ids = store::person::at_home(&mut transaction, home, on_post, after, limit).await?;
        let more = ids.len() > asked.size as usize;
        ids.truncate(asked.size as usize);
        let found = store::person::find_all(&mut transaction, &caller.scope(), &ids).await?;
        let mut people = Vec::with_capacity(found.len());
        for found in &found {
            people.push(self.show(&mut transaction, caller, found).await?);
        }
        transaction.commit().await?;
        // Whoever may not see this home learns nothing of it, not even that there are more.
        let more = more && !people.is_empty();
        Ok((people, more))
    }

    /// A person as this caller is shown it. Opening it for its home is on record.
    pub(super) async fn show(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        found: &Found,
    ) -> Result<contract::Person> {
        if home_of(caller) != Some(found.person.home) {
            return self.masked(found).await;
        }
        let name = self.open(connection, caller, name_place(found.person.id), &found.name);
        let name = PersonName::parse(&name.await?);
        let place = citizen_id_place(found.person.human);
        let citizen_id = self
            .open(connection, caller, place, &found.citizen_id)
            .await?;
        let mut card_numbers = Vec::with_capacity(found.card_numbers.len());
        for (card, sealed) in found.person.cards.iter().zip(&found.card_numbers) {
            let place = store::card::number_place(card.id);
            card_numbers.push(self.open(connection, caller, place, sealed).await?);
        }
        let shown = Shown {
            name: readable("name", name)?.reveal().to_owned(),
            citizen_id,
            card_numbers,
        };
        Ok(messages::person(&found.person, found.version, shown))
    }

    /// A person as everybody but the home is shown it.
    pub(super) async fn masked(&self, found: &Found) -> Result<contract::Person> {
        let citizen_id = self.unseal(citizen_id_place(found.person.human), &found.citizen_id);
        let citizen_id = readable("citizen id", CitizenId::parse(&citizen_id.await?))?;
        let mut card_numbers = Vec::with_capacity(found.card_numbers.len());
        for (card, sealed) in found.person.cards.iter().zip(&found.card_numbers) {
            let number = self
                .unseal(store::card::number_place(card.id), sealed)
                .await?;
            card_numbers.push(messages::masked_number(&number));
        }
        let shown = Shown {
            name: self.name(found).await?.masked(),
            citizen_id: citizen_id.masked(),
            card_numbers,
        };
        Ok(messages::person(&found.person, found.version, shown))
    }

    /// The name of a person, for the service's own use.
    pub(super) async fn name(&self, found: &Found) -> Result<PersonName> {
        let name = self
            .unseal(name_place(found.person.id), &found.name)
            .await?;
        readable("name", PersonName::parse(&name))
    }

    async fn open(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        place: Place,
        sealed: &[u8],
    ) -> Result<String> {
        let vault = self.journal.vault();
        let plain = vault.reveal(connection, caller, READ_PERSON, place, sealed);
        text(&plain.await?)
    }

    async fn unseal(&self, place: Place, sealed: &[u8]) -> Result<String> {
        text(&self.journal.vault().unseal(place, sealed).await?)
    }
}

/// The home that a caller acts for.
pub(super) fn home_of(caller: &Caller) -> Option<Home> {
    match caller.role {
        Role::Organization => caller.organization.map(Home::Organization),
        Role::CityCentre => caller.division.map(Home::Pool),
        Role::ProvinceCentre => Some(Home::Pool(DivisionCode::SHANDONG)),
        _ => None,
    }
}

fn text(plain: &[u8]) -> Result<String> {
    let text = std::str::from_utf8(plain).map_err(anyhow::Error::from)?;
    Ok(text.to_owned())
}

fn readable<T>(what: &'static str, parsed: Result<T, impl Rejection>) -> Result<T> {
    parsed.map_err(Faults::from).map_err(corrupt(what))
}
