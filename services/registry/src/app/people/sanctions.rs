//! Sanctions: imposed and lifted by centres, and the human's at every home.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{PersonId, SanctionId};
use platform::access::{Caller, Role};
use platform::unit::Begun;
use platform::{Error, Result};
use proto::registry::v1 as contract;
use uuid::Uuid;

use super::App;
use crate::domain::people::engagement::PersonRole;
use crate::domain::people::home::HomeRejection;
use crate::domain::people::sanction::{Sanction, SanctionRejection};
use crate::store;

/// What somebody is to be barred from, and why.
pub(crate) struct NewSanction {
    pub(crate) duties: Vec<PersonRole>,
    pub(crate) grounds: String,
    pub(crate) from: Date,
    pub(crate) until: Option<Date>,
}

impl App {
    /// Bars a human from duties.
    pub(crate) async fn impose_sanction(
        &self,
        caller: &Caller,
        request: &contract::ImposeSanctionRequest,
        id: PersonId,
        new: NewSanction,
    ) -> Result<contract::ImposeSanctionResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, found) = self.open_person(&mut unit, caller, id).await?;
        let sanction = Sanction {
            id: SanctionId::from_uuid(Uuid::now_v7()),
            person_id: id,
            imposed_by: centre_of(caller)?,
            duties: new.duties,
            from: new.from,
            until: new.until,
            lifted_on: None,
        };
        let today = unit.origin().occurred_at.date();
        let fact = sanction.impose(&found.person.sanctions, today)?;
        let (vault, human) = (self.journal.vault(), found.person.human);
        store::sanction::insert(unit.connection(), vault, human, &sanction, &new.grounds).await?;
        let person = self
            .conclude(&mut unit, (&mut locked, caller), fact)
            .await?;
        unit.finish(contract::ImposeSanctionResponse { person })
            .await
    }

    /// Lifts a sanction from today on.
    pub(crate) async fn lift_sanction(
        &self,
        caller: &Caller,
        request: &contract::LiftSanctionRequest,
        (id, reason): (SanctionId, &str),
    ) -> Result<contract::LiftSanctionResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let scope = caller.scope();
        let person = store::sanction::person(unit.connection(), &scope, id).await?;
        let (mut locked, found) = self.open_person(&mut unit, caller, person).await?;
        let sanction = found.person.sanctions.iter().find(|one| one.id == id);
        let sanction =
            sanction.ok_or_else(|| Error::refused(SanctionRejection::SanctionNotFound))?;
        let today = unit.origin().occurred_at.date();
        let fact = sanction
            .lift(centre_of(caller)?, today)
            .map_err(Error::refused)?;
        let vault = self.journal.vault();
        store::sanction::lift(unit.connection(), vault, id, (today, reason)).await?;
        let person = self
            .conclude(&mut unit, (&mut locked, caller), fact)
            .await?;
        unit.finish(contract::LiftSanctionResponse { person }).await
    }
}

/// The division of the centre that acts.
fn centre_of(caller: &Caller) -> Result<DivisionCode> {
    let division = match caller.role {
        Role::ProvinceCentre => Some(DivisionCode::SHANDONG),
        Role::CityCentre => caller.division,
        _ => None,
    };
    division.ok_or_else(|| Error::refused(HomeRejection::HomeOfAnother))
}
