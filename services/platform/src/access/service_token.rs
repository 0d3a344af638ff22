//! The token a service shows its neighbours.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use anyhow::Context;
use tonic::metadata::{Ascii, MetadataValue};

use crate::crypto::secret_file;
use crate::error::Result;

/// A bearer token kept in a file by somebody else, who replaces it before it expires. Read again
/// when the file has changed.
pub struct ServiceToken {
    path: PathBuf,
    last: Mutex<Option<(Version, MetadataValue<Ascii>)>>,
}

/// What differs when a file was replaced or written again.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Version {
    inode: u64,
    modified: Option<SystemTime>,
}

impl From<Metadata> for Version {
    fn from(metadata: Metadata) -> Self {
        Self {
            inode: metadata.ino(),
            modified: metadata.modified().ok(),
        }
    }
}

impl ServiceToken {
    /// The token in a file. It need not be there yet.
    pub fn from_file(path: impl AsRef<Path>) -> Self {
        Self {
            path: path.as_ref().to_owned(),
            last: Mutex::default(),
        }
    }

    /// The value of the `authorization` header: `Bearer …`, marked as sensitive.
    ///
    /// # Errors
    /// When the file cannot be read or holds no token.
    pub fn header_value(&self) -> Result<MetadataValue<Ascii>> {
        // Taken before reading: if the file is replaced in between, the next call reads again.
        let metadata = fs::metadata(&self.path);
        let version = metadata
            .with_context(|| self.path.display().to_string())?
            .into();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((read, value)) = last.as_ref()
            && *read == version
        {
            return Ok(value.clone());
        }
        let value = self.read()?;
        *last = Some((version, value.clone()));
        Ok(value)
    }

    fn read(&self) -> Result<MetadataValue<Ascii>> {
        let token = secret_file::read(&self.path)?;
        let header = format!("Bearer {}", token.as_str());
        let mut value = MetadataValue::try_from(header)
            .with_context(|| format!("{} holds no token", self.path.display()))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_read_again_when_its_file_was_replaced() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("review.jwt");
        let token = ServiceToken::from_file(&path);
        token.header_value().expect_err("there is none yet");

        for content in ["one", "two\n"] {
            secret_file::write(&path, content.as_bytes()).expect("writable");
            let value = token.header_value().expect("it is there now");
            assert_eq!(value, format!("Bearer {}", content.trim()).as_str());
            assert!(value.is_sensitive());
            assert_eq!(token.header_value().expect("still there"), value);
        }
    }
}
