//! The press, and the names under which it prints.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use kernel::division::DivisionCode;
use platform::Result;

/// Prints documents under the names of the centres.
#[derive(Clone)]
pub struct Press {
    pub(super) documents: documents::Press,
    centres: Arc<BTreeMap<DivisionCode, String>>,
}

impl Press {
    /// A press with the fonts of a folder, and the centres as they sign, by division.
    pub fn open(fonts: &Path, centres: BTreeMap<DivisionCode, String>) -> Result<Self> {
        Ok(Self {
            documents: documents::Press::open(fonts)?,
            centres: Arc::new(centres),
        })
    }

    /// The name under which the centre of a division signs.
    pub(super) fn centre(&self, division: DivisionCode) -> Result<&str> {
        let name = self.centres.get(&division).map(String::as_str);
        let name = name.with_context(|| format!("printing.centres has no {division}"));
        Ok(name?)
    }
}
