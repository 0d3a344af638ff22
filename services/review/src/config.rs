//! Review's own settings. What each means stands in `config.default.toml`.

use std::path::PathBuf;

use platform::config::{self, Mode};
use serde::Deserialize;

/// The sections beside the platform's.
#[derive(Debug, Clone, Deserialize)]
pub struct Sections {
    /// `[materials]`
    pub materials: MaterialSettings,
    /// `[public_notice]`
    pub public_notice: PublicNoticeSettings,
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
    /// Where objections go.
    pub objection_contact: String,
}

impl config::Sections for Sections {
    fn problems(&self, _mode: Mode) -> Vec<String> {
        let checks = [
            (
                self.materials.directory.is_absolute(),
                "materials.directory: an absolute path, since a service may start anywhere",
            ),
            (
                !self.public_notice.objection_contact.trim().is_empty(),
                "public_notice.objection_contact: the public must know where objections go",
            ),
        ];
        let failed = checks.into_iter().filter(|(holds, _)| !holds);
        failed.map(|(_, problem)| problem.to_owned()).collect()
    }
}
