//! A nats-server of one's own, that can be killed, started again and robbed of its store.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::free_port;
use crate::bus::Bus;
use crate::config;

/// A broker on a port of its own. It stops when dropped.
pub struct TestBroker {
    process: Child,
    folder: PathBuf,
    store: TempDir,
    port: u16,
}

impl TestBroker {
    /// Starts a broker.
    ///
    /// # Panics
    /// When `nats-server` is not installed or does not come up.
    pub fn start() -> Self {
        Self::start_in(&std::env::temp_dir())
    }

    /// Starts a broker with its store in a folder.
    ///
    /// # Panics
    /// As for [`TestBroker::start`].
    pub fn start_in(folder: &Path) -> Self {
        let store = new_store(folder);
        let port = free_port();
        let process = spawn(&store, port);
        Self {
            process,
            folder: folder.to_owned(),
            store,
            port,
        }
    }

    /// The process, for somebody who sees to it that it ends.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// A connection to it.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn bus(&self) -> Bus {
        let client = async_nats::ConnectOptions::new()
            .retry_on_initial_connect()
            .connect(self.url())
            .await
            .expect("reach the broker");
        // As in the defaults, so that a bus of a test and one of a service want the same stream.
        let settings = config::Nats {
            url: Vec::new(),
            credentials_file: None,
            replicas: 1,
            stream_bytes: 1_000_000_000,
            overdue_after: Duration::from_mins(1),
        };
        Bus::new(client, &settings)
    }

    /// Ends it as a power cut would.
    ///
    /// # Panics
    /// When the process is not ours any more.
    pub fn kill(&mut self) {
        self.process.kill().expect("kill the broker");
        self.process.wait().expect("see it end");
    }

    /// Starts it again on the same port and store.
    pub fn restart(&mut self) {
        self.process = spawn(&self.store, self.port);
    }

    /// A copy of its store as it is now.
    ///
    /// # Panics
    /// When the store cannot be copied.
    pub fn copy_store(&mut self) -> TempDir {
        self.kill();
        let copy = new_store(&self.folder);
        copy_folder(self.store.path(), copy.path()).expect("copy the store");
        self.restart();
        copy
    }

    /// Kills it and puts an earlier copy in the place of its store.
    ///
    /// # Panics
    /// When the process is not ours any more.
    pub fn set_back(&mut self, copy: TempDir) {
        self.kill();
        self.store = copy;
    }

    /// Kills it and takes its store away.
    ///
    /// # Panics
    /// When a fresh folder cannot be made.
    pub fn lose_store(&mut self) {
        self.kill();
        self.store = new_store(&self.folder);
    }
}

impl Drop for TestBroker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            std::fs::create_dir(&target)?;
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn new_store(folder: &Path) -> TempDir {
    tempfile::tempdir_in(folder).expect("create the store's folder")
}

/// Starts the server and waits until it listens.
fn spawn(store: &TempDir, port: u16) -> Child {
    let process = Command::new("nats-server")
        .args([
            "--addr",
            "127.0.0.1",
            "--port",
            &port.to_string(),
            "--jetstream",
            "--store_dir",
        ])
        .arg(store.path())
        .arg("--ports_file_dir")
        .arg(store.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("nats-server is installed; ./scripts/test installs it");
    // It writes its ports down when it is ready.
    let file = store
        .path()
        .join(format!("nats-server_{}.ports", process.id()));
    let started = Instant::now();
    while !file.exists() {
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "the broker did not come up"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
    process
}
