//! What people write in their own words.

use std::fmt;

/// Longest text that is taken, in characters.
pub const LONGEST: usize = 2000;

/// A reason, grounds, an answer: a text that says something and may name people, so that it neither
/// prints nor serialises itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Written(Box<str>);

impl Written {
    /// A text that was read and found good, at the edge or when it was stored.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text. The one way out: whoever calls this answers for what becomes of it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Written {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Written(******)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_does_not_print_itself() {
        let written = Written::new("某某");
        assert!(!format!("{written:?}").contains('某'));
    }
}
