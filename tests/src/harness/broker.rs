//! The platform's own nats-server, noted for the keeper.

use std::path::{Path, PathBuf};

use platform::bus::Bus;
use platform::testing::TestBroker;

use super::keeper::Noted;

/// A nats-server.
pub(super) struct Broker {
    server: TestBroker,
    folder: PathBuf,
    noted: Option<Noted>,
}

impl Broker {
    /// Starts it with its store in the platform's folder.
    pub(super) fn start(folder: &Path) -> anyhow::Result<Self> {
        let server = TestBroker::start_in(folder);
        let mut broker = Self {
            server,
            folder: folder.to_owned(),
            noted: None,
        };
        broker.note()?;
        Ok(broker)
    }

    /// Where it listens.
    pub(super) fn url(&self) -> String {
        self.server.url()
    }

    /// A connection to it.
    pub(super) async fn bus(&self) -> Bus {
        self.server.bus().await
    }

    /// Ends it as a power cut would.
    pub(super) fn kill(&mut self) {
        self.server.kill();
        self.noted = None;
    }

    /// Starts it again on what it stored, unless it runs.
    pub(super) fn restart(&mut self) -> anyhow::Result<()> {
        if self.noted.is_none() {
            self.server.restart();
            self.note()?;
        }
        Ok(())
    }

    /// Kills it and takes away what it stored.
    pub(super) fn lose_store(&mut self) {
        self.server.lose_store();
        self.noted = None;
    }

    fn note(&mut self) -> anyhow::Result<()> {
        self.noted = Some(Noted::process(
            &self.folder,
            self.server.process_id(),
            "KILL",
        )?);
        Ok(())
    }
}
