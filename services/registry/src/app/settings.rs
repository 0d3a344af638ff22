//! Changing what all services go by.

use jiff::civil::Date;
use kernel::content_hash::ContentHash;
use kernel::pilot::Parameter;
use kernel::reference::Reference;
use kernel::two_persons::Stated;
use kernel::working_day::{Calendar, CalendarYear};
use platform::access::Caller;
use platform::facts::Locked;
use platform::unit::{Begun, Unit};
use platform::{Result, proposal, reference};
use proto::registry::v1 as contract;

use super::{App, THE_ONE};
use crate::domain::settings::{Decision, SettingFact, judge_year};
use crate::{messages, store};

impl App {
    /// First person: what is to be another.
    pub(crate) async fn propose_parameter_change(
        &self,
        caller: &Caller,
        request: &contract::ProposeParameterChangeRequest,
        parameter: &'static Parameter,
        decision: Decision,
    ) -> Result<contract::ProposeParameterChangeResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, known) = settings(&mut unit).await?;
        decision.applied_to(&known.parameters, unit.today())?;
        let hash = decision.hash(&known.parameters);
        let action = parameter.name();
        let proposal =
            proposal::propose(&mut unit, &locked, caller, action, hash, &decision).await?;
        let fact = SettingFact::ParameterChangeProposed(decision);
        unit.record(&mut locked, &[fact]).await?;
        unit.finish(contract::ProposeParameterChangeResponse {
            proposal: Some(proposal),
        })
        .await
    }

    /// Second person: it is, and all services are told.
    pub(crate) async fn confirm_parameter_change(
        &self,
        caller: &Caller,
        request: &contract::ConfirmParameterChangeRequest,
        parameter: &'static Parameter,
        stated: Stated,
    ) -> Result<contract::ConfirmParameterChangeResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, known) = settings(&mut unit).await?;
        let action = parameter.name();
        let current = |decision: &Decision| decision.hash(&known.parameters);
        let confirmed =
            proposal::confirm(&mut unit, &locked, caller, action, stated, current).await?;
        let (decision, today) = (confirmed.content, unit.today());
        let after = decision.applied_to(&known.parameters, today)?;
        store::settings::insert_decision(unit.connection(), confirmed.id, &decision, today).await?;
        reference::publish(&mut unit, Reference::PARAMETERS, &after).await?;
        let change = Some(messages::settings::change(&decision, today));
        let fact = SettingFact::ParameterChanged(decision);
        unit.record(&mut locked, &[fact]).await?;
        unit.finish(contract::ConfirmParameterChangeResponse { change })
            .await
    }

    /// Takes over a year, unless that is only tried.
    pub(crate) async fn import_calendar_year(
        &self,
        caller: &Caller,
        request: &contract::ImportCalendarYearRequest,
        year: CalendarYear,
        source: String,
    ) -> Result<contract::ImportCalendarYearResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (mut locked, known) = settings(&mut unit).await?;
        let today = unit.today();
        let changed = judge_year(&year, &known, today)?;
        let reply = contract::ImportCalendarYearResponse {
            year: Some(messages::settings::year(&year)),
            calendar_version: with(&known, &year).version().to_string(),
            changed,
        };
        if changed && !request.dry_run {
            let file = ContentHash::of_bytes(&request.file);
            store::settings::insert_year(unit.connection(), &year, file, &source, today).await?;
            let years = store::settings::years(unit.connection()).await?;
            reference::publish(&mut unit, Reference::CALENDAR, &years).await?;
            let fact = SettingFact::CalendarYearImported { year, source, file };
            unit.record(&mut locked, &[fact]).await?;
        }
        unit.finish(reply).await
    }

    /// What all services go by, and every decision about it; the day is today's if none is given.
    pub(crate) async fn parameters(
        &self,
        on: Option<Date>,
    ) -> Result<contract::ListParametersResponse> {
        let known = self.journal.reference().await?;
        let on = match on {
            Some(day) => day,
            None => self.journal.clock().today()?,
        };
        let mut connection = self.journal.pool().acquire().await?;
        let decisions = store::settings::decisions(&mut connection).await?;
        let parameters = Parameter::all().map(|parameter| {
            let value = known.parameters.value_on(parameter, on);
            messages::settings::parameter(parameter, value, &decisions)
        });
        Ok(contract::ListParametersResponse {
            parameters: parameters.collect(),
        })
    }

    /// The calendar as it is now.
    pub(crate) async fn calendar(&self) -> Result<Calendar> {
        Ok(self.journal.reference().await?.calendar.clone())
    }
}

/// The settings under the one lock under which all of them are changed, and what holds now.
async fn settings(unit: &mut Unit) -> Result<(Locked, std::sync::Arc<Reference>)> {
    let locked = unit.lock("settings", THE_ONE).await?;
    Ok((locked, unit.reference().await?))
}

fn with(known: &Reference, year: &CalendarYear) -> Calendar {
    known.calendar.with_year(year.clone())
}
