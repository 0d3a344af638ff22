//! Settings: commented defaults compiled in, then a file, then the environment.
//!
//! The defaults hold every key there is, so they are at once the reference for operators and the
//! measure for the other two: what they do not know is a typing error. An operator is told all
//! that is wrong at once, since each attempt costs a restart.

mod settings;

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    path::Path,
};

use config::{Config, ConfigError, Environment, File, FileFormat, Value, ValueKind};
use serde::de::DeserializeOwned;

pub use settings::{
    Access, Clock, Database, Keys, Mode, Nats, Server, Service, Settings, Telemetry, duration,
};

const PLATFORM_DEFAULTS: &str = include_str!("../../config.default.toml");

/// The one section whose keys are names, given by whoever writes the settings.
const NEIGHBOURS: &str = "neighbours.";

/// Variables of the environment by name. Handed in, so that tests need not change the process.
pub type Variables = HashMap<String, String>;

/// A service's own sections, beside the platform's: `#[derive(Deserialize)]` with one field for
/// each section.
pub trait Sections: DeserializeOwned {
    /// Whether the service seals what it keeps, and so needs a key that unseals it.
    const KEEPS_PERSONAL_DATA: bool = true;

    /// What is wrong with the values, one sentence each, beginning with the key.
    fn problems(&self, _mode: Mode) -> Vec<String> {
        Vec::new()
    }
}

/// For services that need nothing beyond the platform's sections.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
pub struct NoSections {}

impl Sections for NoSections {}

/// Everything that is wrong with the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(Vec<String>);

impl Problems {
    /// One sentence for each problem.
    pub fn all(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the settings are not usable:")?;
        for problem in &self.0 {
            write!(formatter, "\n  - {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

impl From<ConfigError> for Problems {
    fn from(error: ConfigError) -> Self {
        Self(vec![error.to_string()])
    }
}

/// The variables of this process that are meant for us.
pub fn process_variables() -> Variables {
    let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    std::env::vars_os()
        .filter_map(text)
        .filter(|(name, _)| name.starts_with("LUBAN__"))
        .collect()
}

/// Reads the settings of a service: the platform's defaults, the service's `defaults` over them,
/// the file, the variables.
pub fn load<Extra: Sections>(
    defaults: &str,
    file: Option<&Path>,
    variables: &Variables,
) -> Result<(Settings, Extra), Problems> {
    let defaults = Config::builder()
        .add_source(File::from_str(PLATFORM_DEFAULTS, FileFormat::Toml))
        .add_source(File::from_str(defaults, FileFormat::Toml))
        .build()?;
    let given = overlay(&defaults, file, variables)?;

    let mut reading = Reading {
        defaults: &defaults,
        given,
        problems: BTreeMap::new(),
    };
    let settings = reading.sections::<Settings>();
    let extra = reading.sections::<Extra>();

    let mut problems = unknown_keys(&defaults, &reading.given);
    problems.extend(reading.problems.into_values());
    if let (Some(settings), Some(extra)) = (&settings, &extra) {
        problems.extend(settings.problems());
        problems.extend(extra.problems(settings.service.mode));
    }
    match (settings, extra) {
        (Some(settings), Some(extra)) if problems.is_empty() => Ok((settings, extra)),
        _ => Err(Problems(problems)),
    }
}

fn overlay(
    defaults: &Config,
    file: Option<&Path>,
    variables: &Variables,
) -> Result<Config, Problems> {
    let mut environment = Environment::with_prefix("LUBAN")
        .prefix_separator("__")
        .separator("__")
        .try_parsing(true)
        .source(Some(variables.clone()));
    // The environment knows only text; that a key holds a list is seen from its default.
    let lists = leaves(&defaults.cache).into_iter();
    let lists = lists.filter(|(_, value)| matches!(value.kind, ValueKind::Array(_)));
    let named = variables
        .keys()
        .filter_map(|name| name.strip_prefix("LUBAN__NEIGHBOURS__"));
    let named = named.map(|name| format!("{NEIGHBOURS}{}", name.to_lowercase()));
    for key in lists.map(|(key, _)| key).chain(named) {
        environment = environment.list_separator(",").with_list_parse_key(&key);
    }

    let mut builder = Config::builder().add_source(defaults.clone());
    if let Some(file) = file {
        builder = builder.add_source(File::from(file).format(FileFormat::Toml));
    }
    Ok(builder.add_source(environment).build()?)
}

fn unknown_keys(defaults: &Config, given: &Config) -> Vec<String> {
    let known = leaves(&defaults.cache);
    let mut problems: Vec<String> = leaves(&given.cache)
        .into_iter()
        .filter(|(key, _)| !known.contains_key(key) && !key.starts_with(NEIGHBOURS))
        .map(|(key, value)| format!("{key}: no such setting ({})", origin(&value)))
        .collect();
    problems.sort();
    problems
}

fn origin(value: &Value) -> &str {
    value.origin().unwrap_or("the defaults")
}

/// Every value that is not a table, by its dotted key.
fn leaves(root: &Value) -> HashMap<String, Value> {
    fn walk(path: &str, value: &Value, found: &mut HashMap<String, Value>) {
        let ValueKind::Table(table) = &value.kind else {
            found.insert(path.to_owned(), value.clone());
            return;
        };
        for (key, value) in table {
            let path = if path.is_empty() {
                key.clone()
            } else {
                format!("{path}.{key}")
            };
            walk(&path, value, found);
        }
    }
    let mut found = HashMap::new();
    walk("", root, &mut found);
    found
}

/// Deserialising ends at the first value that does not fit. To learn of the others too, that
/// value is noted, replaced by its default, and all is read again.
struct Reading<'a> {
    defaults: &'a Config,
    given: Config,
    problems: BTreeMap<String, String>,
}

impl Reading<'_> {
    fn sections<T: DeserializeOwned>(&mut self) -> Option<T> {
        loop {
            let error = match self.given.clone().try_deserialize() {
                Ok(sections) => return Some(sections),
                Err(error) => error,
            };
            let key = key_of(&error);
            let known = self.problems.insert(key.clone(), format!("{key}: {error}"));
            if known.is_some() || self.replace_by_default(&key).is_err() {
                return None;
            }
        }
    }

    fn replace_by_default(&mut self, key: &str) -> Result<(), ConfigError> {
        let default: Value = self.defaults.get(key)?;
        let given = Config::builder().add_source(self.given.clone());
        self.given = given.set_override(key, default)?.build()?;
        Ok(())
    }
}

/// The key an error is about; that of the list when it is about an element.
fn key_of(error: &ConfigError) -> String {
    let key = match error {
        ConfigError::Type { key: Some(key), .. } | ConfigError::At { key: Some(key), .. } => key,
        _ => "settings",
    };
    key.split('[').next().unwrap_or(key).to_owned()
}

#[cfg(test)]
mod tests;
