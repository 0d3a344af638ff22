//! Keys that lie in files: one folder, one kind of key, one file a key.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow, bail, ensure};
use secrecy::{ExposeSecret, ExposeSecretMut, SecretBox};

use super::secret_file;

/// Length of every key, in bytes.
pub(super) const KEY_LENGTH: usize = 32;

/// A key with its name. Shows its name only, and is wiped when dropped.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) id: String,
    secret: SecretBox<[u8; KEY_LENGTH]>,
}

impl Key {
    pub(super) fn secret(&self) -> &[u8; KEY_LENGTH] {
        self.secret.expose_secret()
    }

    fn read(path: &Path, id: &str) -> anyhow::Result<Self> {
        let text = secret_file::read(path)?;
        let mut secret = SecretBox::new(Box::new([0; KEY_LENGTH]));
        // hex's own error names the character that it stumbled over.
        hex::decode_to_slice(text.as_str(), secret.expose_secret_mut())
            .map_err(|_| anyhow!("{} is not 64 hexadecimal digits", path.display()))?;
        Ok(Self {
            id: id.to_owned(),
            secret,
        })
    }
}

/// Reads all keys of a folder, the newest (greatest id) first; at least one.
pub(super) fn load(folder: &Path) -> anyhow::Result<Vec<Key>> {
    let mut keys = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| format!("no keys: {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        // Mounted secrets bring links and folders of their own, named with dots in front.
        if path.extension().is_none_or(|extension| extension != "key") {
            continue;
        }
        let id = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        ensure!(
            is_key_id(id),
            "{} is no key id (a-z, 0-9, -, at most 32)",
            path.display()
        );
        keys.push(Key::read(&path, id)?);
    }
    if keys.is_empty() {
        bail!("no key in {}", folder.display());
    }
    // A longer id is a later one: k10 follows k9.
    keys.sort_by(|one, other| (other.id.len(), &other.id).cmp(&(one.id.len(), &one.id)));
    Ok(keys)
}

fn is_key_id(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// The key-encryption keys of one service.
#[derive(Debug)]
pub struct KeyRing {
    folder: PathBuf,
    keys: Vec<Arc<Key>>,
}

impl KeyRing {
    /// Loads `kek/` of a service's key folder.
    ///
    /// # Errors
    /// When the folder holds no key, or a file is not a key or can be read by others.
    pub fn load(folder: &Path) -> anyhow::Result<Self> {
        let folder = folder.join("kek");
        let keys = load(&folder)?.into_iter().map(Arc::new).collect();
        Ok(Self { folder, keys })
    }

    /// The key that wraps new data keys.
    pub(super) fn active(&self) -> &Key {
        &self.keys[0]
    }

    /// The key of this id. One that was added since is found too: a replica that started later
    /// may use it already.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn find(&self, id: &str) -> anyhow::Result<Arc<Key>> {
        if let Some(key) = self.keys.iter().find(|key| key.id == id) {
            return Ok(Arc::clone(key));
        }
        let added = load(&self.folder)?.into_iter().find(|key| key.id == id);
        added
            .map(Arc::new)
            .with_context(|| format!("no key {id} in {}", self.folder.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(keys: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder for the test");
        for (name, content) in keys {
            secret_file::write(&folder.path().join("kek").join(name), content.as_bytes())
                .expect("writable");
        }
        folder
    }

    #[test]
    fn the_newest_key_is_active_and_the_older_stay_known() {
        let (one, two) = ("11".repeat(32), "22".repeat(32));
        let folder = folder_with(&[
            ("k2", "not a key file"),
            ("k10.key", &one),
            ("k20.key", &two),
        ]);
        let ring = KeyRing::load(folder.path()).expect("two keys");
        assert_eq!(ring.active().id, "k20");
        assert_eq!(ring.find("k10").expect("it is there").secret(), &[0x11; 32]);
        ring.find("k2").expect_err("not a key file");
    }

    #[test]
    fn a_folder_without_usable_keys_is_an_error_that_names_the_file() {
        let good = "11".repeat(32);
        for (name, content) in [("k1.key", "1111"), ("K1.key", &good), ("k1.other", &good)] {
            let folder = folder_with(&[(name, content)]);
            let error = KeyRing::load(folder.path()).expect_err("no usable key");
            assert!(format!("{error:#}").contains("kek"), "{error:#}");
        }
    }

    #[test]
    fn a_key_never_shows_itself() {
        let folder = folder_with(&[("k1.key", &"ab".repeat(32))]);
        let shown = format!("{:?}", KeyRing::load(folder.path()).expect("one key"));
        assert!(
            shown.contains("k1") && !shown.contains("ab") && !shown.contains("171"),
            "{shown}"
        );
    }
}
