//! An organisation whose lock a unit holds.

use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use platform::Result;
use platform::access::{Caller, Role, Scope};
use platform::facts::Locked;
use platform::unit::Unit;

use super::messages::record;
use crate::domain::organization::{Organization, OrganizationFact};
use crate::store;
use crate::store::organization::Found;

/// An organisation that nobody else changes until the unit ends.
pub(super) struct Held {
    pub(super) locked: Locked,
    pub(super) found: Found,
}

impl Held {
    /// Locks an organisation for a fact or a deadline of ours.
    pub(super) async fn lock(unit: &mut Unit, id: OrganizationId) -> Result<Self> {
        Self::lock_within(unit, &Scope::Province, id).await
    }

    /// Locks an organisation that the caller may see.
    pub(super) async fn lock_for(
        unit: &mut Unit,
        caller: &Caller,
        id: OrganizationId,
    ) -> Result<Self> {
        // Looked for first: a lock would bring an aggregate of whatever id into being.
        store::organization::find(unit.connection(), &caller.scope(), id).await?;
        Self::lock_within(unit, &caller.scope(), id).await
    }

    async fn lock_within(unit: &mut Unit, scope: &Scope, id: OrganizationId) -> Result<Self> {
        let locked = unit.lock("organization", id.uuid()).await?;
        let found = store::organization::find(unit.connection(), scope, id).await?;
        Ok(Self { locked, found })
    }

    pub(super) fn organization(&self) -> &Organization {
        &self.found.organization
    }

    /// Saves what facts say of rights, and records the facts.
    pub(super) async fn save_rights(
        &mut self,
        unit: &mut Unit,
        facts: &[OrganizationFact],
    ) -> Result<()> {
        let id = self.found.organization.organization_id;
        for fact in facts {
            match fact {
                OrganizationFact::RightsGranted { rights, .. }
                | OrganizationFact::RightsRenewed { rights, .. }
                | OrganizationFact::RightsEnded { rights, .. } => {
                    store::right::save(unit.connection(), id, rights).await?;
                }
                _ => {}
            }
        }
        record(unit, &mut self.locked, facts).await
    }
}

/// The centre for which an officer acts.
pub(super) fn centre(caller: &Caller) -> DivisionCode {
    match (caller.role, caller.division) {
        (Role::CityCentre, Some(city)) => city,
        _ => DivisionCode::PROVINCE,
    }
}
