//! Cities report what they filed; the province records it.

use std::collections::HashMap;

use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, CityReportId};
use kernel::rejection::FaultList;
use platform::access::{Caller, Scope};
use platform::error::Result;
use platform::facts::{IntoRecord, Locked};
use platform::unit::{Begun, Unit};
use proto::review::v1 as review;
use uuid::Uuid;

use super::{APPLICATION, App, CITY_REPORT, Case, context};
use crate::domain::refusal::ApplicationRejection;
use crate::domain::{CityReport, Command, Fact};
use crate::{messages, store};

impl App {
    /// A city hands a report in.
    pub(crate) async fn submit_city_report(
        &self,
        caller: &Caller,
        request: &review::SubmitCityReportRequest,
        division: DivisionCode,
        applications: Vec<ApplicationId>,
    ) -> Result<review::SubmitCityReportResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let id = CityReportId::from_uuid(Uuid::now_v7());
        let today = context(&unit).today;
        let (report, fact) = CityReport::submit(id, division, applications, today)?;
        let mut locked = unit.lock(CITY_REPORT, id.uuid()).await?;
        store::city_report::insert(unit.connection(), &report).await?;
        unit.record(&mut locked, &[fact]).await?;
        act_on_all(&mut unit, &caller.scope(), &report, || Command::Report(id)).await?;
        let city_report = Some(messages::city_report(&report));
        unit.finish(review::SubmitCityReportResponse { city_report }).await
    }

    /// The province records a report, which is told of each application on it.
    pub(crate) async fn record_city_report(
        &self,
        caller: &Caller,
        request: &review::RecordCityReportRequest,
        id: CityReportId,
    ) -> Result<review::RecordCityReportResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut locked = unit.lock(CITY_REPORT, id.uuid()).await?;
        let mut report =
            store::city_report::find(unit.connection(), &caller.scope(), id).await?;
        let facts = report.record(context(&unit).today)?;
        facts.iter().for_each(|fact| report.apply(fact));
        store::city_report::save(unit.connection(), &report).await?;
        unit.record(&mut locked, &facts).await?;
        act_on_all(&mut unit, &caller.scope(), &report, || Command::RecordReport(id)).await?;
        let city_report = Some(messages::city_report(&report));
        unit.finish(review::RecordCityReportResponse { city_report }).await
    }
}

/// Does the same to every application of a report, or to none, with the faults of all of them.
async fn act_on_all(
    unit: &mut Unit,
    scope: &Scope,
    report: &CityReport,
    command: impl Fn() -> Command<'static>,
) -> Result<()> {
    let mut cases = open_all(unit, scope, &report.applications).await?;
    let context = context(unit);
    let mut faults = FaultList::default();
    let mut decided: Vec<(usize, Fact)> = Vec::new();
    for (index, id) in report.applications.iter().enumerate() {
        let field = format!("application_ids[{index}]");
        let Some(position) = cases.iter().position(|case| case.application.id == *id) else {
            faults.add(field, &ApplicationRejection::NotFound);
            continue;
        };
        todo!("{position} {field}");
    }
    faults.finish()?;
    Ok(())
}
