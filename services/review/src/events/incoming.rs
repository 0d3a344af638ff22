//! What the registry publishes about organisations: one that got its code gets its receipt.

use kernel::ids::{ApplicationId, OrganizationId, SelectionId};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejection::Rejection;
use platform::Result;
use platform::inbox::Handler;
use platform::unit::Unit;
use prost::Message;
use proto::common::v1::Fact;
use proto::registry::v1::OrganizationRegistered;

use crate::app::{App, Registration};

/// Hears facts of the registry's aggregate `organization`.
pub struct RegistryFacts {
    app: App,
}

impl RegistryFacts {
    /// A handler that acts through the app.
    pub fn new(app: App) -> Self {
        Self { app }
    }
}

impl Handler for RegistryFacts {
    async fn apply(&self, unit: &mut Unit, fact: &Fact) -> Result<()> {
        if fact.kind != "organization_registered" {
            return Ok(());
        }
        let registered = OrganizationRegistered::decode(fact.payload.clone());
        let registration = registration(&registered.map_err(anyhow::Error::from)?)?;
        self.app.issue_receipt(unit, registration).await
    }
}

fn registration(registered: &OrganizationRegistered) -> Result<Registration> {
    Ok(Registration {
        application: read(ApplicationId::parse(&registered.application_id))?,
        selection: read(SelectionId::parse(&registered.selection_id))?,
        organization: read(OrganizationId::parse(&registered.organization_id))?,
        organization_code: read(EvaluationOrganizationCode::parse(
            &registered.organization_code,
        ))?,
    })
}

/// What a neighbour published is right or a defect, never somebody's typing.
fn read<T>(parsed: Result<T, impl Rejection>) -> Result<T> {
    parsed.map_err(|rejection| {
        anyhow::anyhow!("a neighbour's fact is not readable: {}", rejection.code()).into()
    })
}
