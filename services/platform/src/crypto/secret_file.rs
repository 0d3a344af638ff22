//! Files that hold a secret: readable by their owner, never by everybody.
//!
//! A group may read, since that is how Kubernetes hands a mounted secret to a process that is not
//! root; writing and everybody else's access are refused whatever the mode of operation.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use anyhow::{Context, bail};
use zeroize::Zeroizing;

/// Permission bits that a secret must not have: write for the group, anything for others.
const FORBIDDEN: u32 = 0o027;

/// Reads a secret as text, white space at its ends removed.
pub fn read(path: &Path) -> anyhow::Result<Zeroizing<String>> {
    let text = read_checked(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Zeroizing::new(text.trim().to_owned()))
}

fn read_checked(path: &Path) -> anyhow::Result<Zeroizing<String>> {
    let mut file = fs::File::open(path)?;
    // Asked of the open file: what is checked is what is read.
    let mode = file.metadata()?.permissions().mode() & 0o777;
    if mode & FORBIDDEN != 0 {
        bail!("its mode {mode:o} lets others at a secret; chmod 600");
    }
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text)?;
    Ok(text)
}

/// Writes a secret for its owner alone, in one step: nobody ever reads half of it.
pub fn write(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    write_renamed(path, content).with_context(|| format!("cannot write {}", path.display()))
}

fn write_renamed(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(format!(".{}", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)?;
    file.write_all(content)?;
    file.sync_all()?;
    Ok(fs::rename(&unfinished, path)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_back_and_is_its_owners_alone() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("deep/er/secret");
        write(&path, b"first").expect("writable");
        write(&path, b"second\n").expect("writable again");
        assert_eq!(read(&path).expect("readable").as_str(), "second");
        let mode = fs::metadata(&path)
            .expect("it is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(
            fs::read_dir(path.parent().expect("it has one"))
                .expect("a folder")
                .count(),
            1
        );
    }

    #[test]
    fn a_secret_that_others_can_reach_is_refused() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("secret");
        write(&path, b"value").expect("writable");
        for (mode, accepted) in [
            (0o400, true),
            (0o600, true),
            (0o440, true),
            (0o644, false),
            (0o660, false),
        ] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("it is ours");
            assert_eq!(read(&path).is_ok(), accepted, "mode {mode:o}");
        }
    }
}
