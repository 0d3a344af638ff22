//! Settings over gRPC.

use jiff::civil::Date;
use kernel::pilot::{Change, Parameter};
use kernel::rejection::{FaultList, Faults};
use kernel::two_persons::Stated;
use kernel::working_day::CalendarYear;
use platform::Error;
use platform::access::caller;
use platform::contract::{FieldRejection, date, line, text};
use platform::proposal::parse_confirmation;
use platform::unit::parsed;
use proto::registry::v1::settings_service_server::SettingsService;
use proto::registry::v1::{
    ConfirmParameterChangeRequest, ConfirmParameterChangeResponse, ImportCalendarYearRequest,
    ImportCalendarYearResponse, ListCalendarYearsRequest, ListCalendarYearsResponse,
    ListParametersRequest, ListParametersResponse, ParameterValue, ProposeParameterChangeRequest,
    ProposeParameterChangeResponse,
};
use tonic::{Request, Response, Status};

use super::{Registry, all_there};
use crate::domain::settings::Decision;
use crate::messages::settings;
use crate::sheets::calendar;

/// Characters of a reason, and of the document behind it.
const REASON: usize = 500;
const SOURCE: usize = 200;

#[tonic::async_trait]
impl SettingsService for Registry {
    async fn propose_parameter_change(
        &self,
        request: Request<ProposeParameterChangeRequest>,
    ) -> Result<Response<ProposeParameterChangeResponse>, Status> {
        let form = proposed(request.get_ref());
        let (parameter, decision) = parsed(request.get_ref(), form)?;
        let (caller, request) = (caller(&request), request.get_ref());
        let reply = self
            .app
            .propose_parameter_change(caller, request, parameter, decision)
            .await?;
        Ok(Response::new(reply))
    }

    async fn confirm_parameter_change(
        &self,
        request: Request<ConfirmParameterChangeRequest>,
    ) -> Result<Response<ConfirmParameterChangeResponse>, Status> {
        let form = confirmed(request.get_ref());
        let (parameter, stated) = parsed(request.get_ref(), form)?;
        let (caller, request) = (caller(&request), request.get_ref());
        let reply = self
            .app
            .confirm_parameter_change(caller, request, parameter, stated)
            .await?;
        Ok(Response::new(reply))
    }

    async fn list_parameters(
        &self,
        request: Request<ListParametersRequest>,
    ) -> Result<Response<ListParametersResponse>, Status> {
        let on = match request.get_ref().on.as_str() {
            "" => Ok(None),
            given => date(given).map(Some),
        };
        let on = on.map_err(|rejection| Error::from(Faults::at("on", &rejection)))?;
        Ok(Response::new(self.app.parameters(on).await?))
    }

    async fn import_calendar_year(
        &self,
        request: Request<ImportCalendarYearRequest>,
    ) -> Result<Response<ImportCalendarYearResponse>, Status> {
        let form = imported(request.get_ref());
        let (year, source) = parsed(request.get_ref(), form)?;
        let (caller, request) = (caller(&request), request.get_ref());
        let reply = self
            .app
            .import_calendar_year(caller, request, year, source)
            .await?;
        Ok(Response::new(reply))
    }

    async fn list_calendar_years(
        &self,
        _request: Request<ListCalendarYearsRequest>,
    ) -> Result<Response<ListCalendarYearsResponse>, Status> {
        let calendar = self.app.calendar().await?;
        Ok(Response::new(ListCalendarYearsResponse {
            years: calendar.years().map(settings::year).collect(),
            calendar_version: calendar.version().to_string(),
        }))
    }
}

fn proposed(
    request: &ProposeParameterChangeRequest,
) -> Result<(&'static Parameter, Decision), Faults> {
    let mut faults = FaultList::default();
    let parameter = faults.take("parameter", Parameter::named(&request.parameter));
    let from = faults.take("effective_from", date(&request.effective_from));
    let value = value(request.value.as_ref(), parameter, &mut faults);
    let reason = faults.take("reason", text(&request.reason, REASON));
    let source = faults.take("source", line(&request.source, SOURCE));
    let read = parameter.zip(from).zip(value).zip(reason).zip(source).map(
        |((((parameter, from), value), reason), source)| {
            let change = Change {
                parameter: parameter.name().to_owned(),
                from,
                value,
            };
            let decision = Decision {
                change,
                reason,
                source,
            };
            (parameter, decision)
        },
    );
    all_there(faults, read)
}

/// The value, if it is one that the parameter may have.
fn value(
    given: Option<&ParameterValue>,
    parameter: Option<&Parameter>,
    faults: &mut FaultList,
) -> Option<kernel::pilot::Value> {
    let given = given.and_then(|given| given.value.as_ref());
    let given = faults.take("value", given.ok_or(FieldRejection::Required))?;
    let value = faults.take("value.levels.levels", settings::read_value(given))?;
    faults.take("value", parameter?.judge(&value))?;
    Some(value)
}

fn confirmed(
    request: &ConfirmParameterChangeRequest,
) -> Result<(&'static Parameter, Stated), Faults> {
    let mut faults = FaultList::default();
    let parameter = faults.take("parameter", Parameter::named(&request.parameter));
    let stated = parse_confirmation(request.confirmation.as_ref());
    let stated = stated.map_err(|missing| faults.extend(missing)).ok();
    all_there(faults, parameter.zip(stated))
}

fn imported(request: &ImportCalendarYearRequest) -> Result<(CalendarYear, String), Faults> {
    let mut faults = FaultList::default();
    let source = faults.take("source", line(&request.source, SOURCE));
    let year = faults.take("year", year(request.year));
    let days = year.and_then(|year| {
        let read = calendar::read(&request.file, year);
        read.map_err(|refused| faults.extend(refused)).ok()
    });
    all_there(faults, days.zip(source))
}

/// A year of four digits.
fn year(given: u32) -> Result<i16, FieldRejection> {
    let four_digits = (1000..=9999).contains(&given);
    let year = four_digits
        .then_some(given)
        .and_then(|given| given.try_into().ok());
    year.filter(|year| Date::new(*year, 1, 1).is_ok())
        .ok_or(FieldRejection::DateMalformed)
}
