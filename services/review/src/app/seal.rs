//! How the content of files rests: sealed, since it is full of people, and piece by piece, since
//! no file is ever whole in memory.
//!
//! A file in the store is a row of sealed values of one length, the last one shorter. Each is
//! sealed for its material and holds, before its content, its number and whether it is the last:
//! what was cut off, left out, moved or mixed with another file does not pass for the file.

use bytes::{Bytes, BytesMut};
use kernel::ids::MaterialId;
use platform::crypto::{Place, Vault};

/// Bytes of content in a piece; the last has fewer or just as many.
const PIECE: usize = 64 * 1024;

/// Seals one file as it comes in.
pub(super) struct Sealer<'a> {
    vault: &'a Vault,
    material: MaterialId,
    /// Number of the next piece, from 0.
    number: u32,
    /// Not sealed yet. Never empty once content has come: the last piece has to be known as such.
    waiting: BytesMut,
}

impl<'a> Sealer<'a> {
    /// For the content of a material.
    pub(super) fn new(vault: &'a Vault, material: MaterialId) -> Self {
        Self {
            vault,
            material,
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
        let place = Place {
            table: "material",
            row: self.material.uuid(),
            column: "content",
        };
        let head = self.number.to_be_bytes();
        self.number += 1;
        let piece = [&head[..], &[last.into()], content].concat();
        self.vault.seal(place, &piece)
    }
}
