//! What the registry publishes about organisations: one that got its code gets its receipt, and is
//! looked after from then on.

use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, OrganizationId, SelectionId};
use kernel::organization_code::EvaluationOrganizationCode;
use kernel::rejection::Rejection;
use platform::Result;
use platform::contract::date;
use platform::inbox::Handler;
use platform::unit::Unit;
use prost::Message;
use proto::common::v1::Fact;
use proto::registry::v1::{OrganizationRegistered, OrganizationWithdrawn};

use crate::app::{App, Registration};
use crate::store::evaluation_organization::Known;

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
        match fact.kind.as_str() {
            "organization_registered" => {
                let registered = OrganizationRegistered::decode(fact.payload.clone());
                let registered = registered.map_err(anyhow::Error::from)?;
                let on = read(date(&registered.valid_from))?;
                self.app
                    .note_registered(unit, &known(&registered)?, on)
                    .await?;
                self.app
                    .issue_receipt(unit, registration(&registered)?)
                    .await
            }
            "organization_withdrawn" => {
                let withdrawn = OrganizationWithdrawn::decode(fact.payload.clone());
                let withdrawn = withdrawn.map_err(anyhow::Error::from)?;
                let organization = read(OrganizationId::parse(&withdrawn.organization_id))?;
                let on = read(date(&withdrawn.effective_on))?;
                self.app.note_withdrawn(unit, organization, on).await
            }
            _ => Ok(()),
        }
    }
}

fn known(registered: &OrganizationRegistered) -> Result<Known> {
    Ok(Known {
        organization: read(OrganizationId::parse(&registered.organization_id))?,
        code: read(EvaluationOrganizationCode::parse(
            &registered.organization_code,
        ))?,
        filing_division: read(DivisionCode::parse(&registered.filing_division))?,
    })
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
pub(super) fn read<T>(parsed: Result<T, impl Rejection>) -> Result<T> {
    parsed.map_err(|rejection| {
        anyhow::anyhow!("a neighbour's fact is not readable: {}", rejection.code()).into()
    })
}
