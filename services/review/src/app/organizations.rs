//! Evaluation organisations, as the registry tells of them.

use jiff::civil::Date;
use kernel::ids::OrganizationId;
use platform::Result;
use platform::unit::Unit;

use super::App;
use crate::store;
use crate::store::evaluation_organization::Known;

impl App {
    /// Notes an organisation that was registered, in the unit of the fact that told of it.
    pub(crate) async fn note_registered(
        &self,
        unit: &mut Unit,
        known: &Known,
        on: Date,
    ) -> Result<()> {
        store::evaluation_organization::insert(unit.connection(), known, on).await
    }

    /// Notes that an organisation is one no longer.
    pub(crate) async fn note_withdrawn(
        &self,
        unit: &mut Unit,
        organization: OrganizationId,
        on: Date,
    ) -> Result<()> {
        store::evaluation_organization::withdraw(unit.connection(), organization, on).await
    }
}
