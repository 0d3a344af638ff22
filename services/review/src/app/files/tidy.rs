//! Files that no record names. A process that is killed while it takes a file, or between storing
//! the file and committing its record, leaves one behind; a sweep takes them away.

use std::collections::HashSet;
use std::io::{self, ErrorKind};
use std::mem;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Context;
use kernel::ids::ApplicationId;
use platform::Result;
use platform::status::Chain;
use tokio::fs;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};
use uuid::Uuid;

use super::super::App;
use super::name::FileId;
use crate::store;

/// How often the sweep looks.
const PERIOD: Duration = Duration::from_mins(10);
/// How long ago a file without a record was last written. Much longer than any call may take:
/// whoever wrote it is not about to commit any more.
const GRACE: Duration = Duration::from_hours(1);

/// Files about which the records are asked at once; those of a folder are not parted.
const ENOUGH: usize = 500;

/// What cannot be read or changed, when it cannot.
const MATERIALS: &str = "the folder for materials";

/// Takes away files that no record names.
pub struct MaterialSweep {
    app: App,
}

/// A file that is old enough to have its record.
struct Found {
    path: PathBuf,
    file: FileId,
    /// Whether the store has given it its name. It writes under another one until all is there.
    complete: bool,
}

impl MaterialSweep {
    /// A sweep that acts through the app.
    pub fn new(app: App) -> Self {
        Self { app }
    }

    /// Sweeps until told to stop. What fails is tried again with the next step.
    pub async fn run(self, stop: CancellationToken) -> Result<()> {
        while !stop.is_cancelled() {
            match self.step().await {
                Ok(0) => {}
                Ok(removed) => info!(removed, "files without a record were taken away"),
                Err(error) => {
                    warn!(cause = %Chain(&error), "files without a record were not looked for");
                }
            }
            let _ = tokio::time::timeout(PERIOD, stop.cancelled()).await;
        }
        Ok(())
    }

    /// Takes away what has been left behind by now; how many files there were.
    pub async fn step(&self) -> Result<usize> {
        let before = SystemTime::now() - GRACE;
        let (mut removed, mut files) = (0, Vec::new());
        let folder = self.app.materials.folder();
        let mut applications = fs::read_dir(folder).await.context(MATERIALS)?;
        while let Some(folder) = applications.next_entry().await.context(MATERIALS)? {
            let name = folder.file_name();
            // What else lies on the volume is not ours.
            if ApplicationId::parse(name.to_str().unwrap_or_default()).is_err() {
                continue;
            }
            files.extend(old_files(&folder.path(), before).await.context(MATERIALS)?);
            if files.len() >= ENOUGH {
                removed += self.tidy(mem::take(&mut files)).await?;
            }
        }
        Ok(removed + self.tidy(files).await?)
    }

    /// Takes away those of the files that nobody will name any more.
    async fn tidy(&self, mut files: Vec<Found>) -> Result<usize> {
        let known = self.known(&files).await?;
        files.retain(|file| !file.complete || !known.contains(&file.file.uuid()));
        for file in &files {
            fs::remove_file(&file.path).await.context(MATERIALS)?;
        }
        Ok(files.len())
    }

    /// Those of the files that are on record.
    async fn known(&self, files: &[Found]) -> Result<HashSet<Uuid>> {
        if files.is_empty() {
            return Ok(HashSet::new());
        }
        let ids: Vec<_> = files.iter().map(|file| file.file.uuid()).collect();
        let mut connection = self.app.journal.pool().acquire().await?;
        store::material::known(&mut connection, &ids).await
    }
}

/// The files of an application that were last written before then.
async fn old_files(folder: &Path, before: SystemTime) -> io::Result<Vec<Found>> {
    let mut found = Vec::new();
    let mut files = fs::read_dir(folder).await?;
    while let Some(entry) = files.next_entry().await? {
        let name = entry.file_name();
        // The store writes to `<name>#<number>` until all is there.
        let name = name.to_str().unwrap_or_default();
        let (id, complete) = match name.split_once('#') {
            Some((id, _)) => (id, false),
            None => (name, true),
        };
        let Some(file) = FileId::parse(id) else {
            continue;
        };
        let path = entry.path();
        let metadata = entry.metadata().await;
        match metadata.and_then(|metadata| metadata.modified()) {
            Ok(written) if written < before => found.push(Found {
                path,
                file,
                complete,
            }),
            Ok(_) => {}
            // Given its name, or refused, since the folder was read.
            Err(gone) if gone.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}
