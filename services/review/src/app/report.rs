//! Cities report what they filed; the province records it, or gives it back with formal faults.

use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, CityReportId};
use platform::Result;
use platform::access::{Caller, Scope};
use platform::facts::{IntoRecord, Locked, Record};
use platform::unit::{Begun, Unit};
use proto::review::v1 as review;
use uuid::Uuid;

use super::{APPLICATION, App, CITY_REPORT, Today};
use crate::domain::{Application, CityReport, Command};
use crate::events::ApplicationFact;
use crate::store::city_report::ReportedRow;
use crate::{messages, store};

impl App {
    /// A city hands a report in.
    pub(crate) async fn submit_city_report(
        &self,
        caller: &Caller,
        request: &review::SubmitCityReportRequest,
        division: DivisionCode,
        listed: Vec<ApplicationId>,
    ) -> Result<review::SubmitCityReportResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let id = CityReportId::from_uuid(Uuid::now_v7());
        let mut locked = unit.lock(CITY_REPORT, id.uuid()).await?;
        let mut cases = open_all(&mut unit, &caller.scope(), &listed).await?;
        let today = unit.today();
        let (report, fact) = CityReport::submit(id, division, listed, &cases.applications, today)?;
        store::city_report::insert(unit.connection(), &report).await?;
        unit.record(&mut locked, &[fact]).await?;
        cases.record(&mut unit, || Command::Report(id)).await?;
        store::application::set_report(unit.connection(), &cases.ids(), Some(id)).await?;
        let city_report = Some(messages::city_report(&report));
        unit.finish(review::SubmitCityReportResponse { city_report })
            .await
    }

    /// The province records a report, and each application on it is told of.
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
        let mut report = store::city_report::find(unit.connection(), &caller.scope(), id).await?;
        let fact = report.record(unit.today())?;
        report.apply(&fact);
        store::city_report::save(unit.connection(), &report).await?;
        unit.record(&mut locked, &[fact]).await?;
        let mut cases = open_all(&mut unit, &caller.scope(), &report.applications).await?;
        cases
            .record(&mut unit, || Command::RecordReport(id))
            .await?;
        let city_report = Some(messages::city_report(&report));
        unit.finish(review::RecordCityReportResponse { city_report })
            .await
    }
}

/// What the province found about applications on a report.
pub(crate) type Found = Vec<(ApplicationId, String)>;

impl App {
    /// The province gives a report back.
    pub(crate) async fn return_city_report(
        &self,
        caller: &Caller,
        request: &review::ReturnCityReportRequest,
        id: CityReportId,
        found: Found,
    ) -> Result<review::ReturnCityReportResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut locked = unit.lock(CITY_REPORT, id.uuid()).await?;
        let mut report = store::city_report::find(unit.connection(), &caller.scope(), id).await?;
        let faulty: Vec<_> = found.iter().map(|(application, _)| *application).collect();
        let today = Today::of(&mut unit).await?;
        let fact = report.give_back(&faulty, &today.context())?;
        report.apply(&fact);
        store::city_report::save(unit.connection(), &report).await?;
        let (vault, today) = (self.journal.vault(), today.date);
        store::city_report::insert_faults(unit.connection(), vault, id, &found, today).await?;
        unit.record(&mut locked, &[fact]).await?;
        let city_report = Some(messages::city_report(&report));
        unit.finish(review::ReturnCityReportResponse { city_report })
            .await
    }

    /// The city reports again: what was put right, and what is taken off.
    pub(crate) async fn correct_city_report(
        &self,
        caller: &Caller,
        request: &review::CorrectCityReportRequest,
        id: CityReportId,
        corrections: Found,
        taken_off: Vec<ApplicationId>,
    ) -> Result<review::CorrectCityReportResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut locked = unit.lock(CITY_REPORT, id.uuid()).await?;
        let mut report = store::city_report::find(unit.connection(), &caller.scope(), id).await?;
        let corrected: Vec<_> = corrections.iter().map(|(id, _)| *id).collect();
        let today = unit.today();
        let fact = report.correct(&corrected, &taken_off, today)?;
        report.apply(&fact);
        store::city_report::save(unit.connection(), &report).await?;
        unit.record(&mut locked, &[fact]).await?;
        let corrections = corrections.iter().map(|(id, text)| (*id, Some(&**text)));
        let gone = taken_off.iter().map(|id| (*id, None));
        for (application, text) in corrections.chain(gone) {
            let (connection, vault) = (unit.connection(), self.journal.vault());
            store::city_report::close_fault(connection, vault, id, application, text, today)
                .await?;
        }
        let mut cases = open_all(&mut unit, &caller.scope(), &taken_off).await?;
        cases.record(&mut unit, || Command::TakeOff(id)).await?;
        store::application::set_report(unit.connection(), &cases.ids(), None).await?;
        let city_report = Some(messages::city_report(&report));
        unit.finish(review::CorrectCityReportResponse { city_report })
            .await
    }

    /// A report with all that it tells.
    pub(crate) async fn city_report(
        &self,
        caller: &Caller,
        id: CityReportId,
    ) -> Result<(CityReport, Vec<ReportedRow>)> {
        let mut connection = self.journal.pool().acquire().await?;
        let report = store::city_report::find(&mut connection, &caller.scope(), id).await?;
        let rows = store::city_report::rows(&mut connection, self.journal.vault(), id).await?;
        Ok((report, rows))
    }

    /// A page of the reports in scope, newest first, and where the next page begins.
    pub(crate) async fn city_reports(
        &self,
        caller: &Caller,
        before: Option<CityReportId>,
        size: u32,
    ) -> Result<(Vec<CityReport>, Option<CityReportId>)> {
        let scope = caller.scope();
        let mut connection = self.journal.pool().acquire().await?;
        let mut ids = store::city_report::page(&mut connection, &scope, before, size + 1).await?;
        let more = ids.len() > size as usize;
        ids.truncate(size as usize);
        let next = ids.last().filter(|_| more);
        let next = next.map(|id| CityReportId::from_uuid(*id));
        let mut reports = store::city_report::find_all(&mut connection, &scope, &ids).await?;
        reports.reverse();
        Ok((reports, next))
    }
}

/// Applications under lock; those that are not in scope are locked and not there.
struct Cases {
    locked: Vec<Locked>,
    applications: Vec<Application>,
}

async fn open_all(unit: &mut Unit, scope: &Scope, listed: &[ApplicationId]) -> Result<Cases> {
    let ids: Vec<Uuid> = listed.iter().map(ApplicationId::uuid).collect();
    let locked = unit.lock_all(APPLICATION, &ids).await?;
    let applications = store::application::find_all(unit.connection(), scope, &ids).await?;
    Ok(Cases {
        locked,
        applications,
    })
}

impl Cases {
    fn ids(&self) -> Vec<Uuid> {
        self.applications
            .iter()
            .map(|application| application.id.uuid())
            .collect()
    }

    /// Decides the same for every application and records what happened.
    async fn record(
        &mut self,
        unit: &mut Unit,
        command: impl Fn() -> Command<'static>,
    ) -> Result<()> {
        let today = Today::of(unit).await?;
        let context = today.context();
        let mut records: Vec<(&mut Locked, Record)> = Vec::new();
        for locked in &mut self.locked {
            let of_this = |application: &&Application| application.id.uuid() == locked.id();
            let Some(application) = self.applications.iter().find(of_this) else {
                continue;
            };
            let facts = application.decide(command(), &context)?;
            let facts = ApplicationFact::all(application, &facts);
            // One fact each, so that one borrow of the lock is enough.
            records.extend(facts.first().map(|fact| (locked, fact.record())));
        }
        unit.record_all(records).await
    }
}
