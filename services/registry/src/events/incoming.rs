//! What review publishes about applications: a selection makes an organisation, a recorded city
//! report puts it on the way to the directory.

use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, CityReportId, OrganizationId, SelectionId};
use kernel::rejection::Rejection;
use platform::Result;
use platform::contract::{level, occupation};
use platform::inbox::Handler;
use platform::unit::Unit;
use prost::Message;
use proto::common::v1::{Fact, OccupationScope};
use proto::review::v1::{CityReportRecorded, OrganizationSelected};

use crate::app::App;
use crate::domain::organization::Selection;
use crate::domain::right::GrantedScope;

/// Hears facts of review's aggregate `application`.
pub struct ReviewFacts {
    app: App,
}

impl ReviewFacts {
    /// A handler that acts through the app.
    pub fn new(app: App) -> Self {
        Self { app }
    }
}

impl Handler for ReviewFacts {
    async fn apply(&self, unit: &mut Unit, fact: &Fact) -> Result<()> {
        match fact.kind.as_str() {
            "organization_selected" => {
                let selected = OrganizationSelected::decode(fact.payload.clone())
                    .map_err(anyhow::Error::from)?;
                self.app.register(unit, &selection(&selected)?).await
            }
            "city_report_recorded" => {
                let recorded = CityReportRecorded::decode(fact.payload.clone())
                    .map_err(anyhow::Error::from)?;
                let organization_id = read(OrganizationId::parse(&recorded.organization_id))?;
                let report_id = read(CityReportId::parse(&recorded.city_report_id))?;
                self.app.note_report(unit, organization_id, report_id).await
            }
            _ => Ok(()),
        }
    }
}

fn selection(selected: &OrganizationSelected) -> Result<Selection> {
    Ok(Selection {
        selection_id: read(SelectionId::parse(&selected.selection_id))?,
        application_id: read(ApplicationId::parse(&selected.application_id))?,
        organization_id: read(OrganizationId::parse(&selected.organization_id))?,
        filing_division: read(DivisionCode::parse(&selected.filing_division))?,
        granted: selected
            .granted
            .iter()
            .map(granted)
            .collect::<Result<_>>()?,
    })
}

fn granted(scope: &OccupationScope) -> Result<GrantedScope> {
    Ok(GrantedScope {
        occupation: read(occupation(scope.occupation.as_ref()))?,
        trade: scope.trade.clone(),
        levels: scope
            .levels
            .iter()
            .map(|given| read(level(*given)))
            .collect::<Result<_>>()?,
    })
}

/// What a neighbour published is right or a defect, never somebody's typing.
fn read<T>(parsed: Result<T, impl Rejection>) -> Result<T> {
    parsed.map_err(|rejection| {
        anyhow::anyhow!("a neighbour's fact is not readable: {}", rejection.code()).into()
    })
}
