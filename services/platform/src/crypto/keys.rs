//! Keys that lie in files: one folder, one kind of key, one file a key.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use secrecy::{ExposeSecret, SecretBox};

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
        hex::decode_to_slice(text.as_str(), secrecy::ExposeSecretMut::expose_secret_mut(&mut secret))
            .with_context(|| format!("{} is not 64 hexadecimal digits", path.display()))?;
        Ok(Self { id: id.to_owned(), secret })
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
        let id = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        ensure!(is_key_id(id), "{} is no key id (a-z, 0-9, -, at most 32)", path.display());
        keys.push(Key::read(&path, id)?);
    }
    if keys.is_empty() {
        bail!("no key in {}", folder.display());
    }
    keys.sort_by(|one, other| other.id.cmp(&one.id));
    Ok(keys)
}

fn is_key_id(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// The key-encryption keys of one service.
#[derive(Debug)]
pub struct KeyRing(Vec<Key>);

impl KeyRing {
    /// Loads `kek/` of a service's key folder.
    ///
    /// # Errors
    /// When the folder holds no key, or a file is not a key or can be read by others.
    pub fn load(folder: &Path) -> anyhow::Result<Self> {
        load(&folder.join("kek")).map(Self)
    }

    /// The key that wraps new data keys.
    pub(super) fn active(&self) -> &Key {
        &self.0[0]
    }

    pub(super) fn get(&self, id: &str) -> Option<&Key> {
        self.0.iter().find(|key| key.id == id)
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
        let folder = folder_with(&[("k2", "not a key file"), ("k10.key", &one), ("k20.key", &two)]);
        let ring = KeyRing::load(folder.path()).expect("two keys");
        assert_eq!(ring.active().id, "k20");
        assert_eq!(ring.get("k10").expect("it is there").secret(), &[0x11; 32]);
        assert!(ring.get("k2").is_none());
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
        assert!(shown.contains("k1") && !shown.contains("ab") && !shown.contains("171"), "{shown}");
    }
}
