//! A nats-server of one's own, that can be killed, started again and robbed of its store.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::bus::Bus;

/// A broker on a port of its own. It stops when dropped.
pub struct TestBroker {
    process: Child,
    store: TempDir,
    port: u16,
}

impl TestBroker {
    /// Starts a broker.
    ///
    /// # Panics
    /// When `nats-server` is not installed or does not come up.
    pub fn start() -> Self {
        let store = tempfile::tempdir().expect("create the store's folder");
        let process = spawn(&store, None);
        let port = port_of(&process, &store);
        Self { process, store, port }
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
        Bus::new(client, 1)
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
        self.process = spawn(&self.store, Some(self.port));
        port_of(&self.process, &self.store);
    }

    /// Kills it and takes its store away.
    ///
    /// # Panics
    /// When a fresh folder cannot be made.
    pub fn lose_store(&mut self) {
        self.kill();
        self.store = tempfile::tempdir().expect("create the store's folder");
    }
}

impl Drop for TestBroker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn spawn(store: &TempDir, port: Option<u16>) -> Child {
    let port = port.map_or_else(|| "-1".to_owned(), |port| port.to_string());
    Command::new("nats-server")
        .args(["--addr", "127.0.0.1", "--port", &port, "--jetstream", "--store_dir"])
        .arg(store.path())
        .arg("--ports_file_dir")
        .arg(store.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("nats-server is installed; ./scripts/test installs it")
}

/// The port that the server wrote down when it was ready to listen.
fn port_of(process: &Child, store: &TempDir) -> u16 {
    let file = store.path().join(format!("nats-server_{}.ports", process.id()));
    let started = Instant::now();
    loop {
        let port = std::fs::read_to_string(&file)
            .ok()
            .and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok())
            .and_then(|ports| ports["nats"][0].as_str()?.rsplit(':').next()?.parse().ok());
        if let Some(port) = port {
            return port;
        }
        assert!(started.elapsed() < Duration::from_secs(20), "the broker did not come up");
        std::thread::sleep(Duration::from_millis(10));
    }
}
