//! What takes a processor, and memory up to some limit: done beside the runtime, few at a time.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::error::{Error, Result};

/// Lets so many work at once; others wait.
#[derive(Clone)]
pub struct Turns(Arc<Semaphore>);

impl Turns {
    /// As many at once.
    pub fn new(at_once: usize) -> Self {
        Self(Arc::new(Semaphore::new(at_once)))
    }

    /// Waits for a turn and does the work.
    ///
    /// # Errors
    /// When the work panicked.
    pub async fn take<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let turn = Arc::clone(&self.0).acquire_owned().await;
        let turn = turn.map_err(anyhow::Error::from)?;
        // The turn goes with the work, which nobody can stop: not with the call, which somebody may
        // hang up on.
        let work = spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        work.await
            .map_err(|panicked| Error::Internal(panicked.into()))
    }
}
