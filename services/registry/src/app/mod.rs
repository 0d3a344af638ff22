//! The use cases of the register.

use std::sync::Arc;

use platform::unit::Journal;
use uuid::Uuid;

use crate::domain::catalogue::Catalogue;
use crate::domain::divisions::Divisions;

mod body;
mod directory;
mod organization;

pub(crate) use organization::RightAnswer;

/// Aggregates there is one of have this id.
const THE_ONE: Uuid = Uuid::nil();

/// The register. Cheap to clone.
#[derive(Clone)]
pub struct App {
    journal: Journal,
    catalogue: Arc<Catalogue>,
    divisions: Arc<Divisions>,
}

impl App {
    /// The register on a journal, with the reference data that comes with the service.
    pub fn new(journal: Journal) -> Self {
        Self {
            journal,
            catalogue: Arc::new(Catalogue::supplied()),
            divisions: Arc::new(Divisions::supplied()),
        }
    }

    /// The occupation catalogue.
    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The province and its cities.
    pub(crate) fn divisions(&self) -> &Divisions {
        &self.divisions
    }
}
