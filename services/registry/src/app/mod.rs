//! The use cases of the register.

use std::sync::Arc;

use kernel::ids::OrganizationId;
use platform::Result;
use platform::access::{Caller, Role, Scope};
use platform::crypto::BlindIndexer;
use platform::sheets::AT_ONCE;
use platform::turns::Turns;
use platform::unit::Journal;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::divisions::Divisions;
use crate::store;

mod body;
mod catalogue;
mod codes;
mod deadline;
mod directory;
mod held;
mod keeping;
mod mail;
mod measures;
mod messages;
mod organization;
mod people;
mod post;
mod postponing;
mod rectification;
mod resources;
mod rules;
mod settings;
mod sites;

pub use postponing::RectificationSweep;

pub(crate) use catalogue::NewEdition;
pub(crate) use directory::DirectoryEntry;
pub(crate) use keeping::GivingUp;
pub(crate) use messages::tell;
pub(crate) use organization::RightAnswer;
pub(crate) use people::{Asked, Assignment, NewCard, NewPerson, NewSanction, Who};
pub use post::Post;
pub(crate) use rules::NewRules;

use catalogue::Catalogues;

/// Aggregates there is one of have this id.
const THE_ONE: Uuid = Uuid::nil();

/// The register. Cheap to clone.
#[derive(Clone)]
pub struct App {
    journal: Journal,
    indexer: Arc<BlindIndexer>,
    catalogues: Catalogues,
    divisions: Arc<Divisions>,
    sheets: Turns,
}

impl App {
    /// The register on a journal, with the reference data that comes with the service.
    pub fn new(journal: Journal, indexer: BlindIndexer) -> Self {
        Self {
            journal,
            indexer: Arc::new(indexer),
            catalogues: Catalogues::supplied(),
            divisions: Arc::new(Divisions::supplied()),
            sheets: Turns::new(AT_ONCE),
        }
    }

    /// What a caller may read of an organisation. A centre reads of whoever works in its city, too,
    /// since it may inspect that work (notice 3.4 and 6.2).
    async fn reading(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        organization: OrganizationId,
    ) -> Result<Scope> {
        let scope = caller.scope();
        if let (Role::CityCentre, Some(city)) = (caller.role, caller.division) {
            let today = self.journal.clock().today()?;
            let found =
                store::organization::find_optional(connection, &Scope::Province, organization);
            if let Some(found) = found.await?
                && found.organization.works_in(city, today)
            {
                return Ok(Scope::Organization(organization));
            }
        }
        Ok(scope)
    }

    /// The province and its cities.
    pub(crate) fn divisions(&self) -> &Divisions {
        &self.divisions
    }
}
