//! Ends what a platform started, whatever becomes of the program that started it.
//!
//! A test that panics drops its platform. One that is killed does not, and neither does a platform
//! that several tests share in a static. Therefore a small shell waits for the end of a pipe whose
//! other end this program alone holds; then it ends the processes that are noted in the folder
//! `run`, a file each, and removes the folder with all they wrote.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::Context;

/// Set, it leaves the folder with logs and settings behind, for a person to look at.
const KEEP: &str = "LUBAN_TEST_KEEP";

const SCRIPT: &str = r#"
cat >/dev/null
for file in "$1"/run/*; do
    [ -e "$file" ] || continue
    kill -s "$(cat "$file")" "${file##*/}" && ended=yes
done
[ -z "$ended" ] || sleep 1
[ -n "$2" ] || rm -rf "$1"
"#;

/// Holds the pipe. Dropped, it returns when everything is gone.
pub(super) struct Keeper(Child);

impl Keeper {
    /// Watches over a folder.
    pub(super) fn of(folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir(folder.join("run"))?;
        let keep = std::env::var_os(KEEP).unwrap_or_default();
        let shell = Command::new("sh")
            .args(["-c", SCRIPT, "keeper"])
            .args([folder.as_os_str(), &keep])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C is for everybody in the group; the keeper is to outlive them.
            .process_group(0)
            .spawn()
            .context("start a shell")?;
        Ok(Self(shell))
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// A process noted for the keeper, for as long as this lives.
pub(super) struct Noted(PathBuf);

impl Noted {
    /// Notes a process and the signal that ends it.
    pub(super) fn process(folder: &Path, id: u32, signal: &str) -> anyhow::Result<Self> {
        let file = folder.join("run").join(id.to_string());
        std::fs::write(&file, signal)?;
        Ok(Self(file))
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_noted_ends_with_the_keeper_and_so_does_the_folder() {
        let folder = tempfile::tempdir().expect("a folder").keep();
        let keeper = Keeper::of(&folder).expect("a keeper");
        let mut noted = Command::new("sleep")
            .arg("1000")
            .spawn()
            .expect("a process");
        let mut forgotten = Command::new("sleep")
            .arg("1000")
            .spawn()
            .expect("a process");
        let note = Noted::process(&folder, noted.id(), "KILL").expect("noted");
        drop(Noted::process(&folder, forgotten.id(), "KILL").expect("noted and forgotten"));
        // As if this program had been killed: nothing takes the note away.
        std::mem::forget(note);
        drop(keeper);

        assert!(!noted.wait().expect("ours").success());
        assert!(!folder.exists());
        assert!(
            forgotten.try_wait().expect("ours").is_none(),
            "it was no longer the keeper's"
        );
        forgotten.kill().expect("ours");
        forgotten.wait().expect("ours");
    }
}
