//! The use cases: begin → lock → load → decide → save → record → finish.
//!
//! One file for drafts ([`drafts`]), reports ([`report`]), rosters ([`roster`]) and what happens in
//! the room ([`conduct`]), one for what becomes of a reported plan ([`standing`], [`replacement`]), and
//! one for centres that look plans over ([`overview`]); candidates are judged in [`intake`], also those of
//! a file ([`importing`]), by conditions that [`eligibility`] sets, and given seats in [`seating`];
//! [`reply`] writes what callers are shown. The register is asked in [`rights`], [`staff`], [`venue`] and [`holdings`],
//! before anything is begun.

use std::sync::Arc;

use kernel::ids::PlanId;
use platform::Result;
use platform::access::Caller;
use platform::client::Neighbour;
use platform::crypto::{BlindIndexer, Purpose};
use platform::facts::Locked;
use platform::sheets::AT_ONCE;
use platform::turns::Turns;
use platform::unit::{Journal, Unit};
use proto::registry::v1::organization_service_client::OrganizationServiceClient;
use proto::registry::v1::qualification_service_client::QualificationServiceClient;
use proto::registry::v1::site_service_client::SiteServiceClient;
use proto::results::v1::holding_service_client::HoldingServiceClient;

use crate::domain::fact::Fact;
use crate::domain::plan::Plan;
use crate::domain::rules::Rules;
use crate::events::PlanFact;
use crate::store;

mod calendar;
mod conduct;
mod drafts;
mod eligibility;
mod holdings;
mod importing;
mod intake;
mod overview;
mod replacement;
mod reply;
mod report;
mod rights;
mod roster;
mod running;
mod seating;
mod staff;
mod standing;
mod supervision;
mod venue;

pub(crate) use drafts::NewPlan;

/// Personal data is opened for somebody who reads a plan: names of staff.
const READ_PLAN: Purpose = Purpose("read_plan");
/// Personal data is opened for a neighbour that lists a locked roster: names and citizen ids.
const LIST_ROSTER: Purpose = Purpose("list_roster");

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct App {
    journal: Journal,
    indexer: Arc<BlindIndexer>,
    registry: OrganizationServiceClient<Neighbour>,
    qualifications: QualificationServiceClient<Neighbour>,
    sites: SiteServiceClient<Neighbour>,
    holdings: HoldingServiceClient<Neighbour>,
    rules: Rules,
    turns: Turns,
}

impl App {
    /// The service on a journal, with the registry and the register of certificates as its neighbours.
    pub fn new(
        journal: Journal,
        indexer: BlindIndexer,
        (registry, results): (Neighbour, Neighbour),
        rules: Rules,
    ) -> Self {
        Self {
            journal,
            indexer: Arc::new(indexer),
            qualifications: QualificationServiceClient::new(registry.clone()),
            sites: SiteServiceClient::new(registry.clone()),
            registry: OrganizationServiceClient::new(registry),
            holdings: HoldingServiceClient::new(results),
            rules,
            turns: Turns::new(AT_ONCE),
        }
    }

    /// A plan as it is now, if the caller may see it: for questions to neighbours, before anything
    /// is locked.
    async fn seen(&self, caller: &Caller, id: PlanId) -> Result<Plan> {
        let begin = "begin isolation level repeatable read read only";
        let mut reading = self.journal.pool().begin_with(begin).await?;
        let vault = self.journal.vault();
        store::plan::find(&mut reading, vault, &caller.scope(), id).await
    }

    /// Locks a plan and loads it, if the caller may see it.
    async fn open(&self, unit: &mut Unit, caller: &Caller, id: PlanId) -> Result<(Locked, Plan)> {
        let locked = unit.lock("plan", id.uuid()).await?;
        let vault = self.journal.vault();
        let plan = store::plan::find(unit.connection(), vault, &caller.scope(), id).await?;
        Ok((locked, plan))
    }
}

/// Makes facts part of the plan, saves it, and records them.
async fn advance(
    unit: &mut Unit,
    locked: &mut Locked,
    plan: &mut Plan,
    facts: &[Fact],
) -> Result<()> {
    for fact in facts {
        plan.apply(fact);
    }
    store::plan::save(unit.connection(), plan).await?;
    let facts: Vec<_> = facts.iter().map(|fact| PlanFact { plan, fact }).collect();
    unit.record(locked, &facts).await
}
