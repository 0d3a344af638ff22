//! Settings as the contract's messages.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::level::{Level, LevelRejection};
use kernel::pilot::{Parameter, Unit, Value};
use kernel::working_day::CalendarYear;
use platform::contract::{level, level_message};
use proto::registry::v1 as contract;
use proto::registry::v1::parameter_value::Value as Written;

use crate::domain::settings::Decision;

/// A parameter with its value on a day and what was decided about it.
pub(crate) fn parameter(
    parameter: &Parameter,
    on_the_day: &Value,
    decisions: &[(Decision, Date)],
) -> contract::Parameter {
    let (least, most) = parameter.bounds();
    let about_it = decisions
        .iter()
        .filter(|(decision, _)| decision.change.parameter == parameter.name());
    contract::Parameter {
        name: parameter.name().to_owned(),
        text_zh: parameter.chinese().to_owned(),
        text_en: parameter.english().to_owned(),
        unit: unit(parameter.unit()).into(),
        least: least.into(),
        most: most.into(),
        may_be_unlimited: parameter.may_be_unlimited(),
        source: parameter.source().to_owned(),
        interpretation: parameter.is_interpretation(),
        supplied: Some(value(parameter.supplied())),
        value: Some(value(on_the_day)),
        changes: about_it
            .map(|(decision, on)| change(decision, *on))
            .collect(),
    }
}

/// A decision, made on a day.
pub(crate) fn change(decision: &Decision, decided_on: Date) -> contract::ParameterChange {
    contract::ParameterChange {
        parameter: decision.change.parameter.clone(),
        value: Some(value(&decision.change.value)),
        effective_from: decision.change.from.to_string(),
        reason: decision.reason.clone(),
        source: decision.source.clone(),
        decided_on: decided_on.to_string(),
    }
}

/// A year of the calendar.
pub(crate) fn year(year: &CalendarYear) -> contract::CalendarYear {
    contract::CalendarYear {
        year: u32::from(year.year().unsigned_abs()),
        off: year.off().iter().map(Date::to_string).collect(),
        worked: year.worked().iter().map(Date::to_string).collect(),
    }
}

/// A value that was sent; a number that is too large is out of any bounds.
pub(crate) fn read_value(written: &Written) -> Result<Value, LevelRejection> {
    Ok(match written {
        Written::Number(number) => Value::Number(u16::try_from(*number).unwrap_or(u16::MAX)),
        Written::Flag(flag) => Value::Flag(*flag),
        Written::Levels(given) => {
            let levels = given.levels.iter().map(|given| level(*given));
            Value::Levels(levels.collect::<Result<BTreeSet<Level>, _>>()?)
        }
        Written::Unlimited(contract::Unlimited {}) => Value::Unlimited,
    })
}

fn value(value: &Value) -> contract::ParameterValue {
    let written = match value {
        Value::Number(number) => Written::Number((*number).into()),
        Value::Flag(flag) => Written::Flag(*flag),
        Value::Levels(levels) => Written::Levels(contract::ParameterLevels {
            levels: levels
                .iter()
                .map(|level| level_message(*level).into())
                .collect(),
        }),
        Value::Unlimited => Written::Unlimited(contract::Unlimited {}),
    };
    contract::ParameterValue {
        value: Some(written),
    }
}

fn unit(unit: Unit) -> contract::ParameterUnit {
    match unit {
        Unit::WorkingDays => contract::ParameterUnit::WorkingDays,
        Unit::Years => contract::ParameterUnit::Years,
        Unit::Percent => contract::ParameterUnit::Percent,
        Unit::Persons => contract::ParameterUnit::Persons,
        Unit::Occupations => contract::ParameterUnit::Occupations,
        Unit::Organizations => contract::ParameterUnit::Organizations,
        Unit::Times => contract::ParameterUnit::Times,
        Unit::Levels => contract::ParameterUnit::Levels,
        Unit::YesOrNo => contract::ParameterUnit::YesOrNo,
    }
}
