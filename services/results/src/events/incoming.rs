//! What this service hears: exam-scheduling locked a roster.

use kernel::ids::{OrganizationId, PlanId};
use platform::error::readable;
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
        let plan = readable("fact of a plan", PlanId::parse(&locked.plan_id))?;
        let organization = readable(
            "fact of a plan",
            OrganizationId::parse(&locked.organization_id),
        )?;
        let today = unit.today();
        store::plan::insert(unit.connection(), plan, organization, &roster, today).await
    }
}
