//! What was supplied, and what the department decided from which day on.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Parameter, ParameterRejection, Pilot, Value};

/// A parameter has another value from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Name of the parameter.
    pub parameter: String,
    /// The first day.
    pub from: Date,
    /// The value.
    pub value: Value,
}

/// All parameters over all days.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Change>", into = "Vec<Change>")]
pub struct Parameters {
    /// What was decided, by parameter and first day.
    changes: BTreeMap<(String, Date), Value>,
}

impl Parameters {
    /// What holds as long as nobody decided anything.
    pub fn supplied() -> Self {
        Self::default()
    }

    /// What holds on a day.
    pub fn on(&self, day: Date) -> Pilot {
        let set = Parameter::all().filter_map(|parameter| {
            let value = self.value_on(parameter, day).to_toml()?;
            Some((parameter.name().to_owned(), value))
        });
        set.collect::<toml::Table>()
            .try_into()
            .expect("the supplied values fit, and every change was judged")
    }

    /// What one parameter is on a day.
    pub fn value_on<'a>(&'a self, parameter: &'a Parameter, day: Date) -> &'a Value {
        let name = || parameter.name().to_owned();
        self.changes
            .range((name(), Date::MIN)..=(name(), day))
            .next_back()
            .map_or_else(|| parameter.supplied(), |(_, value)| value)
    }

    /// The parameters with one more change; one that is there already, of the same parameter from
    /// the same day, gives way.
    ///
    /// # Errors
    /// When the value is none for this parameter, or does not go with another parameter on some
    /// day from then on.
    pub fn with(&self, change: Change) -> Result<Self, ParameterRejection> {
        Parameter::named(&change.parameter)?.judge(&change.value)?;
        let mut after = self.clone();
        after
            .changes
            .insert((change.parameter, change.from), change.value);
        after.agree_from(change.from)?;
        Ok(after)
    }

    /// Whether the parameters go together from a day on: what holds only changes on first days.
    fn agree_from(&self, from: Date) -> Result<(), ParameterRejection> {
        let later = self.changes.keys().map(|(_, day)| *day);
        for day in later.filter(|day| *day >= from) {
            let Pilot {
                city_quota_least: least,
                city_quota_most,
                ..
            } = self.on(day);
            if let Some(most) = city_quota_most.filter(|most| *most < least) {
                return Err(ParameterRejection::QuotaUpsideDown { least, most });
            }
        }
        Ok(())
    }
}

impl TryFrom<Vec<Change>> for Parameters {
    type Error = String;

    /// What is not known here is of a release to come, and nothing here asks for it.
    fn try_from(changes: Vec<Change>) -> Result<Self, Self::Error> {
        let mut parameters = Self::supplied();
        for change in changes {
            let Ok(parameter) = Parameter::named(&change.parameter) else {
                continue;
            };
            parameter.judge(&change.value).map_err(|rejection| {
                format!("{} from {}: {rejection:?}", change.parameter, change.from)
            })?;
            parameters
                .changes
                .insert((change.parameter, change.from), change.value);
        }
        Ok(parameters)
    }
}

impl From<Parameters> for Vec<Change> {
    fn from(parameters: Parameters) -> Self {
        let change = |((parameter, from), value)| Change {
            parameter,
            from,
            value,
        };
        parameters.changes.into_iter().map(change).collect()
    }
}
