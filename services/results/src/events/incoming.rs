//! What this service hears: exam-scheduling locked a roster.

use kernel::ids::{OrganizationId, PlanId};
use kernel::rejection::{Faults, Rejection};
use platform::error::corrupt;
use platform::inbox::Handler;
use platform::unit::Unit;
use platform::{Error, Result};
use prost::Message;
use proto::common::v1::Fact;
use proto::exam::v1::RosterLocked;

use crate::domain::roster::RosterSeal;
use crate::store;

/// Follows the plans of exam-scheduling.
#[derive(Debug, Clone, Copy)]
pub struct Plans;

impl Handler for Plans {
    async fn apply(&self, unit: &mut Unit, fact: &Fact) -> Result<()> {
        if fact.kind != "roster_locked" {
            return Ok(());
        }
        let locked = RosterLocked::decode(fact.payload.clone()).map_err(anyhow::Error::from)?;
        let roster = RosterSeal {
            entries: usize::try_from(locked.entries).map_err(anyhow::Error::from)?,
            digest: <[u8; 32]>::try_from(&locked.roster_digest[..])
                .map_err(|_| Error::Internal(anyhow::anyhow!("a roster digest has 32 bytes")))?,
        };
        let plan = read(PlanId::parse(&locked.plan_id))?;
        let organization = read(OrganizationId::parse(&locked.organization_id))?;
        let today = unit.today();
        store::plan::insert(unit.connection(), plan, organization, &roster, today).await
    }
}

fn read<T, R: Rejection>(parsed: Result<T, R>) -> Result<T> {
    parsed
        .map_err(Faults::from)
        .map_err(corrupt("fact of a plan"))
}
