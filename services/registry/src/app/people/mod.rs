//! People: enlisted at their homes, given cards, barred by centres, and judged by what they are to
//! do.
//!
//! What holds over all homes of a human is decided with the human's row locked, after the person's.

use kernel::division::DivisionCode;
use kernel::ids::PersonId;
use platform::access::{Caller, Role};
use platform::facts::Locked;
use platform::unit::Unit;
use platform::{Error, Result};
use proto::registry::v1 as contract;

use super::App;
use crate::domain::people::home::{Home, HomeRejection};
use crate::domain::people::person::PersonFact;
use crate::store;
use crate::store::person::Found;

mod assignments;
mod cards;
mod importing;
mod keeping;
mod sanctions;
mod showing;

pub(crate) use assignments::{Assignment, Who};
pub(crate) use cards::NewCard;
pub(crate) use keeping::NewPerson;
pub(crate) use sanctions::NewSanction;
pub(crate) use showing::Asked;

/// What the blind indexes of humans are for: finding one at every home.
const HUMAN: &str = "registry.human";
/// What the blind indexes of card numbers are for: one number, one human.
const CARD_NUMBER: &str = "registry.card_number";

impl App {
    /// Locks a person and the human, and loads what the caller may see.
    async fn open_person(
        &self,
        unit: &mut Unit,
        caller: &Caller,
        id: PersonId,
    ) -> Result<(Locked, Found)> {
        let locked = unit.lock("person", id.uuid()).await?;
        store::human::lock_of(unit.connection(), id).await?;
        let found = store::person::find(unit.connection(), &caller.scope(), id).await?;
        Ok((locked, found))
    }

    /// Records what was decided and saved about a person, and shows the person as it is now.
    async fn conclude(
        &self,
        unit: &mut Unit,
        (locked, caller): (&mut Locked, &Caller),
        fact: PersonFact,
    ) -> Result<Option<contract::Person>> {
        unit.record(locked, &[fact]).await?;
        let id = PersonId::from_uuid(locked.id());
        let found = store::person::find(unit.connection(), &caller.scope(), id).await?;
        Ok(Some(self.masked(&found, false).await?))
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

/// Refuses whoever does not act for the home.
pub(super) fn must_be_home(caller: &Caller, home: Home) -> Result<()> {
    if home_of(caller) == Some(home) {
        Ok(())
    } else {
        Err(Error::refused(HomeRejection::HomeOfAnother))
    }
}
