//! A real process, with its log in a file, that can be killed and started again.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, bail, ensure};

use super::keeper::Noted;

/// How to start a program, and the process while it runs.
pub(super) struct Program {
    name: String,
    folder: PathBuf,
    words: Vec<String>,
    environment: Vec<(&'static str, String)>,
    last_signal: &'static str,
    running: Option<(Child, Noted)>,
}

impl Program {
    /// A program that does not run yet. `folder` is the platform's.
    pub(super) fn new(folder: &Path, name: &str, words: Vec<String>) -> Self {
        Self {
            name: name.to_owned(),
            folder: folder.to_owned(),
            words,
            environment: Vec::new(),
            last_signal: "KILL",
            running: None,
        }
    }

    /// With variables of its own.
    pub(super) fn with(mut self, environment: Vec<(&'static str, String)>) -> Self {
        self.environment = environment;
        self
    }

    /// Ended by this signal when nobody needs it any more; `KILL` by default.
    pub(super) fn ended_by(mut self, signal: &'static str) -> Self {
        self.last_signal = signal;
        self
    }

    /// Where its output goes.
    pub(super) fn log(&self) -> PathBuf {
        self.folder.join("log").join(format!("{}.log", self.name))
    }

    /// Starts it.
    pub(super) fn start(&mut self) -> anyhow::Result<()> {
        let child = self
            .command()?
            .spawn()
            .with_context(|| format!("start {}", self.name))?;
        let noted = Noted::process(&self.folder, child.id(), self.last_signal)?;
        self.running = Some((child, noted));
        Ok(())
    }

    /// Runs it to its end, which has to be a good one.
    pub(super) fn run(mut self) -> anyhow::Result<()> {
        self.start()?;
        let Some((mut child, _noted)) = self.running.take() else {
            return Ok(());
        };
        if child.wait()?.success() {
            return Ok(());
        }
        bail!("{} failed:\n{}", self.name, self.last_words())
    }

    /// Ends it as a power cut would.
    pub(super) fn kill(&mut self) {
        if let Some((mut child, _noted)) = self.running.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Whether it runs. One that has ended is forgotten.
    pub(super) fn runs(&mut self) -> bool {
        let ended = |(child, _): &mut (Child, Noted)| !matches!(child.try_wait(), Ok(None));
        if self.running.as_mut().is_some_and(ended) {
            self.running = None;
        }
        self.running.is_some()
    }

    /// The end of its log.
    pub(super) fn last_words(&self) -> String {
        let log = std::fs::read(self.log()).unwrap_or_default();
        let text = String::from_utf8_lossy(&log);
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    fn command(&self) -> anyhow::Result<Command> {
        let log = File::options().create(true).append(true).open(self.log())?;
        let (program, arguments) = self.words.split_first().context("a program has a name")?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        Ok(command)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Waited for only if it was told: a destructor that hangs would hide why a test failed.
        if self.last_signal != "KILL"
            && let Some((child, _noted)) = &mut self.running
            && signal(self.last_signal, child.id()).is_ok()
        {
            let _ = child.wait();
        }
        self.kill();
    }
}

/// Sends a signal to a process that is not a child of ours, or one that may tidy up. The shell's own
/// `kill` does it: Debian without `procps` has no program of that name.
pub(super) fn signal(name: &str, process: u32) -> anyhow::Result<()> {
    let sent = Command::new("sh")
        .args(["-c", r#"kill -s "$1" "$2""#, "kill", name])
        .arg(process.to_string())
        .status()?;
    ensure!(sent.success(), "SIG{name} did not reach {process}");
    Ok(())
}

/// A binary of this workspace: it lies where this very program does.
pub(super) fn binary(name: &str) -> anyhow::Result<PathBuf> {
    let this = std::env::current_exe()?;
    // Tests lie one folder deeper than binaries.
    let beside = this
        .ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join(name));
    beside
        .into_iter()
        .find(|path| path.is_file())
        .with_context(|| {
            format!("{name} is not built; cargo build --workspace --bins (./scripts/test does it)")
        })
}
