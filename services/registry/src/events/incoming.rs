//! What review publishes: a selection makes an organisation, extends or renews its rights; a recorded
//! city report puts it on the way to the directory; while an application is assessed its body stays
//! as it is enrolled; a consultation gives it rights elsewhere and ends them; a measure that was
//! decided there is applied here. What an organisation must know of the rest, it is told.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{
    ApplicationId, CityReportId, ConsultationId, MeasureId, OrganizationId, SelectionId,
};
use kernel::rejection::FaultList;
use platform::Result;
use platform::contract::{GivenMeasure, date, level, occupation};
use platform::inbox::Handler;
use platform::unit::Unit;
use proto::common::v1::{Fact, OccupationScope};
use proto::review::v1::{
    ApplicationMoved, ApplicationPurpose, CityReportRecorded, CrossAreaEnded, CrossAreaGranted,
    MeasureDecided, OrganizationSelected,
};

use super::telling::tell_of;
use super::{decoded, read};
use crate::app::App;
use crate::domain::organization::measure::{Measure, Origin, Progress};
use crate::domain::organization::registering::{AreaGrant, Purpose, Selection};
use crate::domain::right::GrantedScope;

/// Aggregates of review's that the register follows.
pub(crate) const FOLLOWED: [&str; 3] = ["application", "consultation", "measure"];

/// Hears facts of review's: of applications, consultations and measures.
#[derive(Clone)]
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
                let selected: OrganizationSelected = decoded(fact)?;
                self.app
                    .follow_selection(unit, &selection(&selected)?)
                    .await
            }
            moved @ ("application_submitted"
            | "application_returned"
            | "application_rejected"
            | "application_withdrawn"
            | "application_lapsed") => {
                let told: ApplicationMoved = decoded(fact)?;
                let id = read(OrganizationId::parse(&told.organization_id))?;
                let application = read(ApplicationId::parse(&told.application_id))?;
                let assessed = moved == "application_submitted";
                self.app.bind_body(unit, id, application, assessed).await?;
                tell_of(unit, fact).await
            }
            "city_report_recorded" => {
                let recorded: CityReportRecorded = decoded(fact)?;
                let organization_id = read(OrganizationId::parse(&recorded.organization_id))?;
                let report_id = read(CityReportId::parse(&recorded.city_report_id))?;
                self.app.note_report(unit, organization_id, report_id).await
            }
            "cross_area_granted" => {
                let granted: CrossAreaGranted = decoded(fact)?;
                self.app.grant_area(unit, &area(&granted)?).await
            }
            "cross_area_ended" => {
                let ended: CrossAreaEnded = decoded(fact)?;
                let consultation = read(ConsultationId::parse(&ended.consultation_id))?;
                let id = read(OrganizationId::parse(&ended.organization_id))?;
                let division = read(DivisionCode::parse(&ended.division_code))?;
                let last_day = read(date(&ended.ends_on))?;
                self.app
                    .end_area(unit, id, consultation, division, last_day)
                    .await
            }
            "measure_decided" => {
                let decided: MeasureDecided = decoded(fact)?;
                let id = read(OrganizationId::parse(&decided.organization_id))?;
                let today = unit.origin().occurred_at.date();
                let measure = measure(&decided, today)?;
                self.app.take_over_measure(unit, id, measure).await
            }
            _ => tell_of(unit, fact).await,
        }
    }
}

fn selection(selected: &OrganizationSelected) -> Result<Selection> {
    let purpose = match selected.purpose() {
        ApplicationPurpose::First => Purpose::First,
        ApplicationPurpose::Extension => Purpose::Extension,
        ApplicationPurpose::Renewal => Purpose::Renewal,
        ApplicationPurpose::Unspecified => {
            return Err(anyhow::anyhow!("a selection does not say what for").into());
        }
    };
    Ok(Selection {
        purpose,
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

fn area(granted: &CrossAreaGranted) -> Result<AreaGrant> {
    let valid_until = match granted.valid_until.as_str() {
        "" => None,
        until => Some(read(date(until))?),
    };
    Ok(AreaGrant {
        consultation_id: read(ConsultationId::parse(&granted.consultation_id))?,
        organization_id: read(OrganizationId::parse(&granted.organization_id))?,
        division: read(DivisionCode::parse(&granted.division_code))?,
        scopes: granted
            .scopes
            .iter()
            .map(self::granted)
            .collect::<Result<_>>()?,
        valid_from: read(date(&granted.valid_from))?,
        valid_until,
    })
}

/// A measure as review decided it. It may have begun while its fact was under way.
fn measure(decided: &MeasureDecided, today: Date) -> Result<Measure> {
    let given = GivenMeasure {
        kind: decided.kind,
        grounds: &decided.grounds,
        effective_on: &decided.effective_on,
        due_on: &decided.due_on,
        right_ids: &decided.right_ids,
        ongoing_batches: decided.ongoing_batches,
    };
    let effective_on = read(date(&decided.effective_on))?;
    let mut faults = FaultList::default();
    let order = given.read(effective_on, &mut faults);
    faults
        .finish()
        .map_err(|faults| anyhow::anyhow!("a neighbour's measure is not readable: {faults}"))?;
    Ok(Measure {
        measure_id: read(MeasureId::parse(&decided.measure_id))?,
        order: order.ok_or_else(|| anyhow::anyhow!("a neighbour's measure is not whole"))?,
        decided_by: read(DivisionCode::parse(&decided.decided_by))?,
        decided_on: today,
        origin: Some(read(Origin::parse(&decided.origin_id))?),
        progress: Progress::default(),
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
