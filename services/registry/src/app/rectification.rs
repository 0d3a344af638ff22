//! Rectifications (限期整改): reported, accepted, or to be done again.

use jiff::civil::Date;
use kernel::ids::{MeasureId, OrganizationId};
use platform::Result;
use platform::access::Caller;
use platform::unit::Begun;
use proto::registry::v1 as contract;

use super::App;
use super::held::{Held, centre};
use super::messages::record;
use crate::store;

impl App {
    /// The organisation reports what it has put right.
    pub(crate) async fn report_rectification(
        &self,
        caller: &Caller,
        request: &contract::ReportRectificationRequest,
        (id, measure_id): (OrganizationId, MeasureId),
        report: &str,
    ) -> Result<contract::ReportRectificationResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut held = Held::lock_for(&mut unit, caller, id).await?;
        let today = unit.origin().occurred_at.date();
        let facts = held
            .organization()
            .report_rectification(measure_id, today)?;
        store::measure::save_report(unit.connection(), measure_id, report, today).await?;
        record(&mut unit, &mut held.locked, &facts).await?;
        let measure = self.shown(&mut unit, id, measure_id).await?;
        unit.finish(contract::ReportRectificationResponse {
            measure: Some(measure),
        })
        .await
    }

    /// The filing centre accepts a rectification.
    pub(crate) async fn accept_rectification(
        &self,
        caller: &Caller,
        request: &contract::AcceptRectificationRequest,
        (id, measure_id): (OrganizationId, MeasureId),
    ) -> Result<contract::AcceptRectificationResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut held = Held::lock_for(&mut unit, caller, id).await?;
        let today = unit.origin().occurred_at.date();
        let organization = held.organization();
        let facts = organization.accept_rectification(centre(caller), measure_id, today)?;
        store::measure::save_acceptance(unit.connection(), measure_id, today).await?;
        record(&mut unit, &mut held.locked, &facts).await?;
        let measure = self.shown(&mut unit, id, measure_id).await?;
        unit.finish(contract::AcceptRectificationResponse {
            measure: Some(measure),
        })
        .await
    }

    /// The filing centre wants it done again, by another day.
    pub(crate) async fn return_rectification(
        &self,
        caller: &Caller,
        request: &contract::ReturnRectificationRequest,
        (id, measure_id): (OrganizationId, MeasureId),
        (due_on, reason): (Date, String),
    ) -> Result<contract::ReturnRectificationResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut held = Held::lock_for(&mut unit, caller, id).await?;
        let today = unit.origin().occurred_at.date();
        let organization = held.organization();
        let facts = organization.return_rectification(centre(caller), measure_id, due_on, today)?;
        let connection = unit.connection();
        store::rectification::give_back(connection, measure_id, today, &reason).await?;
        store::measure::save_move(connection, measure_id, due_on).await?;
        record(&mut unit, &mut held.locked, &facts).await?;
        let measure = self.shown(&mut unit, id, measure_id).await?;
        unit.finish(contract::ReturnRectificationResponse {
            measure: Some(measure),
        })
        .await
    }
}
