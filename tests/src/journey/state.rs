//! What one journey leaves for the next.
//!
//! `last.json` is of the last journey that came to its end: its certificate can be checked again,
//! and the next journey begins on a later day. `begun` counts those that broke off as well, since
//! no two may share a running number: request ids and the college's credit code are made of it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

const LAST: &str = "last.json";
const BEGUN: &str = "begun";

/// The journeys made so far, kept in a folder.
#[derive(Debug)]
pub struct State {
    folder: PathBuf,
    begun: u32,
    last: Option<Last>,
}

/// The end of a journey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Last {
    /// Running number of the journey.
    pub journey: u32,
    /// Business day that it reached.
    pub reached: Date,
    /// Number of a certificate that is valid.
    pub certificate: String,
    /// Name of its holder, who does not exist.
    pub holder: String,
}

impl State {
    /// Opens the folder, making it where it is missing.
    pub fn open(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        let last: Option<Last> = read(&folder.join(LAST))?;
        let begun: u32 = read(&folder.join(BEGUN))?.unwrap_or_default();
        let begun = begun.max(last.as_ref().map_or(0, |last| last.journey));
        Ok(Self {
            folder: folder.to_owned(),
            begun,
            last,
        })
    }

    /// The last journey that came to its end.
    pub fn last(&self) -> Option<&Last> {
        self.last.as_ref()
    }

    /// Takes the next running number, whatever becomes of the journey.
    pub fn begin(&mut self) -> Result<u32> {
        self.begun += 1;
        write(&self.folder.join(BEGUN), &self.begun)?;
        Ok(self.begun)
    }

    /// Keeps the end of a journey.
    pub fn finish(&mut self, last: Last) -> Result<()> {
        write(&self.folder.join(LAST), &last)?;
        self.last = Some(last);
        Ok(())
    }
}

fn read<T: for<'a> Deserialize<'a>>(file: &Path) -> Result<Option<T>> {
    if !file.exists() {
        return Ok(None);
    }
    let text = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("what is in {}", file.display()))
}

fn write(file: &Path, value: &impl Serialize) -> Result<()> {
    let new = file.with_extension("new");
    fs::write(&new, serde_json::to_vec_pretty(value)?)
        .and_then(|()| fs::rename(&new, file))
        .with_context(|| format!("writing {}", file.display()))
}
