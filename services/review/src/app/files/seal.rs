//! How the content of files rests: sealed, since it is full of people, and piece by piece, since
//! no file is ever whole in memory.
//!
//! A file in the store is a row of sealed values of one length, the last one shorter. Each is
//! sealed for its place and holds, before its content, its number and whether it is the last: what
//! was cut off, left out, moved or mixed with another file does not pass for the file.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use platform::Result;
use platform::crypto::{Place, SEALED_EXTRA, Vault};

/// Bytes of content in a piece; the last has fewer or just as many.
const PIECE: usize = 64 * 1024;
/// Before the content of a piece: its number and whether it is the last.
const HEAD: usize = 4 + 1;

/// Seals one file as it comes in.
pub(super) struct Sealer<'a> {
    vault: &'a Vault,
    place: Place,
    /// Number of the next piece, from 0.
    number: u32,
    /// Not sealed yet. Never empty once content has come: the last piece has to be known as such.
    waiting: BytesMut,
}

impl<'a> Sealer<'a> {
    /// For the content of a file at a place.
    pub(super) fn new(vault: &'a Vault, place: Place) -> Self {
        Self {
            vault,
            place,
            number: 0,
            waiting: BytesMut::new(),
        }
    }

    /// Takes content in and gives out the pieces that are full by now, perhaps none.
    pub(super) fn add(&mut self, content: &[u8]) -> Bytes {
        self.waiting.extend_from_slice(content);
        let mut sealed = Vec::new();
        while self.waiting.len() > PIECE {
            let piece = self.waiting.split_to(PIECE);
            sealed.extend(self.seal(&piece, false));
        }
        sealed.into()
    }

    /// The last piece.
    pub(super) fn finish(mut self) -> Bytes {
        let piece = self.waiting.split();
        self.seal(&piece, true).into()
    }

    fn seal(&mut self, content: &[u8], last: bool) -> Vec<u8> {
        let piece = [&head(self.number, last)[..], content].concat();
        self.number += 1;
        self.vault.seal(self.place, &piece)
    }
}

/// Opens one file as it is read.
pub(super) struct Unsealer {
    vault: Arc<Vault>,
    place: Place,
    /// Number of the next piece, from 0.
    number: u32,
    /// Not opened yet. The last piece is known as such by what follows: nothing.
    waiting: BytesMut,
}

impl Unsealer {
    /// For the content of a file at a place.
    pub(super) fn new(vault: Arc<Vault>, place: Place) -> Self {
        Self {
            vault,
            place,
            number: 0,
            waiting: BytesMut::new(),
        }
    }

    /// Takes in what was stored and gives out the content of the pieces that are whole by now,
    /// perhaps none.
    pub(super) async fn add(&mut self, stored: &[u8]) -> Result<Bytes> {
        self.waiting.extend_from_slice(stored);
        let mut content = BytesMut::new();
        while self.waiting.len() > PIECE + HEAD + SEALED_EXTRA {
            let piece = self.waiting.split_to(PIECE + HEAD + SEALED_EXTRA);
            content.extend_from_slice(&self.unseal(&piece, false).await?);
        }
        Ok(content.freeze())
    }

    /// The content of the last piece.
    pub(super) async fn finish(mut self) -> Result<Bytes> {
        let piece = self.waiting.split();
        self.unseal(&piece, true).await
    }

    async fn unseal(&mut self, piece: &[u8], last: bool) -> Result<Bytes> {
        let plain = self.vault.unseal(self.place, piece).await?;
        let content = plain.strip_prefix(&head(self.number, last));
        let content = content.ok_or_else(|| anyhow::anyhow!("a piece of a file is elsewhere"))?;
        self.number += 1;
        Ok(Bytes::copy_from_slice(content))
    }
}

fn head(number: u32, last: bool) -> [u8; HEAD] {
    let [a, b, c, d] = number.to_be_bytes();
    [a, b, c, d, last.into()]
}
