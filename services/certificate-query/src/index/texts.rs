//! Texts without a pointer each: those that are nobody else's one behind another, and those that
//! many share once.

use std::collections::HashMap;
use std::sync::Arc;

/// Bytes that are taken from the system at once.
const CHUNK: usize = 1 << 20;

/// Texts one behind another, each with its length before it. A text that is replaced stays where it
/// is until the process ends; corrections are rare.
#[derive(Default)]
pub(super) struct Texts {
    chunks: Vec<Vec<u8>>,
}

impl Texts {
    /// Keeps texts together, and says where.
    ///
    /// # Errors
    /// When one is longer than 255 bytes, or there is no place left.
    pub(super) fn push(&mut self, texts: [&str; 2]) -> anyhow::Result<u32> {
        let length: usize = texts.iter().map(|text| 1 + text.len()).sum();
        let is_full = |chunk: &Vec<u8>| chunk.len() + length > CHUNK;
        if self.chunks.last().is_none_or(is_full) {
            self.chunks.push(Vec::with_capacity(CHUNK));
        }
        let number = self.chunks.len() - 1;
        let chunk = &mut self.chunks[number];
        let place = u32::try_from(number * CHUNK + chunk.len())?;
        for text in texts {
            chunk.push(u8::try_from(text.len())?);
            chunk.extend_from_slice(text.as_bytes());
        }
        Ok(place)
    }

    /// The texts that were kept there.
    pub(super) fn get(&self, place: u32) -> [&str; 2] {
        let place = place as usize;
        let mut rest = &self.chunks[place / CHUNK][place % CHUNK..];
        [(); 2].map(|()| {
            let (length, text) = rest.split_first().expect("a text begins with its length");
            let (text, after) = text.split_at(usize::from(*length));
            rest = after;
            std::str::from_utf8(text).expect("texts were put in")
        })
    }

    /// Bytes taken.
    pub(super) fn bytes(&self) -> usize {
        self.chunks.iter().map(Vec::capacity).sum()
    }
}

/// Values that many records share, each once, found again by their bytes.
pub(super) struct Shared<T> {
    numbers: HashMap<Box<[u8]>, u32>,
    values: Vec<Arc<T>>,
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self {
            numbers: HashMap::new(),
            values: Vec::new(),
        }
    }
}

impl<T> Shared<T> {
    /// The number of the value with these bytes, which is made if it is not there.
    pub(super) fn number(
        &mut self,
        bytes: &[u8],
        make: impl FnOnce() -> anyhow::Result<T>,
    ) -> anyhow::Result<u32> {
        if let Some(number) = self.numbers.get(bytes) {
            return Ok(*number);
        }
        let number = u32::try_from(self.values.len())?;
        self.values.push(Arc::new(make()?));
        self.numbers.insert(bytes.into(), number);
        Ok(number)
    }

    /// The value of a number.
    pub(super) fn get(&self, number: u32) -> &Arc<T> {
        &self.values[number as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_from_where_they_were_put() {
        let mut texts = Texts::default();
        let long = "张".repeat(85);
        let places: Vec<_> = (0..10_000)
            .map(|number| texts.push([&long, &number.to_string()]).expect("room"))
            .collect();
        assert!(texts.bytes() > 2 * CHUNK, "more than one chunk");
        for (number, place) in places.into_iter().enumerate() {
            assert_eq!(texts.get(place), [long.as_str(), &number.to_string()]);
        }
        texts.push([&"x".repeat(256), ""]).expect_err("too long");
    }

    #[test]
    fn what_is_shared_is_there_once() {
        let mut shared = Shared::default();
        let one = shared.number(b"a", || Ok("a")).expect("made");
        assert_eq!(shared.number(b"a", || unreachable!()).expect("known"), one);
        let other = shared.number(b"b", || Ok("b")).expect("made");
        assert_eq!((**shared.get(one), **shared.get(other)), ("a", "b"));
    }
}
