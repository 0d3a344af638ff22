//! People as callers are shown them: whole to the home, masked to everybody else.

use jiff::civil::Date;
use kernel::citizen_id::CitizenId;
use kernel::ids::PersonId;
use kernel::person_name::PersonName;
use platform::Result;
use platform::access::{Caller, Role};
use platform::crypto::{Place, Purpose};
use platform::error::readable;
use proto::registry::v1 as contract;
use sqlx::PgConnection;

use super::{App, home_of};
use crate::domain::people::engagement::PersonRole;
use crate::domain::people::home::Home;
use crate::messages::people::{self as messages, Shown};
use crate::store;
use crate::store::card::number_place;
use crate::store::human::citizen_id_place;
use crate::store::person::{Found, name_place};
use crate::store::sanction::grounds_place;

/// Personal data is opened for the home of a person: name, citizen id, numbers of cards.
const READ_PERSON: Purpose = Purpose("read_person");

/// Which people of a home are asked for.
pub(crate) struct Asked {
    pub(crate) home: Home,
    /// Only those in this role; on this day, or today.
    pub(crate) role: Option<(PersonRole, Option<Date>)>,
    pub(crate) after: Option<PersonId>,
    pub(crate) size: u32,
}

impl App {
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
        let scope = match home {
            Home::Organization(id) => self.reading(&mut transaction, caller, id).await?,
            Home::Pool(_) => caller.scope(),
        };
        let found = store::person::find_all(&mut transaction, &scope, &ids).await?;
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
    async fn show(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        found: &Found,
    ) -> Result<contract::Person> {
        let knows_why = matches!(caller.role, Role::CityCentre | Role::ProvinceCentre);
        if home_of(caller) != Some(found.person.home) {
            return self.masked(found, knows_why).await;
        }
        let name = self.open(connection, caller, name_place(found.person.id), &found.name);
        let name = PersonName::parse(&name.await?);
        let place = citizen_id_place(found.person.human);
        let citizen_id = self
            .open(connection, caller, place, &found.citizen_id)
            .await?;
        let mut card_numbers = Vec::with_capacity(found.card_numbers.len());
        for (card, sealed) in found.person.cards.iter().zip(&found.card_numbers) {
            let number = self.open(connection, caller, number_place(card.id), sealed);
            card_numbers.push(number.await?);
        }
        let shown = Shown {
            name: readable("name", name)?.reveal().to_owned(),
            citizen_id,
            card_numbers,
            grounds: self.grounds(found, true).await?,
        };
        Ok(messages::person(&found.person, found.version, shown))
    }

    /// A person as everybody but the home is shown it; the grounds of sanctions only to those who
    /// have to know.
    pub(super) async fn masked(&self, found: &Found, knows_why: bool) -> Result<contract::Person> {
        let citizen_id = self.citizen_id(found).await?;
        let mut card_numbers = Vec::with_capacity(found.card_numbers.len());
        for (card, sealed) in found.person.cards.iter().zip(&found.card_numbers) {
            let number = self.unseal(number_place(card.id), sealed).await?;
            card_numbers.push(messages::masked_number(&number));
        }
        let shown = Shown {
            name: self.name(found).await?.masked(),
            citizen_id: citizen_id.masked(),
            card_numbers,
            grounds: self.grounds(found, knows_why).await?,
        };
        Ok(messages::person(&found.person, found.version, shown))
    }

    async fn grounds(&self, found: &Found, knows_why: bool) -> Result<Vec<String>> {
        let mut grounds = Vec::with_capacity(found.grounds.len());
        for (sanction, sealed) in found.person.sanctions.iter().zip(&found.grounds) {
            grounds.push(if knows_why {
                self.unseal(grounds_place(sanction.id), sealed).await?
            } else {
                String::new()
            });
        }
        Ok(grounds)
    }

    /// The citizen id of a person, for the service's own use.
    pub(super) async fn citizen_id(&self, found: &Found) -> Result<CitizenId> {
        let place = citizen_id_place(found.person.human);
        let citizen_id = self.unseal(place, &found.citizen_id).await?;
        readable("citizen id", CitizenId::parse(&citizen_id))
    }

    /// The name of a person, for the service's own use.
    pub(in crate::app) async fn name(&self, found: &Found) -> Result<PersonName> {
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

fn text(plain: &[u8]) -> Result<String> {
    let text = std::str::from_utf8(plain).map_err(anyhow::Error::from)?;
    Ok(text.to_owned())
}
