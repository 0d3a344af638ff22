//! Measures on organisations: by their filing centre, and as review decided them.

use jiff::civil::Date;
use kernel::ids::{MeasureId, OrganizationId};
use kernel::two_persons::Stated;
use platform::access::Caller;
use platform::unit::{Begun, Unit};
use platform::{Error, Result, proposal};
use proto::registry::v1 as contract;

use super::App;
use super::held::{Held, centre};
use super::messages::record;
use crate::domain::organization::OrganizationFact;
use crate::domain::organization::measure::{Measure, MeasureRejection, Proposed};
use crate::messages;
use crate::store;
use crate::store::measure::Found;

/// What the two persons' act is called.
const IMPOSE: &str = "impose_measure";

impl App {
    /// Imposes a talk or a rectification.
    pub(crate) async fn impose_measure(
        &self,
        caller: &Caller,
        request: &contract::ImposeMeasureRequest,
        id: OrganizationId,
        given: Proposed,
    ) -> Result<contract::ImposeMeasureResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut held = Held::lock_for(&mut unit, caller, id).await?;
        let given = decided_by(given, caller, &unit);
        let facts = held
            .organization()
            .impose(centre(caller), given.measure.clone())?;
        save(&mut unit, &mut held, &facts, &given.statement).await?;
        let measure = self.shown(&mut unit, id, given.measure.measure_id).await?;
        unit.finish(contract::ImposeMeasureResponse {
            measure: Some(measure),
        })
        .await
    }

    /// First person: proposes a suspension or the withdrawal.
    pub(crate) async fn propose_measure(
        &self,
        caller: &Caller,
        request: &contract::ProposeMeasureRequest,
        id: OrganizationId,
        given: Proposed,
    ) -> Result<contract::ProposeMeasureResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let held = Held::lock_for(&mut unit, caller, id).await?;
        let given = decided_by(given, caller, &unit);
        // What could not be confirmed is not proposed.
        held.organization()
            .impose(centre(caller), given.measure.clone())?;
        let hash = given.hash();
        let proposal =
            proposal::propose(&mut unit, &held.locked, caller, IMPOSE, hash, &given).await?;
        unit.finish(contract::ProposeMeasureResponse {
            proposal: Some(proposal),
        })
        .await
    }

    /// Second person: confirms it, which imposes it.
    pub(crate) async fn confirm_measure(
        &self,
        caller: &Caller,
        request: &contract::ConfirmMeasureRequest,
        id: OrganizationId,
        stated: Stated,
    ) -> Result<contract::ConfirmMeasureResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut held = Held::lock_for(&mut unit, caller, id).await?;
        let confirmed = proposal::confirm(
            &mut unit,
            &held.locked,
            caller,
            IMPOSE,
            stated,
            Proposed::hash,
        )
        .await?;
        // Dated by the confirmation: what was to begin before that begins too late.
        let given = decided_by(confirmed.content, caller, &unit);
        let measure_id = given.measure.measure_id;
        let facts = held.organization().impose(centre(caller), given.measure)?;
        save(&mut unit, &mut held, &facts, &given.statement).await?;
        let measure = self.shown(&mut unit, id, measure_id).await?;
        unit.finish(contract::ConfirmMeasureResponse {
            measure: Some(measure),
        })
        .await
    }

    /// Takes over a measure that review decided, in the unit of the fact that told of it.
    pub(crate) async fn take_over_measure(
        &self,
        unit: &mut Unit,
        id: OrganizationId,
        measure: Measure,
    ) -> Result<()> {
        let mut held = Held::lock(unit, id).await?;
        let facts = held.organization().take_over(measure);
        save(unit, &mut held, &facts, "").await
    }

    /// The filing centre ends a suspension.
    pub(crate) async fn resume_rights(
        &self,
        caller: &Caller,
        request: &contract::ResumeRightsRequest,
        (id, measure_id): (OrganizationId, MeasureId),
        (resumes_on, reason): (Date, String),
    ) -> Result<contract::ResumeRightsResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut held = Held::lock_for(&mut unit, caller, id).await?;
        let today = unit.origin().occurred_at.date();
        let organization = held.organization();
        let facts = organization.resume(centre(caller), measure_id, resumes_on, today)?;
        store::measure::save_resumption(unit.connection(), measure_id, resumes_on, &reason).await?;
        record(&mut unit, &mut held.locked, &facts).await?;
        let measure = self.shown(&mut unit, id, measure_id).await?;
        unit.finish(contract::ResumeRightsResponse {
            measure: Some(measure),
        })
        .await
    }

    /// Measures on an organisation before one of them, the newest first; whether there are more; and
    /// today, by which one may be late.
    pub(crate) async fn measures(
        &self,
        caller: &Caller,
        id: OrganizationId,
        before: Option<MeasureId>,
        page_size: u32,
    ) -> Result<(Vec<Found>, bool, Date)> {
        let today = self.journal.clock().today()?;
        let mut connection = self.journal.pool().acquire().await?;
        store::organization::find(&mut connection, &caller.scope(), id).await?;
        let limit = i64::from(page_size) + 1;
        let mut measures = store::measure::page(&mut connection, id, before, limit).await?;
        let size = usize::try_from(page_size).map_err(anyhow::Error::from)?;
        let more = measures.len() > size;
        measures.truncate(size);
        Ok((measures, more, today))
    }

    /// A measure as it is after what a unit did.
    pub(super) async fn shown(
        &self,
        unit: &mut Unit,
        id: OrganizationId,
        measure_id: MeasureId,
    ) -> Result<contract::Measure> {
        let today = unit.origin().occurred_at.date();
        let found = store::measure::find(unit.connection(), id, measure_id).await?;
        let found = found.ok_or_else(|| Error::refused(MeasureRejection::MeasureNotFound))?;
        Ok(messages::keeping::measure(&found, today))
    }
}

/// The measure as decided today by the caller's centre.
fn decided_by(given: Proposed, caller: &Caller, unit: &Unit) -> Proposed {
    let measure = Measure {
        decided_by: centre(caller),
        decided_on: unit.origin().occurred_at.date(),
        ..given.measure
    };
    Proposed { measure, ..given }
}

async fn save(
    unit: &mut Unit,
    held: &mut Held,
    facts: &[OrganizationFact],
    statement: &str,
) -> Result<()> {
    let id = held.organization().organization_id;
    for fact in facts {
        if let OrganizationFact::MeasureImposed { measure, .. }
        | OrganizationFact::OrganizationWithdrawn { measure, .. } = fact
        {
            store::measure::insert(unit.connection(), id, measure, statement).await?;
        }
    }
    record(unit, &mut held.locked, facts).await
}
