//! Where the content of files lies, how it gets there, and how it is read again: piece by piece,
//! never whole in memory.

use std::path::Path as Folder;
use std::sync::Arc;

use anyhow::Context;
use bytes::{Bytes, BytesMut};
use futures::stream::{self, BoxStream};
use futures::{Stream, StreamExt, TryStreamExt};
use kernel::content_hash::ContentHash;
use kernel::rejection::Faults;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart};
use platform::crypto::Vault;
use platform::{Error, Result};
use sha2::{Digest, Sha256};
use tokio::runtime::Handle;
use tracing::warn;

use super::clean::Cleaner;
use super::name::FileName;
use super::recognise::{TELLING_BYTES, recognise};
use super::seal::{Sealer, Unsealer};
use crate::domain::MediaType;
use crate::domain::refusal::MaterialRejection;

/// Parts in which content goes to the store, and how many of them at once.
const PART: usize = 1024 * 1024;
const PARTS_UNDER_WAY: usize = 2;

/// The store of files.
#[derive(Clone)]
pub struct Materials {
    store: Arc<dyn ObjectStore>,
    folder: Arc<Folder>,
}

impl Materials {
    /// Files in a folder, which is made if it is not there.
    pub fn in_folder(folder: &Folder) -> Result<Self> {
        let describe = || format!("the folder for materials, {}", folder.display());
        std::fs::create_dir_all(folder).with_context(describe)?;
        // What was acknowledged survives a power cut.
        let store = LocalFileSystem::new_with_prefix(folder).with_context(describe)?;
        Ok(Self {
            store: Arc::new(store.with_fsync(true)),
            folder: folder.into(),
        })
    }

    /// The folder: in it one for each application, in which its files lie.
    pub(super) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Takes a file in.
    ///
    /// # Errors
    /// When it is empty, too large, or not what it was declared to be; then nothing is kept.
    pub(super) async fn take(
        &self,
        vault: &Vault,
        incoming: Incoming,
        content: impl Stream<Item = Result<Bytes>>,
    ) -> Result<StoredFile> {
        let mut content = std::pin::pin!(content);
        let head = telling_bytes(&mut content).await?;
        if head.is_empty() {
            return Err(Faults::at("content", &MaterialRejection::Empty).into());
        }
        incoming
            .declared
            .matches(recognise(&head))
            .map_err(|mismatch| Faults::at("header.media_type", &mismatch))?;

        let path = path(incoming.name);
        let upload = self.store.put_multipart(&path).await.map_err(away)?;
        let mut writer = WriteMultipart::new_with_chunk_size(upload, PART);
        let sealer = Sealer::new(vault, incoming.name.file.place());
        let rest = stream::once(async { Ok(head) }).chain(content);
        match copy(&mut writer, sealer, incoming, rest).await {
            Ok((size, sha256)) => {
                writer.finish().await.map_err(away)?;
                let store = Arc::clone(&self.store);
                Ok(StoredFile {
                    size,
                    sha256,
                    store,
                    path,
                    kept: false,
                })
            }
            Err(refused) => {
                writer.abort().await.map_err(away)?;
                Err(refused)
            }
        }
    }

    /// Reads a file, as it was taken in.
    ///
    /// # Errors
    /// When it is not there. What was changed in the store ends the content with a failure.
    pub(super) async fn open(
        &self,
        vault: &Arc<Vault>,
        name: FileName,
    ) -> Result<BoxStream<'static, Result<Bytes>>> {
        let stored = self.store.get(&path(name)).await.map_err(away)?;
        let unsealer = Unsealer::new(Arc::clone(vault), name.file.place());
        let content = stream::try_unfold(
            Some((stored.into_stream(), unsealer)),
            async |reading: Option<(BoxStream<'static, _>, Unsealer)>| {
                let Some((mut stored, mut unsealer)) = reading else {
                    return Ok(None);
                };
                Ok(Some(match stored.try_next().await.map_err(away)? {
                    Some(sealed) => (unsealer.add(&sealed).await?, Some((stored, unsealer))),
                    None => (unsealer.finish().await?, None),
                }))
            },
        );
        Ok(content.boxed())
    }
}

/// A file that comes in.
pub(super) struct Incoming {
    /// What it will be called.
    pub(super) name: FileName,
    /// What its bytes are said to be.
    pub(super) declared: MediaType,
    /// Bytes that it may have.
    pub(super) limit: u64,
    /// Takes out what is not to be kept.
    pub(super) cleaner: Option<Cleaner>,
}

/// A file in the store. Unless it is kept, it goes when this goes: whatever ends the command, a
/// refusal, a failure or a caller who hung up.
pub(super) struct StoredFile {
    /// In bytes.
    pub(super) size: u64,
    /// SHA-256 over the content.
    pub(super) sha256: ContentHash,
    store: Arc<dyn ObjectStore>,
    path: Path,
    kept: bool,
}

impl StoredFile {
    /// From here on the file stays. To be called before the commit and not after it: a commit
    /// whose answer got lost may have happened, and a file that nobody knows is left to the sweep,
    /// while a record whose file is gone stays without it.
    pub(super) fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for StoredFile {
    fn drop(&mut self) {
        // A process that is ending has no runtime any more; then the file is left to the sweep.
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        if self.kept {
            return;
        }
        let (store, path) = (Arc::clone(&self.store), self.path.clone());
        runtime.spawn(async move {
            if let Err(error) = store.delete(&path).await {
                warn!(%path, %error, "a file that was not taken stays behind");
            }
        });
    }
}

/// The first pieces of the content, enough to tell what it is, or all of a small file.
async fn telling_bytes(content: &mut (impl Stream<Item = Result<Bytes>> + Unpin)) -> Result<Bytes> {
    let mut head = BytesMut::new();
    while head.len() < TELLING_BYTES {
        match content.next().await {
            Some(piece) => head.extend_from_slice(&piece?),
            None => break,
        }
    }
    Ok(head.freeze())
}

/// Size and hash of what was kept.
async fn copy(
    writer: &mut WriteMultipart,
    mut sealer: Sealer<'_>,
    mut incoming: Incoming,
    content: impl Stream<Item = Result<Bytes>>,
) -> Result<(u64, ContentHash)> {
    let at_content = |rejection| Error::from(Faults::at("content", &rejection));
    let mut content = std::pin::pin!(content);
    let (mut came, mut size, mut hasher) = (0, 0, Sha256::new());
    while let Some(mut piece) = content.try_next().await? {
        came += piece.len() as u64;
        let limit = incoming.limit;
        if came > limit {
            return Err(Faults::at("content", &MaterialRejection::TooLarge { limit }).into());
        }
        if let Some(cleaner) = &mut incoming.cleaner {
            piece = cleaner.add(&piece).map_err(at_content)?;
        }
        size += piece.len() as u64;
        hasher.update(&piece);
        writer
            .wait_for_capacity(PARTS_UNDER_WAY)
            .await
            .map_err(away)?;
        writer.put(sealer.add(&piece));
    }
    if let Some(cleaner) = incoming.cleaner {
        cleaner.finish().map_err(at_content)?;
    }
    writer.put(sealer.finish());
    Ok((size, ContentHash::from_bytes(hasher.finalize().into())))
}

fn path(name: FileName) -> Path {
    Path::from(name.to_string())
}

fn away(source: object_store::Error) -> Error {
    Error::Unavailable {
        what: "the store of materials",
        source: source.into(),
    }
}
