//! Reading what takes a processor, and memory up to the limits of a file.

use std::sync::Arc;

use kernel::content_hash::ContentHash;
use kernel::rejection::Faults;
use platform::{Error, Result};
use prost::Message;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Files that are read at once.
const AT_ONCE: usize = 2;

/// Reads files beside the runtime, few at a time: others wait.
#[derive(Clone)]
pub(super) struct Sheets(Arc<Semaphore>);

impl Sheets {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }

    /// What a file says, or all that is wrong with it.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce() -> Result<T, Faults> + Send + 'static,
    ) -> Result<Result<T, Faults>> {
        let turn = Arc::clone(&self.0).acquire_owned().await;
        let turn = turn.map_err(anyhow::Error::from)?;
        // The turn goes with the reading, which nobody can stop: not with the call, which somebody
        // may hang up on.
        let read = spawn_blocking(move || {
            let read = read();
            drop(turn);
            read
        });
        read.await
            .map_err(|panicked| Error::Internal(panicked.into()))
    }
}

/// What a dry run found: what would be, or all that is wrong.
pub(super) fn tried<T>(judged: Result<T>) -> Result<Result<T, Faults>> {
    match judged {
        Ok(would_be) => Ok(Ok(would_be)),
        Err(Error::Refused(faults)) => Ok(Err(faults)),
        Err(failure) => Err(failure),
    }
}

/// What an import is remembered by: its header and its file.
pub(super) fn body(header: &impl Message, file: ContentHash) -> [u8; 32] {
    let body = [&header.encode_to_vec(), &file.as_bytes()[..]].concat();
    *ContentHash::of_bytes(&body).as_bytes()
}
