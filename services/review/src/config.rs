//! Review's own settings. What each means stands in `config.default.toml`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use kernel::division::DivisionCode;
use platform::config::{self, Mode};
use serde::Deserialize;

/// The sections beside the platform's.
#[derive(Debug, Clone, Deserialize)]
pub struct Sections {
    /// `[materials]`
    pub materials: MaterialSettings,
    /// `[public_notice]`
    pub public_notice: PublicNoticeSettings,
    /// `[printing]`
    pub printing: PrintingSettings,
}

/// `[materials]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaterialSettings {
    /// Where the content of files lies.
    pub directory: PathBuf,
}

/// `[public_notice]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicNoticeSettings {
    /// Where objections go, by the authority with which the application is filed.
    pub objection_contacts: BTreeMap<DivisionCode, String>,
}

/// `[printing]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrintingSettings {
    /// Where the fonts lie.
    pub fonts: PathBuf,
    /// The centres as they sign, by division.
    pub centres: BTreeMap<DivisionCode, String>,
}

impl config::Sections for Sections {
    fn problems(&self, _mode: Mode) -> Vec<String> {
        let mut problems = Vec::new();
        if !self.materials.directory.is_absolute() {
            let problem = "an absolute path, since a service may start anywhere";
            problems.push(format!("materials.directory: {problem}"));
        }
        for (division, contact) in &self.public_notice.objection_contacts {
            if contact.trim().is_empty() {
                let problem = "the public must know where objections go";
                let key = format!("public_notice.objection_contacts.{division}");
                problems.push(format!("{key}: {problem}"));
            }
            let signs = self.printing.centres.get(division);
            if signs.is_none_or(|name| name.trim().is_empty()) {
                let problem = "who decides signs what is printed";
                problems.push(format!("printing.centres.{division}: {problem}"));
            }
        }
        problems
    }
}
