//! Where the content of files lies, and how it gets there: piece by piece, recognised before the
//! first byte is kept, measured, hashed and sealed on the way, never whole in memory.

use std::path::Path as Folder;
use std::sync::Arc;

use anyhow::Context;
use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt};
use kernel::content_hash::ContentHash;
use kernel::ids::{ApplicationId, MaterialId};
use kernel::rejection::Faults;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart};
use platform::crypto::Vault;
use platform::{Error, Result};
use sha2::{Digest, Sha256};
use tokio::runtime::Handle;
use tracing::warn;

use super::recognise::{TELLING_BYTES, recognise};
use super::seal::Sealer;
use crate::domain::refusal::MaterialRejection;
use crate::domain::{LARGEST_MATERIAL, MediaType};

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
        (application, material): (ApplicationId, MaterialId),
        declared: MediaType,
        content: impl Stream<Item = Result<Bytes>>,
    ) -> Result<StoredFile> {
        let mut content = std::pin::pin!(content);
        let head = telling_bytes(&mut content).await?;
        if head.is_empty() {
            return Err(Faults::at("content", &MaterialRejection::Empty).into());
        }
        declared
            .matches(recognise(&head))
            .map_err(|mismatch| Faults::at("header.media_type", &mismatch))?;

        let path = Path::from(format!("{application}/{material}"));
        let upload = self.store.put_multipart(&path).await.map_err(away)?;
        let mut writer = WriteMultipart::new_with_chunk_size(upload, PART);
        let sealer = Sealer::new(vault, material);
        match copy(&mut writer, sealer, head, &mut content).await {
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

/// Size and hash of what was copied, as it came.
async fn copy(
    writer: &mut WriteMultipart,
    mut sealer: Sealer<'_>,
    head: Bytes,
    rest: &mut (impl Stream<Item = Result<Bytes>> + Unpin),
) -> Result<(u64, ContentHash)> {
    let (mut size, mut hasher) = (0, Sha256::new());
    let mut next = Some(head);
    while let Some(piece) = next {
        size += piece.len() as u64;
        if size > LARGEST_MATERIAL {
            let limit = LARGEST_MATERIAL;
            return Err(Faults::at("content", &MaterialRejection::TooLarge { limit }).into());
        }
        hasher.update(&piece);
        writer
            .wait_for_capacity(PARTS_UNDER_WAY)
            .await
            .map_err(away)?;
        writer.put(sealer.add(&piece));
        next = rest.next().await.transpose()?;
    }
    writer.put(sealer.finish());
    Ok((size, ContentHash::from_bytes(hasher.finalize().into())))
}

fn away(source: object_store::Error) -> Error {
    Error::Unavailable {
        what: "the store of materials",
        source: source.into(),
    }
}
