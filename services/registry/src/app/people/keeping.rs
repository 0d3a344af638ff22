//! The people of a home: who they are, and what they do there.

use jiff::civil::Date;
use kernel::citizen_id::CitizenId;
use kernel::ids::PersonId;
use kernel::person_name::PersonName;
use platform::access::Caller;
use platform::unit::Begun;
use platform::{Error, Result};
use proto::registry::v1 as contract;
use uuid::Uuid;

use super::{App, HUMAN, must_be_home};
use crate::domain::people::engagement::{Engagement, PersonRole};
use crate::domain::people::home::Home;
use crate::domain::people::person::{Candidate, PersonFact, PersonRejection};
use crate::domain::people::pool::PoolEntry;
use crate::store;

/// Somebody who is to be enlisted, as a human and as an entry.
pub(crate) struct NewPerson {
    pub(crate) name: PersonName,
    pub(crate) citizen_id: CitizenId,
    pub(crate) candidate: Candidate,
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
        must_be_home(caller, candidate.home)?;
        if let Home::Organization(organization) = candidate.home {
            store::home::must_see(unit.connection(), &caller.scope(), organization).await?;
        }
        let today = unit.origin().occurred_at.date();
        candidate.check(&citizen_id, today)?;

        let id = PersonId::from_uuid(Uuid::now_v7());
        let mut locked = unit.lock("person", id.uuid()).await?;
        let indexes = self.indexer.index(HUMAN, &[citizen_id.reveal()]);
        let vault = self.journal.vault();
        let human = [(indexes, &citizen_id)];
        let human = store::human::lock(unit.connection(), vault, &human).await?;
        let [human] = human[..] else {
            return Err(anyhow::anyhow!("somebody is one human").into());
        };
        let new = store::person::New {
            id,
            human,
            candidate: &candidate,
            name: &name,
        };
        store::person::insert(unit.connection(), vault, &[new], today).await?;
        let fact = candidate.enlist(id);
        let person = self
            .conclude(&mut unit, (&mut locked, caller), fact)
            .await?;
        unit.finish(contract::EnlistPersonResponse { person }).await
    }

    /// Corrects a person's name and pool entry.
    pub(crate) async fn update_person(
        &self,
        caller: &Caller,
        request: &contract::UpdatePersonRequest,
        id: PersonId,
        (name, entry): (PersonName, Option<PoolEntry>),
    ) -> Result<contract::UpdatePersonResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, found) = self.open_person(&mut unit, caller, id).await?;
        must_be_home(caller, found.person.home)?;
        if found.version != request.version {
            return Err(Error::refused(PersonRejection::PersonChanged));
        }
        let renamed = self.name(&found).await? != name;
        let fact = found.person.update(renamed, entry.clone())?;
        let vault = self.journal.vault();
        store::person::update(unit.connection(), vault, id, &name, entry.as_ref()).await?;
        let person = self
            .conclude(&mut unit, (&mut locked, caller), fact)
            .await?;
        unit.finish(contract::UpdatePersonResponse { person }).await
    }

    /// Gives a person another engagement.
    pub(crate) async fn engage_person(
        &self,
        caller: &Caller,
        request: &contract::EngagePersonRequest,
        id: PersonId,
        engagement: Engagement,
    ) -> Result<contract::EngagePersonResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, found) = self.open_person(&mut unit, caller, id).await?;
        must_be_home(caller, found.person.home)?;
        let today = unit.origin().occurred_at.date();
        let citizen_id = self.citizen_id(&found).await?;
        let fact = found
            .person
            .engage(engagement.clone(), &citizen_id, today)?;
        store::engagement::insert(unit.connection(), &[(id, &engagement)]).await?;
        let person = self
            .conclude(&mut unit, (&mut locked, caller), fact)
            .await?;
        unit.finish(contract::EngagePersonResponse { person }).await
    }

    /// Ends an engagement with a last day on post.
    pub(crate) async fn end_engagement(
        &self,
        caller: &Caller,
        request: &contract::EndEngagementRequest,
        id: PersonId,
        (role, until): (PersonRole, Date),
    ) -> Result<contract::EndEngagementResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, found) = self.open_person(&mut unit, caller, id).await?;
        must_be_home(caller, found.person.home)?;
        let today = unit.origin().occurred_at.date();
        let ended = found.person.end(role, until, today)?;
        store::engagement::end(unit.connection(), id, &ended).await?;
        let fact = PersonFact::EngagementEnded {
            person_id: id,
            engagement: ended,
        };
        let person = self
            .conclude(&mut unit, (&mut locked, caller), fact)
            .await?;
        unit.finish(contract::EndEngagementResponse { person })
            .await
    }
}
